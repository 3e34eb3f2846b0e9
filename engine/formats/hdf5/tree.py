"""An HDF5 file as a tree that is read piece by piece; nothing in it leads out of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import h5py

from engine.errors import FileProblem, Text, text
from engine.formats.hdf5.words import legible, type_words
from engine.formats.keras_files.guard import (
    MOST_OBJECTS,
    TROUBLE,
    danger,
    h5_problem,
    unlocked_h5,
)
from engine.stopping import Step, Stopped

Kind = Literal["group", "dataset", "type", "link", "refused"]
# Groups kept open: those around the rows that somebody looks at.
KEPT = 4096


@dataclass(frozen=True)
class Entry:
    """One line of the tree.

    Attributes:
        path: Where it lies, such as "/conv2d/kernel:0"; may hold bytes that are no text.
        kind: "link" is one within the file, which is named and not followed; "refused" is what
            would lead out of the file or cannot be read.
        address: Where the object lies in the file; two entries with one address are one object.
        children: How many entries a group holds.
        shape: Of a data set; None where it has none, not even one number.
        dtype: What it holds, in words.
        size: Bytes of a data set once read.
        target: Where a link leads.
        refusal: Why it is refused.
    """

    path: str
    kind: Kind
    address: int = 0
    children: int = 0
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    size: int = 0
    target: str = ""
    refusal: Text | None = None

    @property
    def name(self) -> str:
        """The last part of the path, fit to be shown."""
        return legible(self.path.rpartition("/")[2]) or "/"


class Hdf5File:
    """An open file; opening costs only its first header.

    It is opened without a lock, so that programs that train can write their files meanwhile.

    Raises:
        FileProblem: It cannot be opened, or is damaged or no HDF5 file. All methods raise it
            too, for what they are asked about.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.stat()
            if path.is_dir():
                raise FileProblem("“{path}” is a folder: choose a file in it.", path=path)
            self._file = unlocked_h5(path)
        except TROUBLE as error:
            raise h5_problem(path, error) from error
        self._groups: dict[str, h5py.Group] = {}

    def __enter__(self) -> Hdf5File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._groups.clear()
        self._file.close()

    def names(self, path: str = "/") -> list[str]:
        """Return the names in a group: as they were added where the file knows, else sorted."""
        group = self._group(path)
        try:
            if group.id.get_num_objs() > MOST_OBJECTS:
                raise self._problem(path, text("too many objects"))
            return _ordered(list(group))
        except TROUBLE as error:
            raise self._unreadable(path, error) from error

    def entry(self, path: str) -> Entry:
        """Describe one line of the tree from its headers."""
        if path == "/":
            try:
                return _describe_group("/", self._file)
            except TROUBLE as error:
                raise self._unreadable(path, error) from error
        above, _, name = path.rpartition("/")
        return _describe(self._group(above or "/"), name, path)

    def children(self, path: str = "/") -> Iterator[Entry]:
        """Describe what a group holds, one after the other."""
        for name in self.names(path):
            yield self.entry(joined(path, name))

    def walk(
        self, wanted: Callable[[str], bool] = lambda _: True, step: Step = lambda _: True
    ) -> Iterator[Entry]:
        """Describe everything below the root, each object once; further ways to it are links.

        Args:
            wanted: Whether to describe what lies at a path; its header is not read otherwise.
            step: Called for each entry; returns whether to go on.

        Raises:
            Stopped: `step` has said so.
        """
        seen: dict[int, str] = {self.entry("/").address: "/"}
        stack = [("/", self._file, iter(self.names("/")))]
        while stack:
            above, group, names = stack[-1]
            name = next(names, None)
            if name is None:
                stack.pop()
                continue
            if not step(0.0):
                raise Stopped
            path = joined(above, name)
            chosen = wanted(path)
            entry = _describe(group, name, path) if chosen else _sketch(group, name, path)
            if entry.address and entry.address in seen:
                if chosen:
                    yield Entry(path, "link", target=seen[entry.address])
                continue
            if chosen:
                yield entry
            if entry.address:
                seen[entry.address] = path
            if len(seen) > MOST_OBJECTS:
                raise self._problem("/", text("too many objects"))
            if entry.kind == "group":
                inner = group[name]
                stack.append((path, inner, iter(self._names_in(inner, path))))

    def thing(self, path: str) -> Any:
        """Return h5py's object at a path that does not leave the file.

        Raises:
            FileProblem: There is nothing, or it is refused.
        """
        if path == "/":
            return self._file
        entry = self.entry(path)
        if entry.kind == "refused":
            raise self._problem(path, entry.refusal or text("a link"))
        if entry.kind == "link":
            raise self._problem(path, text("a link"))
        above, _, name = path.rpartition("/")
        return self._group(above or "/")[name]

    def dataset(self, path: str) -> h5py.Dataset:
        """Return a data set that may be read.

        Raises:
            FileProblem: It is none, or is refused.
        """
        found = self.thing(path)
        if not isinstance(found, h5py.Dataset):
            raise self._problem(path, text("no data set"))
        return found

    def _names_in(self, group: h5py.Group, path: str) -> list[str]:
        try:
            return _ordered(list(group))
        except TROUBLE as error:
            raise self._unreadable(path, error) from error

    def _group(self, path: str) -> h5py.Group:
        """Return a group, reached through hard links only: other links may lead elsewhere."""
        missing: list[str] = []
        here = path
        while here != "/" and here not in self._groups:
            missing.append(here)
            here = here.rpartition("/")[0] or "/"
        group = self._file if here == "/" else self._groups[here]
        if len(self._groups) + len(missing) > KEPT:
            self._groups.clear()
        for place in reversed(missing):
            name = place.rpartition("/")[2]
            try:
                if group.id.links.get_info(_bytes(name)).type != h5py.h5l.TYPE_HARD:
                    raise self._problem(place, text("a link"))
                group = group[name]
            except TROUBLE as error:
                raise self._unreadable(place, error) from error
            if not isinstance(group, h5py.Group):
                raise self._problem(place, text("no group"))
            self._groups[place] = group
        return group

    def _problem(self, path: str, what: Text) -> FileProblem:
        return FileProblem(
            "“{where}” in “{path}” is not read: it holds {what}.",
            where=legible(path),
            path=self.path.name,
            what=what,
        )

    def _unreadable(self, path: str, error: Exception) -> FileProblem:
        return FileProblem(
            "“{where}” in “{path}” cannot be read; the file may be damaged: restore it from a copy."
            " ({reason})",
            where=legible(path),
            path=self.path.name,
            reason=legible(str(error).split("\n")[0]),
        )


