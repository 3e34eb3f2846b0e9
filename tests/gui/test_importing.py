"""Opening a model of others: its drawing, a note on what did not fit, news of its weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers.answers import weights_loaded
from helpers.networks import template
from pytestqt.qtbot import QtBot

from engine.datasets import UNDECIDED
from engine.errors import FileProblem, text
from engine.formats.keras_files.matching import Match
from engine.graph.document import Part
from gui.bridge import Engine
from gui.files.importing import open_model
from gui.files.opened import MODELS
from gui.session import Session


def write(path: Path, *kinds: str) -> Path:
    layers: list[dict[str, Any]] = [
        {"class_name": kind, "config": {"name": f"layer_{number}"}}
        for number, kind in enumerate(kinds)
    ]
    layers[0]["config"]["batch_input_shape"] = [None, 8, 8, 1]
    path.write_text(json.dumps({"class_name": "Sequential", "config": layers}))
    return path


def test_a_model_that_fits_says_so_and_nothing_else(tmp_path: Path) -> None:
    opened = open_model(write(tmp_path / "net.json", "Flatten", "ReLU"))
    assert opened.news == "Imported 3 layers from “net.json”."
    assert (opened.severity, opened.weights, opened.document.marks) == ("info", None, {})
    assert opened.document.data == Part(UNDECIDED)  # What a person does not choose cannot misfit.


def test_what_does_not_fit_stands_beside_the_network(tmp_path: Path) -> None:
    opened = open_model(write(tmp_path / "net.json", "Flatten", "Strange"))
    (note,) = opened.document.marks.values()
    assert "“layer_1” is a Strange" in note.text
    assert opened.severity == "warning"
    assert "1 of them" in opened.news
    right = max(node.at[0] for node in opened.document.network.nodes.values())
    assert note.at[0] > right


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    opened = open_model(write(tmp_path / "net.json", "Flatten", *["Strange"] * 20))
    (note,) = opened.document.marks.values()
    assert note.text.count("•") == 12
    assert note.text.endswith("… and 8 more.")


@pytest.mark.parametrize("ending", MODELS)
def test_damaged_models_are_told(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"net{ending}"
    path.write_bytes(b"nothing")
    with pytest.raises(FileProblem):
        open_model(path)


def test_layers_without_weights_are_named(qtbot: QtBot) -> None:
    session = Session(template("lenet"), Engine())
    said: list[str] = []
    session.weights_missed.connect(lambda message, _: said.append(str(message)))
    table = [
        Match("conv1", "conv1", "name", [(5, 5, 1, 6)], [(5, 5, 1, 6)]),
        Match("digit", "", "", [(84, 10)], []),
    ]
    weights_loaded(session, table)
    assert said == ["1 of 2 layers keep new weights, as the file has none that fit: “digit”."]
    assert session.trained
    weights_loaded(session, table[:1])
    assert len(said) == 1
    session.close()


def test_weights_in_an_old_layout_are_told(qtbot: QtBot) -> None:
    session = Session(template("lenet"), Engine())
    said: list[str] = []
    session.posted.connect(lambda message, _: said.append(str(message)))
    shapes = [(5, 5, 1, 6)]
    notes = [text("gates joined"), text("kernel turned round"), text("gates joined")]
    table = [Match(f"n{n}", "it", "name", shapes, shapes, note) for n, note in enumerate(notes)]
    weights_loaded(session, table)
    wanted = "gates joined; kernel turned round"
    assert said == [f"3 layers had weights in the layout of an old Keras: {wanted}."]
    session.close()


def test_a_script_opens_with_a_note_on_what_was_not_read(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import keras\nx = keras.Input((4,))\ny = keras.layers.Dense(n)(x)\n"
        "z = keras.layers.ReLU()(x)\n"
    )
    opened = open_model(path)
    assert opened.weights is None
    assert opened.severity == "warning"
    assert "A part could not be read" in opened.news
    (note,) = opened.document.marks.values()
    assert "Line 3: " in note.text
