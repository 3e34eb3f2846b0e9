"""What two HDF5 files have in common and where their numbers differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.errors import FileProblem, Text, text
from engine.formats.hdf5.heaps import check_texts
from engine.formats.hdf5.reading import Numbers, Place, Stored, Values, each_block, is_numeric
from engine.formats.hdf5.tree import Entry, Hdf5File
from engine.formats.hdf5.words import shape_words
from engine.stopping import Step, Stopped

State = Literal["equal", "values", "shape", "first", "second", "unread"]
# In the table what is missing comes first, then what cannot be compared, then by difference.
ORDER: dict[State, int] = {
    "first": 0, "second": 1, "shape": 2, "unread": 3, "values": 4, "equal": 5
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """How one data set differs between two files.

    Attributes:
        path: Where it lies in both.
        state: "first" and "second" are in that file only; "unread" cannot be compared.
        shapes: Shapes in words, of the first and of the second.
        unlike: How many values differ.
        most: The greatest absolute difference; infinite where only one is a finite number.
        mean: The mean absolute difference.
        relative: Root of the squared differences over that of the squared values of the first.
        why: Why it was not compared.
    """

    path: str
    state: State
    shapes: tuple[str, str]
    unlike: int = 0
    most: float = 0.0
    mean: float = 0.0
    relative: float = 0.0
    why: Text | None = None


class Gap:
    """The differences of two data sets of one shape, second less first, read like one."""

    def __init__(self, first: Numbers, second: Numbers) -> None:
        self._first, self._second = first, second
        self.shape = first.shape
        self.chunks = first.chunks
        self.itemsize = first.itemsize + second.itemsize

    def read(self, place: Place) -> Values:
        """Read a part."""
        return apart(self._first.read(place), self._second.read(place))


def apart(first: Values, second: Values) -> Values:
    """Return second less first as float64: 0 where both are the same, also NaN or infinite."""
    with np.errstate(invalid="ignore", over="ignore"):
        # An array of no axes would become a number, which takes no values.
        gap: Values = np.asarray(second.astype(np.float64) - first.astype(np.float64))
    gap[_same(first, second)] = 0.0
    return gap


def _same(first: Values, second: Values) -> Values:
    # Compared as stored: large whole numbers are equal once they are floating-point numbers.
    same: Values = np.asarray(first == second)
    if first.dtype.kind == second.dtype.kind == "f":
        same |= np.isnan(first) & np.isnan(second)
    return same


def compare(first: Hdf5File, second: Hdf5File, step: Step) -> list[Difference]:
    """Compare all data sets of two files, the most different ones first.

    Args:
        first: One file.
        second: The other.
        step: Told the share done.

    Raises:
        FileProblem: A file is damaged or has too many objects.
        Stopped: `step` has said so.
    """
    here, there = _data_sets(first, step), _data_sets(second, step)
    paths = list(dict.fromkeys([*here, *there]))
    whole = max(1, sum(_weight(here.get(path), there.get(path)) for path in paths))
    found, done = [], 0
    for path in paths:
        part = _weight(here.get(path), there.get(path))

        def ahead(share: float, done: int = done, part: int = part) -> bool:
            return step((done + share * part) / whole)

        found.append(_compare_one(first, second, here.get(path), there.get(path), ahead))
        done += part
        if not step(done / whole):
            raise Stopped
    return sorted(found, key=rank)


def rank(found: Difference) -> tuple[int, float, float]:
    """Return what differences are sorted by."""
    size = math.inf if math.isnan(found.relative) else found.relative
    return ORDER[found.state], -size, -found.most


def _data_sets(file: Hdf5File, step: Step) -> dict[str, Entry]:
    return {
        entry.path: entry for entry in file.walk(step=step) if entry.kind in ("dataset", "refused")
    }


def _weight(here: Entry | None, there: Entry | None) -> int:
    """Return what reading both costs; one counts at least as much as its headers."""
    return 1 + (here.size if here is not None and there is not None else 0)


def _compare_one(
    first: Hdf5File, second: Hdf5File, here: Entry | None, there: Entry | None, step: Step
) -> Difference:
    shapes = (shape_words(here.shape) if here else "", shape_words(there.shape) if there else "")
    if here is None or there is None:
        only = here or there
        assert only is not None
        return Difference(only.path, "first" if there is None else "second", shapes)
    if here.kind == "refused" or there.kind == "refused":
        return Difference(here.path, "unread", shapes, why=here.refusal or there.refusal)
    if here.shape != there.shape:
        return Difference(here.path, "shape", shapes)
    try:
        if here.shape is None or 0 in here.shape:
            return Difference(here.path, "equal", shapes)
        one, other = first.dataset(here.path), second.dataset(here.path)
        if is_numeric(one.dtype) and is_numeric(other.dtype):
            return _measure(shapes, *_pair(first, second, here.path), here.path, step)
        if one.dtype != other.dtype:
            return Difference(here.path, "unread", shapes, why=text("They are of different kinds."))
        for file, data in ((first, one), (second, other)):
            check_texts(file.path, data, here.path)
        words = Stored(one, here.path, anything=True), Stored(other, here.path, anything=True)
        return _count(shapes, *words, here.path, step)
    except FileProblem as error:
        return Difference(here.path, "unread", shapes, why=error.text)


def gap(first: Hdf5File, second: Hdf5File, path: str) -> Gap:
    """Return the differences of one data set.

    Raises:
        FileProblem: It is not in both files, not of one shape, or holds no numbers.
    """
    one, other = _pair(first, second, path)
    if one.shape != other.shape:
        raise FileProblem("“{where}” has another shape in the other file.", where=path)
    return Gap(one, other)


def _pair(first: Hdf5File, second: Hdf5File, path: str) -> tuple[Stored, Stored]:
    return Stored(first.dataset(path), path), Stored(second.dataset(path), path)


def _count(
    shapes: tuple[str, str], first: Stored, second: Stored, path: str, step: Step
) -> Difference:
    """Count how many values differ that are no numbers."""
    unlike = 0
    for place, one in each_block(first, step):
        other = second.read(place)
        if one.dtype.hasobject:  # Lists of any length are arrays in an array.
            unlike += sum(
                not np.array_equal(a, b) for a, b in zip(one.flat, other.flat, strict=True)
            )
        else:
            unlike += int(one.size - np.count_nonzero(one == other))
    return Difference(path, "values" if unlike else "equal", shapes, unlike)


def _measure(
    shapes: tuple[str, str], first: Stored, second: Stored, path: str, step: Step
) -> Difference:
    unlike, most, total, squares, base = 0, 0.0, 0.0, 0.0, 0.0
    for place, one in each_block(first, step):
        other = second.read(place)
        gaps = np.atleast_1d(np.abs(apart(one, other)))
        unlike += int(gaps.size - np.count_nonzero(_same(one, other)))
        gaps[np.isnan(gaps)] = np.inf
        with np.errstate(over="ignore", invalid="ignore"):
            most = max(most, float(gaps.max()))
            total += float(gaps.sum())
            squares += float(np.square(gaps).sum())
            exact = one.astype(np.float64)
            base += float(np.square(exact[np.isfinite(exact)]).sum())
    relative = math.sqrt(squares / base) if base else math.inf
    if not unlike:
        return Difference(path, "equal", shapes)
    mean = total / math.prod(first.shape)
    return Difference(path, "values", shapes, unlike, most, mean, relative)


def summary(found: list[Difference]) -> list[Text]:
    """Say in a few words each how two files differ, without what there is not."""
    count = {state: sum(one.state == state for one in found) for state in ORDER}
    if count["equal"] == len(found):
        return [text("All {count} data sets are equal.", count=len(found))]
    parts: tuple[tuple[State, Text], ...] = (
        ("first", text("{count} only in the first", count=count["first"])),
        ("second", text("{count} only in the second", count=count["second"])),
        ("shape", text("{count} of another shape", count=count["shape"])),
        ("unread", text("{count} not compared", count=count["unread"])),
        ("values", text("{count} with other values", count=count["values"])),
        ("equal", text("{count} equal", count=count["equal"])),
    )
    return [words for state, words in parts if count[state]]
