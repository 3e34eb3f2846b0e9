"""SavedModel folders: our own, those of Keras 2, and those that hold no Keras model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.networks import template
from helpers.saved_models import metadata
from hypothesis import given
from hypothesis import strategies as st
from tensorflow.core.protobuf import saved_model_pb2

from engine.errors import FileProblem
from engine.formats.importing import import_any
from engine.formats.keras_files.saved_model import GRAPH, METADATA, fields
from engine.formats.project import to_json
from engine.worker.compile import build_model, compile_model
from engine.worker.exports.exporting import export_model
from engine.worker.weights import load_weights

CONFIG = {
    "name": "old",
    "layers": [
        {
            "class_name": "InputLayer",
            "config": {"batch_input_shape": [None, 8, 8, 1], "dtype": "float32", "name": "image"},
            "name": "image",
            "inbound_nodes": [],
        },
        {
            "class_name": "Conv2D",
            "config": {"name": "conv", "filters": 3, "kernel_size": [3, 3], "activation": "relu"},
            "name": "conv",
            "inbound_nodes": [[["image", 0, 0, {}]]],
        },
        {
            "class_name": "BatchNormalization",
            "config": {"name": "norm", "axis": [3]},
            "name": "norm",
            "inbound_nodes": [[["conv", 0, 0, {}]]],
        },
        {
            "class_name": "Reshape",
            "config": {"name": "steps", "target_shape": [36, 3]},
            "name": "steps",
            "inbound_nodes": [[["norm", 0, 0, {}]]],
        },
        {
            "class_name": "Bidirectional",
            "config": {
                "name": "both",
                "layer": {"class_name": "LSTM", "config": {"name": "lstm", "units": 2}},
                "merge_mode": "concat",
            },
            "name": "both",
            "inbound_nodes": [[["steps", 0, 0, {}]]],
        },
        {
            "class_name": "Dense",
            "config": {"name": "kind", "units": 2, "activation": "softmax"},
            "name": "kind",
            "inbound_nodes": [[["both", 0, 0, {}]]],
        },
    ],
    "input_layers": [["image", 0, 0]],
    "output_layers": [["kind", 0, 0]],
}


def the_same_in_keras() -> keras.Model:
    layers = keras.layers
    image = keras.Input((8, 8, 1))
    tensor = layers.Conv2D(3, 3, activation="relu", name="conv")(image)
    tensor = layers.BatchNormalization(name="norm")(tensor)
    tensor = layers.Reshape((36, 3))(tensor)
    tensor = layers.Bidirectional(layers.LSTM(2), name="both")(tensor)
    model = keras.Model(image, layers.Dense(2, activation="softmax", name="kind")(tensor))
    generator = np.random.default_rng(1)
    model.set_weights([generator.random(weight.shape) for weight in model.get_weights()])
    return model


def described(config: Any = CONFIG, kind: str = "Functional") -> str:
    return json.dumps({"class_name": kind, "config": config, "keras_version": "2.9.0"})


def keras_2(folder: Path, model: keras.Model, content: bytes | None) -> Path:
    """Write a SavedModel in the words of Keras 2."""
    folder.mkdir()
    (folder / GRAPH).write_bytes(b"")
    if content is not None:
        (folder / METADATA).write_bytes(content)

    def part(**values: Any) -> Any:
        held = tf.Module()
        for name, value in values.items():
            setattr(held, name, value if isinstance(value, tf.Module) else tf.Variable(value))
        return held

    conv, norm, both, kind = (
        model.get_layer(name).get_weights() for name in ("conv", "norm", "both", "kind")
    )
    cells = [
        part(cell=part(kernel=one[0], recurrent_kernel=one[1], bias=one[2]))
        for one in (both[:3], both[3:])
    ]
    layers = (
        part(kernel=conv[0], bias=conv[1]),
        part(gamma=norm[0], beta=norm[1], moving_mean=norm[2], moving_variance=norm[3]),
        part(forward_layer=cells[0], backward_layer=cells[1]),
        part(kernel=kind[0], bias=kind[1]),
    )
    held = {f"layer_with_weights-{number}": layer for number, layer in enumerate(layers)}
    tf.train.Checkpoint(**held).write(str(folder / "variables" / "variables"))
    return folder


def predictions(folder: Path, samples: np.ndarray) -> np.ndarray:
    imported = import_any(folder)
    assert imported.weighted
    network = imported.document.network
    model = build_model(network)
    load_weights(model, network, folder)
    return np.asarray(model(samples))


@pytest.mark.parametrize("name", ["lenet", "lstm", "branches"])
def test_our_own_comes_back_with_drawing_and_weights(name: str, tmp_path: Path) -> None:
    document = template(name)
    model = build_model(document.network, document.title, seed=1)
    compile_model(model, document.recipe)
    folder = tmp_path / "model.savedmodel"
    assert export_model(model, document, folder, "saved_model").difference == 0
    for path in (folder, folder / GRAPH):
        again = import_any(path)
        assert again.own and again.weighted
        assert to_json(again.document) == to_json(document)
        other = build_model(document.network, document.title, seed=2)
        table = load_weights(other, document.network, path)
        assert {row.node for row in table} <= document.network.nodes.keys()
        assert all(map(np.array_equal, other.get_weights(), model.get_weights()))


def test_a_model_of_keras_2_comes_with_its_weights(tmp_path: Path) -> None:
    model = the_same_in_keras()
    parts = (("_tf_keras_layer", "{}"), ("_tf_keras_network", described()))
    folder = keras_2(tmp_path / "old", model, metadata(*parts))
    samples = np.random.default_rng(0).random((4, 8, 8, 1)).astype("float32")
    assert np.allclose(predictions(folder, samples), model(samples), atol=1e-6)


def test_a_model_of_tensorflow_2_2_is_described_in_its_graph(tmp_path: Path) -> None:
    model = the_same_in_keras()
    folder = keras_2(tmp_path / "older", model, None)
    graph = saved_model_pb2.SavedModel()
    objects = graph.meta_graphs.add().object_graph_def
    user = objects.nodes.add().user_object
    user.identifier, user.metadata = "_tf_keras_model", described(kind="Model")
    (folder / GRAPH).write_bytes(graph.SerializeToString())
    samples = np.random.default_rng(0).random((4, 8, 8, 1)).astype("float32")
    assert np.allclose(predictions(folder, samples), model(samples), atol=1e-6)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (metadata(("_tf_keras_model", described({}, "MyModel"))), "no Keras model"),
        (metadata(("_tf_keras_layer", described())), "no Keras model"),
        (metadata(("_tf_keras_network", "{")), "damaged"),
        (metadata(("_tf_keras_network", described()))[:-3], "damaged"),
        (b"\xff" * 30, "damaged"),
        (b"", "no Keras model"),
    ],
)
def test_what_holds_no_model_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    folder = keras_2(tmp_path / "other", the_same_in_keras(), content)
    with pytest.raises(FileProblem, match=words):
        import_any(folder)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    content = metadata(("_tf_keras_network", described()))
    folder = keras_2(tmp_path / "old", the_same_in_keras(), content)
    network = import_any(folder).document.network
    (folder / "variables" / "variables.index").write_bytes(b"no index")
    with pytest.raises(FileProblem, match="old"):
        load_weights(build_model(network), network, folder)


def test_weights_that_end_too_soon_are_refused(tmp_path: Path) -> None:
    document = template("lenet")
    model = build_model(document.network, document.title, seed=1)
    compile_model(model, document.recipe)
    folder = tmp_path / "own.savedmodel"
    export_model(model, document, folder, "saved_model")
    for name in ("variables.data-00000-of-00001", "variables.index"):
        path = folder / "variables" / name
        path.write_bytes(path.read_bytes()[:1000])
        with pytest.raises(FileProblem, match=r"own\.savedmodel"):
            load_weights(model, document.network, folder)


def test_a_folder_of_other_things_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no kind of model"):
        import_any(tmp_path)


@given(st.binary(max_size=200))
def test_any_bytes_are_walked_over_or_refused(content: bytes) -> None:
    try:
        found = list(fields(content, {1, 4, 5}))
    except ValueError:
        return
    assert sum(len(value) for _, value in found) <= len(content)
