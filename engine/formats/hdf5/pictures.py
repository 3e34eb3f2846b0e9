"""Numbers of a data set as pictures: tiles of kernels and photos, maps of matrices, bars.

Large matrices are averaged down while they are read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.errors import Text, text
from engine.formats.hdf5.reading import Numbers, Place, Values, each_block
from engine.stopping import Step

# Rows and columns of a map, tiles of a picture, and pixels of a tile's side.
LARGEST, MOST_TILES, SIDE = 512, 256, 96
# Bytes read for tiles; the first one is always read.
AFFORDED = 64 * 2**20
# No larger window is usual for a convolution; larger arrays of that rank are photos.
KERNEL_SIDE = 15

Form = Literal["tiles", "photos", "map", "bars"]


@dataclass(frozen=True)
class Picture:
    """Numbers to be shown.

    Attributes:
        form: How: "tiles" and "photos" are (n, height, width[, 3]), "map" is (height, width),
            "bars" is (n,).
        values: The numbers, float64.
        channels: How many pictures of this form there are to choose from.
        notes: What has been left out or averaged.
    """

    form: Form
    values: Values
    channels: int = 1
    notes: tuple[Text, ...] = ()


class _Part:
    """Numbers of which only a part is looked at; axes whose slice has a step are left out."""

    def __init__(self, whole: Numbers, place: Place) -> None:
        self._whole, self._place = whole, place
        self.itemsize = whole.itemsize
        sizes = [part.stop - part.start for part in place]
        self._kept = tuple(axis for axis, part in enumerate(place) if part.step is None)
        self.shape = tuple(sizes[axis] for axis in self._kept)
        chunks = whole.chunks
        self.chunks = None if chunks is None else tuple(chunks[axis] for axis in self._kept)

    def read(self, place: Place) -> Values:
        """Read a part of the part."""
        asked = [slice(part.start, part.stop) for part in self._place]
        for axis, part in zip(self._kept, place, strict=True):
            start = self._place[axis].start
            asked[axis] = slice(start + part.start, start + part.stop)
        values = self._whole.read(tuple(asked))
        dropped = tuple(axis for axis in range(len(asked)) if axis not in self._kept)
        return np.squeeze(values, axis=dropped)


def picture(numbers: Numbers, step: Step, *, channel: int = 0) -> Picture | None:
    """Return numbers as a picture, or None where there is none of a single number.

    Args:
        numbers: What to show.
        step: Told the share done.
        channel: Which input channel of a convolution's kernel.

    Raises:
        FileProblem: They cannot be read.
        Stopped: `step` has said so.
    """
    shape = numbers.shape
    if not shape or 0 in shape or math.prod(shape) == 1:
        return None
    if len(shape) == 1:
        values = _averaged(numbers, (1, min(shape[0], 8 * LARGEST)), step)[0]
        return Picture("bars", values, notes=_mean_note(shape, values.shape))
    if len(shape) == 2:
        size = min(shape[0], LARGEST), min(shape[1], LARGEST)
        values = _averaged(numbers, size, step)
        return Picture("map", values, notes=_mean_note(shape, size))
    if len(shape) == 3:
        return _stack(numbers, step)
    # Of more than four axes the first ones are looked at where they begin.
    ahead = tuple(slice(0, 1, 1) for _ in shape[:-4])
    inner = shape[-4:]
    if ahead:
        numbers = _Part(numbers, (*ahead, *(slice(0, size) for size in inner)))
    if max(inner[:2]) <= KERNEL_SIDE:
        return _kernels(numbers, step, channel)
    if inner[3] in (1, 3):
        return _photos(numbers, step)
    return _stack(_slice(numbers, 0, 0), step)


def _kernels(numbers: Numbers, step: Step, channel: int) -> Picture:
    """Return one tile a filter of a kernel (height, width, in, out)."""
    height, width, inputs, filters = numbers.shape
    channel = min(max(channel, 0), inputs - 1)
    shown = min(filters, MOST_TILES)
    place = (slice(0, height), slice(0, width), slice(channel, channel + 1, 1), slice(0, shown))
    part = _Part(numbers, place)
    values = np.empty(part.shape)
    for where, block in each_block(part, step):
        values[where] = _exact(block)
    notes = _first_note(shown, filters)
    return Picture("tiles", np.moveaxis(values, -1, 0), channels=inputs, notes=notes)


def _stack(numbers: Numbers, step: Step) -> Picture:
    """Return one tile a slice: along the first axis, or along the last of a narrow kernel."""
    shape = numbers.shape
    along = 0 if shape[0] > KERNEL_SIDE else 2
    height, width = (size for axis, size in enumerate(shape) if axis != along)
    size = min(height, SIDE), min(width, SIDE)
    shown = _affordable(shape[along], height * width * numbers.itemsize, MOST_TILES)
    tiles = np.empty((shown, *size))
    for number in range(shown):
        one = _slice(numbers, along, number)
        tiles[number] = _averaged(one, size, _share(step, number, shown))
    notes = _first_note(shown, shape[along]) + _mean_note((height, width), size)
    return Picture("tiles", tiles, notes=notes)


def _photos(numbers: Numbers, step: Step) -> Picture:
    """Return samples (n, height, width, 1 or 3), each with at most `SIDE` rows and columns."""
    count, height, width, depth = numbers.shape
    size = min(height, SIDE), min(width, SIDE)
    shown = _affordable(count, height * width * depth * numbers.itemsize, MOST_TILES // 4)
    photos = np.empty((shown, *size, depth))
    for number in range(shown):
        one = _slice(numbers, 0, number)
        for color in range(depth):
            part = _slice(one, 2, color)
            ahead = _share(step, number * depth + color, shown * depth)
            photos[number, :, :, color] = _averaged(part, size, ahead)
    notes = _first_note(shown, count) + _mean_note((height, width), size)
    return Picture("photos", photos, notes=notes)


def _slice(numbers: Numbers, axis: int, number: int) -> _Part:
    """Return numbers with one axis fixed."""
    place = [slice(0, size) for size in numbers.shape]
    place[axis] = slice(number, number + 1, 1)
    return _Part(numbers, tuple(place))


def _share(step: Step, number: int, whole: int) -> Step:
    """Return a step for one part of several."""
    return lambda share: step((number + share) / whole)


def _affordable(count: int, size: int, most: int) -> int:
    """Return how many tiles of a size in bytes to show: at least one."""
    return max(1, min(count, most, AFFORDED // max(1, size)))


def _averaged(numbers: Numbers, size: tuple[int, int], step: Step) -> npt.NDArray[np.float64]:
    """Read a vector or a matrix as `size` means of what is finite in each part."""
    rows, columns = size
    shape = numbers.shape if len(numbers.shape) == 2 else (1, *numbers.shape)
    sums, counts = np.zeros(size), np.zeros(size)
    for place, block in each_block(numbers, step):
        values = block.reshape(1, -1) if len(numbers.shape) == 1 else block
        down, across = place if len(place) == 2 else (slice(0, 1), place[0])
        at_row = np.arange(down.start, down.stop) * rows // shape[0]
        at_column = np.arange(across.start, across.stop) * columns // shape[1]
        exact = _exact(values)
        finite = np.isfinite(exact)
        exact[~finite] = 0.0
        for total, part in ((sums, exact), (counts, finite.astype(np.float64))):
            first_row, first_column = _firsts(at_row), _firsts(at_column)
            part = np.add.reduceat(np.add.reduceat(part, first_row, 0), first_column, 1)
            total[np.ix_(at_row[first_row], at_column[first_column])] += part
    means = np.full(size, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def _exact(values: Values) -> npt.NDArray[np.float64]:
    # Damaged numbers may be of a kind that the processor complains of.
    with np.errstate(invalid="ignore"):
        return values.astype(np.float64)


def _firsts(bins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return where each run of equal numbers begins."""
    return np.flatnonzero(np.r_[True, bins[1:] != bins[:-1]])


def _mean_note(whole: tuple[int, ...], shown: tuple[int, ...]) -> tuple[Text, ...]:
    return () if whole == shown else (text("Each point is the mean of several values."),)


def _first_note(shown: int, whole: int) -> tuple[Text, ...]:
    if shown == whole:
        return ()
    return (text("The first {shown} of {whole}.", shown=shown, whole=whole),)
