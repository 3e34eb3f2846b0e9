"""The canvas as a widget: keys, mouse, zoom, clipboard, drops from the palette."""

from __future__ import annotations

from collections.abc import Sequence

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
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from engine.graph.geometry import GRID, Flow
from gui.canvas.block_editing import BlockEditing
from gui.canvas.breadcrumb import Breadcrumb
from gui.canvas.compare_bar import CompareBar
from gui.canvas.context_menu import make_menu
from gui.canvas.describing import describe
from gui.canvas.dropping import MIME, Ghost, dragged_layer
from gui.canvas.editing import Editing
from gui.canvas.find_bar import FindBar
from gui.canvas.gestures import Gesture, Pan
from gui.canvas.gliding import Glide
from gui.canvas.hitting import End, node_at
from gui.canvas.hover import Hover
from gui.canvas.mark_editing import MarkEditing
from gui.canvas.minimap import Minimap
from gui.canvas.network_view import NetworkView
from gui.canvas.picture_bar import PictureBar
from gui.canvas.pressing import begin
from gui.canvas.quick_add import QuickAdd
from gui.canvas.stubs import paint_stubs
from gui.canvas.walking import next_card
from gui.canvas.words_editor import WordsEditor
from gui.canvas.zoom_buttons import ZoomButtons
from gui.i18n import tr
from gui.labels import Label
from gui.session import Session
from gui.theme import Theme

__all__ = ["MIME", "CanvasView"]


