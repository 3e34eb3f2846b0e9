"""Every step of the document's history; a click goes back or forth to it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.i18n import tr, tr_text
from gui.session import Session
from gui.theme import Theme


class HistoryPanel(QFrame):
    """The steps from the beginning to the last; those that were taken back are faint."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._session: Session | None = None
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(tr("History"))
        self.list.setIconSize(QSize(14, 14))
        self.list.itemClicked.connect(lambda item: self._go(self.list.row(item)))
        self.list.itemActivated.connect(lambda item: self._go(self.list.row(item)))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.s, theme.s, theme.s, theme.s)
        column.addWidget(self.list)
        theme.changed.connect(self.refresh)

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self._session is not None:
            self._session.edited.disconnect(self.refresh)
        self._session = session
        if session is not None:
            session.edited.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the steps; while nobody sees them, nothing is done."""
        if not self.isVisible():
            return
        self.list.clear()
        if self._session is None:
            return
        history = self._session.history
        steps = history.steps
        labels = [tr("Beginning"), *(tr_text(label) for label in steps)]
        arrow = self._theme.icon("right", self._theme.colors.accent)
        blank = QPixmap(14, 14)
        blank.fill(Qt.GlobalColor.transparent)
        nothing = QIcon(blank)
        for number, label in enumerate(labels):
            item = QListWidgetItem(arrow if number == history.place else nothing, label)
            if number > history.place:
                item.setForeground(self._theme.colors.text_disabled)
            self.list.addItem(item)
        self.list.setCurrentRow(history.place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _go(self, place: int) -> None:
        if self._session is None:
            return
        while self._session.history.place > place and self._session.undo():
            pass
        while self._session.history.place < place and self._session.redo():
            pass
        # Where a step could not be taken, the list shows where it has ended.
        self.refresh()
