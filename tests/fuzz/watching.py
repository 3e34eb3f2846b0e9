"""What a process does outside of its folder, as Python itself tells of it: noted and prevented.

C code and children are not told of: the harness compares what lies beside the folder for these.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from engine.foreign.bytecode import DECODER
from engine.formats.apart.asking import CODE

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# The places that each call changes, by their position among its arguments.
CHANGING = {
    "os.chmod": (0,), "os.chown": (0,), "os.link": (1,), "os.mkdir": (0,), "os.remove": (0,),
    "os.rename": (0, 1), "os.rmdir": (0,), "os.symlink": (1,), "os.truncate": (0,),
    "os.utime": (0,), "shutil.chown": (0,), "shutil.copyfile": (1,), "shutil.copymode": (1,),
    "shutil.copystat": (1,), "shutil.copytree": (1,), "shutil.make_archive": (0,),
    "shutil.move": (0, 1), "shutil.rmtree": (0,), "shutil.unpack_archive": (1,),
}  # fmt: skip
# Of these a link's own place counts, not what it leads to.
NAMING = {
    "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "shutil.move",
    "shutil.rmtree",
}  # fmt: skip
STARTING = {
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
    "subprocess.Popen",
}  # fmt: skip
TALKING = {"socket.connect", "socket.bind", "socket.getaddrinfo"}
FREE = ("/proc/self/", "/dev/null")


class Watch:
    """Writes down what strays, and lets none of it happen: tests may run with all rights.

    Args:
        folder: Where everything is allowed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = os.path.realpath(folder)
        self._found: list[str] = []
        sys.addaudithook(self._hear)

    def taken(self) -> list[str]:
        """Return what has strayed since the last time."""
        found, self._found[:] = list(self._found), []
        return found

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if (arguments[2] or 0) & WRITING:
                self._places("opened for writing", arguments[:1])
        elif event in CHANGING:
            self._places(event, [arguments[place] for place in CHANGING[event]])
        elif event in STARTING and not _is_netloom(event, arguments):
            self._prevent(f"{event}: {str(arguments[:2])[:200]}")
        elif event in TALKING:
            self._prevent(f"{event}: {str(arguments[1:])[:200]}")

    def _prevent(self, what: str) -> NoReturn:
        self._found.append(what)
        raise PermissionError(errno.EPERM, "not allowed in a campaign")

    def _places(self, event: str, places: Any) -> None:
        for place in places:
            if isinstance(place, int):
                continue  # A descriptor: its file was opened before.
            with contextlib.suppress(TypeError, ValueError):
                words = os.path.abspath(os.fsdecode(place))
                above, name = os.path.split(words)
                real = os.path.realpath(words)
                if event in NAMING:
                    real = os.path.join(os.path.realpath(above), name)
                if not f"{real}/".startswith((f"{self._folder}/", *FREE)):
                    self._prevent(f"{event}: {words}")


def _is_netloom(event: str, arguments: tuple[Any, ...]) -> bool:
    """Return whether a process is one of those that Netloom starts to read files."""
    command = [os.fsdecode(word) for word in arguments[1]] if event == "subprocess.Popen" else []
    own = (["-P", "-c", CODE], ["-I", "-S", str(DECODER)])
    return command[:1] == [sys.executable] and any(
        command[1 : 1 + len(words)] == words for words in own
    )


def listing(folder: Path, besides: frozenset[str] = frozenset()) -> set[tuple[object, ...]]:
    """Return everything below a folder, with what changes where it is written.

    Args:
        folder: The folder.
        besides: Places that may change.
    """
    return {entry for entry in _entries(folder) if entry[0] not in besides}


def _entries(folder: Path) -> Iterator[tuple[object, ...]]:
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            place = os.path.join(above, name)
            told = os.lstat(place)
            # The times of a folder change with the temporary files in it.
            changing = (told.st_size, told.st_mtime_ns, told.st_ctime_ns) if name in files else ()
            yield (place, told.st_mode, told.st_ino, *changing)
