"""Copies of unsaved documents that outlive a crash, a kill or a power cut."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import msgspec

from engine import paths
from engine.errors import FileProblem, NetloomError
from engine.paths import read_small, write_bytes

SUFFIX = ".recovery"
# Titles are named in sentences.
LONGEST_TITLE = 120

# What is wrong with copies that are passed over.
_TROUBLE = (
    OSError,
    FileProblem,
    msgspec.DecodeError,
    UnicodeDecodeError,
    RecursionError,
)


class Copy(msgspec.Struct, kw_only=True):
    """One unsaved document.

    Attributes:
        title: Name of the document.
        path: File that it was opened from or last saved to, or "".
        process: Process that has it open.
        time: When it was copied, in seconds since 1970.
        document: The project file's text.
    """

    title: str
    path: str = ""
    process: int = 0
    time: float = 0.0
    document: str = ""


def folder() -> Path:
    """Return where the copies lie."""
    return paths.data_dir() / "recovery"


def keep(name: str, copy: Copy) -> None:
    """Write a copy; a document's later copies replace the earlier ones.

    Args:
        name: Tells the documents of this process apart.
        copy: The document; process and time are filled in.

    Raises:
        FileProblem: It cannot be written.
    """
    copy.process, copy.time = os.getpid(), time.time()
    folder().mkdir(parents=True, exist_ok=True)
    write_bytes(_file(name), msgspec.json.encode(copy))


def forget(name: str) -> None:
    """Remove a document's copy: it is saved, or was discarded knowingly."""
    with contextlib.suppress(OSError):
        _file(name).unlink(missing_ok=True)


def found() -> dict[Path, Copy]:
    """Return the copies whose process is gone, the latest first; damaged ones are passed over."""
    copies: dict[Path, Copy] = {}
    for path in folder().glob(f"*{SUFFIX}"):
        with contextlib.suppress(*_TROUBLE):
            copy = msgspec.json.decode(read_small(path), type=Copy)
            copy.title = copy.title[:LONGEST_TITLE]
            if not _alive(copy.process):
                copies[path] = copy
    return dict(sorted(copies.items(), key=lambda entry: -entry[1].time))


def _file(name: str) -> Path:
    return folder() / f"{os.getpid()}-{name}{SUFFIX}"


def _alive(process: int) -> bool:
    """Return whether a process lives; this one's own number may be a dead one's, used again."""
    if not 0 < process < 2**31 or process == os.getpid():
        return False
    if os.name == "nt":
        return _alive_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _alive_on_windows(process: int) -> bool:
    # There `os.kill(process, 0)` would end it.
    import ctypes

    query = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    handle = kernel.OpenProcess(query, False, process)
    if not handle:
        return False
    kernel.CloseHandle(handle)
    return True


def take(path: Path) -> None:
    """Remove a copy that has been restored or refused.

    Raises:
        NetloomError: It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NetloomError("“{path}” cannot be removed.", path=path.name) from error
