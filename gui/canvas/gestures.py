"""What a press of the mouse begins: one class a gesture, one undo step each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication

from engine.graph import commands
from engine.graph.geometry import snap
from engine.graph.marks import LEAST_SIZE, change_mark, move_marks
from gui.canvas.guides import Guides

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


class Move:
    """Drags cards and marks; what is under the mouse snaps to the grid, the rest keeps pace.

    Args:
        view: The canvas.
        held: Corner of what is under the mouse.
        start: Where the mouse was pressed, on the canvas.
        nodes: Nodes to move; their cards follow.
        marks: Marks to move.
        click: What a press without a drag does.
    """

    def __init__(
        self,
        view: CanvasView,
        held: QPointF,
        start: QPointF,
        nodes: Iterable[str],
        marks: Iterable[str] = (),
        click: Callable[[], object] = lambda: None,
    ) -> None:
        self._view, self._held, self._start, self._click = view, held, start, click
        scene = view.network
        cards = dict.fromkeys(scene.outline.card_of(node) for node in nodes)
        locked = {node.id for node in view.session.document.network.nodes.values() if node.locked}
        self._cards = {
            card: scene.nodes[card].pos()
            for card in cards
            if card is not None and not locked.issuperset(scene.outline.nodes_of(card))
        }
        self._marks = {mark: scene.grounds.marks[mark].rect() for mark in marks}
        self._guides = Guides(view, set(self._cards))
        self._dragging = False

    def move(self, point: QPointF) -> None:
        """Move the items without touching the document."""
        way = (point - self._start).manhattanLength() * self._view.zoom
        # A trembling hand that clicks is not dragging.
        self._dragging = self._dragging or way >= QApplication.startDragDistance() / 2
        if self._dragging:
            offset = self._offset(point)
            for card, corner in self._cards.items():
                self._view.network.place(card, corner + offset)
            self._view.network.grounds.move(
                {mark: rect.translated(offset) for mark, rect in self._marks.items()}
            )
            self._view.network.follow_items(self._cards)

    def end(self, point: QPointF) -> None:
        """Move them in the document."""
        self.move(point)
        if not self._dragging:
            self._click()
            return
        document, outline = self._view.session.document, self._view.network.outline
        offset = self._offset(point)
        nodes = [node for card in self._cards for node in outline.nodes_of(card)]
        origins = {node: document.network.nodes[node].at for node in nodes}
        places = {node: (at[0] + offset.x(), at[1] + offset.y()) for node, at in origins.items()}
        corners = {
            mark: (rect.x() + offset.x(), rect.y() + offset.y())
            for mark, rect in self._marks.items()
        }
        edit = commands.move(document, places)
        edit = replace(edit, changes=(*edit.changes, *move_marks(document, corners).changes))
        if not self._view.session.do(edit):
            self.cancel()

    def cancel(self) -> None:
        """Put everything back."""
        self._view.network.reset_positions(self._cards)

    def paint(self, painter: QPainter) -> None:
        """Draw the lines that the dragged card has snapped to."""
        if self._dragging:
            self._guides.paint(painter)

    def _offset(self, point: QPointF) -> QPointF:
        goal = self._held + point - self._start
        on_grid = QPointF(snap(goal.x()), snap(goal.y()))
        return self._guides.snap(goal, on_grid) - self._held


class Resize:
    """Drags the lower right corner of a note or frame."""

    def __init__(self, view: CanvasView, mark: str) -> None:
        self._view, self._mark = view, mark
        self._before = view.network.grounds.marks[mark].rect()

    def _rect(self, point: QPointF) -> QRectF:
        rect = QRectF(self._before)
        rect.setRight(max(snap(point.x()), rect.left() + LEAST_SIZE[0]))
        rect.setBottom(max(snap(point.y()), rect.top() + LEAST_SIZE[1]))
        return rect

    def move(self, point: QPointF) -> None:
        """Show it larger or smaller."""
        self._view.network.grounds.move({self._mark: self._rect(point)})

    def end(self, point: QPointF) -> None:
        """Make it larger or smaller in the document."""
        size = self._rect(point).size()
        document = self._view.session.document
        edit = change_mark(document, self._mark, size=(size.width(), size.height()))
        self._view.session.do(edit)

    def cancel(self) -> None:
        """Leave it as it was."""
        self._view.network.grounds.move({self._mark: self._before})

    def paint(self, painter: QPainter) -> None:
        """Nothing to draw: the item itself changes."""


class SelectBox:
    """Pulls up a box; what it touches is selected, besides `kept`."""

    def __init__(self, view: CanvasView, start: QPointF, kept: frozenset[str]) -> None:
        self._view, self._start, self._kept = view, start, kept
        self._before = view.session.selection
        self._box = QRectF()

    def move(self, point: QPointF) -> None:
        """Select what the box touches."""
        self._box = QRectF(self._start, point).normalized()
        scene = self._view.network
        inside = {
            node
            for card, item in scene.nodes.items()
            if item.card().intersects(self._box)
            for node in scene.outline.nodes_of(card)
        }
        self._view.session.select(self._kept | inside)
        marks = scene.grounds.marks
        scene.grounds.select(key for key in marks if self._box.contains(marks[key].rect()))

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
