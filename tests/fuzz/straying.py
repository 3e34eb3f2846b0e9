"""Readers that do what none may: the harness has to catch each of them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BESIDE = "watched-beside"


def _beside(path: Path) -> Path:
    """Return a folder whose name begins like that of the one which is allowed."""
    return path.parents[2] / BESIDE


def _opens(path: Path) -> None:
    (_beside(path) / "new.txt").write_text("x")


def _opens_by_bytes(path: Path) -> None:
    with open(os.fsencode(_beside(path) / "new.txt"), "wb"):
        pass


def _opens_low(path: Path) -> None:
    os.close(os.open(_beside(path) / "new.txt", os.O_CREAT | os.O_WRONLY))


def _opens_through_a_link(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(_beside(path))
    try:
        (link / "new.txt").write_text("x")
    finally:
        link.unlink()


def _opens_a_link(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(_beside(path) / "kept.txt")
    try:
        link.write_text("x")
    finally:
        link.unlink()


def _starts(path: Path) -> None:
    subprocess.run(["true"], check=True)


def _lets_a_child_write(path: Path) -> None:
    code = f"open({str(_beside(path) / 'new.txt')!r}, 'w')"
    subprocess.run([sys.executable, "-c", code], check=True)


def _writes_from_c(path: Path) -> None:
    import h5py

    with h5py.File(_beside(path) / "new.h5", "w"):
        pass


def _changes_from_c(path: Path) -> None:
    import h5py

    with h5py.File(_beside(path) / "kept.h5", "r+") as file:
        file.attrs["a"] = 2


def _makes_a_pipe(path: Path) -> None:
    os.mkfifo(_beside(path) / "new")


def _reads_apart(path: Path) -> None:
    from engine.formats.apart.asking import ask

    ask(path, f"{__name__}:written_apart", str(_beside(path) / "new.txt"))


def written_apart(path: str, _: object) -> None:
    """Write a file from the process that reads for others."""
    Path(path).write_text("x")


def _leaves_something(path: Path) -> None:
    path.with_name("left.txt").write_text("x")


def _talks(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as found:
        found.connect_ex(str(path.with_name("nowhere")))


def _takes_memory(path: Path) -> None:
    (b"x" * (700 * 2**20)).count(b"y")


def _dies(path: Path) -> None:
    os.abort()


def _hangs(path: Path) -> None:
    time.sleep(60)


def _raises(path: Path) -> None:
    raise ValueError("what no person understands")


def _refuses_without_the_name(path: Path) -> None:
    from engine.errors import FileProblem

    raise FileProblem("It cannot be opened.")


def _refuses_without_a_sentence(path: Path) -> None:
    from engine.errors import FileProblem

    raise FileProblem("“{path}”: Errno 2", path=path.name)


def _behaves(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(path, Path(folder) / "copy")
        (Path(folder) / "copy").unlink()


def _changing(change: Callable[[Path], object]) -> Callable[[Path], None]:
    return lambda path: (change(_beside(path)), None)[1]


# Each with what the harness says of it.
STRAYING: dict[str, tuple[Callable[[Path], None], str]] = {
    "opens": (_opens, "opened for writing"),
    "opens by bytes": (_opens_by_bytes, "opened for writing"),
    "opens low": (_opens_low, "opened for writing"),
    "opens through a link": (_opens_through_a_link, "opened for writing"),
    "opens a link": (_opens_a_link, "opened for writing"),
    "mkdir": (_changing(lambda beside: (beside / "new").mkdir()), "os.mkdir"),
    "unlink": (_changing(lambda beside: (beside / "kept.txt").unlink()), "os.remove"),
    "rmdir": (_changing(lambda beside: (beside / "empty").rmdir()), "os.rmdir"),
    "replace": (
        _changing(lambda beside: os.replace(beside / "kept.txt", beside / "empty" / "x")),
        "os.rename",
    ),
    "symlink": (_changing(lambda beside: (beside / "new").symlink_to("/")), "os.symlink"),
    "link": (
        _changing(lambda beside: (beside / "new").hardlink_to(beside / "kept.txt")),
        "os.link",
    ),
    "truncate": (_changing(lambda beside: os.truncate(beside / "kept.txt", 0)), "os.truncate"),
    "chmod": (_changing(lambda beside: (beside / "kept.txt").chmod(0o777)), "os.chmod"),
    "copy": (
        _changing(lambda beside: shutil.copyfile(beside / "kept.txt", beside / "new")),
        "shutil.copyfile",
    ),
    "rmtree": (_changing(lambda beside: shutil.rmtree(beside / "empty")), "shutil.rmtree"),
    "starts": (_starts, "subprocess.Popen"),
    "lets a child write": (_lets_a_child_write, "subprocess.Popen"),
    "writes from C": (_writes_from_c, "touched"),
    "changes from C": (_changes_from_c, "touched"),
    "makes a pipe": (_makes_a_pipe, "touched"),
    "reads apart": (_reads_apart, "touched"),
    "leaves something": (_leaves_something, "touched"),
    "talks": (_talks, "socket.connect"),
    "takes memory": (_takes_memory, "MB for a file"),
    "dies": (_dies, "died with"),
    "hangs": (_hangs, "hung for"),
    "raises": (_raises, "ValueError"),
    "refuses without the name": (_refuses_without_the_name, "does not name the file"),
    "refuses without a sentence": (_refuses_without_a_sentence, "no sentence"),
    "behaves": (_behaves, ""),
}
