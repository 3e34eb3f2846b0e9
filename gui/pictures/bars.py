"""Bars: counts with names side by side, and many numbers in a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

ROW = 16
LONGEST_NAME = 120


class NamedBars(QWidget):
    """One row a name: the name, a bar, the count."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: list[str] = []
        self._counts: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_counts(self, names: list[str], counts: list[int]) -> None:
        """Show other counts."""
        self._names, self._counts = names, counts
        words = [f"{name} {count}" for name, count in zip(names, counts, strict=False)]
        self.setAccessibleDescription(", ".join(words[:50]))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW * len(self._counts))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW * len(self._counts))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, font = self._theme.colors, self._theme.font(11)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        left = min(widest, LONGEST_NAME) + 12
        most = max(self._counts, default=0) or 1
        right = metrics.horizontalAdvance(f"{most:,}") + 8
        room = max(8.0, self.width() - left - right)
        for row, (name, count) in enumerate(zip(self._names, self._counts, strict=False)):
            top = row * ROW
            if top > event.rect().bottom() or top + ROW < event.rect().top():
                continue
            painter.setPen(colors.text)
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, LONGEST_NAME)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, left - 12, ROW), middle, words)
            length = room * count / most
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent)
            painter.drawRoundedRect(QRectF(left, top + 4, max(length, 1.0), ROW - 8), 2, 2)
            painter.setPen(colors.text_secondary)
            after = QRectF(left + length + 6, top, right + 4, ROW)
            painter.drawText(after, middle, f"{count:,}")


class ValueBars(QWidget):
    """One thin bar a number, up from zero or down from it.

    Signals:
        hovered: The mouse is over a bar; carries its number, or -1.
    """

    hovered = Signal(int)

    def __init__(self, theme: Theme, *, height: int = 56, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: npt.NDArray[np.float64] = np.empty(0)
        self._over = -1
        self._height = height
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_values(self, values: npt.NDArray[Any]) -> None:
        """Show other numbers, shape (n,)."""
        self._values = np.nan_to_num(values.astype(np.float64))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self._height)

    def _step(self) -> float:
        return max(1e-6, min(24.0, self.width() / max(1, len(self._values))))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._values):
            return
        painter = QPainter(self)
        values, step = self._values, self._step()
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
        room = self.height() - 2.0
        unit = room / ((high - low) or 1.0)
        zero = 1.0 + high * unit
        colors = self._theme.colors
        gap = 1.0 if step >= 3 else 0.0
        # Where bars are thinner than a pixel, each pixel shows the largest of its bars.
        for number, value in _visible(values, step, self.width()):
            top = min(zero, zero - value * unit)
            bar = QRectF(number * step, top, max(1.0, step - gap), max(1.0, abs(value) * unit))
            painter.fillRect(bar, self._color(number, value))
        painter.setPen(colors.border)
        painter.drawLine(QPointF(0, zero), QPointF(len(values) * step, zero))

    def _color(self, number: int, value: float) -> QColor:
        colors = self._theme.colors
        if number == self._over:
            return colors.text
        return colors.accent if value >= 0 else colors.plot_validation

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = int(event.position().x() / self._step())
        self._hover(number if 0 <= number < len(self._values) else -1)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def _hover(self, number: int) -> None:
        if number != self._over:
            self._over = number
            self.hovered.emit(number)
            self.update()


def _visible(values: npt.NDArray[np.float64], step: float, width: int) -> list[tuple[int, float]]:
    if step >= 1.0:
        return list(enumerate(values.tolist()))
    chosen = []
    for part in np.array_split(np.arange(len(values)), max(1, width)):
        if len(part):
            number = int(part[np.argmax(np.abs(values[part]))])
            chosen.append((number, float(values[number])))
    return chosen


class Histogram(QWidget):
    """How often values occur, with the least and the greatest written below."""

    BINS = 40

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._low = self._high = 0.0
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def set_values(self, values: npt.NDArray[Any]) -> None:
        """Show the distribution of other values, any shape."""
        finite = values[np.isfinite(values)]
        if finite.size:
            bins = min(self.BINS, max(5, int(np.sqrt(finite.size) * 2)))
            self._counts, edges = np.histogram(finite, bins=bins)
            self._low, self._high = float(edges[0]), float(edges[-1])
        else:
            self._counts = np.empty(0, np.int64)
        self.update()

    def set_counts(self, counts: npt.NDArray[np.int64], low: float, high: float) -> None:
        """Show a distribution that was counted elsewhere, in equal parts from low to high."""
        self._counts, self._low, self._high = counts, low, high
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._counts):
            return
        painter = QPainter(self)
        colors = self._theme.colors
        bottom = self.height() - 20.0
        step = self.width() / len(self._counts)
        most = int(self._counts.max()) or 1
        for number, count in enumerate(self._counts.tolist()):
            height = (bottom - 4) * count / most
            bar = QRectF(number * step, bottom - height, max(1.0, step - 1), height)
            painter.fillRect(bar, colors.accent)
        painter.setPen(colors.border_strong)
        painter.drawLine(QPointF(0, bottom), QPointF(self.width(), bottom))
        painter.setFont(self._theme.font(11))
        painter.setPen(colors.text_secondary)
        below = QRectF(0, bottom + 4, self.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"{self._low:.3g}")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{self._high:.3g}")
