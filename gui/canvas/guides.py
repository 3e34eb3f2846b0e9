"""Smart guides: a dragged card snaps into line with cards near it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

# In pixels of the screen: nearer than this, a card snaps into line.
REACH = 5.0
# In pixels at 100 %: cards farther away say nothing about where this one should be.
NEAR = 480.0


class Guides:
    """Finds and draws the lines on which the left edges, centers or tops of two cards meet.

    Args:
        view: The canvas.
        moving: Cards that are being dragged.
    """

    def __init__(self, view: CanvasView, moving: set[str]) -> None:
        self._view, self._moving = view, moving
        self._across: tuple[QRectF, QRectF] | None = None
        self._down: tuple[QRectF, QRectF] | None = None

    def snap(self, goal: QPointF, on_grid: QPointF) -> QPointF:
        """Return where a card's corner goes: into line with a card near it, else on the grid.

        Args:
            goal: Where the mouse has it.
            on_grid: The nearest point of the grid.
        """
        card = QRectF(goal.x(), goal.y(), CARD_WIDTH, CARD_HEIGHT)
        area = card.adjusted(-NEAR, -NEAR, NEAR, NEAR)
        others = [
            item.card()
            for item in self._view.network.cards_in(area)
            if item.node not in self._moving and area.intersects(item.card())
        ]
        reach = REACH / self._view.zoom
        by_x = min(others, key=lambda other: abs(other.left() - goal.x()), default=None)
        by_y = min(others, key=lambda other: abs(other.top() - goal.y()), default=None)
        self._across = self._down = None
        spot = QPointF(on_grid)
        if by_x is not None and abs(by_x.left() - goal.x()) <= reach:
            spot.setX(by_x.left())
        if by_y is not None and abs(by_y.top() - goal.y()) <= reach:
            spot.setY(by_y.top())
        card.moveTo(spot)
        if by_x is not None and spot.x() == by_x.left():
            self._down = card, by_x
        if by_y is not None and spot.y() == by_y.top():
            self._across = card, by_y
        return spot

    def paint(self, painter: QPainter) -> None:
        """Draw the lines that the card has snapped to."""
        painter.setPen(QPen(self._view.theme.colors.accent, 0))
        if self._down is not None:
            card, other = self._down
            x = card.center().x()
            painter.drawLine(QLineF(x, card.center().y(), x, other.center().y()))
        if self._across is not None:
            card, other = self._across
            y = card.center().y()
            painter.drawLine(QLineF(card.center().x(), y, other.center().x(), y))
