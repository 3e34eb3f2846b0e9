"""Trusted scripts are run up to their model; others are not."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from engine.errors import FileProblem
from engine.formats.keras_files.drawing import import_model
from engine.trust import trust
from engine.worker.scripts.asking import run_script
from main import main

SCRIPT = """
import tensorflow as tf
from pathlib import Path

(x, y), _ = tf.keras.datasets.mnist.load_data()

class Maker:
    def make(self, depth):
        model = tf.keras.Sequential([tf.keras.layers.Input(x.shape[1:] + (1,))])
        for number in range(depth):
            model.add(tf.keras.layers.Conv2D(2 ** (3 + number), 3, activation="relu"))
        model.add(tf.keras.layers.Flatten())
        model.add(tf.keras.layers.Dense(len(set(y.tolist()))))
        return model

model = Maker().make(y.ndim + 1)
model.compile("adam", "mse")
try:
    model.fit(x, y)
except Exception:
    pass
Path("trained").touch()
"""


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLOOM_CONFIG", str(tmp_path / "config"))


def script(tmp_path: Path, content: str, *, trusted: bool = True) -> Path:
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    path = folder / "script.py"
    path.write_text(textwrap.dedent(content), encoding="utf-8")
    if trusted:
        trust(path.read_bytes(), str(path), "script")
    return path


def test_the_model_is_told_without_training(tmp_path: Path) -> None:
    path, target = script(tmp_path, SCRIPT), tmp_path / "model.keras"
    run_script(path, target)
    nodes = import_model(target).document.network.ordered()
    assert [node.layer for node in nodes] == ["Input", "Conv2D", "Conv2D", "Flatten", "Dense"]
    assert nodes[2].params["filters"] == 16 and nodes[4].params["units"] == 10
    assert not (path.parent / "trained").exists()


def test_a_script_without_training_leaves_its_largest_model(tmp_path: Path) -> None:
    content = """
    import keras
    small = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    large = keras.Sequential([keras.layers.Input((2,)), *[keras.layers.Dense(3) for _ in "abc"]])
    1 / 0
    """
    target = tmp_path / "model.keras"
    run_script(script(tmp_path, content), target)
    assert len(import_model(target).document.network.nodes) == 4


def test_what_is_not_trusted_is_not_run(tmp_path: Path) -> None:
    path = script(tmp_path, "open('mark', 'w')", trusted=False)
    with pytest.raises(FileProblem, match="not trusted"):
        run_script(path, tmp_path / "model.keras")
    assert not (path.parent / "mark").exists()
    trust(path.read_bytes(), str(path), "script")
    path.write_text("open('other', 'w')", encoding="utf-8")
    with pytest.raises(FileProblem, match="not trusted"):
        run_script(path, tmp_path / "model.keras")
    assert not (path.parent / "other").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x = 1", "makes no model"),
        ("raise ValueError('no such data')", "no such data"),
        ("import os; os._exit(3)", "broke down"),
        ("import sys; sys.exit('enough')", "enough"),
        ("this is no Python", "invalid syntax"),
    ],
)
def test_scripts_without_a_model_say_why(content: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=words):
        run_script(script(tmp_path, content), tmp_path / "model.keras")


def test_a_script_that_does_not_end_is_ended_with_all_it_has_started(tmp_path: Path) -> None:
    content = """
    import subprocess, sys
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    while True:
        pass
    """
    with pytest.raises(FileProblem, match="within 6 seconds"):
        run_script(script(tmp_path, content), tmp_path / "model.keras", seconds=6)


def test_the_command_runs_only_when_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path, target = script(tmp_path, SCRIPT), tmp_path / "model.netloom"
    assert main(["import", str(path), "--run", "--to", str(target), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert [layer["layer"] for layer in told["layers"]][1] == "Conv2D"
    path.write_text("print('changed')", encoding="utf-8")
    assert main(["import", str(path), "--run", "--to", str(target)]) == 2
    assert "not trusted" in capfd.readouterr().err