class CanvasView(NetworkView):
    """One document's canvas.

    Signals:
        status_hinted: A passing hint for the status bar, or "".
        wires_asked: The wires of the selected layer are to be chosen from a list.
    """

    status_hinted = Signal(str)
    wires_asked = Signal()

    def __init__(
        self, theme: Theme, session: Session, parent: QWidget | None = None, scope: str = ""
    ) -> None:
        super().__init__(theme, session, parent, scope)
        self.editing = Editing(session, self.network)
        self.blocks = BlockEditing(session, self.network)
        self.marks = MarkEditing(self)
        self.glide = Glide(self.network)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Canvas"))
        self.mouse_position = QPointF()
        self._gesture: Gesture | None = None
        self._hover = Hover(self.network)
        self._ghost = Ghost(self.network, theme)
        self._space = False
        self._hint = Label(parent=self)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.setText(
            tr(
                "Drag a layer here, or double-click one in the list on the left.\n"
                "Begin with Input, then add layers below it."
            )
        )
        self.buttons = ZoomButtons(theme, self)
        self.minimap = Minimap(theme, self)
        self.quick_add = QuickAdd(theme, self)
        self.breadcrumb = Breadcrumb(theme, self)
        self.find_bar = FindBar(theme, self)
        self.picture_bar = PictureBar(theme, self)
        self.compare_bar = CompareBar(theme, self)
        self._words = WordsEditor(theme, self)
        self.zoomed.connect(self.buttons.show_zoom)
        self.zoomed.connect(lambda _: self._place_overlays())
        theme.changed.connect(self._dress)
        session.edited.connect(self._edited)
        session.selection_changed.connect(self._describe)
        self._dress()
        self._edited()

    # --- commands ------------------------------------------------------------------------------

    def select_all(self) -> None:
        """Select every layer."""
        outline = self.network.outline
        self.session.select(node for card in outline.cards for node in outline.nodes_of(card))

    def delete_selection(self) -> None:
        """Delete the selected layers, wires, notes and frames."""
        self.marks.remove_selected()
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
        self.show_selection()

    def paste_at(self, corner: QPointF) -> None:
        """Add the layers of the clipboard at a point of the canvas."""
        self.editing.paste(corner)

    def duplicate(self) -> None:
        """Add copies of the selected layers beside them."""
        self.editing.duplicate()
        self.show_selection()

    def arrange(self) -> None:
        """Lay the network out anew, or of several selected layers only these."""
        before = {card: item.pos() for card, item in self.network.nodes.items()}
        if self.editing.arrange():
            self.fit()
            self.glide.begin(before)

    def set_flow(self, flow: Flow) -> None:
        """Let data flow down or to the right."""
        before = {card: item.pos() for card, item in self.network.nodes.items()}
        self.editing.set_flow(flow)
        self.fit()
        self.glide.begin(before)

    def add_layer(self, key: str) -> None:
        """Add a layer below the selected one and wire it up, or in the middle of the view."""
        center = self.mapToScene(self.viewport().rect().center())
        self.show_node(self.editing.add_layer(key, center))

    def add_here(
        self, key: str, point: QPointF, source: str | None = None, ends: Sequence[End] = ()
    ) -> None:
        """Add a layer at a point of the canvas, wired as told."""
        self.show_node(self.editing.add_wired(key, point, source, ends))

    def ask_layer(self, words: str = "") -> None:
        """Ask which layer to add at the cursor, or behind the selected one."""
        self.quick_add.ask(words)

    def edit_words(self, thing: str) -> None:
        """Write in a note, or the title of a frame or an expanded block."""
        self._words.edit(thing)

    def show_scope(self, scope: str) -> None:
        """Show the inside of a block, or all of the network ("")."""
        super().show_scope(scope)
        self.breadcrumb.refresh()

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
            self._gesture = begin(self, self._scene_point(event), event.modifiers())

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
        point = self._scene_point(event)
        item = node_at(self.network, point)
        if item is not None:
            if item.face.stacked:
                self.blocks.expand(item.node)
            return
        ground = self.network.grounds.title_at(point)
        if ground is not None:
            self.edit_words(ground.thing)
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover.clear()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        super().focusOutEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = self.mapToScene(event.pos())
        item = node_at(self.network, point)
        ground = self.network.grounds.title_at(point) if item is None else None
        if item is not None:
            nodes = self.network.outline.nodes_of(item.node)
            if not self.session.selection.issuperset(nodes):
                self.session.select(nodes)
        elif ground is not None and ground.kind == "block":
            self.session.select(self.network.outline.frames[ground.thing])
        elif ground is not None and ground.thing not in self.network.grounds.selected:
            self.session.select([])
            self.network.grounds.select([ground.thing])
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
        elif key in arrows and (
            event.modifiers() & Qt.KeyboardModifier.AltModifier or not self.session.selection
        ):
            self._walk(Qt.Key(key))
        elif key in arrows:
            fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._nudge(Qt.Key(key), 1 if fine else GRID)
        elif key == Qt.Key.Key_Tab:
            self.ask_layer()
        elif event.text().isalpha() and not event.modifiers() & _COMMANDS:
            self.ask_layer(event.text())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.viewport().unsetCursor()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab ask for a layer; Shift+Tab and F6 leave the canvas."""
        return False if forward else super().focusNextPrevChild(forward)

    def _walk(self, key: Qt.Key) -> None:
        """Select the card that an arrow leads to."""
        chosen = self.editing.selected()
        here = self.network.outline.card_of(chosen[0]) if chosen else None
        card = next_card(self.network, here, key)
        if card is not None:
            self.session.select(self.network.outline.nodes_of(card))
            self.ensureVisible(self.network.nodes[card].card(), 60, 60)

    def cancel(self) -> None:
        """Break off the gesture under way, or select nothing."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
        else:
            self.session.select([])
            self.network.select_edges([])
            self.network.grounds.select([])
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
            self.show_node(self.editing.drop_layer(key, (corner.x(), corner.y()), wire))
        self.setFocus()
        event.acceptProposedAction()

    # --- painting ------------------------------------------------------------------------------

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        paint_stubs(painter, self.network, self.session.document.network, self.theme)
        self.compare_bar.paint(painter)
        if self._gesture is not None:
            self._gesture.paint(painter)
        self._ghost.paint(painter)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_overlays()

    def _place_overlays(self) -> None:
        self.buttons.place(self.viewport().rect())
        self.minimap.follow()
        self._words.follow()
        for bar in (self.breadcrumb, self.find_bar, self.picture_bar, self.compare_bar):
            if bar.isVisible():  # Scrolling has taken it along.
                bar.follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.setGeometry(self.rect())
        self._place_overlays()

    def _edited(self, *_: object) -> None:
        if self._gesture is not None:  # An undo in the middle of a drag: what it drags may be gone.
            self.cancel()
        self.glide.end()
        document = self.session.document
        self._hint.setVisible(not document.network.nodes and not document.marks)
        self.breadcrumb.refresh()

    def _describe(self) -> None:
        """Tell screen readers what is selected, and where its wires lead."""
        cards = dict.fromkeys(map(self.network.outline.card_of, self.editing.selected()))
        shown = [card for card in cards if card in self.network.nodes]
        self.setAccessibleDescription("; ".join(describe(self.network, c) for c in shown[:5] if c))

    def ask_wire(self) -> None:
        """Ask where a wire from the selected layer shall lead, or which one to take away."""
        if len(self.editing.selected()) == 1:
            self.wires_asked.emit()

    def _dress(self) -> None:
        color = self.theme.colors.text_disabled.name()
        self._hint.setStyleSheet(f"color: {color}; font-size: 14px; background: transparent;")


_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
