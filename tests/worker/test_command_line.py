"""The commands without a window; as whole processes where that matters."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.networks import iris_classifier
from helpers.real_data import shared_data

from engine.datasets import Dataset
from engine.datasets.tables import Iris
from engine.fields import Params
from engine.formats.project import write_project
from engine.paths import ROOT, TEMPLATES
from main import main

LENET = next(TEMPLATES.glob("*lenet*"))
LINEAR = next(TEMPLATES.glob("*linear*"))


def netloom(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


class Here:
    """Runs commands in this process, which has imported TensorFlow already."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self._capfd.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as wrong:
            code = int(str(wrong.code))
        return (code, *self._capfd.readouterr())


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str]) -> Here:
    return Here(capfd)


def test_check_finds_nothing_wrong_with_a_template() -> None:
    result = netloom("check", LENET)
    assert (result.returncode, result.stdout) == (0, "No problems: 9 layers, 61,706 parameters.\n")
    assert result.stderr == ""


def test_check_tells_problems_as_json(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "broken.netloom"
    path.write_text(LENET.read_text().replace('"units": 10,', '"units": 7,'))
    code, out, _ = here("check", path, "--json")
    problem = json.loads(out)
    assert code == 1
    assert (problem["node"], problem["severity"]) == ("digit", "error")
    assert "10 classes" in problem["message"]


def test_train_writes_model_and_history(here: Here, tmp_path: Path) -> None:
    data = shared_data("mnist-10k.npz")
    result = netloom("train", LENET, "--epochs", 2, "--data", data, "--out", tmp_path, "--json")
    assert result.returncode == 0, result.stderr
    epochs = [json.loads(line) for line in result.stdout.splitlines()]
    assert [epoch["epoch"] for epoch in epochs] == [1, 2]
    assert epochs[1]["loss"] < epochs[0]["loss"]
    history = json.loads((tmp_path / "4-lenet-5.history.json").read_text())
    assert history["history"]["val_accuracy"][1] == epochs[1]["val_accuracy"]
    assert history["test"]["accuracy"] > 0.85
    keras.models.load_model(tmp_path / "4-lenet-5.h5")

    _, info, _ = here("info", tmp_path / "4-lenet-5.h5")
    assert "61,706 parameters" in info
    code, _, errors = here("export", tmp_path / "4-lenet-5.h5", "--to", tmp_path / "copy.keras")
    assert code == 0, errors
    assert (
        keras.models.load_model(tmp_path / "copy.keras").get_weights()[0]
        == keras.models.load_model(tmp_path / "4-lenet-5.h5").get_weights()[0]
    ).all()


def test_a_model_of_others_is_checked_without_data(here: Here, tmp_path: Path) -> None:
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Dense(3)(inputs)).save(tmp_path / "model.keras")
    code, out, errors = here("check", tmp_path / "model.keras")
    assert (code, errors) == (0, "")
    assert "No problems" in out
    code, _, errors = here("train", tmp_path / "model.keras", "--out", tmp_path / "out")
    assert code == 2
    assert "No data is chosen yet" in errors


def test_data_is_read_once_for_a_training(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = tmp_path / "iris.netloom"
    write_project(iris_classifier(), drawing)
    read: list[Params] = []
    load = Iris.load

    def noted(params: Params, context: object = None) -> Dataset:
        read.append(params)
        return load(params, context)

    monkeypatch.setattr(Iris, "load", noted)
    code, _, errors = here("train", drawing, "--epochs", 1, "--out", tmp_path)
    assert (code, len(read)) == (0, 1), errors


def test_training_that_diverges_fails_with_a_sentence(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "wild.netloom"
    path.write_text(LINEAR.read_text().replace('"learning_rate": 0.01', '"learning_rate": 1e30'))
    code, _, errors = here("train", path, "--out", tmp_path / "out")
    assert code == 1
    assert "learning rate" in errors
    assert not (tmp_path / "out" / "wild.h5").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be opened"),
        (b"", "damaged"),
        (b"PK\x03\x04 zip", "damaged"),
        (b'{"netloom": 99}', "newer Netloom"),
        (b'{"format": "onnx"}', "not a Netloom drawing"),
    ],
)
def test_unreadable_files_give_exit_code_two_and_one_sentence(
    content: bytes | None, words: str, here: Here, tmp_path: Path
) -> None:
    path = tmp_path / "x.netloom"
    if content is not None:
        path.write_bytes(content)
    code, out, errors = here("info", path)
    assert (code, out) == (2, "")
    assert words in errors
    assert len(errors.splitlines()) == 1


def test_a_whole_process_says_no_more_than_its_sentence(tmp_path: Path) -> None:
    result = netloom("info", tmp_path / "x.netloom")
    assert result.returncode == 2
    assert "cannot be opened" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_data_with_the_wrong_keys_names_them(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, images=np.zeros((3, 2)), labels=np.zeros(3))
    code, _, errors = here("train", LENET, "--data", path, "--out", tmp_path / "out")
    assert code in (1, 2)
    assert "x_train" in errors
    assert len(errors.splitlines()) == 1


def test_wrong_use_gives_exit_code_two(here: Here) -> None:
    assert here("train")[0] == 2
    assert here("nonsense")[0] == 2
    assert here("train", LENET, "--epochs", 0)[0] == 2


def test_no_qt_is_imported() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import main;"
        f"main.main(['check', {str(LINEAR)!r}]);"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'gui', 'pyqtgraph'))])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"
