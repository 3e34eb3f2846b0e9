"""A small picture of a network, drawn without a view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from engine.graph.document import Document, Network
from engine.graph.folding import outline
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from engine.layers import LAYERS
from gui.canvas.routing import wire_path
from gui.theme import Theme

MARGIN = 12
# A long chain would become a thread: it is drawn in columns instead.
LARGEST_SCALE = 0.5


def paint_network(document: Document, size: QSize, theme: Theme, density: float = 2.0) -> QPixmap:
    """Paint a document's network into a picture.

    Args:
        document: What to paint.
        size: Size of the picture in device-independent pixels.
        theme: Colors.
        density: Pixels of the picture a device-independent pixel.
    """
    pixmap = QPixmap(size * density)
    pixmap.setDevicePixelRatio(density)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    network = outline(document.network).network()
    down = document.flow == "down"
    places = {
        node.id: QPointF(node.at[1], node.at[0]) if down else QPointF(*node.at) / 2
        for node in network.ordered()
    }
    # Sideways: pictures are wide and networks are deep.
    card = QSize(int(CARD_HEIGHT * 1.1), int(CARD_WIDTH * 0.55))
    rect = QRectF()
    for place in places.values():
        rect = rect.united(QRectF(place.x(), place.y(), card.width(), card.height()))
    if not rect.isEmpty():
        room = QRectF(MARGIN, MARGIN, size.width() - 2 * MARGIN, size.height() - 2 * MARGIN)
        scale = min(room.width() / rect.width(), room.height() / rect.height(), LARGEST_SCALE)
        painter.translate(room.center())
        painter.scale(scale, scale)
        painter.translate(-rect.center())
        _paint(painter, network, places, card, theme)
    painter.end()
    return pixmap


def _paint(
    painter: QPainter, network: Network, places: dict[str, QPointF], card: QSize, theme: Theme
) -> None:
    painter.setPen(QPen(theme.colors.wire, 5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for edge in network.edges():
        start = places[edge.source] + QPointF(card.width(), card.height() / 2)
        end = places[edge.target] + QPointF(0, card.height() / 2)
        if abs(start.y() - end.y()) < 1:
            painter.drawLine(start, end)
        else:
            turned = wire_path(QPointF(start.y(), start.x()), QPointF(end.y(), end.x()))
            painter.save()
            painter.rotate(90)
            painter.scale(1, -1)
            painter.drawPath(turned)
            painter.restore()
    painter.setPen(Qt.PenStyle.NoPen)
    for node in network.ordered():
        spec = LAYERS.find(node.layer)
        painter.setBrush(theme.category(spec.category if spec else "block"))
        place = places[node.id]
        painter.drawRoundedRect(QRectF(place.x(), place.y(), card.width(), card.height()), 14, 14)
