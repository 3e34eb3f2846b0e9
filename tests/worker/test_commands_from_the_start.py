"""What commands say before they have begun: Ctrl+C while TensorFlow comes, no data to train on."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import pytest

from engine.paths import ROOT, TEMPLATES
from main import main

# Tells when the import of TensorFlow has begun.
IMPORTING = """
import sys

class Telling:
    def find_spec(self, name, path=None, target=None):
        if name == "tensorflow.python":
            print("importing", flush=True)
        return None

sys.meta_path.insert(0, Telling())
from main import main
sys.exit(main(["check", sys.argv[1]]))
"""


@pytest.mark.parametrize("later", [0, 0.4])
def test_ctrl_c_while_tensorflow_is_imported(later: float) -> None:
    drawing = str(TEMPLATES / "1-linear-regression.netloom")
    with subprocess.Popen(
        [sys.executable, "-c", IMPORTING, drawing],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "importing\n"
        time.sleep(later)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert errors == "netloom: stopped; no file was changed.\n"


def test_training_without_data_names_the_option(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "net.keras"
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save(path)
    assert main(["train", str(path), "--out", str(tmp_path / "out")]) == 2
    told = capfd.readouterr().err
    assert told == "netloom: No data is chosen yet in “net.keras”: give an .npz file with --data.\n"
    assert not (tmp_path / "out").exists()
