"""Layers that ask something of a format: masks, augmentation, texts, several inputs."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from helpers.networks import network
from helpers.specimens import specimen

from engine.errors import ExportProblem
from engine.formats.exporting import FORMATS
from engine.graph.document import Document, Edge, Network, Node
from engine.layers import LAYERS, LayerSpec
from engine.worker.compile import build_model
from engine.worker.exports.exporting import Written, export_model
from engine.worker.exports.keras_files import write_whole
from engine.worker.exports.other_programs import IDLE, pass_idle
from engine.worker.exports.refusals import unknown_operator
from engine.worker.exports.samples import largest_difference, outputs_of, plain
from engine.worker.weights import settle

PICTURES = (np.random.default_rng(0).random((2, 16, 16, 3)) - 0.3).astype("float32") * 900


def exported(document: Document, folder: Path, format: str) -> Written:
    model = build_model(document.network, "m", seed=1)
    return export_model(model, document, folder / f"m{FORMATS[format].ending}", format)


def two_inputs(first: int, second: int) -> Document:
    """Two inputs whose order is not that of their names."""
    nodes = [
        Node(id="zeta", layer="Input", params={"shape": [first]}, order=0),
        Node(id="alpha", layer="Input", params={"shape": [second]}, order=1),
        Node(id="left", layer="Dense", params={"units": 3}, order=2),
        Node(id="right", layer="Dense", params={"units": 3}, order=3),
        Node(id="both", layer="Concatenate", order=4),
    ]
    edges = [("zeta", "left"), ("alpha", "right"), ("left", "both"), ("right", "both", 1)]
    return Document(Network(nodes, [Edge(*edge) for edge in edges]))


@pytest.mark.parametrize("format", ["tflite_int8", "onnx", "saved_model"])
def test_inputs_are_told_apart_by_name(format: str, tmp_path: Path) -> None:
    found = exported(two_inputs(3, 4), tmp_path, format)
    assert found.difference is not None and found.difference < 0.06


def masked() -> Document:
    return Document(
        network(
            [
                ("words", "Input", {"shape": [6], "dtype": "int32"}),
                ("embedding", "Embedding", {"input_dim": 9, "output_dim": 4, "mask_zero": True}),
                ("both", "Bidirectional", {"layer": {"layer": "LSTM", "params": {"units": 3}}}),
            ]
        )
    )


def test_masked_recurrent_layers_go_into_eight_bits(tmp_path: Path) -> None:
    found = exported(masked(), tmp_path, "tflite_int8")
    assert found.difference is not None and found.difference < 0.06


# RandomCrop cuts pictures, or leaves them as they are, by Keras's version; never at random.
AUGMENTING = [
    spec for spec in LAYERS if spec.category == "augmentation" and spec.key != "RandomCrop"
]


@pytest.mark.parametrize("spec", AUGMENTING, ids=lambda spec: spec.key)
def test_layers_that_idle_in_prediction_are_known(spec: type[LayerSpec]) -> None:
    layer = spec.make(keras, {}, None)
    found = keras.ops.convert_to_numpy(layer(PICTURES, training=False))
    assert np.array_equal(found, PICTURES) == isinstance(layer, IDLE)


def augmented() -> Document:
    return Document(
        network(
            [
                ("picture", "Input", {"shape": [8, 8, 3]}),
                ("rescaling", "Rescaling", {"scale": 0.5}),
                ("flip", "RandomFlip", {"seed": 3}),
                ("turn", "RandomRotation", {}),
                ("zoom", "RandomZoom", {}),
                ("crop", "CenterCrop", {"height": 6, "width": 6}),
                ("flat", "Flatten", {}),
                ("dense", "Dense", {"units": 2}),
            ]
        )
    )


@pytest.mark.parametrize("format", ["onnx", "tflite"])
def test_augmentation_is_passed_over(format: str, tmp_path: Path) -> None:
    found = exported(augmented(), tmp_path, format)
    assert found.difference is not None and found.difference < 1e-4


def test_layers_within_others_are_passed_over_too() -> None:
    layers = [{"layer": name, "params": {}} for name in ("Rescaling", "RandomFlip")]
    model = build_model(
        network([("in", "Input", {"shape": [8, 8, 3]}), ("line", "Pipeline", {"layers": layers})])
    )
    samples = [PICTURES[:, :8, :8]]
    before = outputs_of(model, samples)
    pass_idle(model)
    assert largest_difference(before, outputs_of(model, samples)) == 0
    trained = keras.ops.convert_to_numpy(model(samples[0], training=True))
    assert np.array_equal(trained, before[0])


def test_texts_are_compared_as_texts(tmp_path: Path) -> None:
    document = Document(
        network(
            [
                ("place", "Input", {"shape": [1], "dtype": "int64"}),
                ("word", "StringLookup", {"vocabulary": ["x", "y"], "invert": True}),
            ]
        )
    )
    for format in ("keras", "saved_model"):
        assert exported(document, tmp_path, format).difference == 0
    assert largest_difference([plain([b"x"]), np.zeros(1)], [plain(["x"]), np.ones(1)]) == 1
    assert largest_difference([plain([b"x"])], [plain([b"y"])]) == float("inf")


def test_the_operator_that_is_missing_is_named(tmp_path: Path) -> None:
    document = specimen(LAYERS.get("Discretization"), {})
    name = next(node.title for node in document.network.ordered() if node.layer != "Input")
    with pytest.raises(ExportProblem, match=f"no operator “Bucketize”, which “{name}” needs"):
        exported(document, tmp_path, "onnx")


def test_an_operator_of_no_layer_is_named_alone() -> None:
    problem = 'In Node, ("a/b", Weird, "", -1) : () , Error No Op registered for Weird with domain'
    assert str(unknown_operator(problem, Network())) == "it has no operator “Weird”"
    assert unknown_operator("something else", Network()) is None


def test_a_description_is_compared_with_what_normalization_has_learned(tmp_path: Path) -> None:
    document = specimen(LAYERS.get("Normalization"), {})
    model = build_model(document.network, "m")
    for weight, value in zip(model.weights, (0.5, 4.0), strict=False):
        weight.assign(np.full(weight.shape, value))
    settle(model)
    found = export_model(model, document, tmp_path / "m.json", "json")
    assert found.difference is not None and found.difference < 1e-6


@pytest.mark.parametrize("key", ["RandomBrightness", "RandomSharpness", "Solarization"])
def test_ranges_of_values_go_into_h5(key: str, tmp_path: Path) -> None:
    found = exported(specimen(LAYERS.get(key), {"seed": 3}), tmp_path, "h5")
    assert found.difference == 0


class Odd(keras.layers.Layer):
    """A layer whose description holds what nobody can copy."""

    def call(self, inputs: Any) -> Any:
        return inputs

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "lock": threading.Lock()}


def test_a_layer_that_h5_cannot_hold_is_named(tmp_path: Path) -> None:
    source = keras.Input((3,))
    model = keras.Model(source, Odd(name="odd")(source))
    with pytest.raises(ExportProblem, match=r"“odd” does not go into an \.h5 file: choose \.keras"):
        write_whole(model, Document(), tmp_path / "m.h5", [])


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, target = tmp_path / "link.savedmodel", tmp_path / "there" / "model.savedmodel"
    link.symlink_to(target)
    for _ in range(2):
        document = specimen(LAYERS.get("Dense"), {})
        export_model(build_model(document.network), document, link, "saved_model")
        assert link.is_symlink() and (target / "saved_model.pb").is_file()
    assert [file.name for file in target.parent.iterdir()] == [target.name]
