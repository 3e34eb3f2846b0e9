"""Everything wrong with the document; a click goes to the layer."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QStackedLayout, QWidget

from gui.i18n import tr, tr_text
from gui.session import Session
from gui.theme import Theme

NODE = Qt.ItemDataRole.UserRole
_ICONS = {"error": "error", "warning": "warning", "advice": "info"}


class ProblemsPanel(QFrame):
    """Problems of the present document.

    Signals:
        problem_activated: A problem was clicked; carries its node's id, or "".
        count_changed: Carries the number of problems.
    """

    problem_activated = Signal(str)
    count_changed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._session: Session | None = None
        self.list = QListWidget()
        self.list.setIconSize(QSize(16, 16))
        self.list.setWordWrap(True)
        self.list.setAccessibleName(tr("Problems"))
        self.list.itemClicked.connect(self._activate)
        self.list.itemActivated.connect(self._activate)
        self._empty = QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "secondary")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        theme.changed.connect(self.refresh)

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self._session is not None:
            self._session.problems_changed.disconnect(self.refresh)
        self._session = session
        if session is not None:
            session.problems_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the problems anew."""
        problems = self._session.problems if self._session is not None else []
        self.list.clear()
        for problem in problems:
            assert self._session is not None
            node = self._session.document.network.nodes.get(problem.node)
            sentence = tr_text(problem.message)
            item = QListWidgetItem(f"{node.title}    {sentence}" if node else sentence)
            item.setData(NODE, problem.node)
            colors = self._theme.colors
            tints = {"error": colors.error, "warning": colors.warning, "advice": colors.accent}
            tint = tints[problem.severity]
            item.setIcon(self._theme.icon(_ICONS[problem.severity], tint))
            self.list.addItem(item)
        self._empty.setText(tr("No problems: ready to train.") if self._session else "")
        self._stack.setCurrentIndex(0 if problems else 1)
        self.count_changed.emit(len(problems))

    def _activate(self, item: QListWidgetItem) -> None:
        self.problem_activated.emit(item.data(NODE))
