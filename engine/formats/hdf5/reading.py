"""Numbers of a data set, block by block, so that size costs time and not memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Protocol

import h5py
import numpy as np
import numpy.typing as npt

from engine.errors import FileProblem, Text, text
from engine.formats.hdf5.words import legible, shape_words
from engine.formats.keras_files.guard import TROUBLE
from engine.stopping import Step, Stopped

Values = npt.NDArray[Any]
Place = tuple[slice, ...]
# Bytes read at a time. h5py answers one thread at a time: the tree waits no longer than this takes.
BLOCK = 4 * 2**20
LONG = 4096
# A chunk is unpacked whole, whatever part of it is asked for.
LARGEST_CHUNK = 256 * 2**20


class Numbers(Protocol):
    """What can be read block by block: a data set, or the difference of two."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of all axes; () for a single number."""

    @property
    def chunks(self) -> tuple[int, ...] | None:
        """The pieces in which it is stored, or None where it lies in one."""

    @property
    def itemsize(self) -> int:
        """Bytes of one number."""

    def read(self, place: Place) -> Values:
        """Read a part."""


class Stored:
    """Numbers of one data set.

    Args:
        data: The data set.
        where: Its path, for errors.
        anything: Whether it may hold something else, such as texts.

    Raises:
        FileProblem: It holds no real numbers, or is stored in pieces that are too large.
    """

    def __init__(self, data: h5py.Dataset, where: str, *, anything: bool = False) -> None:
        self._data, self._where = data, where
        if not (anything or is_numeric(data.dtype)) or data.shape is None:
            raise FileProblem("“{where}” holds no numbers.", where=legible(where))
        check_chunks(data, where)

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of all axes."""
        return tuple(int(axis) for axis in self._data.shape)

    @property
    def chunks(self) -> tuple[int, ...] | None:
        """The pieces in which it is stored."""
        return None if self._data.chunks is None else tuple(self._data.chunks)

    @property
    def itemsize(self) -> int:
        """Bytes of one number; texts of any length count as long ones."""
        size = int(self._data.dtype.itemsize)
        return max(size, LONG) if self._data.dtype.hasobject else size

    def read(self, place: Place) -> Values:
        """Read a part."""
        return read(self._data, place, self._where)


def is_numeric(dtype: np.dtype[Any]) -> bool:
    """Return whether a type is one of real numbers or truth values."""
    return dtype.kind in "biuf" and dtype.subdtype is None


def check_chunks(data: h5py.Dataset, where: str) -> None:
    """Refuse a data set whose pieces would fill the memory.

    Raises:
        FileProblem: They would.
    """
    chunk = math.prod(data.chunks or (0,)) * int(data.dtype.itemsize)
    if chunk > LARGEST_CHUNK:
        raise FileProblem(
            "“{where}” is not read: it is stored in pieces of {size} MB, which is too much at a"
            " time. Store it in smaller chunks.",
            where=legible(where),
            size=chunk // 2**20,
        )


def read(data: h5py.Dataset, place: Any, where: str) -> Values:
    """Read a part of a data set.

    Raises:
        FileProblem: It is damaged, or packed in a way that is not known here.
    """
    try:
        return np.asarray(data[place])
    except TROUBLE as error:
        raise unreadable(where, error) from error


def unreadable(where: str, error: Exception) -> FileProblem:
    """Say that a data set cannot be read, in HDF5's own words too."""
    return FileProblem(
        "“{where}” cannot be read; it may be damaged, or packed in a way that is not known"
        " here. ({reason})",
        where=legible(where),
        reason=legible(str(error).split("\n")[0]),
    )


def blocks(numbers: Numbers) -> Iterator[Place]:
    """Yield places that together are everything, each of about `BLOCK` bytes, chunk by chunk."""
    shape = numbers.shape
    unit = [min(c, n) for c, n in zip(numbers.chunks or (1,) * len(shape), shape, strict=True)]
    room = max(1, BLOCK // max(1, numbers.itemsize * math.prod(unit)))
    # The last axes lie closest together: they are taken whole first.
    for axis in reversed(range(len(shape))):
        times = min(room, -(-shape[axis] // max(1, unit[axis])))
        unit[axis] *= max(1, times)
        room //= max(1, times)
    if 0 in shape:
        return
    counts = [-(-n // size) for n, size in zip(shape, unit, strict=True)]
    for place in np.ndindex(*counts):
        yield tuple(
            slice(n * size, min((n + 1) * size, whole))
            for n, size, whole in zip(place, unit, shape, strict=True)
        )


def each_block(
    numbers: Numbers, step: Step, since: float = 0.0, until: float = 1.0
) -> Iterator[tuple[Place, Values]]:
    """Read all blocks one after the other.

    Args:
        numbers: What to read.
        step: Told the share done after each block.
        since: The share done before the first.
        until: The share done after the last.

    Raises:
        Stopped: `step` has said so.
    """
    whole, done = max(1, math.prod(numbers.shape)), 0
    for place in blocks(numbers):
        values = numbers.read(place)
        yield place, values
        done += values.size
        if not step(since + (until - since) * done / whole):
            raise Stopped


def no_numbers(shape: tuple[int, ...] | None, dtype: np.dtype[Any]) -> Text | None:
    """Say why there are no statistics of a data set, or return None."""
    if shape is None or 0 in shape:
        return text("It is empty.")
    if not is_numeric(dtype):
        return text("It holds no real numbers.")
    return None


def place_words(place: Place, shape: tuple[int, ...]) -> str:
    """Say which part of an array is meant: "[0, 0, 0:3, 0:64]"."""
    if not shape:
        return shape_words(shape)
    parts = (
        str(part.start or 0)
        if (part.stop or 0) - (part.start or 0) == 1 and whole > 1
        else f"{part.start or 0}:{part.stop}"
        for part, whole in zip(place, shape, strict=True)
    )
    return f"[{', '.join(parts)}]"
