"""Cards by where they lie, for quick questions about what a wire may meet."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from engine.graph.geometry import Flow
from gui.canvas.node_item import NodeItem
from gui.canvas.routing import free_lane, turned_rect

# A free lane is mostly found within this many pixels beside a wire.
NEIGHBOURHOOD = 600.0
Cell = dict[NodeItem, QRectF]


class Rows:
    """The cards in cells; rows lie along the flow, and every rectangle as if it went down."""

    HEIGHT, WIDTH = 256.0, 1024.0

    def __init__(self, flow: Flow) -> None:
        self._flow: Flow = flow
        self._rows: dict[int, dict[int, Cell]] = {}
        self._cell_of: dict[NodeItem, tuple[int, int]] = {}

    def put(self, item: NodeItem) -> None:
        """Take in a card, or its new place."""
        card = turned_rect(item.card(), self._flow)
        cell = int(card.top() // self.HEIGHT), int(card.left() // self.WIDTH)
        if self._cell_of.get(item) != cell:
            self.take(item)
            self._cell_of[item] = cell
        self._rows.setdefault(cell[0], {}).setdefault(cell[1], {})[item] = card

    def take(self, item: NodeItem) -> None:
        """Forget a card."""
        cell = self._cell_of.pop(item, None)
        if cell is not None:
            del self._rows[cell[0]][cell[1]][item]

    def lane(self, start: QPointF, end: QPointF) -> float | None:
        """Return where a wire passes the cards in its way, as if data flowed down, or None."""
        top, bottom = start.y() + 1, end.y()
        left = min(start.x(), end.x()) - NEIGHBOURHOOD
        right = max(start.x(), end.x()) + NEIGHBOURHOOD
        lane = free_lane(self.within(top, bottom, left, right), start, end)
        if lane is None or left < lane < right:
            return lane
        return free_lane(self.within(top, bottom), start, end)

    def within(
        self, top: float, bottom: float, left: float | None = None, right: float | None = None
    ) -> list[QRectF]:
        """Return the cards that lie wholly between two places along the flow.

        Args:
            top: Where the flow enters.
            bottom: Where it leaves.
            left: With `right`, what lies farther aside may be left out.
            right: See `left`.
        """
        found: list[QRectF] = []
        for number in range(int(top // self.HEIGHT), int(bottom // self.HEIGHT) + 1):
            row = self._rows.get(number, {})
            for column, cell in row.items():
                if (
                    left is None
                    or right is None
                    or (left < (column + 2) * self.WIDTH and column * self.WIDTH <= right)
                ):
                    found += [c for c in cell.values() if top <= c.top() and c.bottom() < bottom]
        return found
