"""Pictures of what is painted again and again, kept as long as the zoom stays."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from math import ceil

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

MOST_BYTES = 32 * 2**20
# A larger picture costs more memory than its painting costs time.
LARGEST = 2**20


class Stamps:
    """Paints boxes by copying pictures of them: a card takes a tenth of the time.

    Only what stands on a screen is stamped; on paper and in files everything is painted anew.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, QPixmap] = {}
        self._bytes = 0

    def clear(self) -> None:
        """Forget all pictures, as when colors have changed."""
        self._kept.clear()
        self._bytes = 0

    def draw(
        self,
        painter: QPainter,
        widget: QWidget | None,
        key: Hashable,
        box: QRectF,
        paint: Callable[[QPainter], None],
    ) -> None:
        """Draw what `paint` paints into a box.

        Args:
            painter: Where to; neither turned nor sheared.
            widget: The screen's widget, or None for another target.
            key: What the picture depends on, apart from the zoom.
            box: Everything that is painted, in the painter's coordinates.
            paint: Paints; called only where no picture is kept.
        """
        transform = painter.worldTransform()
        scale = transform.m11()
        density = widget.devicePixelRatioF() if widget is not None else 1.0
        size = box.size() * (scale * density)
        if widget is None or size.width() * size.height() * 4 > LARGEST:
            paint(painter)
            return
        whole = key, round(scale, 4), density
        stamp = self._kept.get(whole)
        if stamp is None:
            stamp = self._kept[whole] = self._make(box, scale, density, paint)
        corner = transform.map(box.topLeft())
        painter.resetTransform()
        painter.drawPixmap(QPoint(round(corner.x()), round(corner.y())), stamp)
        painter.setWorldTransform(transform)

    def _make(
        self, box: QRectF, scale: float, density: float, paint: Callable[[QPainter], None]
    ) -> QPixmap:
        pixels = scale * density
        stamp = QPixmap(ceil(box.width() * pixels) + 1, ceil(box.height() * pixels) + 1)
        stamp.setDevicePixelRatio(density)
        stamp.fill(Qt.GlobalColor.transparent)
        self._bytes += stamp.width() * stamp.height() * 4
        if self._bytes > MOST_BYTES:
            self.clear()
        painter = QPainter(stamp)
        painter.scale(scale, scale)
        painter.translate(-box.topLeft())
        paint(painter)
        painter.end()
        return stamp
