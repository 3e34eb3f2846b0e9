"""What a press of the mouse begins: one class a gesture, one undo step each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication

from engine.errors import Text
from engine.graph import commands
from engine.graph.document import Edge
from engine.graph.geometry import GRID
from gui.canvas.node_item import NodeItem
from gui.canvas.routing import wire_path
from gui.i18n import tr, tr_text

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class Gesture(Protocol):
    """Lives from press to release; `cancel` leaves everything as it was."""

    def move(self, point: QPointF) -> None:
        """Follow the mouse; `point` is on the canvas."""

    def end(self, point: QPointF) -> None:
        """Do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def paint(self, painter: QPainter) -> None:
        """Draw what is only there during the gesture."""


class MoveNodes:
    """Drags the selection; the card under the mouse snaps to the grid, the others keep pace.

    Args:
        view: The canvas.
        held: Id of the node under the mouse; a mere click selects it alone.
        start: Where the mouse was pressed, on the canvas.
    """

    def __init__(self, view: CanvasView, held: str, start: QPointF) -> None:
        self._view, self._held, self._start = view, held, start
        items = view.network.nodes
        self._origins = {node: items[node].pos() for node in view.session.selection}
        self._dragging = False

    def move(self, point: QPointF) -> None:
        """Move the cards without touching the document."""
        way = (point - self._start).manhattanLength() * self._view.zoom
        # A trembling hand that clicks is not dragging.
        self._dragging = self._dragging or way >= QApplication.startDragDistance() / 2
        if self._dragging:
            for node, place in self._places(point).items():
                self._view.network.place(node, place)
            self._view.network.follow_items(self._origins)

    def end(self, point: QPointF) -> None:
        """Move the nodes in the document."""
        self.move(point)
        session = self._view.session
        if not self._dragging:
            session.select([self._held])
            return
        places = {node: (spot.x(), spot.y()) for node, spot in self._places(point).items()}
        if not session.do(commands.move(session.document, places)):
            self.cancel()

    def cancel(self) -> None:
        """Put the cards back."""
        self._view.network.reset_positions(self._origins)

    def paint(self, painter: QPainter) -> None:
        """Nothing to draw: the cards themselves move."""

    def _places(self, point: QPointF) -> dict[str, QPointF]:
        origin = self._origins[self._held]
        goal = origin + point - self._start
        offset = QPointF(_snap(goal.x()), _snap(goal.y())) - origin
        return {node: place + offset for node, place in self._origins.items()}


def _snap(value: float) -> float:
    return round(value / GRID) * GRID


class SelectBox:
    """Pulls up a box; what it touches is selected, besides `kept`."""

    def __init__(self, view: CanvasView, start: QPointF, kept: frozenset[str]) -> None:
        self._view, self._start, self._kept = view, start, kept
        self._before = view.session.selection
        self._box = QRectF()

    def move(self, point: QPointF) -> None:
        """Select what the box touches."""
        self._box = QRectF(self._start, point).normalized()
        inside = {
            node
            for node, item in self._view.network.nodes.items()
            if item.card().intersects(self._box)
        }
        self._view.session.select(self._kept | inside)

    def end(self, point: QPointF) -> None:
        """Keep the selection; a mere click selects nothing."""
        if (point - self._start).manhattanLength() < 3:
            self._view.session.select(self._kept)

    def cancel(self) -> None:
        """Select what was selected."""
        self._view.session.select(self._before)

    def paint(self, painter: QPainter) -> None:
        """Draw the box."""
        colors = self._view.theme.colors
        fill = QColor(colors.accent)
        fill.setAlpha(28)
        painter.setPen(QPen(colors.accent, 0))
        painter.setBrush(fill)
        painter.drawRect(self._box)


