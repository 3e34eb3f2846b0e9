"""Cards by height."""

from __future__ import annotations

from gui.canvas.node_item import NodeItem


class Rows:
    """Cards by height: which of them a wire may meet between two of them."""

    HEIGHT = 256.0

    def __init__(self) -> None:
        self._rows: dict[int, dict[NodeItem, None]] = {}
        self._row_of: dict[NodeItem, int] = {}

    def put(self, item: NodeItem) -> None:
        """Take in a card, or its new place."""
        row = int(item.card().top() // self.HEIGHT)
        if self._row_of.get(item) != row:
            self.take(item)
            self._row_of[item] = row
            self._rows.setdefault(row, {})[item] = None

    def take(self, item: NodeItem) -> None:
        """Forget a card."""
        row = self._row_of.pop(item, None)
        if row is not None:
            del self._rows[row][item]

    def between(self, top: float, bottom: float) -> list[NodeItem]:
        """Return the cards that may lie between two heights, and some beyond."""
        rows = range(int(top // self.HEIGHT) - 1, int(bottom // self.HEIGHT) + 1)
        return [item for row in rows for item in self._rows.get(row, ())]
