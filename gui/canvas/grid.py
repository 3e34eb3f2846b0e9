"""The dots behind the cards."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from engine.graph.geometry import GRID
from gui.canvas.zoomable import ZoomableView
from gui.theme import Theme

SPACING = 3 * GRID
# Nearer than this dots help; farther away they are noise.
SHOWN_FROM = 0.5


class Grid:
    """Paints the canvas's ground; keeps the dots, which are made for the whole view at once."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._size = (0, 0)
        self._dots = QPolygonF()

    def paint(self, painter: QPainter, view: ZoomableView, exposed: QRectF) -> None:
        """Paint the exposed part of the ground."""
        colors = self._theme.colors
        painter.fillRect(exposed, colors.canvas)
        if view.zoom < SHOWN_FROM:
            return
        self._make(view)
        painter.setPen(QPen(colors.grid, 1.6 / view.zoom))
        corner = view.mapToScene(0, 0)
        left, top = corner.x() // SPACING * SPACING, corner.y() // SPACING * SPACING
        painter.translate(left, top)
        painter.drawPoints(self._dots)
        painter.translate(-left, -top)

    def _make(self, view: ZoomableView) -> None:
        columns, rows = (
            ceil(pixels / view.zoom / SPACING) + 2
            for pixels in (view.viewport().width(), view.viewport().height())
        )
        if (columns, rows) != self._size:
            self._size = columns, rows
            self._dots = QPolygonF(
                [QPointF(x * SPACING, y * SPACING) for x in range(columns) for y in range(rows)]
            )
