"""One line about a run: what it does, where it is, how long it will take, what came out."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.facts.run_record import RunRecord
from gui.labels import tip
from gui.theme import Theme
from gui.training import words

HEIGHT = 32
GAP = 20
SHORTEST_BAR = 80


class ProgressRow(QWidget):
    """Painted rather than laid out: it changes many times a second and must cost nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._run = RunRecord()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def show_run(self, run: RunRecord) -> None:
        """Say how a run stands now."""
        self._run = run
        if run.state == "idle":
            self.setToolTip(tip(self.text()))
        elif self.toolTip():
            self.setToolTip("")
        self.update()

    def text(self) -> str:
        """Return what the row says, as one string."""
        run = self._run
        parts = [words.state_word(run), *words.position(run), *words.pace(run)]
        if run.state == "idle":
            parts += [f"{name} {value}" for name, value in words.results(run)]
        return "  ".join(parts)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        run, colors = self._run, self._theme.colors
        tone = self._tone()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        painter.drawEllipse(QPointF(12, HEIGHT / 2), 4, 4)
        x = self._write(painter, 24, words.state_word(run), 600, colors.text) + GAP
        if run.state == "idle":
            self._paint_results(painter, x)
        else:
            self._paint_progress(painter, x, tone)

    def _tone(self) -> QColor:
        colors, run = self._theme.colors, self._run
        if run.state in ("running", "starting"):
            return colors.accent
        if run.state in ("paused", "stopping"):
            return colors.warning
        if run.ended is not None and run.ended.status in ("finished", "stopped"):
            return colors.success if run.ended.status == "finished" else colors.text_secondary
        return colors.error

    def _paint_progress(self, painter: QPainter, x: float, tone: QColor) -> None:
        colors = self._theme.colors
        for label, widest in zip(words.position(self._run), self._widest(), strict=False):
            self._write(painter, x, label, 400, colors.text)
            # The widest label that will come keeps what follows in its place.
            x += max(self._width(label), self._width(widest)) + GAP
        right = self.width() - 12.0
        for label in reversed(words.pace(self._run)):
            width = max(self._width(label), 96.0)
            if right - width - GAP - SHORTEST_BAR < x:
                break
            shift = width - self._width(label)
            self._write(painter, right - width + shift, label, 400, colors.text_secondary)
            right -= width + GAP
        bar = QRectF(x, HEIGHT / 2 - 2, max(0.0, right - x), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.grid)
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(bar.width() * words.fraction_done(self._run))
        painter.setBrush(tone)
        painter.drawRoundedRect(bar, 2, 2)

    def _widest(self) -> list[str]:
        started = self._run.started
        if started is None:
            return []
        full = RunRecord(started=started)
        labels = words.position(full)
        batches = f"{started.batches:,}"
        return [labels[0], labels[1].replace("0/", f"{batches}/", 1)]

    def _paint_results(self, painter: QPainter, x: float) -> None:
        colors = self._theme.colors
        for name, value in words.results(self._run):
            width = self._width(name) + 6 + self._width(value, 600)
            if x + width > self.width() - 8:
                break
            x = self._write(painter, x, name, 400, colors.text_secondary)
            x = self._write(painter, x + 6, value, 600, colors.text) + GAP

    def _write(self, painter: QPainter, x: float, label: str, weight: int, color: QColor) -> float:
        """Write a label and return where it ends."""
        painter.setFont(self._theme.font(13, weight))
        painter.setPen(color)
        width = self._width(label, weight)
        alignment = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(x, 0, width + 2, HEIGHT), alignment, label)
        return x + width

    def _width(self, label: str, weight: int = 400) -> float:
        return QFontMetricsF(self._theme.font(13, weight)).horizontalAdvance(label)
