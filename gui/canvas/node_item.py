"""One card on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, Flow
from gui.canvas.card import FAR, CardPainter, Face, port_along

PORT_RADIUS = 5.0
PORT_REACH = 12.0
BOUNDS = QRectF(-PORT_REACH, -PORT_REACH, CARD_WIDTH + 2 * PORT_REACH, CARD_HEIGHT + 2 * PORT_REACH)


class NodeItem(QGraphicsRectItem):
    """Draws a node; knows nothing but what it shows.

    Attributes:
        node: Id of the node, or of the collapsed block.
        face: What the card says.
        dimmed: Drawn faintly while a wire that it cannot take is being drawn.
        aimed: Its ports are drawn large while a wire that it can take is being drawn.
    """

    def __init__(self, node: str, face: Face, cards: CardPainter, flow: Flow = "down") -> None:
        super().__init__(BOUNDS)
        # The index asks for the box thousands of times a second: Qt itself shall know it.
        self.setPen(Qt.PenStyle.NoPen)
        self._flow: Flow = flow
        self.node, self.face, self._cards = node, face, cards
        # Cards that look the same share a stamp.
        self._seen = face.seen()
        self.dimmed = self.aimed = self.hovered = self.chosen = False
        self._card = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)
        self.setZValue(1)
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)

    def place(self, corner: QPointF) -> None:
        """Put the card's top left corner somewhere on the canvas."""
        self._card = QRectF(corner.x(), corner.y(), CARD_WIDTH, CARD_HEIGHT)
        self.setPos(corner)

    def card(self) -> QRectF:
        """Return the card's rectangle on the canvas."""
        return self._card

    def input_point(self, place: int) -> QPointF:
        """Return where the wire of an input port ends, on the canvas."""
        return self.pos() + self._input_spot(place)

    def _input_spot(self, place: int) -> QPointF:
        if self._flow == "right":
            along = port_along(place, self.face.inputs, self.face.spare, CARD_HEIGHT)
            return QPointF(0, along)
        return QPointF(port_along(place, self.face.inputs, self.face.spare), 0)

    def _output_spot(self, place: int) -> QPointF:
        if self._flow == "right":
            return QPointF(CARD_WIDTH, port_along(place, self.face.outputs, length=CARD_HEIGHT))
        return QPointF(port_along(place, self.face.outputs), CARD_HEIGHT)

    def output_point(self, place: int = 0) -> QPointF:
        """Return where wires of an output port begin, on the canvas."""
        return self.pos() + self._output_spot(place)

    def port_at(self, point: QPointF) -> tuple[str, int] | None:
        """Return ("in", place) or ("out", place) for a port near a point of the canvas."""
        for place in range(self.face.outputs):
            if (point - self.output_point(place)).manhattanLength() < PORT_REACH:
                return "out", place
        ways = [
            ((point - self.input_point(place)).manhattanLength(), place)
            for place in range(self.face.inputs)
        ]
        nearest = min(ways, default=(PORT_REACH, 0))
        return ("in", nearest[1]) if nearest[0] < PORT_REACH else None

    def show_face(self, face: Face) -> bool:
        """Show other words; returns whether they are others."""
        if face == self.face:
            return False
        self.face, self._seen = face, face.seen()
        self.update()
        return True

    def mark(self, *, dimmed: bool = False, aimed: bool = False) -> None:
        """Show whether a wire being drawn could end here."""
        if (dimmed, aimed) != (self.dimmed, self.aimed):
            self.dimmed, self.aimed = dimmed, aimed
            self.setOpacity(0.35 if dimmed else 1.0)
            self.update()

    def set_chosen(self, chosen: bool) -> bool:
        """Show whether the node is selected; returns whether that is news."""
        if chosen == self.chosen:
            return False
        self.chosen = chosen
        self.setZValue(2 if chosen else 1)
        self.update()
        return True

    def set_hovered(self, hovered: bool) -> None:
        """Show whether the mouse is over the card."""
        if hovered != self.hovered:
            self.hovered = hovered
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = painter.worldTransform().m11()
        key = self._seen, self.chosen, self.hovered, self.aimed, self._flow
        self._cards.stamps.draw(
            painter, widget, key, self.boundingRect(), lambda painter: self._paint(painter, scale)
        )

    def _paint(self, painter: QPainter, scale: float) -> None:
        self._cards.paint(painter, self.face, scale, selected=self.chosen, hovered=self.hovered)
        if scale >= FAR:
            self._paint_ports(painter)

    def _paint_ports(self, painter: QPainter) -> None:
        colors = self._cards.theme.colors
        strong = self.hovered or self.chosen or self.aimed
        painter.setPen(QPen(colors.accent if strong else colors.border_strong, 1.5))
        painter.setBrush(colors.accent_soft if self.aimed else colors.surface)
        radius = PORT_RADIUS if strong else PORT_RADIUS - 1.5
        places = self.face.inputs - 1 if self.face.spare and not strong else self.face.inputs
        for place in range(places):
            painter.drawEllipse(self._input_spot(place), radius, radius)
        if places < self.face.inputs:  # The spare port keeps quiet until the mouse comes near.
            spot = self._input_spot(places)
            painter.drawLine(spot - QPointF(3, 0), spot + QPointF(3, 0))
            painter.drawLine(spot - QPointF(0, 3), spot + QPointF(0, 3))
        painter.setBrush(colors.surface)
        for place in range(self.face.outputs):
            painter.drawEllipse(self._output_spot(place), radius, radius)

    def shape_hit(self, point: QPointF) -> bool:
        """Return whether a point of the canvas lies on the card."""
        return self.card().contains(point)
