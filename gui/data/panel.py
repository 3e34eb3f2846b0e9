"""The data panel: where the samples come from, what they are, and how some of them look."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.datasets import DATASETS, UNDECIDED
from engine.graph import commands
from engine.graph.document import Part
from gui.data.facts import Facts
from gui.data.preview import Preview
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.plan.part_form import PartForm
from gui.session import Session
from gui.theme import Theme

# Widths of the form and of the facts, where there is room and where there is little.
WIDE, NARROW = (296, 288), (240, 184)
WIDE_FROM = 1000


class DataPanel(QFrame):
    """Chooses the data of the current document and shows what it holds."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._session: Session | None = None
        self._stale = False
        self.source = PartForm(theme, DATASETS, tr("Data source"))
        self.source.edited.connect(self._edited)
        self.source.left.connect(self._left)
        self.facts, self.preview = Facts(theme), Preview(theme)
        self._message = Label()
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._message)
        self._pages.addWidget(self._loaded_page())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 8)
        layout.setSpacing(24)
        self._column = self._source_column()
        layout.addWidget(self._column)
        layout.addWidget(self._pages, 1)
        self.setEnabled(False)

    def _source_column(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        heading = Label(tr("Data source"))
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        column.addWidget(self.source)
        column.addStretch(1)
        scroll.setWidget(page)
        for part in (page, scroll.viewport()):
            part.setAutoFillBackground(False)
        return scroll

    def _loaded_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self.facts)
        row.addWidget(self.preview, 1)
        return page

    def set_session(self, session: Session | None) -> None:
        """Follow a session instead of the one before."""
        if self._session is not None:
            self._session.data_changed.disconnect(self._data_changed)
            self._session.edited.disconnect(self._document_edited)
        self._session = session
        self.setEnabled(session is not None)
        if session is not None:
            session.data_changed.connect(self._data_changed)
            session.edited.connect(self._document_edited)
            self.source.set_part(session.document.data)
        self._data_changed()

    def message(self) -> str:
        """Return the sentence shown instead of data, or "" where data is shown."""
        return self._message.text() if self._pages.currentWidget() is self._message else ""

    # --- following -------------------------------------------------------------------------

    def _document_edited(self, _: object) -> None:
        session = self._session
        if session is not None and session.document.data != self.source.part:
            self.source.set_part(session.document.data)

    def _edited(self, part: Part, name: str) -> None:
        session = self._session
        if session is None:
            return
        if not name:
            session.history.end_merge()
        session.do(commands.set_plan(session.document, "data", part))

    def _left(self) -> None:
        if self._session is not None:
            self._session.history.end_merge()

    def _data_changed(self) -> None:
        self._stale = not self.isVisible()
        if not self._stale:
            self._show_data()

    def _show_data(self) -> None:
        self._stale = False
        session = self._session
        if session is not None and session.data is not None:
            self.facts.show_data(session.data)
            self.preview.show_data(session.data)
            self._pages.setCurrentIndex(1)
            return
        self._pages.setCurrentIndex(0)
        problem = session.data_problem if session is not None else None
        # The style sheet colors by role; it looks at it again only when polished anew.
        undecided = session is not None and session.document.data.kind == UNDECIDED
        wrong = problem is not None and not undecided
        self._message.setProperty("role", "error" if wrong else "secondary")
        self._message.style().unpolish(self._message)
        self._message.style().polish(self._message)
        if session is None:
            self._message.setText(tr("Open a document to choose its data."))
        elif undecided:
            self._message.setText(tr("Choose a data source on the left to train this network."))
        elif problem is not None:
            self._message.setText(tr_text(problem))
        elif session.engine.info is None:
            self._message.setText(tr("The data is loaded as soon as the engine is ready…"))
        else:
            self._message.setText(tr("Loading the data…"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        form, facts = WIDE if event.size().width() >= WIDE_FROM else NARROW
        self._column.setFixedWidth(form)
        self.facts.setFixedWidth(facts)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._show_data()
