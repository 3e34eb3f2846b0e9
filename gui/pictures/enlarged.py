"""One picture, large, with the value under the mouse and a scale of its colors."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.i18n import tr
from gui.pictures.pixels import Scale, scaled_image
from gui.theme import Theme

TITLE, SCALE = 24, 40


class Enlarged(QWidget):
    """Paints numbers as large squares; says the number under the mouse."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = ""
        self._values: npt.NDArray[Any] = np.empty((0, 0))
        self._image, self._strip = QImage(), QImage()
        self._low, self._high = 0.0, 1.0
        self._cell: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(220, 220 + TITLE + SCALE)

    def show_values(
        self, title: str, values: npt.NDArray[Any], scale: Scale, low: float, high: float
    ) -> None:
        """Show other numbers, shape (height, width), colored by `scale` from low to high."""
        self._title, self._values = title, values
        self._low, self._high = low, high
        self._image = scaled_image(values, scale, low, high)
        self._strip = scaled_image(np.arange(256)[np.newaxis], scale, 0, 255)
        self._cell = None
        self.update()

    def readout(self) -> str:
        """Return the place and value under the mouse, or what to do."""
        if self._cell is None:
            return tr("Point at a square to read its value")
        row, column = self._cell
        value = float(self._values[row, column])
        return tr(
            "row {row}, column {column}: {value}",
            row=row + 1,
            column=column + 1,
            value=f"{value:.4g}",
        )

    def picture_rect(self) -> QRect:
        """Return where the picture lies."""
        height, width = self._values.shape
        room = QSize(self.width(), max(1, self.height() - TITLE - SCALE))
        if not height or not width:
            return QRect()
        factor = min(room.width() / width, room.height() / height)
        factor = max(1.0, float(int(factor))) if factor >= 1 else factor
        size = QSize(round(width * factor), round(height * factor))
        return QRect(QPoint(0, TITLE), size)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        colors = self._theme.colors
        painter.setFont(self._theme.font(12, 600))
        painter.setPen(colors.text)
        painter.drawText(
            QRect(0, 0, self.width(), TITLE - 4), Qt.AlignmentFlag.AlignVCenter, self._title
        )
        place = self.picture_rect()
        painter.drawImage(place, self._image)
        if self._cell is not None:
            height, width = self._values.shape
            row, column = self._cell
            left = place.left() + place.width() * column // width
            top = place.top() + place.height() * row // height
            square = QRect(left, top, place.width() // width, place.height() // height)
            painter.setPen(QPen(colors.accent, 2))
            painter.drawRect(square)
        self._paint_scale(painter, place.bottom() + 8, min(self.width(), max(place.width(), 160)))

    def _paint_scale(self, painter: QPainter, top: int, width: int) -> None:
        colors = self._theme.colors
        painter.setFont(self._theme.font(11))
        painter.setPen(colors.text_secondary)
        line = QRect(0, top, self.width(), 14)
        if self._cell is not None:
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.readout())
            return
        low, high = f"{self._low:.3g}", f"{self._high:.3g}"
        metrics = painter.fontMetrics()
        left = metrics.horizontalAdvance(low) + 6
        right = metrics.horizontalAdvance(high) + 6
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, low)
        bar = QRect(left, top + 3, max(16, width - left - right), 8)
        painter.drawImage(bar, self._strip)
        after = QRect(bar.right() + 6, top, right, 14)
        painter.drawText(after, Qt.AlignmentFlag.AlignVCenter, high)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, point = self.picture_rect(), event.position().toPoint()
        cell = None
        if place.contains(point):
            height, width = self._values.shape
            row = (point.y() - place.top()) * height // place.height()
            column = (point.x() - place.left()) * width // place.width()
            cell = (row, column)
        self._point_at(cell)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def _point_at(self, cell: tuple[int, int] | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.update()
