"""The whole network in a corner of the canvas, with a frame around what is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from gui.canvas.far import FarPicture
from gui.canvas.routing import ASIDE
from gui.i18n import tr
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

LARGEST = QSize(200, 150)
MARGIN = 8
GAP = 8
# A drag changes the network with every move of the mouse; the small picture follows once it rests.
REFRESH_MS = 120


class Minimap(QWidget):
    """Shows itself where the network is larger than the view; a press or drag goes there."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        # Inside the viewport: what overlaps it from outside forbids scrolling by copying pixels.
        super().__init__(view.viewport())
        self._theme, self._view = theme, view
        self._far = FarPicture(view.network, theme)
        self._picture: QPixmap | None = None
        self._whole = QRectF()
        self._wanted = True
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Overview"))
        self.setToolTip(tr("Overview: press or drag to go there"))
        view.network.repainted.connect(self._changed)
        theme.changed.connect(self._changed)
        self.hide()
        self._changed()

    @property
    def wanted(self) -> bool:
        """Whether it shows itself where it is of use."""
        return self._wanted

    def set_wanted(self, wanted: bool) -> None:
        """Let it show itself where it is of use, or never."""
        self._wanted = wanted
        self.follow()

    def _changed(self, *_: object) -> None:
        self._timer.start()

    def refresh(self) -> None:
        """Paint the network anew."""
        self._far.forget()
        self._picture = None
        self._whole = self._view.network.network_rect()
        if not self._whole.isEmpty():  # With room for wires that pass cards on the outside.
            self._whole.adjust(-ASIDE, -ASIDE, ASIDE, ASIDE)
        self.follow()

    def follow(self) -> None:
        """Show itself if part of the network is out of view, and frame what is in view."""
        shown = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        useful = not self._whole.isEmpty() and not shown.contains(self._whole)
        self.setVisible(self._wanted and useful)
        if self.isVisible():
            self.place(self._view.viewport().rect())
            self.update()

    def place(self, view: QRect) -> None:
        """Lie above the zoom buttons, as large as the network's form allows.

        What floats on the canvas is painted anew with every step of scrolling; lying together it
        uncovers only a small part of the drawing.
        """
        room = QSize(min(LARGEST.width(), view.width() // 4), min(LARGEST.height(), view.height()))
        form = self._whole.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        least = 3 * MARGIN
        size = QSize(max(least, round(form.width())), max(least, round(form.height())))
        size += QSize(2 * MARGIN, 2 * MARGIN)
        if size != self.size():
            self.resize(size)
            self._picture = None
        floor = self._view.buttons.y() - GAP
        self.move(QPoint(view.right() - size.width() - 12, floor - size.height()))

    def _scale(self) -> float:
        across = (self.width() - 2 * MARGIN) / self._whole.width()
        return min(across, (self.height() - 2 * MARGIN) / self._whole.height())

    def _corner(self) -> QPointF:
        """Return where the network's top left corner lies."""
        size = self._whole.size() * self._scale()
        return QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._paint_network()
        colors = self._theme.colors
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        shown = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        scale, corner = self._scale(), self._corner()
        frame = QRectF(
            corner + (shown.topLeft() - self._whole.topLeft()) * scale, shown.size() * scale
        )
        frame = frame.intersected(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        # What is out of view fades.
        veil = QColor(colors.surface)
        veil.setAlpha(130)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        outside.addRect(frame)
        painter.fillPath(outside, veil)
        painter.setPen(QPen(colors.accent, 1.5))
        painter.drawRect(frame)

    def _paint_network(self) -> QPixmap:
        density = self.devicePixelRatioF()
        picture = QPixmap(self.size() * density)
        picture.setDevicePixelRatio(density)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self._theme.colors
        painter.setPen(QPen(colors.border, 1))
        painter.setBrush(colors.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.translate(self._corner())
        painter.scale(self._scale(), self._scale())
        painter.translate(-self._whole.topLeft())
        self._far.paint(painter)
        painter.end()
        return picture

    def _go(self, event: QMouseEvent) -> None:
        way = (event.position() - self._corner()) / self._scale()
        self._view.centerOn(self._whole.topLeft() + way)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
