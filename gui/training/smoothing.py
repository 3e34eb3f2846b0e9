"""Exponential smoothing of a growing curve, at the cost of the new points only."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from gui.training.growing import Floats, Growing

# Within a block the weights 1 / factor**k stay below 10**12: no digit that shows is lost.
LARGEST_WEIGHT = 1e12
LONGEST_BLOCK = 1024


class Smoother:
    """Bias-corrected exponential moving average of a curve that only grows.

    With factor b the average after x[0] ... x[t] is
    `(1 - b) * sum(b**(t - i) * x[i]) / (1 - b**(t + 1))`: the plain mean at the start, and a
    memory of about 1 / (1 - b) points later. Points that are not finite are left out of the
    average and are NaN in the result.

    Attributes:
        values: The smoothed curve so far, shape (points,).
    """

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._smooth = Growing()
        self._carry = 0.0
        self._weight = 0.0

    @property
    def factor(self) -> float:
        """How much of the old average each new point leaves, from 0 (none) to below 1."""
        return self._factor

    @property
    def values(self) -> Floats:
        """The smoothed curve so far; a view that stays valid until the next `follow`."""
        return self._smooth.values

    def reset(self, factor: float) -> None:
        """Forget the curve and smooth the next one by another factor."""
        self._factor = factor
        self._smooth.clear()
        self._carry = self._weight = 0.0

    def follow(self, curve: npt.NDArray[np.floating]) -> None:
        """Take in a curve that begins with the points already taken in."""
        new = np.asarray(curve[len(self._smooth.values) :], np.float64)
        finite = np.isfinite(new)
        if finite.all():
            self._smooth.extend(self._average(new))
        else:
            smooth = np.full(len(new), np.nan)
            smooth[finite] = self._average(new[finite])
            self._smooth.extend(smooth)

    def _average(self, new: Floats) -> Floats:
        factor = self._factor
        if factor <= 0.0 or not len(new):
            return new
        length = _block_length(factor)
        blocks = -(-len(new) // length)
        padded = np.zeros(blocks * length)
        padded[: len(new)] = new
        powers = factor ** np.arange(1, length + 1)
        # Inside each block, as if the average before it were 0.
        local = np.cumsum(padded.reshape(blocks, length) / powers, axis=1)
        local *= (1.0 - factor) * powers
        carries = np.empty(blocks)
        carry = self._carry
        for number, last in enumerate(local[:, -1].tolist()):
            carries[number] = carry
            carry = last + powers[-1] * carry
        sums = (local + carries[:, None] * powers).reshape(-1)[: len(new)]
        # The weight of all points so far, 1 - factor**t, is carried on in the same way.
        weights = 1.0 - (1.0 - self._weight) * np.exp(math.log(factor) * np.arange(1, len(new) + 1))
        self._carry, self._weight = float(sums[-1]), float(weights[-1])
        average: Floats = sums / weights
        return average


def _block_length(factor: float) -> int:
    longest = math.log(LARGEST_WEIGHT) / -math.log(factor)
    return max(1, min(LONGEST_BLOCK, int(longest)))
