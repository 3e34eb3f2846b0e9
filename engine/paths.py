"""Where things lie on this machine, and writing files so that nothing is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from engine.errors import FileProblem

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
RESOURCES = ROOT / "resources"


def config_dir() -> Path:
    """Return the folder of this user's settings."""
    return Path(os.environ.get("NETLOOM_CONFIG") or platformdirs.user_config_dir("netloom", False))


def data_dir() -> Path:
    """Return the folder of this user's kept work: recovered weights, downloaded data."""
    return Path(os.environ.get("NETLOOM_DATA") or platformdirs.user_data_dir("netloom", False))


def keras_cache() -> Path:
    """Return the folder in which Keras keeps what it has downloaded."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


# No text that Netloom reads as a whole is larger.
LARGEST = 64 * 2**20
# What is being written, until it has its name, and folders for what is needed for a while.
UNFINISHED: set[Path] = set()


def discard_unfinished() -> None:
    """Remove what is being written: for a program that ends at once."""
    for path in tuple(UNFINISHED):
        if path.is_dir():
            # The thread that works may remove some of it at the same time.
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def passing_folder(beside: Path | None = None) -> Iterator[Path]:
    """Give a folder that goes with the block, and with `discard_unfinished`.

    Args:
        beside: The file beside which it lies, hidden; where the system keeps such folders if None.
    """
    prefix, parent = ("netloom-", None) if beside is None else (".saving-", beside.parent)
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir=parent, ignore_cleanup_errors=True
    ) as folder:
        UNFINISHED.add(Path(folder))
        try:
            yield Path(folder)
        finally:
            UNFINISHED.discard(Path(folder))


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path` that replaces it when the block succeeds.

    The file is flushed to disk before the rename, so `path` holds either the old content or
    the whole new one, whatever happens.

    Raises:
        FileProblem: The folder cannot be written, the disk is full, or something else than a file
            has the name; `path` is unchanged.
    """
    temporary: Path | None = None
    # A link stays one: what it leads to is replaced.
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    if path.exists() and not (path.is_file() or path.is_dir()):
        # Whoever may do anything would put a file in the place of a device that all others need.
        raise FileProblem(
            "“{path}” was not saved: it is a pipe or a device, not a file. Choose another name.",
            path=path,
        )
    try:
        handle, name = tempfile.mkstemp(
            prefix=".saving-", suffix=f"-{path.name[-80:]}", dir=path.parent
        )
        os.close(handle)
        temporary = Path(name)
        UNFINISHED.add(temporary)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        _keep_mode(path, temporary)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise write_problem(path, error) from error
    finally:
        if temporary is not None:
            UNFINISHED.discard(temporary)
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def refuse_pipe(path: Path) -> None:
    """Refuse what is neither a file nor a folder: whoever opens a pipe may wait for ever.

    Raises:
        FileProblem: It is a pipe, a device or the like.
        OSError: It does not exist, or may not be looked at.
    """
    _refuse_kind(path, path.stat().st_mode)


def _refuse_kind(path: Path, mode: int) -> None:
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise FileProblem(
            "“{path}” is a pipe or a device, not a file: choose a file.", path=path.name
        )


def read_small(path: Path, most: int = LARGEST) -> bytes:
    """Read a file that cannot be large; neither pipes nor endless devices are waited for.

    Args:
        path: The file.
        most: Its largest size in bytes.

    Returns:
        Its bytes; of a larger file one more than `most`.

    Raises:
        FileProblem: It is a pipe, a device or the like.
        OSError: It cannot be read.
    """
    refuse_pipe(path)
    # It may have become a pipe since: opened so, that is not waited for either.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
        told = os.fstat(file.fileno())
        _refuse_kind(path, told.st_mode)
        # Python makes room for what is asked for before it reads.
        return file.read(min(told.st_size, most) + 1)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a failure leaves the old one untouched.

    Raises:
        FileProblem: It cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_problem(path: Path, error: OSError) -> FileProblem:
    """Say why a file could not be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FileProblem(
            "“{path}” was not saved: the disk is full. Free some space or choose another folder.",
            path=path,
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FileProblem(
            "“{path}” was not saved: the folder cannot be written. Choose another folder.",
            path=path,
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FileProblem(
            "“{path}” was not saved: the folder does not exist. Choose another folder.", path=path
        )
    return FileProblem("“{path}” was not saved: {reason}.", path=path, reason=reason(error))


def reason(error: Exception) -> str:
    """Return the operating system's words for an error, or the error's own."""
    return getattr(error, "strerror", None) or str(error).split("\n")[0] or type(error).__name__


def _keep_mode(old: Path, new: Path) -> None:
    """Give the new file the old one's permissions, or the usual ones of a new file."""
    with contextlib.suppress(OSError):
        if old.exists():
            new.chmod(old.stat().st_mode & 0o777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            new.chmod(0o666 & ~mask)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
