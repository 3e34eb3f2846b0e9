"""Everything wrong with the document; a click goes to the layer, another solves it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStackedLayout, QWidget

from engine.datasets import UNDECIDED
from engine.fixes import Fix
from engine.graph.analysis import Problem
from gui.facts.gathered import gathered, sentence_of
from gui.facts.situation import apply_fix, fixes_of
from gui.i18n import tr
from gui.labels import Label
from gui.problems.fix_button import FixButton
from gui.session import Session
from gui.theme import Theme

NODE = Qt.ItemDataRole.UserRole
# Finding ways out takes a moment for each; nobody solves more at a time.
MOST_WITH_FIXES = 50
ROW_HEIGHT = 36
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
        self._empty = Label()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "secondary")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        theme.changed.connect(self.refresh)
        key = QShortcut(QKeySequence("Ctrl+."), self)
        key.activated.connect(self.fix_current)

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self._session is not None:
            self._session.problems_changed.disconnect(self.refresh)
            self._session.data_changed.disconnect(self.refresh)
        self._session = session
        if session is not None:
            session.problems_changed.connect(self.refresh)
            session.data_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the problems anew."""
        problems = self._session.problems if self._session is not None else []
        # After a fix the next problem stands where the solved one was.
        row = self.list.currentRow()
        self.list.clear()
        for problem, alike in gathered(problems):
            assert self._session is not None
            node = self._session.document.network.nodes.get(problem.node)
            sentence = sentence_of(problem, alike)
            item = QListWidgetItem(f"{node.title}    {sentence}" if node else sentence)
            item.setData(NODE, problem.node)
            colors = self._theme.colors
            tints = {"error": colors.error, "warning": colors.warning, "advice": colors.accent}
            tint = tints[problem.severity]
            item.setIcon(self._theme.icon(_ICONS[problem.severity], tint))
            self.list.addItem(item)
            if self.list.count() <= MOST_WITH_FIXES:
                self._offer(item, problem)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self._empty.setText(self._praise())
        self._stack.setCurrentIndex(0 if problems else 1)
        self.count_changed.emit(self.list.count())

    def _praise(self) -> str:
        """Return what stands where there is no problem."""
        if self._session is None:
            return ""
        if self._session.document.data.kind == UNDECIDED:
            return tr("No problems. To train it, choose its data.")
        return tr("No problems: ready to train.")

    def _offer(self, item: QListWidgetItem, problem: Problem) -> None:
        """Put a button on a problem's line where there is a way out."""
        assert self._session is not None
        found = fixes_of(self._session, problem)
        if found:
            button = FixButton(found, lambda fix: self._fix(problem, fix), self._theme)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            self.list.setItemWidget(item, button)

    def _fix(self, problem: Problem, fix: Fix) -> None:
        if self._session is not None:
            # Later: the button that calls this goes with its line.
            session = self._session
            QTimer.singleShot(0, self, lambda: apply_fix(session, problem, fix.label))

    def fix_current(self) -> None:
        """Apply the best fix of the problem that is selected in the list, or of the first."""
        item = self.list.item(max(0, self.list.currentRow()))
        button = self.list.itemWidget(item) if self.list.count() else None
        if isinstance(button, FixButton):
            button.apply_first()

    def _activate(self, item: QListWidgetItem) -> None:
        self.problem_activated.emit(item.data(NODE))
