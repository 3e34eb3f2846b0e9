"""What the workbench asks of a file; runs on another thread, with handles of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from engine.errors import FileProblem, Text
from engine.formats.hdf5.comparing import Difference, compare, gap
from engine.formats.hdf5.content import Attribute, Head, Storage, attributes, head, storage
from engine.formats.hdf5.pictures import Picture, picture
from engine.formats.hdf5.reading import Numbers, Stored, no_numbers
from engine.formats.hdf5.statistics import statistics
from engine.formats.hdf5.tree import Entry, Hdf5File, Step
from gui.workbench.background import Work

MOST_FOUND = 2000


@dataclass(frozen=True)
class Content:
    """What is read about an entry at once; the rest follows."""

    attributes: list[Attribute]
    storage: Storage | None = None
    head: Head | None = None


@dataclass(frozen=True)
class Problem:
    """Why a part of the answer is missing.

    Attributes:
        part: "head" or "numbers".
        words: The sentence.
    """

    part: str
    words: Text


def about(path: Path, entry: Entry) -> Work:
    """Return the question what there is in an entry of a file."""
    return partial(_about, path, entry)


def difference(first: Path, second: Path, where: str) -> Work:
    """Return the question how a data set differs between two files."""
    return partial(_difference, first, second, where)


def channel_of(first: Path, second: Path | None, where: str, channel: int) -> Work:
    """Return the question how another input channel looks, of a file or of a difference."""
    return partial(_channel_of, first, second, where, channel)


def differences(first: Path, second: Path) -> Work:
    """Return the question how two files differ."""
    return partial(_differences, first, second)


def search(path: Path, words: str) -> Work:
    """Return the question which entries have all of some words in their paths."""
    return partial(_search, path, words)


def _about(path: Path, entry: Entry, step: Step) -> Iterator[object]:
    with Hdf5File(path) as file:
        if entry.kind != "dataset":
            yield Content(attributes(file, entry.path) if entry.kind == "group" else [])
            return
        first: Head | None = None
        problem: FileProblem | None = None
        try:
            first = head(file, entry.path)
        except FileProblem as error:
            problem = error
        yield Content(attributes(file, entry.path), storage(file, entry.path), first)
        if problem is not None:
            yield Problem("head", problem.text)
        data = file.dataset(entry.path)
        reason = no_numbers(entry.shape, data.dtype)
        if reason is not None:
            yield Problem("numbers", reason)
            return
        try:
            yield from _figures(Stored(data, entry.path), step)
        except FileProblem as error:
            yield Problem("numbers", error.text)


def _figures(numbers: Numbers, step: Step) -> Iterator[object]:
    """Yield picture and statistics; the picture has most to do with what one looks for."""
    found = picture(numbers, lambda share: step(share / 3))
    if found is not None:
        yield found
    yield statistics(numbers, lambda share: step((1 + 2 * share) / 3))


def _channel_of(
    first: Path, second: Path | None, where: str, channel: int, step: Step
) -> Iterator[Picture | None]:
    with Hdf5File(first) as one:
        if second is None:
            yield picture(Stored(one.dataset(where), where), step, channel=channel)
            return
        with Hdf5File(second) as other:
            yield picture(gap(one, other, where), step, channel=channel)


def _difference(first: Path, second: Path, where: str, step: Step) -> Iterator[object]:
    with Hdf5File(first) as one, Hdf5File(second) as other:
        try:
            yield from _figures(gap(one, other, where), step)
        except FileProblem as error:
            yield Problem("numbers", error.text)


def _differences(first: Path, second: Path, step: Step) -> Iterator[list[Difference]]:
    with Hdf5File(first) as one, Hdf5File(second) as other:
        yield compare(one, other, step)


def _search(path: Path, words: str, step: Step) -> Iterator[list[Entry]]:
    wanted = words.lower().split()

    def fits(place: str) -> bool:
        return all(word in place.lower() for word in wanted)

    with Hdf5File(path) as file:
        yield list(islice(file.walk(fits, step), MOST_FOUND))
