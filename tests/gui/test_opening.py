"""What is said after opening a file, and which ways lead on."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from helpers.h5_files import small_model

from engine.paths import TEMPLATES
from gui.app import Application
from gui.files.files import weights_beside
from gui.files.inspecting import workbenches

LENET = next(TEMPLATES.glob("*lenet-5*"))


def choices(app: Application) -> list[str]:
    messages = app.window.messages
    return [button.text() for button in messages._buttons] if messages.isVisible() else []


def described(path: Path) -> Path:
    layers = [{"class_name": "Flatten", "config": {"name": "a", "batch_input_shape": [None, 8]}}]
    path.write_text(json.dumps({"class_name": "Sequential", "config": layers}))
    return path


def weights(path: Path) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        group = file.create_group("dense")
        group.attrs["weight_names"] = [b"dense/kernel:0"]
        group["dense/kernel:0"] = np.zeros((2, 3))
    return path


def test_news_of_an_import_stays_when_its_document_comes(app: Application, tmp_path: Path) -> None:
    app.window.open_template(LENET)
    app.window.open_path(described(tmp_path / "net.json"))
    assert app.window.messages.isVisible()
    assert app.window.messages.text.startswith("Imported")
    assert choices(app) == []


@pytest.mark.parametrize(
    ("model", "beside"),
    [
        ("net.json", "net_weights.h5"),
        ("net.json", "net.weights.h5"),
        ("net.json", "net.h5"),
        ("KERAS_3layer.json", "KERAS_3layer_weights.h5"),
        ("KERAS_conv2d_model.json", "KERAS_conv2d_weights.h5"),
    ],
)
def test_weights_beside_a_description_are_offered(
    model: str, beside: str, app: Application, tmp_path: Path
) -> None:
    weights(tmp_path / beside)
    session = app.window.open_path(described(tmp_path / model))
    assert session is not None
    assert choices(app) == [f"Load “{beside}”", "Close"]
    app.window.messages._buttons[0].click()
    assert session.awaits_weights


def test_a_file_of_another_name_is_not_its_weights(tmp_path: Path) -> None:
    weights(tmp_path / "other.h5")
    assert weights_beside(described(tmp_path / "net.json")) is None
    assert weights_beside(tmp_path / "other.h5") is None


def test_weights_alone_go_into_the_open_network(app: Application, tmp_path: Path) -> None:
    path = weights(tmp_path / "w.h5")
    app.window.open_path(path)
    assert choices(app) == ["Look inside", "Close"]
    session = app.window.open_template(LENET)
    app.window.open_path(path)
    assert choices(app) == ["Load into “LeNet-5”", "Look inside", "Close"]
    app.window.actions_["home"].trigger()
    app.window.open_path(path)
    app.window.messages._buttons[0].click()
    assert app.window.session is session
    assert app.window.sheets.weights is not None
    assert app.window.sheets.weights.isVisible()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"words", "no H5 file"), (None, "no H5 file")],
)
def test_what_has_no_inside_is_not_offered_to_be_looked_into(
    content: bytes | None, words: str, app: Application, tmp_path: Path
) -> None:
    path = tmp_path / "x.h5"
    if content is None:  # Cut off.
        whole = small_model(tmp_path / "whole.h5").read_bytes()
        content = whole[: len(whole) // 3]
    path.write_bytes(content)
    app.window.open_path(path)
    assert words in app.window.messages.text
    assert choices(app) == []


def test_ways_on_from_a_refused_file_go_with_what_is_in_front(
    app: Application, tmp_path: Path
) -> None:
    for name in ("one.h5", "other.h5"):
        with h5py.File(tmp_path / name, "w") as file:
            file["numbers"] = np.zeros(3)
    app.window.open_path(tmp_path / "one.h5")
    assert choices(app)[0] == "Look inside"
    app.window.messages._buttons[0].click()
    app.window.open_path(tmp_path / "other.h5")
    assert choices(app)[0] == "Look inside"
    app.window.tabs.setCurrentIndex(0)
    app.window.open_template(LENET)
    assert choices(app) == []
    for page in workbenches(app.window):
        page.close_file()
