"""Drawing a wire: from a port to a card, a block or empty space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication

from engine.errors import Text
from engine.graph import commands
from engine.graph.document import Edge
from gui.canvas.hitting import End, ends_of, free_place, node_at, source_of
from gui.canvas.node_item import NodeItem
from gui.canvas.routing import flow_path
from gui.i18n import tr, tr_text

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class DrawWire:
    """Draws a wire from a port; says while it is drawn whether and why not it can end there.

    Args:
        view: The canvas.
        card: Id of the card at the fixed end.
        port: Its port, as `NodeItem.port_at` tells it.
        lifted: A wire whose end is being moved elsewhere, or None.
    """

    def __init__(
        self, view: CanvasView, card: str, port: tuple[str, int], lifted: Edge | None = None
    ) -> None:
        self._view, self._card, self._lifted = view, card, lifted
        self._forward, self._place = port[0] == "out", port[1]
        item = view.network.nodes[card]
        start = item.output_point if self._forward else item.input_point
        self._start = start(self._place)
        self._point = self._start
        self._press = view.mouse_position
        self._dragged = False
        self._target: NodeItem | None = None
        self._refusal: Text | None = None
        # The network in which the wire would be drawn: where it ends now, it may end again.
        self._network = view.session.document.network
        if lifted is not None:
            view.network.edges[lifted].set_shown(False)
            rehearsal = view.session.document.rehearsal()
            rehearsal.apply(commands.disconnect(self._cut()).changes)
            self._network = rehearsal.network
        for other in view.network.nodes.values():
            refused = self._refused(other, None) is not None
            other.mark(dimmed=refused and other.node != card, aimed=not refused)

    def move(self, point: QPointF) -> None:
        """Follow the mouse and tell whether the wire can end here."""
        self._point = point
        way = (self._view.mouse_position - self._press).manhattanLength()
        self._dragged = self._dragged or way >= QApplication.startDragDistance() / 2
        target = node_at(self._view.network, point)
        self._target = target if target is not None and target.node != self._card else None
        self._refusal = None
        if self._target is not None:
            self._refusal = self._refused(self._target, point)
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
        if self._lifted is not None and not self._dragged:  # A click chooses the wire.
            session.select([])
            self._view.network.select_edges([self._lifted])
            return
        if self._target is None:
            if self._lifted is not None:
                edges = self._view.network.outline.edges_of(self._lifted)
                session.do(commands.disconnect(edges))
            else:
                self._offer(point)
            return
        if self._refusal is not None:
            session.posted.emit(self._refusal, "warning")
            return
        source, ends = self._ends(self._target, point)
        session.do(commands.connect_all(session.document, source, ends, self._cut()))

    def _offer(self, point: QPointF) -> None:
        """Offer the layers that could continue the wire."""
        scene = self._view.network
        if self._forward:
            self._view.quick_add.open(point, source=source_of(scene, self._card, self._place))
        else:
            self._view.quick_add.open(point, ends=ends_of(scene, self._card, self._place))

    def _cut(self) -> list[Edge]:
        """Return the wires that the new one replaces, besides those already in its port."""
        if self._lifted is None:
            return []
        return list(self._view.network.outline.edges_of(self._lifted))

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
        ends = (self._start, self._point) if self._forward else (self._point, self._start)
        painter.drawPath(flow_path(*ends, None, self._view.network.flow))
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

    def _ends(self, other: NodeItem, point: QPointF | None) -> tuple[str, list[End]]:
        """Return where a wire between the fixed end and another card would begin and end."""
        scene = self._view.network
        hit = other.port_at(point) if point is not None else None
        if not self._forward:
            place = hit[1] if hit is not None and hit[0] == "out" else 0
            return source_of(scene, other.node, place), ends_of(scene, self._card, self._place)
        source = source_of(scene, self._card, self._place)
        port = hit[1] if hit is not None and hit[0] == "in" else None
        return source, ends_of(scene, other.node, port, self._lifted)

    def _refused(self, other: NodeItem, point: QPointF | None) -> Text | None:
        if other.node == self._card:
            return None
        source, ends = self._ends(other, point)
        reasons = (commands.refusal(self._network, source, *end) for end in ends)
        return next(filter(None, reasons), None)

    def _end_point(self, other: NodeItem, point: QPointF) -> QPointF:
        hit = other.port_at(point)
        if not self._forward:
            return other.output_point(hit[1] if hit is not None and hit[0] == "out" else 0)
        if hit is not None and hit[0] == "in":
            return other.input_point(hit[1])
        return other.input_point(free_place(self._view.network, other.node))

    def _restore(self) -> None:
        for item in self._view.network.nodes.values():
            item.mark()
        if self._lifted is not None and self._lifted in self._view.network.edges:
            self._view.network.edges[self._lifted].set_shown(True)
        self._view.status_hinted.emit("")
