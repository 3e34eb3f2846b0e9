"""The files opened lately, in the File menu."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from engine.settings import Settings
from gui.i18n import tr


class RecentMenu(QMenu):
    """Lists the files that still exist, anew each time the menu around it opens.

    Args:
        settings: Where recent files are kept.
        parent: The menu in which it stands.

    Signals:
        chosen: Carries the file's path.
    """

    chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QMenu) -> None:
        super().__init__(tr("Open recent"), parent)
        self._settings = settings
        parent.aboutToShow.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the files anew."""
        self.clear()
        for path in map(Path, self._settings.recent):
            if path.exists():
                # An ampersand would underline the letter behind it.
                words = f"{path.name}    {path.parent}".replace("&", "&&")
                self.addAction(words).triggered.connect(partial(self._choose, path))
        self.setEnabled(not self.isEmpty())

    def _choose(self, path: Path, *_: object) -> None:
        self.chosen.emit(path)
