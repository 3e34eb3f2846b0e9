"""A network on the screen: painted near and far, fitted, scrolled to; nothing is edited here."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from gui.canvas.card import FAR
from gui.canvas.far import FarPicture
from gui.canvas.grid import Grid
from gui.canvas.scene import MOST_PARTS, NetworkScene
from gui.canvas.zoomable import ZoomableView
from gui.session import Session
from gui.theme import Theme

# Below this cards show no parameters and wires no shapes.
READABLE = 0.75
# Pixels that a line from far away may reach beyond its part.
SPARE = 2


class NetworkView(ZoomableView):
    """Shows a scene of a session's network.

    Attributes:
        network: The scene.
    """

    def __init__(
        self, theme: Theme, session: Session, parent: QWidget | None = None, scope: str = ""
    ) -> None:
        super().__init__(parent)
        self.theme, self.session = theme, session
        self.network = NetworkScene(theme, session, scope)
        self.setScene(self.network)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self._far = FarPicture(self.network, theme)
        self._grid = Grid(theme)
        # All of it is painted: scrolling may copy what is there.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.network.repainted.connect(self._changed)
        theme.changed.connect(self._paint_anew)
        self.network.sceneRectChanged.connect(self.give_room)
        self.give_room(self.network.sceneRect())

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
        room = QSizeF(self.viewport().size()) / READABLE
        if self.network.flow == "right":
            self.centerOn(rect.left() - 32 + room.width() / 2, rect.center().y())
        else:
            self.centerOn(rect.center().x(), rect.top() - 32 + room.height() / 2)

    def show_node(self, node: str | None) -> None:
        """Scroll until a node's card is in view."""
        if node is not None and (item := self.network.item_of(node)) is not None:
            self.ensureVisible(item.card(), 40, 40)

    def selection_rect(self) -> QRectF:
        """Return the rectangle around the selected cards."""
        rect = QRectF()
        for node in self.session.selection:
            if (item := self.network.item_of(node)) is not None:
                rect = rect.united(item.card())
        return rect

    def show_selection(self) -> None:
        """Scroll until the selection is in view."""
        rect = self.selection_rect()
        if not rect.isEmpty():
            self.ensureVisible(rect, 40, 40)

    def fit_selection(self) -> None:
        """Show the selection as large as it goes."""
        rect = self.selection_rect()
        if not rect.isEmpty():
            self.show_rect(rect.adjusted(-40, -40, 40, 40))

    def reveal(self, node: str) -> None:
        """Select a layer and scroll to its card, or to the block that holds it."""
        if self.network.item_of(node) is None and self.network.scope:
            self.show_scope("")
        if (item := self.network.item_of(node)) is not None:
            self.session.select([node])
            self.centerOn(item.card().center())

    def show_scope(self, scope: str) -> None:
        """Show the inside of a block, or all of the network ("")."""
        self.network.show_scope(scope)
        self.show_beginning()

    # --- painting ------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | object) -> None:
        assert isinstance(rect, QRectF)
        self._grid.paint(painter, self, rect)

    def paintEvent(self, event: QPaintEvent) -> None:
        parts = [self.mapToScene(part).boundingRect() for part in _parts(event)]
        if self.zoom >= FAR:
            self.network.wires.parts = parts
            super().paintEvent(event)
            self.network.wires.parts = []
            return
        painter = QPainter(self.viewport())
        painter.setWorldTransform(self.viewportTransform())
        exposed = self.mapToScene(event.rect()).boundingRect()
        self.drawBackground(painter, exposed)
        if event.rect() == self.viewport().rect():
            self._far.paint(painter)
        else:
            self._far.paint_parts(painter, parts)
        self.drawForeground(painter, exposed)

    def _changed(self, parts: list[QRectF]) -> None:
        """Have parts of the canvas painted anew that no item asks for."""
        self._far.forget()
        view, room = self.viewport().rect(), (-SPARE, -SPARE, SPARE, SPARE)
        if len(parts) <= MOST_PARTS:
            spots = [self.mapFromScene(part).boundingRect().adjusted(*room) for part in parts]
            for spot in spots:
                self.viewport().update(spot & view)
        else:
            self.viewport().update()

    def _paint_anew(self) -> None:
        self._far.forget()
        self.viewport().update()


def _parts(event: QPaintEvent) -> list[QRect]:
    return list(iter(event.region()))  # type: ignore[call-overload]
