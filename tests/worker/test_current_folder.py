"""No process of Netloom takes modules out of the folder that it happens to be started in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from helpers.own_layers import lambda_config

from engine.errors import ExportProblem
from engine.foreign import lambdas
from engine.formats.apart.asking import READERS
from engine.formats.hdf5.remote import RemoteFile
from engine.paths import ROOT
from engine.trust import trust
from engine.worker.exports import apart
from engine.worker.exports.course import Course
from engine.worker.scripts.asking import run_script
from main import main

MODULES = (
    *("pickle", "json", "socket", "struct", "random", "multiprocessing", "importlib", "dis"),
    *("numpy", "h5py", "keras", "tensorflow", "msgspec", "engine/__init__", "gui/__init__"),
    *("main", "flatbuffers", "sitecustomize_", "onnx", "PySide6"),
)


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go into a folder of hostile modules; the file is there once one of them has run."""
    monkeypatch.setenv("NETLOOM_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder, mark = tmp_path / "downloads", tmp_path / "mark"
    for name in MODULES:
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"open({str(mark)!r}, 'w').close()\nraise ImportError\n")
    monkeypatch.chdir(folder)
    return mark


def converter(root: Path) -> None:
    with pytest.raises(ExportProblem, match="broke down"):  # It finds no model.
        apart._run("onnx", root, root / "model.onnx", Course())


def script(root: Path) -> None:
    path = root / "work" / "script.py"
    path.parent.mkdir()
    path.write_text(
        "import keras\nmodel = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
    )
    trust(path.read_bytes(), str(path), "script")
    run_script(path, root / "model.keras")
    assert (root / "model.keras").is_file()


def reader(root: Path) -> None:
    path = root / "a.h5"
    with h5py.File(path, "w") as file:
        file["a"] = np.ones(3)
    READERS.close()
    assert RemoteFile(path).entry("/a").kind == "dataset"


def decoder(root: Path) -> None:
    params = {"function": lambda_config(lambda x: x * 7 - 5 * x)}
    lambdas.read(params)
    assert not [one for one in lambdas.obstacles(params) if one.code != "untrusted-code"]


def picture(root: Path) -> None:
    drawing = ROOT / "templates" / "1-linear-regression.netloom"
    assert main(["export", str(drawing), "--to", f"{root}/a.svg"]) == 0


@pytest.mark.parametrize("work", [converter, script, reader, decoder, picture])
def test_modules_of_the_current_folder_are_not_run(
    work: Callable[[Path], None], mark: Path, tmp_path: Path
) -> None:
    work(tmp_path)
    assert not mark.exists()


def test_an_empty_place_is_not_the_current_folder(
    mark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As it comes out of PYTHONPATH=$PYTHONPATH:/more where there was none.
    monkeypatch.setenv("PYTHONPATH", os.pathsep + str(ROOT))
    converter(tmp_path)
    assert not mark.exists()


STARTING = """
import threading
from engine.ipc.client import EngineClient

if __name__ == "__main__":
    known = threading.Event()
    seen = []
    client = EngineClient(lambda message: (seen.append(type(message).__name__), known.set()))
    client.start()
    known.wait(120)
    client.close()
    print(seen[0])
"""


def test_the_engine_takes_none_either(mark: Path, tmp_path: Path) -> None:
    starter = tmp_path / "start" / "start.py"
    starter.parent.mkdir()
    starter.write_text(STARTING)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(starter)],
        check=False, capture_output=True, text=True, env=environment, timeout=180,
    )  # fmt: skip
    assert done.stdout.strip() == "Ready", done.stderr
    assert not mark.exists()
