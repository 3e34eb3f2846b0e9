"""The line above a chart: its title, and each curve's name and value."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.i18n import tr
from gui.theme import Theme

HEIGHT = 24
MARK = 12


def short_number(value: float | None) -> str:
    """Write a number with about four digits: 0.0312, 12.35, 1.2e-05."""
    if value is None:
        return "–"
    if math.isnan(value):
        return tr("not a number")
    if math.isinf(value):
        return tr("infinite")
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.2f}"
    if size >= 0.001 or value == 0:
        return f"{value:.4f}"
    return f"{value:.1e}"


class Legend(QWidget):
    """Paints title, marks and values; drops the least important where it is narrow."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = ""
        self._step: int | None = None
        self._values: dict[str, float | None] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, HEIGHT)

    def set_title(self, title: str) -> None:
        """Set the name of what the chart shows; empty where a choice beside it says so."""
        self._title = title
        self.update()

    def set_step(self, step: int | None) -> None:
        """Set the batch whose values are shown, or None for the latest."""
        self._step = step
        self.update()

    def set_values(self, **values: float | None) -> None:
        """Set the values of "train", "validation" and "previous"; None hides a curve."""
        if values != self._values:
            self._values = values
            self._describe()
            self.update()

    def text(self) -> str:
        """Return what it says, for screen readers."""
        parts = [self._title] if self._title else []
        if self._step is not None:
            parts.append(tr("batch {number}", number=f"{self._step:,}"))
        for key, value in self._values.items():
            if value is not None:
                parts.append(f"{_name(key)} {short_number(value)}")
        return "  ".join(parts)

    def _describe(self) -> None:
        self.setAccessibleName(self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self._theme.colors
        x = 8.0
        if self._title:
            x = self._write(painter, x, self._title, 13, 600, colors.text) + 12
        shown = {key: value for key, value in self._values.items() if value is not None}
        names = self._names(shown, self.width() - x)
        for key, value in shown.items():
            if x + self._needed(names[key], value) > self.width():
                break
            color, dotted = self._look(key)
            self._mark(painter, x, color, dotted)
            x = self._write(painter, x + MARK + 6, names[key], 12, 400, colors.text_secondary)
            x = self._write(painter, x + 6, short_number(value), 12, 600, colors.text) + 12
        if self._step is not None:
            label = tr("batch {number}", number=f"{self._step:,}")
            if x + self._width(label, 12, 400) <= self.width():
                self._write(painter, x, label, 12, 400, colors.text_secondary)

    def _look(self, key: str) -> tuple[QColor, bool]:
        """Return a curve's color, and whether it has a dot for each epoch."""
        colors = self._theme.colors
        return {
            "train": (colors.plot_train, False),
            "validation": (colors.plot_validation, True),
            "previous": (colors.text_disabled, False),
        }[key]

    def _names(self, shown: dict[str, float], room: float) -> dict[str, str]:
        """Return the names of curves, short ones where there is little room."""
        full = {key: _name(key) for key in shown}
        if sum(self._needed(full[key], value) + 12 for key, value in shown.items()) <= room:
            return full
        return {key: _short_name(key) for key in shown}

    def _needed(self, name: str, value: float) -> float:
        number = self._width(short_number(value), 12, 600)
        return MARK + 6 + self._width(name, 12, 400) + 6 + number

    def _mark(self, painter: QPainter, x: float, color: QColor, dotted: bool) -> None:
        middle = self.height() / 2
        painter.setPen(QPen(color, 2))
        painter.drawLine(QPointF(x, middle), QPointF(x + MARK, middle))
        if dotted:
            painter.setBrush(color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(x + MARK / 2, middle), 3.5, 3.5)

    def _write(
        self, painter: QPainter, x: float, words: str, size: int, weight: int, color: QColor
    ) -> float:
        """Write some words and return where they end."""
        painter.setFont(self._theme.font(size, weight))
        painter.setPen(color)
        width = self._width(words, size, weight)
        box = QRectF(x, 0, width + 2, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), words)
        return x + width

    def _width(self, words: str, size: int, weight: int) -> float:
        return QFontMetricsF(self._theme.font(size, weight)).horizontalAdvance(words)


def _name(key: str) -> str:
    return {
        "train": tr("training"),
        "validation": tr("validation"),
        "previous": tr("run before"),
    }[key]


def _short_name(key: str) -> str:
    return {
        "train": tr("train"),
        "validation": tr("val"),
        "previous": tr("before"),
    }[key]
