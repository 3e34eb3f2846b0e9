"""The canvas as a widget: keys, mouse, zoom, clipboard, drops from the palette."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QGraphicsView, QLabel, QWidget

from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GRID
from gui.canvas.card import FAR
from gui.canvas.context_menu import make_menu
from gui.canvas.dropping import MIME, Ghost, dragged_layer
from gui.canvas.editing import Editing
from gui.canvas.far import FarPicture
from gui.canvas.gestures import DrawWire, Gesture, MoveNodes, Pan, SelectBox
from gui.canvas.grid import Grid
from gui.canvas.hover import Hover
from gui.canvas.minimap import Minimap
from gui.canvas.node_item import NodeItem
from gui.canvas.scene import NetworkScene
from gui.canvas.zoom_buttons import ZoomButtons
from gui.canvas.zoomable import ZoomableView
from gui.i18n import tr
from gui.session import Session
from gui.theme import Theme

__all__ = ["MIME", "CanvasView"]
# Below this cards show no parameters and wires no shapes.
READABLE = 0.75


class CanvasView(ZoomableView):
    """One document's canvas.

    Signals:
        status_hinted: A passing hint for the status bar, or "".
    """

    status_hinted = Signal(str)

    def __init__(self, theme: Theme, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self.session = theme, session
        self.network = NetworkScene(theme, session)
        self.setScene(self.network)
        self.editing = Editing(session, self.network)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Canvas"))
        self.mouse_position = QPointF()
        self._gesture: Gesture | None = None
        self._hover = Hover(self.network)
        self._ghost = Ghost(self.network, theme)
        self._far = FarPicture(self.network, theme)
        self._grid = Grid(theme)
        # All of it is painted: scrolling may copy what is there.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.network.repainted.connect(self._changed)
        theme.changed.connect(self._changed)
        self._space = False
        self._hint = QLabel(self)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.setText(
            tr(
                "Drag a layer here, or double-click one in the list on the left.\n"
                "Begin with Input, then add layers below it."
            )
        )
        self.minimap = Minimap(theme, self)
        self.buttons = ZoomButtons(theme, self)
        self.zoomed.connect(self.buttons.show_zoom)
        self.zoomed.connect(lambda _: self._place_overlays())
        self.network.sceneRectChanged.connect(self.give_room)
        self.give_room(self.network.sceneRect())
        theme.changed.connect(self._dress)
        session.edited.connect(self._edited)
        session.selection_changed.connect(self._describe)
        self._dress()
        self._edited()

    # --- what is shown -------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole network, at most at 100 %."""
        rect = self.network.network_rect()
        if rect.isEmpty():
            rect = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)
        self.show_rect(rect.adjusted(-40, -40, 40, 40))

    def show_beginning(self) -> None:
        """Show the whole network where it stays readable, else its beginning at reading size."""
        self.fit()
        rect = self.network.network_rect()
        if self.zoom >= READABLE or rect.isEmpty():
            return
        self.set_zoom(READABLE)
        height = self.viewport().height() / READABLE
        self.centerOn(rect.center().x(), rect.top() - 32 + height / 2)

    # --- commands ------------------------------------------------------------------------------

    def select_all(self) -> None:
        """Select every layer."""
        self.session.select(self.session.document.network.nodes)

    def delete_selection(self) -> None:
        """Delete the selected layers and wires."""
        self.editing.delete()

    def copy(self) -> None:
        """Put the selected layers on the clipboard as text."""
        self.editing.copy()

    def cut(self) -> None:
        """Copy the selected layers and delete them."""
        self.editing.copy()
        self.editing.delete()

    def paste(self) -> None:
        """Add the layers of the clipboard."""
        self.editing.paste()
        self._show_selection()

    def paste_at(self, corner: QPointF) -> None:
        """Add the layers of the clipboard at a point of the canvas."""
        self.editing.paste(corner)

    def duplicate(self) -> None:
        """Add copies of the selected layers beside them."""
        self.editing.duplicate()
        self._show_selection()

    def arrange(self) -> None:
        """Lay the network out anew."""
        if self.editing.arrange():
            self.fit()

    def add_layer(self, key: str) -> None:
        """Add a layer below the selected one and wire it up, or in the middle of the view."""
        center = self.mapToScene(self.viewport().rect().center())
        self._show_new(self.editing.add_layer(key, center))

    def _show_new(self, node: str | None) -> None:
        if node is not None:
            self.ensureVisible(self.network.nodes[node].card(), 40, 40)

    def _show_selection(self) -> None:
        rect = QRectF()
        for node in self.session.selection:
            rect = rect.united(self.network.nodes[node].card())
        if not rect.isEmpty():
            self.ensureVisible(rect, 40, 40)

    def reveal(self, node: str) -> None:
        """Select a layer and scroll to it."""
        if node in self.network.nodes:
            self.session.select([node])
            self.centerOn(self.network.nodes[node].card().center())

    # --- mouse ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self.mouse_position = event.position()
        if self._gesture is not None:
            return
        middle = event.button() == Qt.MouseButton.MiddleButton
        left = event.button() == Qt.MouseButton.LeftButton
        if middle or (left and self._space):
            self._gesture = Pan(self)
        elif left:
            self._gesture = self._begin(self._scene_point(event), event.modifiers())

    def _begin(self, point: QPointF, keys: Qt.KeyboardModifier) -> Gesture:
        item = self.network.node_at(point)
        if item is not None and (port := item.port_at(point)):
            return self._begin_wire(item, port)
        adding = bool(
            keys & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        )
        chosen = self.session.selection
        if item is not None:
            self.network.select_edges([])
            if adding:
                self.session.select(chosen ^ {item.node})
                return SelectBox(self, point, self.session.selection)
            if item.node not in chosen:
                self.session.select([item.node])
            return MoveNodes(self, item.node, point)
        wire = self.network.edge_at(point)
        if wire is not None:
            if wire.end_near(point):
                return DrawWire(self, wire.edge.source, None, wire.edge)
            self.session.select([])
            before = self.network.selected_edges if adding else frozenset()
            self.network.select_edges(before ^ {wire.edge})
            return SelectBox(self, point, frozenset())
        self.network.select_edges([])
        return SelectBox(self, point, chosen if adding else frozenset())

    def _begin_wire(self, item: NodeItem, port: tuple[str, int]) -> Gesture:
        if port[0] == "out":
            return DrawWire(self, item.node, None)
        wires = self.session.document.network.inputs(item.node)
        if port[1] < len(wires):
            return DrawWire(self, wires[port[1]].source, None, wires[port[1]])
        return DrawWire(self, item.node, port[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse_position = event.position()
        point = self._scene_point(event)
        if self._gesture is not None:
            self._gesture.move(point)
            return
        shape = self._hover.move(point)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if self._space else shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse_position = event.position()
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end(self._scene_point(event))
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.network.node_at(self._scene_point(event)) is None:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover.clear()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        super().focusOutEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = self.mapToScene(event.pos())
        item = self.network.node_at(point)
        if item is not None and item.node not in self.session.selection:
            self.session.select([item.node])
        make_menu(self, point).popup(event.globalPos())

    def _scene_point(self, event: QMouseEvent) -> QPointF:
        return self.mapToScene(event.position().toPoint())

    # --- keys ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, arrows = event.key(), _ARROWS
        if key == Qt.Key.Key_Escape:
            self.cancel()
        elif key == Qt.Key.Key_Space:
            self._space = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_selection()
        elif key in arrows and self.session.selection:
            fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._nudge(Qt.Key(key), 1 if fine else GRID)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.viewport().unsetCursor()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks along the network; at its end the focus leaves the canvas."""
        ids = [node.id for node in self.session.document.network.ordered()]
        chosen = self.editing.selected()
        place = ids.index(chosen[0]) if len(chosen) == 1 else (-1 if forward else len(ids))
        place += 1 if forward else -1
        if 0 <= place < len(ids):
            self.reveal(ids[place])
            return True
        return super().focusNextPrevChild(forward)

    def cancel(self) -> None:
        """Break off the gesture under way, or select nothing."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
        else:
            self.session.select([])
            self.network.select_edges([])
        self.viewport().update()

    def _nudge(self, key: Qt.Key, step: int) -> None:
        x, y = _ARROWS[key]
        self.editing.nudge(x * step, y * step)

    # --- drops from the palette ----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_layer(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        key = dragged_layer(event.mimeData())
        if key is None:
            event.ignore()
            return
        self._ghost.move(key, self.mapToScene(event.position().toPoint()))
        self.viewport().update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._ghost.clear()
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        key = dragged_layer(event.mimeData())
        if key is None:
            event.ignore()
            return
        self._ghost.move(key, self.mapToScene(event.position().toPoint()))
        corner, wire = self._ghost.corner, self._ghost.wire
        self._ghost.clear()
        self.viewport().update()
        if corner is not None:
            self._show_new(self.editing.drop_layer(key, (corner.x(), corner.y()), wire))
        self.setFocus()
        event.acceptProposedAction()

    # --- painting ------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | object) -> None:
        assert isinstance(rect, QRectF)
        self._grid.paint(painter, self, rect)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.zoom >= FAR:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.setWorldTransform(self.viewportTransform())
        exposed = self.mapToScene(event.rect()).boundingRect()
        self.drawBackground(painter, exposed)
        self._far.paint(painter)
        self.drawForeground(painter, exposed)

    def _changed(self, *_: object) -> None:
        """See to it that the far picture, which no item keeps up to date, is painted anew."""
        self._far.forget()
        if self.zoom < FAR:
            self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        if self._gesture is not None:
            self._gesture.paint(painter)
        self._ghost.paint(painter)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_overlays()

    def _place_overlays(self) -> None:
        self.buttons.place(self.viewport().rect())
        self.minimap.follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.setGeometry(self.rect())
        self._place_overlays()

    def _edited(self, *_: object) -> None:
        if self._gesture is not None:  # An undo in the middle of a drag: what it drags may be gone.
            self.cancel()
        self._hint.setVisible(not self.session.document.network.nodes)

    def _describe(self) -> None:
        """Tell screen readers what is selected."""
        faces = [self.network.nodes[node].face for node in self.editing.selected()]
        words = [" ".join(filter(None, (face.title, face.name, face.line))) for face in faces[:5]]
        self.setAccessibleDescription("; ".join(words))

    def _dress(self) -> None:
        color = self.theme.colors.text_disabled.name()
        self._hint.setStyleSheet(f"color: {color}; font-size: 14px; background: transparent;")
        self.resetCachedContent()
        self.viewport().update()


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
