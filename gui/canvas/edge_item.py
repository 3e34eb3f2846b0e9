"""One wire on the canvas, with the shape of its tensor."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.document import Edge
from engine.graph.geometry import Flow
from gui.canvas.card import FAR, CardPainter
from gui.canvas.routing import flow_path

LABEL_FROM = 0.6


class EdgeItem(QGraphicsItem):
    """Draws a wire.

    Attributes:
        edge: The wire in the document.
    """

    def __init__(self, edge: Edge, cards: CardPainter) -> None:
        super().__init__()
        self.edge = edge
        self._cards = cards
        self._path = QPainterPath()
        self._start = self._end = QPointF()
        self._label = ""
        self._box = QRectF()
        # The scene's index asks for it thousands of times a second.
        self._bounds = QRectF()
        self.chosen = self.active = self.aimed = self.hovered = self.on_path = False

    def lay(
        self, start: QPointF, end: QPointF, lane: float | None = None, flow: Flow = "down"
    ) -> None:
        """Draw the wire between two points of the canvas, past cards along a lane."""
        self.prepareGeometryChange()
        self._start, self._end = start, end
        self._path = flow_path(start, end, lane, flow)
        self._place_label()

    def set_label(self, label: str) -> None:
        """Show the shape of the tensor."""
        if label != self._label:
            self.prepareGeometryChange()
            self._label = label
            self._place_label()
            self.update()

    def mark(self, *, chosen: bool, active: bool, path: bool = False) -> None:
        """Show whether the wire is selected, touches the selection, or leads to or from it."""
        if (chosen, active, path) != (self.chosen, self.active, self.on_path):
            self.chosen, self.active, self.on_path = chosen, active, path
            self.update()

    def aim(self, aimed: bool) -> None:
        """Show whether a drop would cut the wire."""
        if aimed != self.aimed:
            self.aimed = aimed
            self.update()

    def set_hovered(self, hovered: bool) -> None:
        """Show whether the mouse is over the wire."""
        if hovered != self.hovered:
            self.hovered = hovered
            self.update()

    def _place_label(self) -> None:
        self._box = QRectF()
        if self._label:
            width = self._cards.font(11)[1].horizontalAdvance(self._label) + 12
            middle = self._path.pointAtPercent(0.5)
            self._box = QRectF(middle.x() - width / 2, middle.y() - 9, width, 18)
        self._bounds = self._path.boundingRect().adjusted(-8, -8, 8, 8).united(self._box)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def near(self, point: QPointF, reach: float) -> bool:
        """Return whether a point of the canvas lies on the wire or its label."""
        if not self.boundingRect().contains(point):
            return False
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * reach)
        return self._box.contains(point) or stroker.createStroke(self._path).contains(point)

    def path(self) -> QPainterPath:
        """Return the curve."""
        return self._path

    def ends(self) -> tuple[QPointF, QPointF]:
        """Return where the wire leaves an output and where it enters an input."""
        return self._start, self._end

    def middle(self) -> QPointF:
        """Return the point where the label is."""
        return self._path.pointAtPercent(0.5)

    def end_near(self, point: QPointF) -> bool:
        """Return whether a point is near the end at the input port."""
        return (self._end - point).manhattanLength() < 28

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        colors = self._cards.theme.colors
        scale = painter.worldTransform().m11()
        strong = self.chosen or self.active or self.aimed
        tint = colors.wire_active if strong else colors.wire_path if self.on_path else colors.wire
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if scale < FAR:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(tint, 0))
            painter.drawLine(self._start, self._end)
            return
        if self.hovered and not strong and not self.on_path:
            tint = colors.text_secondary
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(tint, 3.0 if self.chosen or self.aimed else 1.6))
        painter.drawPath(self._path)
        if self._label and scale >= LABEL_FROM:
            key = "label", self._label, strong, self.chosen
            box = self._box.adjusted(-1, -1, 1, 1)
            self._cards.stamps.draw(
                painter, widget, key, box, lambda painter: self._paint_label(painter, strong)
            )

    def _paint_label(self, painter: QPainter, strong: bool) -> None:
        colors = self._cards.theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colors.accent if self.chosen else colors.border, 1))
        painter.setBrush(colors.canvas)
        painter.drawRoundedRect(self._box, 9, 9)
        painter.setPen(colors.text if strong else colors.text_secondary)
        painter.setFont(self._cards.font(11)[0])
        painter.drawText(self._box, int(Qt.AlignmentFlag.AlignCenter), self._label)
