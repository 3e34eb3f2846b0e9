"""One live chart of a run: title, values at the cursor, curves."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.i18n import tr
from gui.theme import Theme
from gui.training.axes import Backdrop, CountAxis, ValueAxis
from gui.training.curves import NOTHING, ChartData, Curve
from gui.training.growing import Floats
from gui.training.legend import Legend
from gui.training.ranges import next_x_range, next_y_range

Ticks = list[tuple[float, str]]

# A line of more points is slow to stroke and looks no different.
LINE_POINTS = 400
EPOCH_LABEL_PIXELS = 64
HEADER_HEIGHT = 28
PAINT_AFTER_MS = 15
MOST_DOTS = 40


class Chart(QWidget):
    """Draws a `ChartData`; follows the run until the person zooms, and again on double-click.

    Signals:
        hovered: The cursor is over a batch (float), or None when it has left.
    """

    hovered = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data = ChartData()
        self._log = False
        self._follows = True
        self._cursor: float | None = None
        self._drawn: dict[Any, tuple[object, ...]] = {}
        self._ticks: Ticks | None = None
        self._paint_soon = self._timer(PAINT_AFTER_MS, self._repaint)
        self._read_out_soon = self._timer(2 * PAINT_AFTER_MS, self._read_out)
        self.header = QHBoxLayout()
        self.header.setContentsMargins(0, 0, 8, 0)
        self.header.setSpacing(8)
        self.header.addStrut(HEADER_HEIGHT)
        self.legend = Legend(theme)
        self.header.addWidget(self.legend, 1)
        self._make_plot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self.header)
        layout.addWidget(self._view, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _timer(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=milliseconds)
        timer.timeout.connect(call)
        return timer

    def _make_plot(self) -> None:
        self._left, self._bottom = ValueAxis("left"), CountAxis("bottom")
        self._top = pg.AxisItem("top")
        axes = {"left": self._left, "bottom": self._bottom, "top": self._top}
        self._view = pg.PlotWidget(axisItems=axes)
        self._view.setFrameShape(self._view.Shape.NoFrame)
        # Left to itself the scene paints three or four times for each change of its curves.
        self._view.setViewportUpdateMode(pg.GraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.plot = self._view.getPlotItem()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.showAxis("top")
        box = self.plot.vb
        box.disableAutoRange()
        box.setMouseEnabled(x=True, y=False)
        box.setDefaultPadding(0.0)
        self._forget_values()
        self._backdrop = Backdrop(self.plot)
        self.plot.addItem(self._backdrop, ignoreBounds=True)
        self._ghost = self._curve()
        self._faint = self._curve()
        self._faint.setDownsampling(auto=True, method="peak")
        self._faint.setClipToView(True)
        self._faint.opts["autoDownsampleFactor"] = 0.5
        self._line = self._curve()
        self._epochs = self._curve()
        self._validation = self._curve()
        self._rule = pg.InfiniteLine(angle=90, movable=False)
        self._break = pg.InfiniteLine(angle=90, movable=False)
        for line in (self._rule, self._break):
            line.hide()
            self.plot.addItem(line, ignoreBounds=True)
        box.sigRangeChangedManually.connect(self._zoomed)
        box.sigXRangeChanged.connect(lambda *_: self._draw_line())
        box.sigRangeChanged.connect(lambda *_: self._paint_soon.start())
        self._view.scene().sigMouseMoved.connect(self._mouse_moved)
        self._view.scene().sigMouseClicked.connect(self._mouse_clicked)
        self._view.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def _curve(self) -> Any:
        item = pg.PlotDataItem()
        self.plot.addItem(item)
        return item

    # --- look ------------------------------------------------------------------------------

    def _restyle(self) -> None:
        colors = self._theme.colors
        self._view.setBackground(colors.surface)
        for axis in (self._left, self._bottom, self._top):
            axis.setPen(pg.mkPen(colors.surface))
            axis.setTickPen(pg.mkPen(colors.surface))
            axis.setTextPen(pg.mkPen(colors.text_secondary))
            axis.setTickFont(self._theme.font(11))
            axis.setStyle(tickLength=0, autoExpandTextSpace=False, hideOverlappingLabels=True)
        self._left.setStyle(tickTextWidth=38, tickTextOffset=6)
        self._left.setWidth(46)
        self._bottom.setStyle(tickTextOffset=4)
        self._bottom.setHeight(20)
        self._top.setStyle(tickTextOffset=2)
        self._top.setHeight(18)
        self._backdrop.set_colors(colors.grid, colors.border)
        train, validation = colors.plot_train, colors.plot_validation
        self._ghost.setPen(pg.mkPen(_mix(colors.text_disabled, colors.surface, 0.75), width=1))
        self._faint.setPen(pg.mkPen(_mix(train, colors.surface, 0.32), width=1))
        self._line.setPen(pg.mkPen(train, width=2))
        self._validation.setPen(pg.mkPen(validation, width=2))
        for item in (self._line, self._validation):
            item.opts["antialias"] = True
            item.updateItems(styleUpdate=True)
        _dots(self._epochs, train, colors.surface)
        self._epochs.setPen(None)
        _dots(self._validation, validation, validation)
        self._rule.setPen(pg.mkPen(colors.text_secondary, width=1))
        dash = Qt.PenStyle.DashLine
        self._break.setPen(pg.mkPen(colors.error, width=1, style=dash))
        self._repaint()

    def _repaint(self, *_: object) -> None:
        self._view.viewport().update()

    # --- data ------------------------------------------------------------------------------

    def show_data(self, data: ChartData) -> None:
        """Draw the curves as they are now."""
        self._data = data
        self._fit()
        self._set(self._faint, data.faint)
        self._draw_line()
        for item, curve in ((self._epochs, data.epochs), (self._validation, data.validation)):
            self._set(item, curve)
            size = 7 if len(curve[0]) <= MOST_DOTS else 3
            if item.opts["symbolSize"] != size:
                item.setSymbolSize(size)
        self._break.setVisible(bool(data.broken))
        if data.broken:
            self._break.setValue(data.broken)
        self._label_epochs()
        # Painting waits for a turn of its own, and so do the numbers: while all cores train,
        # each takes two milliseconds, and events get through in between.
        self._paint_soon.start()
        self._read_out_soon.start()

    def set_log(self, log: bool) -> None:
        """Show values or their logarithms."""
        if log != self._log:
            self._log = log
            self._left.setLogMode(x=False, y=log)
            self._forget_values()
            self.show_data(self._data)

    def _forget_values(self) -> None:
        """Show a range that fits nothing, so that the next values choose theirs."""
        self.plot.vb.setYRange(0.0, 1e-9, padding=0)

    def show_cursor(self, step: float | None) -> None:
        """Show the values at a batch, or the latest ones for None."""
        self._cursor = step
        self._rule.setVisible(step is not None)
        if step is not None:
            self._rule.setValue(step)
        self._read_out()
        self._repaint()

    def follow(self) -> None:
        """Show the whole run, and keep to it."""
        self._follows = True
        self.show_data(self._data)

    def follow_next(self) -> None:
        """Keep to the whole run from the next data on."""
        self._follows = True

    def _fit(self) -> None:
        box = self.plot.vb
        x_now, y_now = box.viewRange()
        x = next_x_range(self._data, tuple(x_now)) if self._follows else tuple(x_now)
        y = next_y_range(self._data, tuple(y_now), self._log)
        if x != tuple(x_now):
            box.setXRange(*x, padding=0)
        if y != tuple(y_now):
            box.setYRange(*y, padding=0)

    def _set(self, item: Any, curve: Curve, *place: float) -> None:
        """Draw a curve anew if it has new points or its place has changed."""
        key = (self._data.name, len(curve[0]), self._log, *place)
        if self._drawn.get(item) == key:
            return
        self._drawn[item] = key
        x, y = thinned(curve, *place) if place else curve
        item.setData(x, self._scaled(y), connect="finite" if place else "auto")

    def _scaled(self, y: Floats) -> Floats:
        if not self._log or not len(y):
            return y
        with np.errstate(divide="ignore", invalid="ignore"):
            logs: Floats = np.log10(y)
        logs[~np.isfinite(logs)] = np.nan
        return logs

    def _draw_line(self) -> None:
        place = self.plot.vb.viewRange()[0]
        self._set(self._line, self._data.line, *place)
        self._set(self._ghost, self._data.ghost, *place)

    def _label_epochs(self) -> None:
        data = self._data
        if not data.batches:
            self._backdrop.epochs = []
            self._show_ticks([])
            return
        low, high = self.plot.vb.viewRange()[0]
        width = max(1.0, self._view.width() - 50.0)
        each = data.batches * width / max(high - low, 1.0)
        step = _round_step(EPOCH_LABEL_PIXELS / each)
        last = int(high / data.batches)
        numbers = [k for k in range(1, last + 1) if (data.first_epoch - 1 + k) % step == 0]
        self._backdrop.epochs = [float(k * data.batches) for k in numbers]
        ticks: Ticks = [
            (k * data.batches, tr("epoch {number}", number=data.first_epoch - 1 + k))
            for k in numbers
        ]
        self._show_ticks(ticks)

    def _show_ticks(self, ticks: Ticks) -> None:
        if ticks != self._ticks:
            self._ticks = ticks
            self._top.setTicks([ticks])

    # --- values at the cursor --------------------------------------------------------------

    def _read_out(self) -> None:
        step = self._cursor
        self.legend.set_step(None if step is None else max(1, round(step)))
        self.legend.set_values(
            train=_value(self._data.line, step),
            validation=_value(self._data.validation, step),
            previous=_value(self._data.ghost, step),
        )

    def _mouse_moved(self, position: QPointF) -> None:
        box = self.plot.vb
        inside = box.sceneBoundingRect().contains(position) and len(self._data.line[0])
        step = None
        if inside:
            last = float(self._data.line[0][-1])
            step = min(max(box.mapSceneToView(position).x(), 1.0), last)
        if step != self._cursor:
            self.hovered.emit(step)

    def leaveEvent(self, event: Any) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)

    def _zoomed(self, *_: Any) -> None:
        self._follows = False
        self._label_epochs()
        self._repaint()

    def _mouse_clicked(self, event: Any) -> None:
        if event.double():
            self.follow()


def thinned(curve: Curve, low: float, high: float) -> Curve:
    """Return the part of a curve between two x, with at most about `LINE_POINTS` points.

    Points are dropped by a power of two counted from the first, so a growing curve does not
    flicker; the last point is always kept.
    """
    x, y = curve
    if not len(x):
        return NOTHING
    first = max(0, int(np.searchsorted(x, low)) - 1)
    last = min(len(x), int(np.searchsorted(x, high, side="right")) + 1)
    step = 2 ** max(0, math.ceil(math.log2(max(1, last - first) / LINE_POINTS)))
    first -= first % step
    shown = np.arange(first, last, step)
    if len(shown) and shown[-1] != last - 1:
        shown = np.append(shown, last - 1)
    return x[shown], y[shown]


def _value(curve: Curve, step: float | None) -> float | None:
    """Return a curve's value at a step: of the last point not after it, or of the first."""
    x, y = curve
    if not len(x):
        return None
    if step is None:
        return float(y[-1])
    index = int(np.searchsorted(x, step + 0.5)) - 1
    return float(y[min(max(index, 0), len(y) - 1)])


def _round_step(wish: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 ... that is not below a wish."""
    for exponent in range(9):
        for digit in (1, 2, 5):
            if digit * 10.0**exponent >= wish:
                return int(digit * 10.0**exponent)
    return 10**9


def _dots(item: Any, edge: Any, fill: Any) -> None:
    item.setSymbol("o")
    item.setSymbolSize(7)
    item.setSymbolPen(pg.mkPen(edge, width=2))
    item.setSymbolBrush(pg.mkBrush(fill))


def _mix(color: Any, ground: Any, part: float) -> Any:
    """Return an opaque color between two: transparent pens are several times slower."""
    mixed = [
        part * getattr(color, name)() + (1.0 - part) * getattr(ground, name)()
        for name in ("red", "green", "blue")
    ]
    return pg.mkColor(*(round(value) for value in mixed))
