"""The canvas as a widget: keys, mouse, zoom, clipboard, drops from the palette."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QLabel, QWidget

from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GRID
from engine.layers import LAYERS
from gui.canvas.context_menu import make_menu
from gui.canvas.edge_item import EdgeItem
from gui.canvas.editing import Editing
from gui.canvas.gestures import DrawWire, Gesture, MoveNodes, Pan, SelectBox
from gui.canvas.node_item import NodeItem
from gui.canvas.scene import NetworkScene
from gui.canvas.zoom_buttons import ZoomButtons
from gui.i18n import tr
from gui.session import Session
from gui.theme import Theme

MIME = "application/x-netloom-layer"
LEAST, MOST = 0.05, 4.0
STEP = 1.2
# Below this cards show no parameters and wires no shapes.
READABLE = 0.75


class CanvasView(QGraphicsView):
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
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Canvas"))
        self.mouse_position = QPointF()
        self._gesture: Gesture | None = None
        self._hovered: NodeItem | None = None
        self._drop_edge: EdgeItem | None = None
        self._ghost: tuple[str, QPointF] | None = None
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
        self.buttons = ZoomButtons(theme, self)
        theme.changed.connect(self._dress)
        session.edited.connect(self._edited)
        self._dress()
        self._edited()

    # --- zoom ----------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Pixels of the screen a pixel of the canvas."""
        return self.transform().m11()

    def set_zoom(self, zoom: float) -> None:
        """Zoom about the anchor."""
        factor = max(LEAST, min(MOST, zoom)) / self.zoom
        self.scale(factor, factor)
        self.buttons.show_zoom(self.zoom)

    def zoom_in(self) -> None:
        """Come nearer."""
        self._zoom_about_center(self.zoom * STEP)

    def zoom_out(self) -> None:
        """Step back."""
        self._zoom_about_center(self.zoom / STEP)

    def reset_zoom(self) -> None:
        """Show the canvas at 100 %."""
        self._zoom_about_center(1.0)

    def _zoom_about_center(self, zoom: float) -> None:
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.set_zoom(zoom)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)

    def fit(self) -> None:
        """Show the whole network, at most at 100 %."""
        rect = self.network.network_rect()
        if rect.isEmpty():
            rect = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)
        rect.adjust(-40, -40, 40, 40)
        view = self.viewport().rect()
        zoom = min(view.width() / rect.width(), view.height() / rect.height(), 1.0)
        self.resetTransform()
        zoom = max(zoom, LEAST)
        self.scale(zoom, zoom)
        self.centerOn(rect.center())
        self.buttons.show_zoom(self.zoom)

    def show_beginning(self) -> None:
        """Show the whole network where it stays readable, else its beginning at reading size."""
        self.fit()
        rect = self.network.network_rect()
        if self.zoom >= READABLE or rect.isEmpty():
            return
        self.resetTransform()
        self.scale(READABLE, READABLE)
        height = self.viewport().height() / READABLE
        self.centerOn(rect.center().x(), rect.top() - 32 + height / 2)
        self.buttons.show_zoom(self.zoom)

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

    def duplicate(self) -> None:
        """Add copies of the selected layers beside them."""
        self.editing.duplicate()

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
            elif item.node not in chosen:
                self.session.select([item.node])
            return MoveNodes(self, point)
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
        item = self.network.node_at(point)
        if item is not self._hovered:
            if self._hovered is not None and self._hovered.scene() is self.network:
                self._hovered.set_hovered(False)
            self._hovered = item
            if item is not None:
                item.set_hovered(True)
        on_port = item is not None and item.port_at(point) is not None
        shape = Qt.CursorShape.CrossCursor if on_port else Qt.CursorShape.ArrowCursor
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
        if self._hovered is not None and self._hovered.scene() is self.network:
            self._hovered.set_hovered(False)
        self._hovered = None
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * STEP ** (event.angleDelta().y() / 120))
            event.accept()
            return
        moved = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        across.setValue(across.value() - (moved.y() if sideways else moved.x()))
        down.setValue(down.value() - (0 if sideways else moved.y()))
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.set_zoom(self.zoom * (1 + event.value()))
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = self.mapToScene(event.pos())
        item = self.network.node_at(point)
        if item is not None and item.node not in self.session.selection:
            self.session.select([item.node])
        make_menu(self).popup(event.globalPos())

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
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        key = bytes(event.mimeData().data(MIME).data()).decode()
        point = self.mapToScene(event.position().toPoint())
        self._aim(self.network.edge_at(point, 14))
        self._ghost = (key, point)
        self.viewport().update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(None)
        self._ghost = None
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        key = bytes(event.mimeData().data(MIME).data()).decode()
        point = self.mapToScene(event.position().toPoint())
        wire = self._drop_edge.edge if self._drop_edge is not None else None
        self._aim(None)
        self._ghost = None
        self.viewport().update()
        if key in LAYERS:
            self._show_new(self.editing.drop_layer(key, point, wire))
        self.setFocus()
        event.acceptProposedAction()

    def _aim(self, item: EdgeItem | None) -> None:
        """Highlight the wire into which a drop would insert the layer."""
        old, self._drop_edge = self._drop_edge, item
        for wire, aimed in ((old, False), (item, True)):
            if wire is not None:
                wire.mark(chosen=wire.chosen, active=wire.active, aimed=aimed)

    # --- painting ------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | object) -> None:
        assert isinstance(rect, QRectF)
        colors = self.theme.colors
        painter.fillRect(rect, colors.canvas)
        step = 3 * GRID
        if self.zoom < 0.5:
            return
        painter.setPen(QPen(colors.grid, 1.6 / self.zoom))
        left, top = int(rect.left() // step) * step, int(rect.top() // step) * step
        points = [
            QPointF(x, y)
            for x in range(left, int(rect.right()) + 1, step)
            for y in range(top, int(rect.bottom()) + 1, step)
        ]
        painter.drawPoints(points)

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        if self._gesture is not None:
            self._gesture.paint(painter)
        if self._ghost is not None:
            self._paint_ghost(painter, *self._ghost)

    def _paint_ghost(self, painter: QPainter, key: str, point: QPointF) -> None:
        spec = LAYERS.find(key)
        tint = self.theme.category(spec.category if spec else "")
        box = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)
        box.moveCenter(point)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.75)
        painter.setPen(QPen(tint, 2, Qt.PenStyle.DashLine))
        painter.setBrush(self.theme.colors.surface)
        painter.drawRoundedRect(box, 7, 7)
        painter.setPen(self.theme.colors.text)
        painter.setFont(self.theme.font(13, 600))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), tr(spec.title) if spec else key)
        painter.setOpacity(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.setGeometry(self.rect())
        self.buttons.place(self.rect())

    def _edited(self, *_: object) -> None:
        self._hint.setVisible(not self.session.document.network.nodes)

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
