"""Trusted scripts are run up to their model; others are not."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.errors import FileProblem
from engine.formats.keras_files.drawing import import_model
from engine.formats.python_reading.arrays import loaded
from engine.formats.python_reading.data_sets import DATA_SETS
from engine.trust import trust
from engine.worker.children import child_environment
from engine.worker.scripts.asking import run_script
from engine.worker.scripts.running import stand_in
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


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


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
        ("import sys; sys.exit('enough')", r"ended by itself \(enough\)"),
        ("input()", "EOFError"),
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


ENDLESS = """
import subprocess, sys, time
from pathlib import Path
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
Path("started.part").write_text(f"{os.getpid()} {other.pid}")
os.rename("started.part", "started")
while True:
    time.sleep(0.1)
"""


def is_running(process: int) -> bool:
    """Return whether a process computes; the dead who wait for their parent do not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_script_ends_with_the_engine_and_so_does_all_it_has_started(tmp_path: Path) -> None:
    path, target = script(tmp_path, f"import os\n{ENDLESS}"), tmp_path / "model.keras"
    call = f"run_script(Path({str(path)!r}), Path({str(target)!r}))"
    words = f"from pathlib import Path\nfrom engine.worker.scripts.asking import run_script\n{call}"
    started = path.parent / "started"
    with subprocess.Popen([sys.executable, "-c", words], env=child_environment()) as engine:
        wait_for(started.is_file)
        processes = [int(number) for number in started.read_text().split()]
        assert all(map(is_running, processes))
        engine.kill()
    wait_for(lambda: not any(map(is_running, processes)))


def test_a_script_that_gives_nobody_a_turn_ends_by_itself(tmp_path: Path) -> None:
    # One operation of C's that lasts for ever.
    content = b"sum(iter(int, 1))"
    path, target = tmp_path / "script.py", tmp_path / "model.keras"
    command = [sys.executable, "-m", "engine.worker.scripts.child", str(path), str(target)]
    with subprocess.Popen(
        [*command, str(len(content)), "8"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
    ) as child:
        assert child.stdin is not None
        child.stdin.write(content)
        child.stdin.flush()
        assert child.wait(30) == 1


@pytest.mark.parametrize("name", DATA_SETS)
def test_data_is_stood_in_for_by_data_of_the_shapes_that_are_followed(name: str) -> None:
    given = stand_in(DATA_SETS[name])()
    followed = loaded(f"keras.datasets.{name}.load_data")
    assert [[np.shape(values) for values in half] for half in given] == [
        [values.shape for values in half] for half in followed
    ]


def test_the_command_runs_only_when_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path, target = script(tmp_path, SCRIPT), tmp_path / "model.netloom"
    assert main(["import", str(path), "--run", "--to", str(target), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert [layer["layer"] for layer in told["layers"]][1] == "Conv2D"
    path.write_text("print('changed')", encoding="utf-8")
    assert main(["import", str(path), "--run", "--to", str(target)]) == 2
    assert "not trusted" in capfd.readouterr().err
