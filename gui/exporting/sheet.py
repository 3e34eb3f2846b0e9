"""The sheet on which a document leaves in any format."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from engine.formats.exporting import FORMATS, ExportFormat
from gui.exporting.detail import Detail
from gui.exporting.exporter import Exporter, Outcome
from gui.exporting.formats import PICTURE, FormatList
from gui.i18n import tr, tr_text
from gui.labels import Short
from gui.session import Session
from gui.theme import Theme
from gui.window.floating import FloatingSheet

HEIGHT = 520

Post = Callable[[str, str], None]


class ExportSheet(FloatingSheet):
    """Floats over the window: formats at the left, the chosen one at the right.

    Args:
        theme: The look.
        exporter: What writes the files.
        post: Shows a sentence of an export that ends while the sheet is closed.
        picture: Opens the bar that saves the drawing as a picture.
        window: What it floats over.
    """

    def __init__(
        self,
        theme: Theme,
        exporter: Exporter,
        post: Post,
        picture: Callable[[], object],
        window: QWidget,
    ) -> None:
        super().__init__(theme, window, height=HEIGHT)
        self._exporter, self._post, self._picture = exporter, post, picture
        self._session: Session | None = None
        # Of each document that is open, by format.
        self._outcomes: dict[str, dict[str, Outcome]] = {}
        self._paths: dict[str, dict[str, Path]] = {}
        self.formats = FormatList(theme)
        self.detail = Detail(theme)
        self.formats.chosen.connect(self._choose)
        self.detail.wanted.connect(self._start)
        self.detail.picture_wanted.connect(self._take_picture)
        self.detail.cancelled.connect(exporter.cancel)
        exporter.staged.connect(self.detail.show_stage)
        exporter.ended.connect(self._ended)
        self._build()
        theme.changed.connect(self._dress_line)
        self._dress_line()

    def _build(self) -> None:
        self.title.setText(tr("Export"))
        self._name = Short()
        self._name.setProperty("role", "secondary")
        self.head.insertWidget(1, self._name)
        # In line with the rows below.
        self.head.setContentsMargins(self.theme.l + 2, self.theme.m, self.theme.m, self.theme.m)
        across, self._down = QFrame(), QFrame()
        across.setProperty("role", "line")
        self._down.setFixedWidth(1)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.formats)
        body.addWidget(self._down)
        body.addWidget(self.detail, 1)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(across)
        self.column.addLayout(body, 1)

    def open(self, session: Session) -> None:
        """Show the sheet for a document."""
        self._session = session
        if session.id not in self._paths:
            self._paths[session.id], self._outcomes[session.id] = {}, {}
            session.closed.connect(partial(self._forget, session.id))
        self._name.setText(session.document.title)
        self._mark()
        self.formats.select(self.formats.current or "h5")
        self.come()
        self.formats.setFocus()

    def set_session(self, session: Session | None) -> None:
        """Follow the document in front: the sheet belongs to the one that it was opened for."""
        if session is not self._session:
            self.hide()

    def _forget(self, document: str) -> None:
        del self._paths[document], self._outcomes[document]
        if self._session is not None and self._session.id == document:
            self._session = None

    # --- what is chosen --------------------------------------------------------------------

    def _choose(self, key: str) -> None:
        if self._session is None:
            return
        if key == PICTURE:
            self.detail.show_picture()
            return
        item = FORMATS[key]
        own = self._session.id
        path = self._paths[own].get(key) or self._exporter.proposal(self._session, item)
        self.detail.show_format(item, path, self._advice(item), busy=self._exporter.busy)
        if key in self._outcomes[own] and not self._exporter.busy:
            self.detail.show_outcome(self._outcomes[own][key])

    def _advice(self, item: ExportFormat) -> str:
        session = self._session
        if session is None:
            return ""
        untrained = item.model and item.key != "json" and not session.trained
        if untrained and session.awaits_weights:
            return tr("The weights of the file are not loaded yet: see the problems first.")
        if untrained:
            return tr("The network has not been trained yet: the file gets its first weights.")
        if item.key == "html" and not session.run.epochs:
            return tr("The network has not been trained here: the report has no curves and scores.")
        return ""

    # --- writing ---------------------------------------------------------------------------

    def _start(self, key: str, path: Path) -> None:
        if self._session is None or self._exporter.busy:
            return
        self._paths[self._session.id][key] = path
        self.detail.set_busy(busy=True)
        self._exporter.start(self._session, FORMATS[key], path)

    def _ended(self, session: Session, item: ExportFormat, outcome: Outcome) -> None:
        if session.id in self._outcomes:
            self._outcomes[session.id][item.key] = outcome
        self.detail.set_busy(busy=False)
        here = self.isVisible() and session is self._session
        if here:
            self._mark()
        if here and self.formats.current == item.key:
            self.detail.show_outcome(outcome)
        elif outcome.problem is not None:
            self._post(tr_text(outcome.problem), "error")
        elif not here:  # Else its row says so.
            self._post(tr("Exported to {path}.", path=outcome.path), "info")

    def _mark(self) -> None:
        if self._session is not None:
            self.formats.mark(self._outcomes[self._session.id])

    def _take_picture(self) -> None:
        self.hide()
        self._picture()

    def _dress_line(self) -> None:
        self._down.setStyleSheet(f"background: {self.theme.colors.border.name()};")
