"""What the workbench asks of a file; runs in a process of its own, with handles of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.errors import FileProblem, Text
from engine.formats.hdf5.comparing import Difference, compare, gap
from engine.formats.hdf5.content import Attribute, Head, Storage, attributes, head, storage
from engine.formats.hdf5.pictures import Picture, picture
from engine.formats.hdf5.reading import Numbers, Stored, no_numbers
from engine.formats.hdf5.statistics import statistics
from engine.formats.hdf5.tree import Entry, Hdf5File
from engine.stopping import Step

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


def about(path: str, where: str, step: Step) -> Iterator[object]:
    """Yield what there is in an entry, what shows quickly first."""
    with Hdf5File(Path(path)) as file:
        entry = file.entry(where)
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


def channel_of(
    first: str, second: str | None, where: str, channel: int, step: Step
) -> Iterator[Picture | None]:
    """Yield how another input channel looks, of a file or of a difference."""
    with Hdf5File(Path(first)) as one:
        if second is None:
            yield picture(Stored(one.dataset(where), where), step, channel=channel)
            return
        with Hdf5File(Path(second)) as other:
            yield picture(gap(one, other, where), step, channel=channel)


def difference(first: str, second: str, where: str, step: Step) -> Iterator[object]:
    """Yield how a data set differs between two files."""
    with Hdf5File(Path(first)) as one, Hdf5File(Path(second)) as other:
        try:
            yield from _figures(gap(one, other, where), step)
        except FileProblem as error:
            yield Problem("numbers", error.text)


def differences(first: str, second: str, step: Step) -> Iterator[list[Difference]]:
    """Yield how two files differ."""
    with Hdf5File(Path(first)) as one, Hdf5File(Path(second)) as other:
        yield compare(one, other, step)


def search(path: str, words: str, step: Step) -> Iterator[list[Entry]]:
    """Yield which entries have all of some words in their paths."""
    wanted = words.lower().split()

    def fits(place: str) -> bool:
        return all(word in place.lower() for word in wanted)

    with Hdf5File(Path(path)) as file:
        yield list(islice(file.walk(fits, step), MOST_FOUND))


# --- for the tree --------------------------------------------------------------------------


def names(path: str, where: str, step: Step) -> Iterator[list[str]]:
    """Yield the names in a group."""
    with Hdf5File(Path(path)) as file:
        yield file.names(where)


def entries(path: str, places: list[str], step: Step) -> Iterator[list[Entry]]:
    """Yield some lines of the tree."""
    with Hdf5File(Path(path)) as file:
        found = []
        for where in places:
            step(0.0)
            try:
                found.append(file.entry(where))
            except FileProblem as error:
                found.append(Entry(where, "refused", refusal=error.text))
        yield found
