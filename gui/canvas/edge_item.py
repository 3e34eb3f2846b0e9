"""One wire on the canvas: where it runs, and the shape of its tensor."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from engine.graph.document import Edge
from engine.graph.geometry import Flow
from gui.canvas.card import CardPainter
from gui.canvas.routing import flow_middle, flow_path

# Room for the thickest pen.
SPARE = 8.0
# A box larger than this both ways is mostly not the wire's.
VAST = 300.0
END_REACH = 28.0
# Up to this zoom curves may be painted as lines, which takes half the time, and less where only
# a stretch of a long wire is exposed.
NEAREST = 2.0


class EdgeItem(QGraphicsRectItem):
    """Knows where a wire runs; `WiresItem` paints all wires at once.

    Whoever lays it, marks it or labels it has its part of the canvas painted anew.

    Attributes:
        edge: The wire in the document.
        label: The shape of its tensor, written out, or "".
        box: Where the label is.
        line: The straight line between its ends.
        silent: Whether another wire shows the label for it too.
        chosen: Whether it is selected.
        active: Whether it touches the selection.
        aimed: Whether a drop would cut it.
        hovered: Whether the mouse is over it.
        on_path: Whether it leads to the selection, or on from it.
    """

    def __init__(self, edge: Edge, cards: CardPainter) -> None:
        super().__init__()
        # The index asks for the box thousands of times a second: Qt itself shall know it.
        self.setPen(Qt.PenStyle.NoPen)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.edge = edge
        self._cards = cards
        self._path = QPainterPath()
        self._lines: list[tuple[float, float, float, float, QLineF]] = []
        self._way: tuple[QPointF, QPointF, float | None, Flow] | None = None
        self.line = QLineF()
        self._middle = QPointF()
        self.label = ""
        self._width = 0.0
        self.box = QRectF()
        self.silent = False
        self.chosen = self.active = self.aimed = self.hovered = self.on_path = False

    def lay(
        self, start: QPointF, end: QPointF, lane: float | None = None, flow: Flow = "down"
    ) -> None:
        """Let the wire run between two points of the canvas, past cards along a lane."""
        self._way = start, end, lane, flow
        self.line = QLineF(start, end)
        self._path = flow_path(start, end, lane, flow)
        self._middle = flow_middle(start, end, lane, flow)
        self._lines = []
        self._settle()

    def runs(self, start: QPointF, end: QPointF, lane: float | None, flow: Flow) -> bool:
        """Return whether it has been laid just so."""
        return self._way == (start, end, lane, flow)

    def set_label(self, label: str) -> None:
        """Show the shape of the tensor."""
        if label != self.label:
            self.label = label
            self._width = self._cards.font(11)[1].horizontalAdvance(label) + 12
            self._settle()

    def set_silent(self, silent: bool) -> None:
        """Leave the label to another wire, or show it."""
        if silent != self.silent:
            self.repaint()
            self.silent = silent
            self._settle()
            self.repaint()

    def mark(self, *, chosen: bool, active: bool, path: bool = False) -> bool:
        """Take in whether the wire is selected, touches the selection, or leads to or from it.

        Returns:
            Whether it looks different now.
        """
        before = self.chosen, self.active, self.on_path
        self.chosen, self.active, self.on_path = chosen, active, path
        return before != (chosen, active, path)

    def aim(self, aimed: bool) -> None:
        """Show whether a drop would cut the wire."""
        if aimed != self.aimed:
            self.aimed = aimed
            self.repaint()

    def set_hovered(self, hovered: bool) -> None:
        """Show whether the mouse is over the wire."""
        if hovered != self.hovered:
            self.hovered = hovered
            self.repaint()

    def set_shown(self, shown: bool) -> None:
        """Paint the wire, or let it be."""
        self.setVisible(shown)
        self.repaint()

    def repaint(self) -> None:
        """Have the part of the canvas painted where the wire is."""
        if self.scene() is not None:
            self.scene().update(self.rect())

    def _settle(self) -> None:
        self.box = QRectF()
        if self.label and not self.silent:
            corner = self._middle - QPointF(self._width / 2, 9)
            self.box = QRectF(corner, QSizeF(self._width, 18))
        around = self._path.boundingRect().adjusted(-SPARE, -SPARE, SPARE, SPARE)
        self.setRect(around.united(self.box))

    def parts(self) -> list[QRectF]:
        """Return boxes that hold all of it; around a long slanting wire one would be vast."""
        whole = self.rect()
        if min(whole.width(), whole.height()) < VAST:
            return [whole]
        boxes = [QRectF(self.box)]
        box = QRectF()
        for *_, line in self._all_lines():
            step = QRectF(line.p1(), line.p2()).normalized()
            # Of no size, a level or upright line would be lost in a union.
            step.adjust(-SPARE, -SPARE, SPARE, SPARE)
            both = box.united(step)
            if not box.isNull() and min(both.width(), both.height()) >= VAST:
                boxes.append(box)
                both = step
            box = both
        return [*boxes, box]

    def _all_lines(self) -> list[tuple[float, float, float, float, QLineF]]:
        if not self._lines:
            self._lines = _flat(self._path)
        return self._lines

    def near(self, point: QPointF, reach: float) -> bool:
        """Return whether a point of the canvas lies on the wire or its label."""
        if not self.boundingRect().contains(point):
            return False
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * reach)
        return self.box.contains(point) or stroker.createStroke(self._path).contains(point)

    def path(self) -> QPainterPath:
        """Return the curve."""
        return self._path

    def ends(self) -> tuple[QPointF, QPointF]:
        """Return where the wire leaves an output and where it enters an input."""
        return self.line.p1(), self.line.p2()

    def middle(self) -> QPointF:
        """Return the point where the label is."""
        return self._middle

    def end_near(self, point: QPointF) -> bool:
        """Return whether a point is near the end at the input port; of a short wire less is."""
        reach = min(END_REACH, self.line.length() / 3)
        return (self.line.p2() - point).manhattanLength() < reach

    def lines(self, exposed: QRectF) -> list[QLineF]:
        """Return the exposed part of the curve as lines; up to `NEAREST` they look round."""
        lines = self._all_lines()
        if exposed.contains(self.rect()):
            return [line for *_, line in lines]
        top, bottom = exposed.top() - SPARE, exposed.bottom() + SPARE
        left, right = exposed.left() - SPARE, exposed.right() + SPARE
        return [
            line
            for x1, y1, x2, y2, line in lines
            if not (
                (y1 < top and y2 < top)
                or (y1 > bottom and y2 > bottom)
                or (x1 < left and x2 < left)
                or (x1 > right and x2 > right)
            )
        ]


def share_labels(wires: Iterable[EdgeItem]) -> None:
    """Let one wire show the shape for all that lead from the same output into the same layer.

    Args:
        wires: All wires between the layers that they join.
    """
    labelled: set[tuple[str, str]] = set()
    for wire in sorted(wires, key=lambda wire: wire.edge.port):
        ends = wire.edge.source, wire.edge.target
        wire.set_silent(ends in labelled)
        labelled.add(ends)


def _flat(path: QPainterPath) -> list[tuple[float, float, float, float, QLineF]]:
    """Return lines that follow a curve, each after its own ends."""
    (polygon,) = path.toSubpathPolygons(QTransform.fromScale(NEAREST, NEAREST))
    corners = [(point.x() / NEAREST, point.y() / NEAREST) for point in polygon.toList()]
    return [(*here, *ahead, QLineF(*here, *ahead)) for here, ahead in pairwise(corners)]
