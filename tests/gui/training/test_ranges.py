"""The ranges of the axes: steady while values fit, and not led by a few wild ones."""

from __future__ import annotations

import numpy as np
import pytest

from gui.training.curves import ChartData
from gui.training.ranges import next_x_range, next_y_range

ANY = (0.0, 1e-9)


def data(y: np.ndarray, **values: object) -> ChartData:
    x = np.arange(1.0, len(y) + 1)
    return ChartData(faint=(x, y), line=(x, y), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 5, 100, 999, 1000])
def test_all_batches_are_in_view(count: int) -> None:
    low, high = next_x_range(data(np.ones(count), batches=200, total=1000), ANY)
    assert low <= 0
    assert high >= count
    assert high <= 1100


def test_axis_moves_in_leaps() -> None:
    now, moves = ANY, 0
    for count in range(1, 1001):
        new = next_x_range(data(np.ones(count), batches=100, total=1000), now)
        moves += new != now
        now = new
    assert moves <= 10


def test_run_that_is_over_fills_the_chart() -> None:
    high = next_x_range(data(np.ones(60), batches=100, total=1000, over=True), ANY)[1]
    assert 60 < high < 66


def test_values_stay_put_while_they_fit() -> None:
    first = next_y_range(data(np.linspace(2.0, 0.1, 50)), ANY, log=False)
    assert next_y_range(data(np.linspace(2.0, 0.08, 60)), first, log=False) == first
    assert next_y_range(data(np.linspace(4.0, 0.08, 60)), first, log=False) != first


def test_few_wild_batches_do_not_press_the_rest_flat() -> None:
    y = np.full(1000, 0.5)
    wild = y.copy()
    wild[10] = 1e6
    x = np.arange(1.0, 1001)
    assert next_y_range(ChartData(faint=(x, wild), line=(x, y)), ANY, log=False)[1] < 2.0


def test_nothing_finite_keeps_the_range() -> None:
    assert next_y_range(data(np.full(3, np.nan)), (0.0, 1.0), log=False) == (0.0, 1.0)
    assert next_y_range(ChartData(), (0.0, 1.0), log=True) == (0.0, 1.0)


def test_logarithms_of_positive_values_only() -> None:
    low, high = next_y_range(data(np.array([0.0, -1.0, 0.01, 10.0])), ANY, log=True)
    assert low <= -2 and high >= 0.9
    assert low > -4
