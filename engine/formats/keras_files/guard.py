"""What a stranger's file may not contain: links out of it, bombs, members with foreign paths."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

import h5py

from engine.errors import FileProblem, Text, text
from engine.paths import reason, refuse_pipe
from engine.unpacking import unfolds_too_far

# Beyond this a part of a file may not grow more than its compression can explain.
HARMLESS = 64 * 2**20
# The most that zlib, the strongest compression in HDF5, packs into a byte.
PACKING = 1100
MOST_OBJECTS = 500_000
# What h5py raises for damage, for what it does not know, and for a closed file.
TROUBLE = (
    KeyError,
    MemoryError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)


@contextmanager
def guarded_h5(path: Path, beat: Callable[[], None] = lambda: None) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading after looking at every object's header in it.

    Args:
        path: The file.
        beat: Called for each object.

    Raises:
        FileProblem: It cannot be opened, is damaged, or reaches beyond itself: external links,
            external or virtual storage, or data sets declared far larger than the file.
    """
    try:
        with unlocked_h5(path) as file:
            _look_through(file, path, beat)
            yield file
    except FileProblem:
        raise
    except TROUBLE as error:
        raise h5_problem(path, error) from error


def unlocked_h5(path: Path) -> h5py.File:
    """Open an HDF5 file for reading without a lock: others may write it meanwhile.

    Within a process all who read a file must open it in one way, or HDF5 refuses the second.

    Raises:
        FileProblem: It is a pipe, a device or the like.
    """
    refuse_pipe(path)
    return h5py.File(path, "r", locking=False)


def h5_problem(path: Path, error: Exception) -> FileProblem:
    """Say why an HDF5 file cannot be opened or read."""
    if isinstance(error, OSError) and error.errno:
        # The library's own words are many, and end in numbers.
        return FileProblem(
            "“{path}” cannot be opened: {reason}.", path=path, reason=os.strerror(error.errno)
        )
    return FileProblem(
        "“{path}” is damaged or no H5 file: export it again, or restore it from a copy.",
        path=path.name,
    )


def _look_through(file: h5py.File, path: Path, beat: Callable[[], None]) -> None:
    seen: set[int] = set()
    groups: list[h5py.Group] = [file]
    while groups:
        group = groups.pop()
        for name in group:
            beat()
            link = group.get(name, getlink=True)
            where = f"{group.name.rstrip('/')}/{name}"
            if isinstance(link, h5py.ExternalLink):
                raise refused(path, where, text("a link to another file"))
            if not isinstance(link, h5py.HardLink):
                continue  # A soft link leads to what is looked at under its own name.
            thing = group[name]
            address = h5py.h5o.get_info(thing.id).addr
            if address in seen:
                continue
            seen.add(address)
            if len(seen) > MOST_OBJECTS:
                raise refused(path, "/", text("too many objects"))
            if isinstance(thing, h5py.Group):
                groups.append(thing)
            elif isinstance(thing, h5py.Dataset) and (what := danger(thing)):
                raise refused(path, where, what)


def danger(data: h5py.Dataset) -> Text | None:
    """Return what makes a data set unfit to be read, or None."""
    if data.is_virtual:
        return text("data of other files")
    if data.external:
        return text("data stored in another file")
    size = int(data.dtype.itemsize)
    for axis in data.shape or ():
        size *= int(axis)
    if size > HARMLESS and size > PACKING * data.id.get_storage_size():
        return text("far more data than the file is large")
    return None


def refused(path: Path, where: str, what: Text) -> FileProblem:
    """Say that a file is not opened for what it holds.

    Args:
        path: The file.
        where: The place in it.
        what: What is there.
    """
    return FileProblem(
        "“{path}” is not opened: “{where}” in it holds {what}. Ask whoever made it for a file that"
        " stands alone.",
        path=path.name,
        where=where,
        what=what,
    )


@contextmanager
def guarded_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive, such as a .keras file, after looking at its list of members.

    Members are read within `reading_zip`.

    Raises:
        FileProblem: It cannot be opened, is damaged, or has members with absolute paths, with
            paths that climb out, or that are together far larger than they are packed.
    """
    with reading_zip(path):
        refuse_pipe(path)
        archive = zipfile.ZipFile(path)
    with archive:
        for member in archive.infolist():
            _look_at_member(member, path)
        if unfolds_too_far(archive, archive.infolist()):
            largest = max(archive.infolist(), key=lambda member: member.file_size)
            raise too_far(path, largest)
        yield archive


@contextmanager
def reading_zip(path: Path) -> Iterator[None]:
    """Tell what goes wrong while members of a zip archive are read.

    Raises:
        FileProblem: The archive cannot be read or is damaged.
    """
    try:
        yield
    except FileProblem:
        raise
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno:
            raise FileProblem(
                "“{path}” cannot be opened: {reason}.", path=path, reason=reason(error)
            ) from error
        raise FileProblem(
            "“{path}” is damaged or no Keras file: save it again, or restore it from a copy.",
            path=path,
        ) from error
    except Exception as error:  # zlib and others have errors of their own.
        if type(error).__module__ not in ("zlib", "lzma", "struct"):
            raise
        raise FileProblem(
            "“{path}” is damaged or no Keras file: save it again, or restore it from a copy.",
            path=path,
        ) from error


def _look_at_member(member: zipfile.ZipInfo, path: Path) -> None:
    for kind in (PurePosixPath, PureWindowsPath):
        parts = kind(member.filename)
        if parts.is_absolute() or parts.drive or ".." in parts.parts:
            raise refused(path, member.filename, text("a path that leads out of the archive"))


def too_far(path: Path, member: zipfile.ZipInfo) -> FileProblem:
    """Say that an archive is not opened for what a member of it would unfold to."""
    return refused(path, member.filename, text("far more data than the file is large"))
