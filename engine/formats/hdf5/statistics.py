"""How the numbers of a data set are spread: counted block by block in two passes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.formats.hdf5.reading import Numbers, Place, Values, each_block
from engine.stopping import Step

BINS = 64
# Up to this many bytes the second pass reads from memory.
REMEMBERED = 64 * 2**20


@dataclass
class Statistics:
    """Figures about numbers; least, greatest, mean and deviation are of the finite ones.

    Attributes:
        count: How many numbers there are.
        finite: How many of them are neither NaN nor infinite.
        zeros: How many are exactly 0.
        nans: How many are no numbers.
        infinite: How many are infinite.
        low: The least; NaN where none is finite.
        high: The greatest.
        mean: Their mean.
        std: Their standard deviation, of all and not of a sample.
        histogram: How many lie in each of `BINS` equal parts between low and high.
    """

    count: int = 0
    finite: int = 0
    zeros: int = 0
    nans: int = 0
    infinite: int = 0
    low: float = math.nan
    high: float = math.nan
    mean: float = math.nan
    std: float = math.nan
    histogram: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))


def statistics(numbers: Numbers, step: Step) -> Statistics:
    """Count everything about numbers.

    Raises:
        FileProblem: They cannot be read.
        Stopped: `step` has said so.
    """
    found = Statistics()
    squares = 0.0
    kept: list[tuple[Place, Values]] | None = []
    if math.prod(numbers.shape) * numbers.itemsize > REMEMBERED:
        kept = None
    for place, block in each_block(numbers, step, 0.0, 0.5):
        squares = _take(found, squares, block)
        if kept is not None:
            kept.append((place, block))
    if found.finite:
        found.std = math.sqrt(squares / found.finite)
        again = kept if kept is not None else each_block(numbers, step, 0.5, 1.0)
        for _, block in again:
            found.histogram += _histogram(block, found.low, found.high)
    return found


def _take(found: Statistics, squares: float, block: Values) -> float:
    """Add a block to what was found; returns the sum of squared deviations from the mean."""
    found.count += block.size
    found.zeros += int(block.size - np.count_nonzero(block))
    finite = block
    if block.dtype.kind == "f":
        found.nans += int(np.count_nonzero(np.isnan(block)))
        finite = block[np.isfinite(block)]
    before, here = found.finite, finite.size
    found.finite += here
    found.infinite = found.count - found.finite - found.nans
    if not here:
        return squares
    found.low = min(_number(finite.min()), found.low) if before else _number(finite.min())
    found.high = max(_number(finite.max()), found.high) if before else _number(finite.max())
    with np.errstate(over="ignore", invalid="ignore"):
        exact = finite.astype(np.float64)
        mean = float(exact.mean())
        exact -= mean
        # Two groups with means of their own are joined as Chan, Golub and LeVeque do.
        apart = mean - found.mean if before else 0.0
        squares += float(np.square(exact, out=exact).sum())
        squares += apart * apart * before * here / found.finite
        found.mean = found.mean + apart * here / found.finite if before else mean
    return squares


def _number(value: np.generic) -> float:
    """Return a number as Python has it; whole ones stay exact."""
    number: float = value.item()
    return int(number) if isinstance(number, bool) else number


def _histogram(block: Values, low: float, high: float) -> npt.NDArray[np.int64]:
    span = float(high) - float(low)
    flat = block.reshape(-1)
    if block.dtype.kind == "f":
        flat = flat[np.isfinite(flat)]
    if not math.isfinite(span) or span <= 0.0:
        counts = np.zeros(BINS, np.int64)
        counts[BINS // 2] = flat.size
        return counts
    # An own division: numpy's would refuse ranges of a few units in the last place.
    with np.errstate(over="ignore", invalid="ignore"):
        places = (flat.astype(np.float64) - float(low)) * (BINS / span)
    return np.bincount(np.clip(places, 0, BINS - 1).astype(np.int64), minlength=BINS)
