"""Three steps that show a newcomer where things are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme

WIDTH, GAP = 300, 14


@dataclass(frozen=True)
class Step:
    """One step: what it is about, what it says, and what to do before it is shown."""

    target: Callable[[], QWidget]
    title: str
    text: str
    prepare: Callable[[], object] = lambda: None


class Tour(QWidget):
    """Dims the window but for what the step is about; Esc ends it, Enter goes on."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self._steps: list[Step] = []
        self._place = 0
        self._hole = QRect()
        self._card = QFrame(self)
        self._title = Label()
        self._title.setProperty("role", "title")
        self._text = Label()
        self._text.setWordWrap(True)
        self._count = Label()
        self._count.setProperty("role", "secondary")
        self._next = QPushButton()
        self._next.setProperty("primary", True)
        self._next.clicked.connect(self._go_on)
        skip = QPushButton(tr("Skip"))
        skip.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        row.addWidget(skip)
        row.addWidget(self._next)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(theme.l, theme.m, theme.l, theme.m)
        column.setSpacing(theme.s)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(row)
        self.hide()

    def open(self, steps: list[Step]) -> None:
        """Begin with the first step."""
        self._steps, self._place = steps, 0
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._show()

    def _show(self) -> None:
        step = self._steps[self._place]
        step.prepare()
        target = step.target()
        corner = target.mapTo(self._window, QPoint(0, 0))
        self._hole = QRect(corner, target.size()).adjusted(-4, -4, 4, 4).intersected(self.rect())
        self._title.setText(step.title)
        self._text.setText(step.text)
        self._count.setText(f"{self._place + 1} / {len(self._steps)}")
        last = self._place == len(self._steps) - 1
        self._next.setText(tr("Done") if last else tr("Next"))
        colors = self._theme.colors
        self._card.setStyleSheet(
            f"QFrame {{ background: {colors.surface_raised.name()}; border-radius: 10px; }}"
        )
        self._card.setFixedWidth(WIDTH)
        self._card.adjustSize()
        self._card.move(self._spot())
        self._next.setFocus()
        self.update()

    def _spot(self) -> QPoint:
        """Return a place for the words beside what they are about."""
        card, hole, room = self._card.size(), self._hole, self.rect().adjusted(12, 12, -12, -12)
        beside = (
            QPoint(hole.right() + GAP, hole.top() + 24),
            QPoint(hole.left() - GAP - card.width(), hole.top() + 24),
            QPoint(hole.left(), hole.bottom() + GAP),
            QPoint(hole.left() + 24, hole.top() - GAP - card.height()),
        )
        fits = (spot for spot in beside if room.contains(QRect(spot, card)))
        return next(fits, room.center() - QPoint(card.width() // 2, card.height() // 2))

    def _go_on(self) -> None:
        self._place += 1
        if self._place < len(self._steps):
            self._show()
        else:
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QPainterPath()
        veil.setFillRule(Qt.FillRule.OddEvenFill)
        veil.addRect(self.rect())
        veil.addRoundedRect(self._hole, 8, 8)
        painter.fillPath(veil, QColor(0, 0, 0, 120))
        painter.setPen(QPen(self._theme.colors.accent, 2))
        painter.drawRoundedRect(self._hole, 8, 8)
