"""What lies under the mouse, shown a little stronger."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from gui.canvas.edge_item import EdgeItem
from gui.canvas.hitting import edge_at, node_at
from gui.canvas.node_item import NodeItem
from gui.canvas.scene import NetworkScene


class Hover:
    """Marks the card or wire under the mouse."""

    def __init__(self, network: NetworkScene) -> None:
        self._network = network
        self._item: NodeItem | EdgeItem | None = None

    def move(self, point: QPointF) -> Qt.CursorShape:
        """Follow the mouse; returns the cursor that says what a press would begin."""
        node = node_at(self._network, point)
        wire = edge_at(self._network, point) if node is None else None
        self._mark(node or wire)
        if node is not None and node.port_at(point) is not None:
            return Qt.CursorShape.CrossCursor
        if wire is not None and wire.end_near(point):
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.ArrowCursor

    def clear(self) -> None:
        """Mark nothing."""
        self._mark(None)

    def _mark(self, item: NodeItem | EdgeItem | None) -> None:
        if item is self._item:
            return
        # The old one may have been deleted in the meantime.
        if self._item is not None and self._item.scene() is self._network:
            self._item.set_hovered(False)
        self._item = item
        if item is not None:
            item.set_hovered(True)
