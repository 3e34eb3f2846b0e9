"""Arrays that grow at the end without being copied each time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Growing:
    """A one-dimensional array of numbers to which more are added."""

    def __init__(self) -> None:
        self._buffer = np.empty(1024)
        self._count = 0

    @property
    def values(self) -> Floats:
        """What it holds, shape (count,); a view that stays valid until it next grows."""
        return self._buffer[: self._count]

    def extend(self, new: npt.ArrayLike) -> None:
        """Add numbers at the end."""
        added = np.asarray(new, np.float64)
        needed = self._count + len(added)
        if needed > len(self._buffer):
            grown = np.empty(max(needed, 2 * len(self._buffer)))
            grown[: self._count] = self.values
            self._buffer = grown
        self._buffer[self._count : needed] = added
        self._count = needed

    def clear(self) -> None:
        """Forget all numbers."""
        self._count = 0
