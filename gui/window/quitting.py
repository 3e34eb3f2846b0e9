"""What is asked before the window closes: files on their way, and work that no file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.i18n import tr

if TYPE_CHECKING:
    from engine.formats.exporting import ExportFormat
    from gui.exporting.exporter import Outcome
    from gui.main_window import MainWindow
    from gui.session import Session


class Quitting(QObject):
    """Asks in the window, one thing after the other, and closes it once all is answered."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._wanted = False
        # Whether a file that is being written is waited for, and whether it may be given up.
        self._waits = self._gives_up = False
        window.tabs.closed.connect(self._go_on)
        window.tabs.close_cancelled.connect(self._stay)

    def is_free(self) -> bool:
        """Return whether the window may close; where it may not, it asks what shall be done."""
        window = self._window
        exporter = window.sheets.exporter
        # The first question: what is being written may be what others would ask about.
        if exporter is not None and exporter.busy and not self._gives_up:
            self._ask_about_export()
            return False
        for view in window.tabs.views():
            if not view.session.is_saved:
                self._wanted = True
                window.show_documents()
                window.tabs.close_document(view)
                return False
        return True

    def _ask_about_export(self) -> None:
        self._window.messages.ask(
            tr("A network is still being exported: no file comes of it if you quit now."),
            [
                (tr("Quit when it is written"), self._wait),
                (tr("Quit now"), self._give_up),
                (tr("Cancel"), self._stay),
            ],
        )

    def _wait(self) -> None:
        exporter = self._window.sheets.exporter
        if exporter is None or not exporter.busy:
            self._window.close()
            return
        self._waits = True
        exporter.ended.connect(self._written, Qt.ConnectionType.SingleShotConnection)

    def _written(self, _: Session, __: ExportFormat, outcome: Outcome) -> None:
        waited, self._waits = self._waits, False
        if waited and outcome.problem is None:
            self._window.close()

    def _give_up(self) -> None:
        self._gives_up = True
        self._window.close()

    def _go_on(self) -> None:
        if self._wanted:
            self._window.close()

    def _stay(self) -> None:
        self._wanted = self._waits = self._gives_up = False
