"""A layer on its way from the palette: where it would land, and into which wire."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from engine import library
from engine.blocks import BLOCKS, PREFIX
from engine.graph.document import Edge
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, snap
from engine.layers import LAYERS
from gui.canvas.card import RADIUS
from gui.canvas.edge_item import EdgeItem
from gui.canvas.hitting import edge_at
from gui.canvas.scene import NetworkScene
from gui.i18n import tr
from gui.theme import Theme

MIME = "application/x-netloom-layer"
REACH = 14.0


def dragged_layer(data: QMimeData) -> str | None:
    """Return the key of the layer or block that is dragged; None where it is something else."""
    key = bytes(data.data(MIME).data()).decode(errors="replace")
    return key if key in LAYERS or key.startswith((library.PREFIX, PREFIX)) else None


class Ghost:
    """The card that a drop would make, drawn where it would land.

    Attributes:
        corner: Top left corner of the card, on the grid; None while nothing is dragged.
        wire: The wire into which the layer would go, or None.
    """

    def __init__(self, network: NetworkScene, theme: Theme) -> None:
        self._network, self._theme = network, theme
        self._key = ""
        self.corner: QPointF | None = None
        self.wire: Edge | None = None

    def move(self, key: str, center: QPointF) -> None:
        """Follow the mouse."""
        self._key = key
        x, y = center.x() - CARD_WIDTH / 2, center.y() - CARD_HEIGHT / 2
        self.corner = QPointF(snap(x), snap(y))
        takes_wires = key.startswith(PREFIX) or (key in LAYERS and LAYERS.get(key).max_inputs != 0)
        self._aim(edge_at(self._network, center, REACH) if takes_wires else None)

    def clear(self) -> None:
        """Vanish."""
        self.corner = None
        self._aim(None)

    def _aim(self, item: EdgeItem | None) -> None:
        old = self._network.edges.get(self.wire) if self.wire is not None else None
        self.wire = item.edge if item is not None else None
        for wire, aimed in ((old, False), (item, True)):
            if wire is not None:
                wire.aim(aimed)

    def paint(self, painter: QPainter) -> None:
        """Draw the card's outline, or on a wire a small mark that hides nothing."""
        if self.corner is None:
            return
        made = BLOCKS.find(self._key.removeprefix(PREFIX)) if self._key.startswith(PREFIX) else None
        spec, colors = made or LAYERS.find(self._key), self._theme.colors
        title = tr(spec.title) if spec else tr("Block")
        category = spec.category if spec else "block"
        font = self._theme.font(13, 600)
        box = QRectF(self.corner.x(), self.corner.y(), CARD_WIDTH, CARD_HEIGHT)
        aimed = self._network.edges.get(self.wire) if self.wire is not None else None
        pen = QPen(self._theme.category(category), 1.5, Qt.PenStyle.DashLine)
        if aimed is not None:
            width = QFontMetricsF(font).horizontalAdvance(title) + 24
            box = QRectF(0, 0, width, 28)
            box.moveCenter(aimed.middle())
            pen = QPen(colors.accent, 1.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(colors.surface)
        radius = RADIUS if aimed is None else box.height() / 2
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(colors.text)
        painter.setFont(font)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), title)
