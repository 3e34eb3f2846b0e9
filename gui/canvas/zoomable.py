"""A view that zooms about the cursor, pans and fits, whatever it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

LEAST, MOST = 0.05, 4.0
STEP = 1.2
# Room around the contents, so that any part can be brought to the middle at the least zoom.
ROOM = 30_000.0


class ZoomableView(QGraphicsView):
    """Zooming and panning; no scroll bars.

    Signals:
        zoomed: The zoom has changed; carries the pixels of the screen a pixel of the canvas.
    """

    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def zoom(self) -> float:
        """Pixels of the screen a pixel of the canvas."""
        return self.transform().m11()

    def set_zoom(self, zoom: float, about: QPointF | None = None) -> None:
        """Zoom between 5 % and 400 %.

        Args:
            zoom: Pixels of the screen a pixel of the canvas.
            about: Point of the view that stays where it is; the middle where it is None.
        """
        spot = (about if about is not None else QPointF(self.viewport().rect().center())).toPoint()
        before = self.mapToScene(spot)
        factor = max(LEAST, min(MOST, zoom)) / self.zoom
        self.scale(factor, factor)
        moved = self.mapFromScene(before) - spot
        self.pan(QPointF(-moved.x(), -moved.y()))
        self.zoomed.emit(self.zoom)

    def zoom_in(self) -> None:
        """Come nearer."""
        self.set_zoom(self.zoom * STEP)

    def zoom_out(self) -> None:
        """Step back."""
        self.set_zoom(self.zoom / STEP)

    def reset_zoom(self) -> None:
        """Show the canvas at 100 %."""
        self.set_zoom(1.0)

    def pan(self, way: QPointF) -> None:
        """Move what is shown by a way in pixels of the screen."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - round(way.x()))
        down.setValue(down.value() - round(way.y()))

    def show_rect(self, rect: QRectF) -> None:
        """Show a part of the canvas in the middle, as large as it fits, at most at 100 %."""
        view = self.viewport().rect()
        zoom = min(view.width() / rect.width(), view.height() / rect.height(), 1.0)
        self.set_zoom(zoom)
        self.centerOn(rect.center())

    def give_room(self, contents: QRectF) -> None:
        """Let everything around the contents be reached."""
        self.setSceneRect(contents.adjusted(-ROOM, -ROOM, ROOM, ROOM))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * STEP ** (event.angleDelta().y() / 120), event.position())
        else:
            way = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
            sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not way.x()
            self.pan(QPointF(way.y(), 0) if sideways else QPointF(way))
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.set_zoom(self.zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)
