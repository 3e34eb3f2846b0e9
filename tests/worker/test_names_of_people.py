"""Layers with names that TensorFlow cannot take train, are looked into, and leave in any format."""

from __future__ import annotations

import importlib.util
import runpy
from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.formats.keras_files.drawing import import_model
from engine.formats.python_code import to_python
from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.graph.keras_names import keras_names
from engine.ipc import messages as m
from engine.worker.compile import build_model, compile_model
from engine.worker.documents import Followed
from engine.worker.exports.exporting import export_model
from engine.worker.grafting import graft, propose
from engine.worker.inside import Inside
from engine.worker.weights import load_weights

PICTURES = np.random.default_rng(0).random((8, 8, 8, 1), "float32")


def named() -> Document:
    """Return a network of Chinese, spaced and reserved names."""
    nodes = [
        Node(id="in", layer="Input", params={"shape": [8, 8, 1]}, order=0),
        Node(id="卷积", layer="Conv2D", params={"filters": 2, "kernel_size": 3}, order=1),
        Node(id="shift", layer="Expression", params={"formula": "a + 1"}, name="加 一", order=2),
        Node(id="flatten", layer="Flatten", name="展平", order=3),
        Node(id="again", layer="Flatten", name="flatten", order=4),
        Node(id="scores", layer="Dense", params={"units": 3}, name="my scores", order=5),
    ]
    edges = [Edge(one.id, other.id) for one, other in pairwise(nodes)]
    recipe = Recipe(loss="mean_squared_error", metrics=())
    return Document(Network(nodes, edges), title="我的 网络", recipe=recipe, data=Part("none"))


def test_names_are_kept_where_they_can_be() -> None:
    names = keras_names(named().network)
    assert names == {
        "in": "in_",
        "卷积": "Conv2D",
        "shift": "shift",
        "flatten": "flatten_2",
        "again": "flatten",
        "scores": "my_scores",
    }


def test_they_train_and_show_their_kernels() -> None:
    document = named()
    model = build_model(document.network, document.title)
    compile_model(model, document.recipe)
    model.fit(PICTURES, np.zeros((8, 3)), verbose=0)
    inside = Inside(document.network, model, [PICTURES[:1]])
    assert inside.kernel("卷积").shape == (3, 3, 1, 2)
    assert [output.title for output in inside.outputs()] == [
        node.title for node in document.network.ordered()
    ]


@pytest.mark.parametrize("format", ["h5", "keras", "saved_model", "onnx", "tflite"])
def test_they_leave_in_every_format(format: str, tmp_path: Path) -> None:
    if format == "onnx" and importlib.util.find_spec("onnxruntime") is None:
        pytest.skip("needs the extra packages")
    document = named()
    model = build_model(document.network, document.title)
    endings = {"saved_model": "savedmodel"}
    written = export_model(model, document, tmp_path / f"m.{endings.get(format, format)}", format)
    assert written.difference is not None and written.difference < 1e-5


def test_their_weights_come_back(tmp_path: Path) -> None:
    document = named()
    model = build_model(document.network, document.title)
    path = tmp_path / "m.h5"
    export_model(model, document, path, "h5")
    opened = import_model(path).document
    assert [node.title for node in opened.network.ordered()][1] == "卷积"
    again = build_model(opened.network)
    table = load_weights(again, opened.network, path)
    assert [row.how for row in table if row.node] == ["name", "name"]
    np.testing.assert_array_equal(
        again.predict(PICTURES, verbose=0), model.predict(PICTURES, verbose=0)
    )
    followed = Followed.open("d", m.DocumentState.of(document))
    rows = propose(followed, document, path).table
    graft(followed, document, path, {row.node: row.stored for row in rows})
    assert followed.trained is not None
    np.testing.assert_array_equal(
        followed.trained.model.predict(PICTURES, verbose=0), model.predict(PICTURES, verbose=0)
    )


def test_a_script_for_others_runs(tmp_path: Path) -> None:
    document = named()
    path = tmp_path / "script.py"
    path.write_text(to_python(document, alone=True), encoding="utf-8")
    model = runpy.run_path(str(path))["model"]
    assert isinstance(model, keras.Model)
    assert model.predict(PICTURES, verbose=0).shape == (8, 3)
    assert "name='my scores'" in to_python(document).replace('"', "'")
