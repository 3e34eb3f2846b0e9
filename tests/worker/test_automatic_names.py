"""Names that Keras gives by itself stand beside those of people, in models, files and scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from helpers.networks import network
from helpers.specimens import TOLD, specimen

from engine.errors import CompileProblem
from engine.formats.keras_files.drawing import import_model
from engine.formats.python_alone import script_of
from engine.formats.python_names import kept_apart
from engine.graph.document import Document, Edge, Network, Node
from engine.graph.keras_names import keras_names
from engine.layers import LAYERS, LayerSpec
from engine.worker import compile
from engine.worker.compile import build_model
from main import main

L = keras.layers


def run(document: Document) -> Any:
    """Run the network's part of a script and return the model."""
    script, _ = script_of(document)
    start = script.index("# The data") if "# The data" in script else script.index("# The network")
    code = script[:start] + script[script.index("# The network") : script.index("model.summary()")]
    space: dict[str, Any] = {}
    keras.utils.clear_session()
    exec(code, space)
    return space["model"]


def drawn(*rows: tuple[str, str, dict[str, Any]]) -> Document:
    return Document(network([("in", "Input", {"shape": [4]}), *rows]))


@pytest.mark.parametrize(
    "rows",
    [
        [("add", "Dense", {}), ("sum", "Expression", {"formula": "a + 1"})],
        [("true_divide", "Dense", {}), ("part", "Expression", {"formula": "a / 2"})],
        [("exp_1", "Dense", {}), ("one", "ops.exp", {}), ("two", "ops.exp", {})],
        [("dense_1", "Dropout", {}), ("dense", "Dense", {}), ("dense_2", "Dense", {})],
        [("add", "Dense", {}), ("add_layer", "ReLU", {}), ("b", "Expression", {"formula": "2+a"})],
        [("input_layer", "Dense", {})],
    ],
)  # fmt: skip
def test_scripts_run_whatever_layers_are_called(rows: list[Any]) -> None:
    document = drawn(*rows)
    if rows[0][0] == "input_layer":
        document = Document(network([("input", "Input", {"shape": [4]}), *rows]))
    ours = build_model(document.network)
    theirs = run(document)
    assert theirs.count_params() == ours.count_params()
    theirs.set_weights(ours.get_weights())
    sample = np.ones((2, 4), "float32")
    assert np.allclose(ours.predict(sample, verbose=0), theirs.predict(sample, verbose=0))


FUNCTIONS = [spec for spec in LAYERS if spec.function and spec.key != "PickOutput"]


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.key)
def test_every_operator_of_a_script_is_known(spec: type[LayerSpec]) -> None:
    document = specimen(spec, TOLD.get(spec.key, {}))
    names = {re.sub(r"_\d+$", "", one.name) for one in run(document).operations}
    inputs = {name for name in names if name.startswith("input")}
    nodes = list(document.network.ordered())
    for name in names - inputs:
        more = Node(id="more", layer="Dense", order=99)
        beside = Network([*nodes, more], document.network.edges())
        named = {**keras_names(beside), "more": name}
        assert kept_apart(beside, named)["more"] != name


def test_names_that_nothing_else_gets_are_kept() -> None:
    document = drawn(("relu", "Dense", {}), ("sum", "Expression", {"formula": "a + 1"}))
    assert 'name="relu"' in script_of(document)[0]
    document = drawn(("add", "Dense", {}))
    assert 'name="add"' in script_of(document)[0]


def joined() -> Any:
    """A model whose layers join masked sequences, so that Keras joins their masks."""
    keras.utils.clear_session()
    left, right = keras.Input((5,), name="left"), keras.Input((5,), name="right")
    shared = L.Embedding(9, 4, mask_zero=True, name="words")
    both = L.Concatenate(name="concatenate")([shared(left), shared(right)])
    # What Keras calls its operators here is not what it will call them in another process.
    for operation in (both._keras_mask._keras_history.operation,):
        operation._inbound_nodes[0].input_tensors[0]._keras_history.operation.name = "joined"
    return keras.Model([left, right], L.LSTM(3, name="lstm")(both))


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_masks_bear_no_name_of_a_layer(
    ending: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = joined()
    model.save(tmp_path / "cm.keras")
    keras.utils.clear_session()
    target = tmp_path / f"o{ending}"
    assert main(["export", str(tmp_path / "cm.keras"), "--to", str(target)]) == 0
    told = capfd.readouterr()
    assert "differ by at most 0.0e+00" in told.out and "mask" not in told.err
    imported = import_model(target)
    assert not imported.remarks
    keras.utils.clear_session()
    again = build_model(imported.document.network)
    assert {"concatenate", "words", "lstm"} <= {layer.name for layer in again.layers}
    keras.utils.clear_session()
    theirs = run(imported.document)
    assert theirs.count_params() == model.count_params()


def test_a_model_that_keras_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("no such model")

    monkeypatch.setattr(compile, "name_apart", refuse)
    with pytest.raises(CompileProblem, match="cannot be trained: no such model"):
        build_model(drawn(("dense", "Dense", {})).network)


def test_layers_keep_their_names_beside_operators() -> None:
    keras.utils.clear_session()
    nodes = [
        Node(id="words", layer="Input", params={"shape": [5]}, order=0),
        Node(id="any", layer="Embedding", params={"input_dim": 9, "mask_zero": True}, order=1),
        Node(id="not_equal", layer="LSTM", params={"units": 3}, order=2),
    ]
    edges = [Edge("words", "any"), Edge("any", "not_equal")]
    model = build_model(Network(nodes, edges))
    assert [layer.name for layer in model.layers if layer.weights] == ["any", "not_equal"]
    assert "NotEqual" in {type(operation).__name__ for operation in model.operations}


@pytest.mark.parametrize("given", [{}, {"mean": 1.5, "variance": 2.0}])
def test_normalization_over_no_axis(
    given: dict[str, Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    layer = L.Normalization(axis=None, **given)
    if not given:
        layer.adapt(np.random.default_rng(0).random((50, 3)) * 9)
    model = keras.Sequential([keras.Input((3,)), layer, L.Dense(2)])
    model.save(tmp_path / "power.keras")
    document = import_model(tmp_path / "power.keras").document
    (node,) = [node for node in document.network.ordered() if node.layer == "Normalization"]
    assert node.params == {"axis": None, **given}
    assert LAYERS.get("Normalization").check(node.params) == {}
    assert f"axis=None{', mean=1.5, variance=2.0' if given else ''}" in script_of(document)[0]
    run(document)
    for ending in (".h5", ".keras", ".json", ".onnx"):
        target = str(tmp_path / f"o{ending}")
        assert main(["export", str(tmp_path / "power.keras"), "--to", target]) == 0
        assert float(capfd.readouterr().out.split()[-1].rstrip(")")) < 1e-5
