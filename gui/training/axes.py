"""Axes that write numbers the way people do, and a background that costs next to nothing."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen


class CountAxis(pg.AxisItem):
    """An axis of whole numbers: 500, 1,000, 1,500."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        spacings = super().tickSpacing(minVal, maxVal, size)
        return [(max(1.0, step), offset) for step, offset in spacings[:1]]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{value:,.0f}" for value in values]


class ValueAxis(pg.AxisItem):
    """An axis of real numbers, of their decimal logarithms after `setLogMode`."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        return list(super().tickSpacing(minVal, maxVal, size)[:1])

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        if not self.logMode:
            return list(super().tickValues(minVal, maxVal, size))
        return [(1.0, _log_ticks(minVal, maxVal, most=max(2, int(size / 24))))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [_short(10.0**value) for value in values]
        places = max(0, -math.floor(math.log10(spacing) + 1e-9)) if spacing > 0 else 0
        return [f"{value:,.{min(places, 6)}f}" for value in values]


def _log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return logarithms of round numbers between two logarithms, at most about `most`."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    for digits in ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1, 3), (1,)):
        found = [decade + math.log10(digit) for decade in decades for digit in digits]
        found = [value for value in found if low <= value <= high]
        if len(found) <= most:
            return found
    return found[:: -(-len(found) // most)]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


class Backdrop(pg.GraphicsObject):
    """Faint lines at the marks of the left axis and at the ends of epochs.

    pyqtgraph's own grid takes some 8 ms a frame; opaque hairlines take none.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._plot = plot
        self._pen = QPen()
        self._epoch_pen = QPen()
        self.epochs: list[float] = []
        self.setZValue(-100)

    def set_colors(self, grid: QColor, epoch: QColor) -> None:
        """Choose the colors of value lines and of epoch lines."""
        self._pen = pg.mkPen(grid, width=1)
        self._epoch_pen = pg.mkPen(epoch, width=1)
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self._plot.vb.viewRect())

    def viewRangeChanged(self, *_: Any) -> None:
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: Any) -> None:
        (left, right), (bottom, top) = self._plot.vb.viewRange()
        axis = self._plot.getAxis("left")
        painter.setPen(self._pen)
        for _spacing, values in axis.tickValues(bottom, top, axis.size().height()):
            painter.drawLines([QLineF(left, y, right, y) for y in values])
        painter.setPen(self._epoch_pen)
        painter.drawLines([QLineF(x, bottom, x, top) for x in self.epochs if left < x < right])
