"""Models that Keras has written come back as drawings that compute the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from helpers.networks import TEMPLATES, template
from helpers.real_data import shared_data
from helpers.specimens import TOLD, specimen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docs.layer_table import NOT_IN_H5
from engine.formats.keras_files.drawing import Imported, import_model
from engine.formats.keras_files.matching import Match
from engine.formats.project import to_json
from engine.graph.document import Document, Edge, Network, Node
from engine.layers import LAYERS, LayerSpec
from engine.worker.compile import build_model, compile_model
from engine.worker.exports.exporting import export_model
from engine.worker.weights import load_weights
from main import main

NAMES = sorted(path.stem for path in TEMPLATES.glob("*.netloom"))


def rebuilt(path: Path, weights: Path | None = None) -> tuple[Imported, keras.Model, list[Match]]:
    imported = import_model(path)
    document = imported.document
    model = build_model(document.network, document.title)
    compile_model(model, document.recipe)
    return imported, model, load_weights(model, document.network, weights or path)


def samples(model: keras.Model, count: int = 3) -> Any:
    random = np.random.default_rng(0)
    found = [
        random.integers(0, 5, (count, *[size or 7 for size in tensor.shape[1:]])).astype(
            tensor.dtype
        )
        for tensor in model.inputs
    ]
    return found if len(found) > 1 else found[0]


def assert_equal_predictions(ours: keras.Model, theirs: keras.Model) -> None:
    given = samples(theirs)
    for one, other in zip(
        keras.tree.flatten(ours.predict(given, verbose=0)),
        keras.tree.flatten(theirs.predict(given, verbose=0)),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)


# --- real files of old versions ------------------------------------------------------------


@pytest.mark.parametrize("name", ["fer2013_mini_XCEPTION.102-0.66.hdf5", "tiny_XCEPTION_KDEF.hdf5"])
def test_whole_models_of_keras_2(name: str) -> None:
    path = shared_data(f"models/{name}")
    imported, model, table = rebuilt(path)
    assert not imported.remarks
    assert {row.how for row in table} == {"name"}
    assert_equal_predictions(model, keras.models.load_model(path, compile=False))


def by_hand(config: Any) -> keras.Model:
    """Build what Keras 3 no longer reads, layer by layer in its own words."""
    model = keras.Sequential()
    listed = config["layers"] if isinstance(config, dict) else config
    for row in listed:
        given = row["config"]
        if row["class_name"] == "InputLayer":
            model.add(keras.Input(given["batch_input_shape"][1:]))
            continue
        if "batch_input_shape" in given:
            model.add(keras.Input(given["batch_input_shape"][1:]))
        names = {
            "Dense": ("units", "activation"),
            "Conv2D": ("filters", "kernel_size", "strides", "padding", "activation"),
            "Dropout": ("rate",),
            "Flatten": (),
        }[row["class_name"]]
        made = getattr(keras.layers, row["class_name"])
        model.add(made(name=given["name"], **{name: given[name] for name in names}))
    return model


@pytest.mark.parametrize("name", ["KERAS_3layer", "KERAS_conv2d_model"])
def test_descriptions_of_keras_2_with_their_weights(name: str) -> None:
    path = shared_data(f"models/{name}.json")
    weights = shared_data(f"models/{name}_weights.h5")
    imported, model, table = rebuilt(path, weights)
    assert not imported.remarks
    assert {row.how for row in table} == {"name"}
    theirs = by_hand(json.loads(path.read_text())["config"])
    theirs.load_weights(weights)
    assert_equal_predictions(model, theirs)


# --- what this Keras writes ----------------------------------------------------------------


@pytest.mark.parametrize("ending", [".h5", ".keras"])
@pytest.mark.parametrize("name", NAMES)
def test_templates_survive_keras(name: str, ending: str, tmp_path: Path) -> None:
    document = template(name)
    model = build_model(document.network, document.title, seed=1)
    compile_model(model, document.recipe)
    path = tmp_path / f"model{ending}"
    model.optimizer.build(model.trainable_variables)
    model.save(path)
    imported, again, table = rebuilt(path)
    assert not imported.remarks
    assert {row.how for row in table if row.node} <= {"name"}
    assert parts(imported.document.network) == parts(document.network)
    assert imported.document.recipe.loss == document.recipe.loss
    assert imported.document.recipe.optimizer.kind == document.recipe.optimizer.kind
    assert_equal_predictions(again, model)


ALONE = [
    spec
    for spec in LAYERS
    if not (spec.held or spec.function or spec.foreign) and spec.key not in ("Input", "PickOutput")
]
OPERATIONS = [spec for spec in LAYERS if spec.function and spec.key != "Expression"]


@pytest.mark.parametrize("spec", OPERATIONS, ids=lambda spec: spec.key)
def test_every_operation_survives_keras(spec: type[LayerSpec], tmp_path: Path) -> None:
    document = specimen(spec, TOLD.get(spec.key, {}))
    model = build_model(document.network, document.title)
    model.save(tmp_path / "model.keras")
    imported, again, _ = rebuilt(tmp_path / "model.keras")
    assert not imported.remarks
    assert parts(imported.document.network) == parts(document.network)
    one, other = (made.get_config()["layers"] for made in (again, model))
    assert told(one) == told(other)


@pytest.mark.parametrize("ending", [".h5", ".keras"])
@pytest.mark.parametrize("spec", ALONE, ids=lambda spec: spec.key)
def test_every_layer_survives_keras(spec: type[LayerSpec], ending: str, tmp_path: Path) -> None:
    document = specimen(spec, TOLD.get(spec.key, {}))
    model = build_model(document.network, document.title, seed=1)
    if ending == ".h5" and spec.key in NOT_IN_H5:
        with pytest.raises(TypeError, match="pickle"):
            model.save(tmp_path / "model.h5")
        return
    model.save(tmp_path / f"model{ending}")
    imported, again, table = rebuilt(tmp_path / f"model{ending}")
    assert not imported.remarks
    assert {row.how for row in table if row.node} <= {"name"}
    # Keras writes down what follows from other parameters too.
    assert parts(imported.document.network)[1] == parts(document.network)[1]
    for one, other in zip(again.layers, model.layers, strict=True):
        assert told(one.get_config()) == told(other.get_config())
    for ours, theirs in zip(again.weights, model.weights, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def told(config: Any) -> Any:
    """Return what is told of a layer, without the names of the layers that it holds."""
    if isinstance(config, dict):
        return {
            key: told(value) for key, value in config.items() if key not in ("name", "build_config")
        }
    return [told(item) for item in config] if isinstance(config, (list, tuple)) else config


def saved(tmp_path: Path, model: keras.Model, ending: str) -> tuple[Imported, keras.Model]:
    """Return what comes back of a model that Keras saves."""
    model.save(tmp_path / f"model{ending}")
    imported, again, _ = rebuilt(tmp_path / f"model{ending}")
    assert not imported.remarks
    return imported, again


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_states_go_from_an_encoder_to_a_decoder(ending: str, tmp_path: Path) -> None:
    source, target = keras.Input((5, 3)), keras.Input((4, 2))
    _, h, c = keras.layers.LSTM(6, return_state=True, name="encoder")(source)
    decoder = keras.layers.LSTM(6, return_sequences=True, return_state=True, name="decoder")
    steps, last, _ = decoder(target, initial_state=[h, c])
    theirs = keras.Model([source, target], [keras.layers.Dense(2)(steps), last])
    imported, ours = saved(tmp_path, theirs, ending)
    assert_equal_predictions(ours, theirs)
    nodes = imported.document.network.nodes
    assert nodes["decoder"].params["initial_state"] is True
    assert sorted(node.layer for node in nodes.values()).count("PickOutput") == 3


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_attention_with_masks_and_scores(ending: str, tmp_path: Path) -> None:
    query, memory = keras.Input((5, 8)), keras.Input((4, 8))
    attend = keras.layers.MultiHeadAttention(2, 3, name="attend")
    x = attend(query, query, use_causal_mask=True)
    y, scores = keras.layers.MultiHeadAttention(2, 4, name="look")(
        x, key=memory, value=memory, return_attention_scores=True
    )
    z = keras.layers.Attention(name="plain")([y, memory, memory])
    theirs = keras.Model([query, memory], [z, scores])
    imported, ours = saved(tmp_path, theirs, ending)
    assert_equal_predictions(ours, theirs)
    nodes = imported.document.network.nodes
    assert nodes["attend"].params["use_causal_mask"] is True
    assert nodes["look"].params["return_attention_scores"] is True


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_cells_of_ones_choice(ending: str, tmp_path: Path) -> None:
    sequence = keras.Input((5, 3))
    cells = [keras.layers.LSTMCell(4), keras.layers.GRUCell(2, reset_after=False)]
    rnn = keras.layers.RNN(keras.layers.StackedRNNCells(cells), return_state=True, name="rnn")
    x, _, state = rnn(sequence)
    both = keras.layers.Bidirectional(keras.layers.GRU(3, return_state=True), name="both")
    y, forward, backward = both(sequence)
    theirs = keras.Model(sequence, [x, state, y, forward, backward])
    _, ours = saved(tmp_path, theirs, ending)
    assert_equal_predictions(ours, theirs)


def test_operators_between_layers(tmp_path: Path) -> None:
    ops = keras.ops
    start = keras.Input((6, 4))
    x = ops.mean(start, axis=1) * 2.0 + 1
    y = 1 - start[:, 0] / 4
    z = ops.concatenate([x, y, start[:, -1, :]], axis=-1)
    first, second = ops.split(keras.layers.Dense(8)(z), 2, axis=-1)
    w = ops.where(first > 0, first, -0.5) + ops.maximum(second, 0.1)
    v = ops.expand_dims(ops.einsum("ab,ab->a", w, second), -1)
    u = ops.cast(ops.transpose(start, (0, 2, 1)), "float32") @ start
    theirs = keras.Model(start, [v, ops.clip(u, -1, 1), ops.top_k(w, 2)[1]])
    imported, ours = saved(tmp_path, theirs, ".keras")
    assert_equal_predictions(ours, theirs)
    formulas = {
        node.params["formula"]
        for node in imported.document.network.nodes.values()
        if node.layer == "Expression" and node.params
    }
    assert {"a + 1", "1 - a", "a / 4", "a > 0", "where(a, b, (-0.5))"} <= formulas


def test_a_formula_becomes_operations_of_keras(tmp_path: Path) -> None:
    document = specimen(LAYERS.get("Expression"), {"formula": "sigmoid(a) * a + exp(-a) / 2"})
    model = build_model(document.network, document.title)
    given = np.random.default_rng(0).normal(size=(3, 8, 8, 32)).astype("float32")
    wanted = given / (1 + np.exp(-given)) + np.exp(-given) / 2
    np.testing.assert_allclose(model.predict(given, verbose=0), wanted, atol=1e-5)
    assert model.operations[-1].name == "it"
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.predict(given, verbose=0), wanted, atol=1e-5)


def test_a_tensor_inside_is_an_output_too(tmp_path: Path) -> None:
    start = keras.Input((3,))
    hidden = keras.layers.Dense(4, name="hidden")(start)
    theirs = keras.Model(start, [keras.layers.Dense(2)(hidden), hidden])
    imported, ours = saved(tmp_path, theirs, ".keras")
    assert_equal_predictions(ours, theirs)
    assert imported.document.network.nodes["hidden_output"].layer == "Identity"


def parts(network: Network) -> Any:
    """Return what Keras has to keep of a network: it knows neither ids nor places."""
    title = {node.id: node.title for node in network.nodes.values()}
    nodes = {
        node.title: (node.layer, json.dumps(node.params, sort_keys=True))
        for node in network.nodes.values()
    }
    return nodes, {(title[e.source], title[e.target], e.port) for e in network.edges()}


@pytest.mark.parametrize("name", NAMES)
def test_an_export_with_its_drawing_comes_back_to_the_byte(name: str, tmp_path: Path) -> None:
    document = template(name)
    model = build_model(document.network, document.title, seed=1)
    compile_model(model, document.recipe)
    export_model(model, document, tmp_path / "model.h5", "h5")
    imported, again, _ = rebuilt(tmp_path / "model.h5")
    assert imported.own
    assert to_json(imported.document) == to_json(document)
    assert_equal_predictions(again, model)


def nested_model() -> keras.Model:
    image = keras.Input((8, 8, 3), name="image")
    inner_image = keras.Input((6, 6, 4))
    x = keras.layers.Conv2D(2, 3, name="conv")(inner_image)
    x = keras.layers.BatchNormalization(name="norm")(x)
    inner = keras.Model(inner_image, x, name="part")
    x = keras.layers.Conv2D(4, 3, name="first")(image)
    twin = keras.layers.Dense(4, name="twin", kernel_regularizer=keras.regularizers.L2(0.003))
    x = keras.layers.Add(name="sum")([twin(x), twin(keras.layers.ReLU(name="relu")(x))])
    x = keras.layers.Reshape((4, 8), name="steps")(inner(x))
    x = keras.layers.Bidirectional(keras.layers.LSTM(3), name="both")(x)
    frozen = keras.layers.Dense(2, name="frozen", trainable=False)
    return keras.Model(image, frozen(x), name="nested")


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_nested_shared_wrapped_and_frozen_layers(ending: str, tmp_path: Path) -> None:
    model = nested_model()
    random = np.random.default_rng(1)
    model.set_weights([random.random(values.shape) for values in model.get_weights()])
    path = tmp_path / f"model{ending}"
    model.save(path)
    imported, again, table = rebuilt(path)
    assert not imported.remarks
    assert {row.how for row in table} == {"name"}
    network = imported.document.network
    assert {node.id for node in network.nodes.values() if node.block} == {"conv", "norm"}
    penalty = network.nodes["twin"].params["kernel_regularizer"]
    assert penalty == {"name": "l2", "params": {"l2": 0.003}}
    assert network.nodes["frozen"].params["trainable"] is False
    assert again.get_layer("twin").kernel_regularizer.get_config()["l2"] == pytest.approx(0.003)
    assert_equal_predictions(again, model)


# --- any network ---------------------------------------------------------------------------

LAYERS_DRAWN = {
    "Dense": st.fixed_dictionaries(
        {},
        optional={
            "units": st.integers(1, 5),
            "activation": st.sampled_from(["relu", "tanh"]),
            "use_bias": st.just(False),
            "kernel_initializer": st.sampled_from(
                ["he_normal", {"name": "random_normal", "params": {"stddev": 0.25}}]
            ),
            "kernel_regularizer": st.sampled_from(
                ["l2", {"name": "l1l2", "params": {"l1": 0.5, "l2": 0.25}}]
            ),
            "trainable": st.just(False),
        },
    ),
    "Conv1D": st.fixed_dictionaries(
        {"padding": st.just("same")},
        optional={"filters": st.integers(1, 4), "kernel_size": st.just(2)},
    ),
    "BatchNormalization": st.fixed_dictionaries({}, optional={"momentum": st.just(0.9)}),
    "Dropout": st.fixed_dictionaries({}, optional={"rate": st.just(0.25)}),
    "LSTM": st.fixed_dictionaries(
        {"return_sequences": st.just(True)}, optional={"units": st.integers(1, 3)}
    ),
    "ReLU": st.fixed_dictionaries({}, optional={"negative_slope": st.just(0.5)}),
}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    nodes = [Node(id="way_in", layer="Input", params={"shape": [6, 3]})]
    edges: list[Edge] = []
    for number in range(draw(st.integers(1, 6))):
        source = draw(st.sampled_from([node.id for node in nodes]))
        name = f"node_{number}"
        if number and draw(st.integers(0, 3)) == 0:
            other = draw(st.sampled_from([node.id for node in nodes]))
            params = draw(st.sampled_from([{}, {"axis": 2}]))
            nodes.append(Node(id=name, layer="Concatenate", params=params, order=number + 1))
            edges += [Edge(source, name, 0), Edge(other, name, 1)]
            continue
        kind = draw(st.sampled_from(sorted(LAYERS_DRAWN)))
        nodes.append(Node(id=name, layer=kind, params=draw(LAYERS_DRAWN[kind]), order=number + 1))
        edges.append(Edge(source, name))
    return Document(Network(nodes, edges), title="any")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=documents(), ending=st.sampled_from([".h5", ".keras"]))
def test_any_network_survives_keras(document: Document, ending: str, tmp_path: Path) -> None:
    model = build_model(document.network, document.title, seed=0)
    path = tmp_path / f"model{ending}"
    model.save(path)
    imported, again, _ = rebuilt(path)
    assert not imported.remarks
    assert parts(imported.document.network) == trimmed(document.network)
    assert_equal_predictions(again, model)
    whole = tmp_path / "whole.h5"
    export_model(model, document, whole, "h5")
    assert to_json(import_model(whole).document) == to_json(document)


@pytest.mark.parametrize("name", NAMES)
def test_every_template_survives_h5_unchanged(name: str, tmp_path: Path) -> None:
    document = template(name)
    model = build_model(document.network, document.title, seed=0)
    compile_model(model, document.recipe)
    path = tmp_path / "model.h5"
    export_model(model, document, path, "h5")
    again = import_model(path)
    assert again.own and again.weighted
    assert to_json(again.document) == to_json(document)
    other = build_model(document.network, document.title, seed=1)
    compile_model(other, document.recipe)
    load_weights(other, document.network, path)
    assert all(map(np.array_equal, other.get_weights(), model.get_weights()))


def trimmed(network: Network) -> Any:
    """Return a network's parts without parameters that only repeat the defaults."""
    from engine.layers import LAYERS

    nodes = [
        Node(id=node.id, layer=node.layer, params=LAYERS.get(node.layer).trim(node.params))
        for node in network.ordered()
    ]
    return parts(Network(nodes, network.edges()))


# --- without a window ----------------------------------------------------------------------


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = nested_model()
    model.save(tmp_path / "model.keras")
    target = tmp_path / "again.h5"
    assert main(["import", str(tmp_path / "model.keras"), "--to", str(target), "--json"]) == 0
    report = json.loads(capfd.readouterr().out.strip().splitlines()[-1])
    assert report["opaque"] == [] and report["remarks"] == []
    assert {row["by"] for row in report["weights"]} == {"name"}
    assert report["parameters"] == model.count_params()
    assert_equal_predictions(keras.models.load_model(target, compile=False), model)
    drawing = tmp_path / "again.netloom"
    assert main(["import", str(target), "--to", str(drawing)]) == 0
    assert json.loads(drawing.read_text())["nodes"]
    assert main(["import", str(target), "--to", str(tmp_path / "x.txt")]) == 2
