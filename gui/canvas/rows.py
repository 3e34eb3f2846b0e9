"""Cards by where they lie along the flow."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from engine.graph.geometry import Flow
from gui.canvas.node_item import NodeItem
from gui.canvas.routing import turned_rect


class Rows:
    """Which cards a wire may meet between two places along the flow."""

    HEIGHT = 256.0

    def __init__(self, flow: Flow) -> None:
        self._flow: Flow = flow
        # Rectangles lie as if data flowed down.
        self._rows: dict[int, dict[NodeItem, QRectF]] = {}
        self._row_of: dict[NodeItem, int] = {}

    def put(self, item: NodeItem) -> None:
        """Take in a card, or its new place."""
        card = turned_rect(item.card(), self._flow)
        row = int(card.top() // self.HEIGHT)
        if self._row_of.get(item) != row:
            self.take(item)
            self._row_of[item] = row
        self._rows.setdefault(row, {})[item] = card

    def take(self, item: NodeItem) -> None:
        """Forget a card."""
        row = self._row_of.pop(item, None)
        if row is not None:
            del self._rows[row][item]

    def within(self, top: float, bottom: float) -> list[QRectF]:
        """Return the cards that lie wholly between two places, as if data flowed down."""
        rows = range(int(top // self.HEIGHT) - 1, int(bottom // self.HEIGHT) + 1)
        return [
            card
            for row in rows
            for card in self._rows.get(row, {}).values()
            if top <= card.top() and card.bottom() < bottom
        ]