class DrawWire:
    """Draws a wire from a port; says while it is drawn whether and why not it can end there.

    Args:
        view: The canvas.
        node: Id of the node at the fixed end.
        place: Place of the input port for a wire drawn backwards, or None from the output.
        lifted: A wire whose end is being moved elsewhere, or None.
    """

    def __init__(
        self, view: CanvasView, node: str, place: int | None, lifted: Edge | None = None
    ) -> None:
        self._view, self._node, self._place, self._lifted = view, node, place, lifted
        item = view.network.nodes[node]
        self._start = item.output_point() if place is None else item.input_point(place)
        self._point = self._start
        self._target: NodeItem | None = None
        self._refusal: Text | None = None
        if lifted is not None:
            view.network.edges[lifted].setVisible(False)
        for other in view.network.nodes.values():
            refused = self._refused(other, None) is not None
            other.mark(dimmed=refused and other.node != node, aimed=not refused)

    def move(self, point: QPointF) -> None:
        """Follow the mouse and tell whether the wire can end here."""
        self._point = point
        target = self._view.network.node_at(point)
        self._target = target if target is not None and target.node != self._node else None
        self._refusal = None
        if self._target is not None:
            self._refusal = self._refused(self._target, self._port(self._target, point))
            if self._refusal is None:
                self._point = self._end_point(self._target, point)
        reason = tr_text(self._refusal) if self._refusal else ""
        self._view.status_hinted.emit(reason or tr("Drop the wire on a layer; Esc cancels."))
        self._view.viewport().update()

    def end(self, point: QPointF) -> None:
        """Connect, or say why not; a wire whose end is dropped in empty space is removed."""
        self.move(point)
        self._restore()
        session = self._view.session
        if self._target is None:
            if self._lifted is not None:
                session.do(commands.disconnect(session.document, [self._lifted]))
            return
        if self._refusal is not None:
            session.posted.emit(self._refusal, "warning")
            return
        source, target = self._ends(self._target)
        port = self._port(self._target, point)
        if self._lifted is None:
            session.do(commands.connect(session.document, source, target, port))
        else:
            session.do(commands.reroute(session.document, self._lifted, target, port))

    def cancel(self) -> None:
        """Leave the wires as they were."""
        self._restore()

    def paint(self, painter: QPainter) -> None:
        """Draw the wire and, where it cannot end, the reason beside the mouse."""
        colors = self._view.theme.colors
        tint = colors.error if self._refusal else colors.accent
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(tint, 2, Qt.PenStyle.DashLine if self._refusal else Qt.PenStyle.SolidLine)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ends = (self._start, self._point) if self._place is None else (self._point, self._start)
        painter.drawPath(wire_path(*ends))
        if self._refusal:
            self._paint_reason(painter, tr_text(self._refusal))

    def _paint_reason(self, painter: QPainter, reason: str) -> None:
        colors, theme = self._view.theme.colors, self._view.theme
        painter.save()
        painter.translate(self._point)
        painter.scale(1 / self._view.zoom, 1 / self._view.zoom)  # Readable at every zoom.
        painter.setFont(theme.font(12))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        box = painter.boundingRect(QRectF(20, 20, 260, 200), flags, reason)
        painter.setPen(QPen(colors.error, 1))
        painter.setBrush(colors.surface_raised)
        painter.drawRoundedRect(box.adjusted(-8, -5, 8, 5), 6, 6)
        painter.setPen(colors.text)
        painter.drawText(box, flags, reason)
        painter.restore()

    def _ends(self, other: NodeItem) -> tuple[str, str]:
        if self._place is None:
            return self._node, other.node
        return other.node, self._node

    def _port(self, other: NodeItem, point: QPointF) -> int | None:
        """Return the document's number of the port aimed at; None for the next free one."""
        network = self._view.session.document.network
        target = other.node if self._place is None else self._node
        hit = other.port_at(point) if self._place is None else ("in", self._place)
        wires = [edge for edge in network.inputs(target) if edge != self._lifted]
        if hit is None or hit[0] != "in" or hit[1] >= len(wires):
            return None
        return wires[hit[1]].port

    def _refused(self, other: NodeItem, port: int | None) -> Text | None:
        network = self._view.session.document.network
        source, target = self._ends(other)
        if self._lifted is not None and other.node == self._lifted.target:
            return None
        return commands.refusal(network, source, target, port)

    def _end_point(self, other: NodeItem, point: QPointF) -> QPointF:
        if self._place is not None:
            return other.output_point()
        hit = other.port_at(point)
        if hit is not None and hit[0] == "in":
            return other.input_point(hit[1])
        wires = len(self._view.session.document.network.inputs(other.node))
        return other.input_point(min(wires, other.face.inputs - 1))

    def _restore(self) -> None:
        for item in self._view.network.nodes.values():
            item.mark()
        if self._lifted is not None and self._lifted in self._view.network.edges:
            self._view.network.edges[self._lifted].setVisible(True)
        self._view.status_hinted.emit("")


class Pan:
    """Drags the canvas itself; works in the view's own pixels."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._last = view.mouse_position
        view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, point: QPointF) -> None:
        """Scroll by the way the mouse has gone."""
        here = self._view.mouse_position
        self._view.pan(here - self._last)
        self._last = here

    def end(self, point: QPointF) -> None:
        """Stop scrolling."""
        self._view.viewport().unsetCursor()

    def cancel(self) -> None:
        """Stop scrolling."""
        self._view.viewport().unsetCursor()

    def paint(self, painter: QPainter) -> None:
        """Nothing to draw."""
