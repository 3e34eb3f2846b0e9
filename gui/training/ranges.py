"""Which part of the plane a chart shows: steady, so that axes are not drawn anew all the time."""

from __future__ import annotations

import math

import numpy as np

from gui.training.curves import ChartData, Curve
from gui.training.growing import Floats

Range = tuple[float, float]

FEWEST_BATCHES = 20
MOST_POINTS = 4000
LEFT, RIGHT = 0.012, 0.035
# How far, in parts of the span, the data may withdraw from an edge before the edge follows.
SLACK = 0.18


def next_x_range(data: ChartData, now: Range) -> Range:
    """Return the batches to show: grows in leaps, and never beyond what is planned."""
    done = max((float(curve[0][-1]) for curve in _curves(data) if len(curve[0])), default=0.0)
    ghost = float(data.ghost[0][-1]) if len(data.ghost[0]) else 0.0
    planned = float(data.total)
    if data.over and done:
        return _padded(max(done, 2.0))
    least = max(FEWEST_BATCHES, min(ghost, planned or ghost), min(data.batches, planned))
    end = now[1] / (1.0 + RIGHT)
    if now == _padded(end) and least <= end and 0.3 * end <= done <= 0.98 * end:
        return now
    wish = max(least, 1.5 * done)
    return _padded(max(planned, done) if planned and wish > 0.6 * planned else wish)


def _padded(end: float) -> Range:
    """Leave room for the first mark, and for the label of the last epoch."""
    return -LEFT * end, end * (1.0 + RIGHT)


def next_y_range(data: ChartData, now: Range, log: bool) -> Range:
    """Return the values to show; keeps the present range while it fits well."""
    low, high = _extent(data, log)
    if not (math.isfinite(low) and math.isfinite(high)):
        return now
    span = (high - low) or abs(high) * 0.2 or 1.0
    floor = not log and 0.0 <= low < 0.5 * high
    wish = (-0.05 * high if floor else low - 0.08 * span, high + 0.12 * span)
    slack = SLACK * (wish[1] - wish[0])
    # A mark on the very edge would be cut in half.
    fits = now[0] <= low and high + 0.03 * span <= now[1]
    if fits and wish[0] - now[0] <= slack and now[1] - wish[1] <= slack:
        return now
    return wish


def _extent(data: ChartData, log: bool) -> Range:
    parts = [_thin(curve[1]) for curve in _curves(data)]
    restless = _thin(data.faint[1])
    restless = restless[np.isfinite(restless)]
    if len(restless):
        # A few wild batches must not press the rest flat: one in 200 at either end. NumPy's own
        # percentile loads further modules, in the middle of the first picture.
        ends = [len(restless) // 200, len(restless) - 1 - len(restless) // 200]
        parts.append(np.partition(restless, ends)[ends])
    values = np.concatenate(parts) if parts else np.empty(0)
    values = values[np.isfinite(values)]
    if log:
        values = np.log10(values[values > 0.0])
    return (float(values.min()), float(values.max())) if len(values) else (math.nan, math.nan)


def _curves(data: ChartData) -> tuple[Curve, ...]:
    return data.line, data.epochs, data.validation


def _thin(values: Floats) -> Floats:
    return values[:: max(1, len(values) // MOST_POINTS)]