def joined(above: str, name: str) -> str:
    """Return the path of what a group holds under a name."""
    return f"{above.rstrip('/')}/{name}"


def _ordered(names: list[str]) -> list[str]:
    """Sort names as people do, 2 before 10, where they come as computers do."""
    return sorted(names, key=_parts) if names == sorted(names) else names


def _parts(name: str) -> list[tuple[int, str]]:
    """Return the texts and numbers in a name; a number with more digits is the larger one."""
    parts = enumerate(re.split("([0-9]+)", name))
    return [(len(part.lstrip("0")) if place % 2 else 0, part) for place, part in parts]


def _describe(group: h5py.Group, name: str, path: str) -> Entry:
    """Describe what a group holds under a name, without leaving the file."""
    try:
        link = group.id.links.get_info(_bytes(name))
        if link.type == h5py.h5l.TYPE_SOFT:
            target = group.id.links.get_val(_bytes(name)).decode("utf-8", "replace")
            return Entry(path, "link", target=legible(target))
        if link.type == h5py.h5l.TYPE_EXTERNAL:
            file = group.id.links.get_val(_bytes(name))[0].decode("utf-8", "replace")
            refusal = text("a link to another file")
            return Entry(path, "refused", target=legible(file), refusal=refusal)
        if link.type != h5py.h5l.TYPE_HARD:
            return Entry(path, "refused", refusal=text("a link of an unknown kind"))
        found = group[name]
        if isinstance(found, h5py.Group):
            return _describe_group(path, found)
        if isinstance(found, h5py.Dataset):
            return _describe_dataset(path, found)
        return Entry(path, "type", _address(found), dtype=type_words(found.dtype))
    except TROUBLE:
        return Entry(path, "refused", refusal=text("something damaged or unknown"))


def _sketch(group: h5py.Group, name: str, path: str) -> Entry:
    """Tell only what is needed to go on: whether there is a group, and where it lies."""
    try:
        if group.id.links.get_info(_bytes(name)).type != h5py.h5l.TYPE_HARD:
            return Entry(path, "link")
        info = h5py.h5o.get_info(group.id, _bytes(name))
    except TROUBLE:
        return Entry(path, "refused")
    is_group = info.type == h5py.h5o.TYPE_GROUP
    return Entry(path, "group" if is_group else "dataset", int(info.addr))


def _describe_group(path: str, group: h5py.Group) -> Entry:
    return Entry(path, "group", _address(group), children=group.id.get_num_objs())


def _describe_dataset(path: str, data: h5py.Dataset) -> Entry:
    shape = None if data.shape is None else tuple(int(axis) for axis in data.shape)
    size = int(data.dtype.itemsize) if shape is not None else 0
    for axis in shape or ():
        size *= axis
    refusal = danger(data)
    return Entry(
        path,
        "dataset" if refusal is None else "refused",
        _address(data),
        shape=shape,
        dtype=type_words(data.dtype),
        size=size,
        refusal=refusal,
    )


def _address(found: Any) -> int:
    return int(h5py.h5o.get_info(found.id).addr)


def _bytes(name: str) -> bytes:
    # As h5py reads names: bytes that are no text come back as they were.
    return name.encode("utf-8", "surrogateescape")
