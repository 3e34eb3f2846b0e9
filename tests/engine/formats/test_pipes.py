"""Pipes and endless devices under the name of a file: refused at once, never waited for."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import recovery, trust
from engine.datasets import DATASETS
from engine.errors import FileProblem, NetloomError
from engine.formats.hdf5.remote import RemoteFile
from engine.formats.importing import import_any
from engine.formats.keras_files.guard import h5_problem
from engine.formats.keras_files.stored import stored_layers
from engine.formats.project import read_project
from engine.paths import read_small, write_bytes
from engine.settings import Settings, load_settings

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="pipes there have no place in folders"),
    pytest.mark.timeout(20),
]
Make = Callable[[Path], None]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _stored(path: Path) -> None:
    with stored_layers(path):
        pass


READERS: list[tuple[str, Callable[[Path], object]]] = [
    ("d.netloom", read_project),
    ("m.json", import_any),
    ("m.keras", import_any),
    ("m.keras", _stored),
    ("m.h5", import_any),
    ("m.weights.h5", _stored),
    ("s.py", import_any),
    ("any.h5", lambda path: RemoteFile(path).names("/")),
]


@pytest.mark.parametrize("make", [pipe, endless])
@pytest.mark.parametrize(("name", "read"), READERS)
def test_what_is_no_file_is_refused(
    name: str, read: Callable[[Path], object], make: Make, tmp_path: Path
) -> None:
    make(tmp_path / name)
    with pytest.raises(FileProblem, match=f"“{name}” is a pipe or a device"):
        read(tmp_path / name)


@pytest.mark.parametrize("make", [pipe, endless])
def test_data_is_not_read_from_what_is_no_file(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "d.npz")
    with pytest.raises(NetloomError):
        DATASETS.get("npz").load({"path": str(tmp_path / "d.npz")})


@pytest.mark.parametrize("make", [pipe, endless])
def test_own_files_that_are_none_count_as_missing(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETLOOM_CONFIG", str(tmp_path))
    monkeypatch.setenv("NETLOOM_DATA", str(tmp_path))
    (tmp_path / "recovery").mkdir()
    for name in ("settings.json", "trusted.json", "recovery/1-a.recovery"):
        make(tmp_path / name)
    assert load_settings() == Settings()
    assert trust.all_trusted() == []
    assert recovery.found() == {}


def test_a_file_that_becomes_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(tmp_path / "f")
    monkeypatch.setattr("engine.paths.refuse_pipe", lambda _: None)
    with pytest.raises(FileProblem, match="is a pipe"):
        read_small(tmp_path / "f", 10)


def test_no_more_is_read_than_one_byte_beyond_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0123456789")
    assert read_small(tmp_path / "f", 10) == b"0123456789"
    assert read_small(tmp_path / "f", 5) == b"012345"


def test_a_folder_is_named_by_the_system_s_words(tmp_path: Path) -> None:
    (tmp_path / "d.netloom").mkdir()
    with pytest.raises(FileProblem, match="cannot be opened"):
        read_project(tmp_path / "d.netloom")


def test_nothing_is_saved_in_the_place_of_a_pipe(tmp_path: Path) -> None:
    pipe(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link"):
        with pytest.raises(FileProblem, match="was not saved: it is a pipe or a device"):
            write_bytes(tmp_path / name, b"x")
    assert (tmp_path / "pipe").is_fifo()
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link"}


def test_why_the_system_refuses_is_said_in_its_words() -> None:
    error = OSError(errno.EIO, "Unable to open file (read failed: errno = 5, offset = 0)")
    told = str(h5_problem(Path("m.h5"), error))
    assert told == f"“m.h5” cannot be opened: {os.strerror(errno.EIO)}."
