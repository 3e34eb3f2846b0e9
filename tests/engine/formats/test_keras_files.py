"""Files of Keras 1, 2 and 3 become drawings, and dangerous ones are refused in a sentence."""

from __future__ import annotations

import json
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine.errors import FileProblem
from engine.formats.keras_files.drawing import Imported, import_model
from engine.formats.keras_files.legacy import modern
from engine.formats.keras_files.matching import Wanted, match
from engine.formats.keras_files.rows import saved_name
from engine.formats.keras_files.stored import StoredLayer, StoredWeight, stored_layers
from engine.formats.keras_files.values import parameters
from engine.formats.keras_files.writers import Writer
from engine.layers import LAYERS


def layer(kind: str, name: str, inbound: list[Any] | None = None, **config: Any) -> dict[str, Any]:
    return {
        "class_name": kind,
        "name": name,
        "config": {"name": name, **config},
        "inbound_nodes": [[[source, 0, 0, {}] for source in inbound]] if inbound else [],
    }


def functional(*layers: dict[str, Any], outputs: str = "") -> dict[str, Any]:
    last = outputs or layers[-1]["name"]
    return {
        "class_name": "Model",
        "config": {
            "name": "net",
            "layers": list(layers),
            "input_layers": [[layers[0]["name"], 0, 0]],
            "output_layers": [[last, 0, 0]],
        },
        "keras_version": "2.1.6",
    }


IMAGE = layer("InputLayer", "image", batch_input_shape=[None, 8, 8, 3])


def imported(tmp_path: Path, model: dict[str, Any]) -> Imported:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model))
    return import_model(path)


# --- drawings ------------------------------------------------------------------------------


def test_a_functional_model_of_keras_2(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        functional(
            IMAGE,
            layer("Conv2D", "a", ["image"], filters=4, kernel_size=[3, 3], padding="same"),
            layer("Conv2D", "b", ["image"], filters=4, kernel_size=[3, 3], padding="same"),
            layer("Add", "sum", ["a", "b"]),
        ),
    )
    network = found.document.network
    assert not found.remarks
    assert [(node.id, node.layer) for node in network.ordered()] == [
        ("image", "Input"),
        ("a", "Conv2D"),
        ("b", "Conv2D"),
        ("sum", "Add"),
    ]
    assert network.nodes["image"].params == {"shape": [8, 8, 3]}
    assert [edge.source for edge in network.inputs("sum")] == ["a", "b"]
    assert len({node.at for node in network.nodes.values()}) == 4


def test_a_list_of_layers_gets_the_input_that_it_implies(tmp_path: Path) -> None:
    rows = [
        {"class_name": "Dense", "config": {"units": 3, "batch_input_shape": [None, 5]}},
        {"class_name": "Dense", "config": {"units": 2, "name": "out"}},
    ]
    found = imported(tmp_path, {"class_name": "Sequential", "config": rows})
    nodes = found.document.network.ordered()
    assert [node.layer for node in nodes] == ["Input", "Dense", "Dense"]
    assert nodes[0].params == {"shape": [5]}
    assert [e.target for e in found.document.network.edges()] == [nodes[1].id, nodes[2].id]


def test_a_layer_called_twice_shares_its_weights(tmp_path: Path) -> None:
    shared = layer("Dense", "twin", units=4)
    shared["inbound_nodes"] = [[["one", 0, 0, {}]], [["two", 0, 0, {}]]]
    one = layer("InputLayer", "one", batch_input_shape=[None, 6])
    two = layer("InputLayer", "two", batch_input_shape=[None, 6])
    join = layer("Concatenate", "join", axis=-1)
    join["inbound_nodes"] = [[["twin", 0, 0, {}], ["twin", 1, 0, {}]]]
    network = imported(tmp_path, functional(one, two, shared, join)).document.network
    twins = [node for node in network.ordered() if node.layer == "Dense"]
    assert [node.shares for node in twins] == ["", "twin"]
    assert [edge.source for edge in network.inputs("join")] == [node.id for node in twins]


def test_a_model_in_a_model_is_a_block(tmp_path: Path) -> None:
    inner = functional(
        layer("InputLayer", "way_in", batch_input_shape=[None, 8, 8, 3]),
        layer("Conv2D", "conv", ["way_in"], filters=2, kernel_size=1),
    )
    nested = {
        "class_name": "Model",
        "name": "part",
        "config": inner["config"],
        "inbound_nodes": [[["image", 0, 0, {}]]],
    }
    found = imported(tmp_path, functional(IMAGE, nested, layer("Flatten", "flat", ["part"])))
    network = found.document.network
    assert [(node.id, node.block) for node in network.ordered()] == [
        ("image", ""),
        ("conv", "part"),
        ("flat", ""),
    ]
    assert [edge.source for edge in network.inputs("conv")] == ["image"]
    assert [edge.source for edge in network.inputs("flat")] == ["conv"]
    assert found.origin["conv"].names == ("part", "conv")


def test_what_is_unknown_is_named_and_kept(tmp_path: Path) -> None:
    strange = layer("GarNet", "strange", ["image"], aggregators=4)
    found = imported(tmp_path, functional(IMAGE, strange, layer("Flatten", "flat", ["strange"])))
    node = found.document.network.nodes["strange"]
    assert (node.layer, node.params) == ("GarNet", {"aggregators": 4})
    assert [(remark.node, remark.opaque) for remark in found.remarks] == [("strange", True)]
    assert "GarNet" in str(found.remarks[0].message)


def test_a_second_output_is_picked(tmp_path: Path) -> None:
    steps = layer("InputLayer", "steps", batch_input_shape=[None, 5, 3])
    memory = layer("LSTM", "memory", ["steps"], units=4, return_state=True)
    state = layer("Dense", "state", units=2)
    state["inbound_nodes"] = [[["memory", 0, 1, {}]]]
    after = layer("ReLU", "after", ["state"])
    found = imported(tmp_path, functional(steps, memory, state, after))
    network = found.document.network
    pick = network.nodes[network.inputs("state")[0].source]
    assert pick.layer == "PickOutput" and network.inputs(pick.id)[0].source == "memory"
    assert [edge.source for edge in network.inputs("after")] == ["state"]
    assert found.remarks == []


def test_arguments_without_a_counterpart_are_told(tmp_path: Path) -> None:
    dense = layer("Flatten", "flat", ["image"], wondrous=3)
    found = imported(tmp_path, functional(IMAGE, dense))
    assert "wondrous = 3" in str(found.remarks[0].message)
    assert found.document.network.nodes["flat"].params == {"wondrous": 3}


def test_operators_of_keras_3_that_are_layers_too(tmp_path: Path) -> None:
    def tensor(name: str) -> dict[str, Any]:
        return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}

    rows = [
        {**IMAGE, "module": "keras.layers"},
        {
            "class_name": "Relu",
            "module": "keras.src.ops.nn",
            "name": "relu",
            "config": {"name": "relu"},
            "inbound_nodes": [{"args": [tensor("image")], "kwargs": {}}],
        },
        {
            "class_name": "Add",
            "module": "keras.src.ops.numpy",
            "name": "add",
            "config": {"name": "add"},
            "inbound_nodes": [{"args": [tensor("relu"), tensor("image")], "kwargs": {}}],
        },
        {
            "class_name": "Multiply",
            "module": "keras.src.ops.numpy",
            "name": "twice",
            "config": {"name": "twice"},
            "inbound_nodes": [{"args": [tensor("add"), 2.0], "kwargs": {}}],
        },
    ]
    found = imported(tmp_path, functional(*rows))
    nodes = found.document.network.nodes
    assert (nodes["relu"].layer, nodes["relu"].params) == ("Activation", {"activation": "relu"})
    assert nodes["add"].layer == "Add"
    # A number is no wire: the layer of that name would compute something else.
    assert (nodes["twice"].layer, nodes["twice"].params) == ("Expression", {"formula": "a * 2.0"})
    assert found.remarks == []


# --- words of old versions -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "config", "expected", "params"),
    [
        (
            "Convolution2D",
            {"nb_filter": 5, "nb_row": 3, "nb_col": 2, "border_mode": "same", "subsample": [2, 2]},
            "Conv2D",
            {"filters": 5, "kernel_size": [3, 2], "strides": [2, 2], "padding": "same"},
        ),
        (
            "Convolution2D",
            {"nb_filter": 32, "nb_row": 3, "nb_col": 3, "dim_ordering": "th"},
            "Conv2D",
            {"data_format": "channels_first"},
        ),
        ("Dense", {"output_dim": 7, "init": "uniform"}, "Dense", {
            "units": 7, "kernel_initializer": "random_uniform"}),
        ("Dropout", {"p": 0.25}, "Dropout", {"rate": 0.25}),
        ("LeakyReLU", {"alpha": 0.1}, "LeakyReLU", {"negative_slope": 0.1}),
        ("ThresholdedReLU", {"theta": 1.5}, "ReLU", {"threshold": 1.5}),
        ("Merge", {"mode": "concat", "concat_axis": 1}, "Concatenate", {"axis": 1}),
        ("Merge", {"mode": "sum", "concat_axis": -1, "dot_axes": -1}, "Add", {}),
        ("CuDNNLSTM", {"units": 3}, "LSTM", {"units": 3}),
        ("GRU", {"units": 3}, "GRU", {"units": 3, "reset_after": False}),
        ("BatchNormalizationV1", {"axis": [3], "momentum": 0.9}, "BatchNormalization", {
            "axis": 3, "momentum": 0.9}),
    ],
)  # fmt: skip
def test_old_words(
    kind: str, config: dict[str, Any], expected: str, params: dict[str, Any]
) -> None:
    found, words = modern(kind, config)
    assert found == expected
    assert parameters(LAYERS.get(found), words, (1, 2)) == (params, {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.009999999776482582}}, "l2"),
        (
            {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.0005}},
            {"name": "l2", "params": {"l2": 0.0005}},
        ),
        ({"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.0}}, None),
        (None, None),
    ],
)
def test_penalties_keep_their_factor(given: Any, expected: Any) -> None:
    params, left = parameters(LAYERS.get("Dense"), {"kernel_regularizer": given}, ())
    assert (params.get("kernel_regularizer"), left) == (expected, {})


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}, None),
        ({"scale": 2.0, "mode": "fan_in", "distribution": "normal", "seed": None}, "he_normal"),
        (
            {"scale": 0.1, "mode": "fan_out", "distribution": "uniform"},
            {
                "name": "variance_scaling",
                "params": {"scale": 0.1, "mode": "fan_out", "distribution": "uniform"},
            },
        ),
    ],
)
def test_scaled_initializers_get_their_names(config: dict[str, Any], expected: Any) -> None:
    given = {"class_name": "VarianceScaling", "config": config}
    params, _ = parameters(LAYERS.get("Dense"), {"kernel_initializer": given}, ())
    found = params.get("kernel_initializer")
    if isinstance(found, dict):
        assert found["name"] == expected["name"]
        assert expected["params"].items() >= found["params"].items()
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("kind", "name"),
    [("Conv2D", "conv2d"), ("BatchNormalization", "batch_normalization"), ("LSTM", "lstm")],
)
def test_names_in_saved_weights(kind: str, name: str) -> None:
    assert saved_name(kind) == name


# --- weights -------------------------------------------------------------------------------


def stored(name: str, *shapes: tuple[int, ...]) -> StoredLayer:
    weights = [
        StoredWeight(f"{name}/{number}", shape, lambda shape=shape: np.zeros(shape))  # type: ignore[misc]
        for number, shape in enumerate(shapes)
    ]
    return StoredLayer((name,), weights)


def test_weights_are_matched_by_name_then_order_then_shape() -> None:
    def wanted(node: str, *shapes: tuple[int, ...]) -> Wanted:
        return Wanted(node, ((node,), (node,)), list(shapes))

    by_name, _ = match([wanted("a", (3, 4)), wanted("b", (4, 2))], [
        stored("b", (4, 2)), stored("a", (3, 4))])  # fmt: skip
    assert [(row.node, row.stored, row.how) for row in by_name] == [
        ("a", "a", "name"),
        ("b", "b", "name"),
    ]
    by_order, _ = match([wanted("a", (3, 3)), wanted("b", (3, 3))], [
        stored("x", (3, 3)), stored("y", (3, 3))])  # fmt: skip
    assert [(row.stored, row.how) for row in by_order] == [("x", "order"), ("y", "order")]
    by_shape, _ = match([wanted("a", (3, 3)), wanted("b", (9, 9)), wanted("c", (5,))], [
        stored("x", (5,)), stored("y", (3, 3))])  # fmt: skip
    assert [(row.node, row.stored, row.how) for row in by_shape] == [
        ("a", "y", "shape"),
        ("b", "", ""),
        ("c", "x", "shape"),
    ]


def test_a_name_with_other_shapes_is_no_match() -> None:
    table, found = match([Wanted("a", (("a",), ("a",)), [(3, 4)])], [stored("a", (4, 3))])
    assert [(row.node, row.stored, row.how) for row in table] == [("a", "", ""), ("", "a", "")]
    assert not found


@pytest.mark.parametrize("by_class", [False, True])
def test_numbers_by_class_are_names_only_where_the_file_is_numbered_so(by_class: bool) -> None:
    wanted = [
        Wanted("bn_3", (("bn_3",), ("bn",)), [(9,)]),
        Wanted("bn_4", (("bn_4",), ("bn_1",)), [(4,)]),
    ]
    files = [replace(stored(name, (4,)), by_class=by_class) for name in ("bn", "bn_1")]
    table, _ = match(wanted, files)
    assert (table[1].stored, table[1].how) == (("bn_1", "name") if by_class else ("", ""))


def test_the_first_keras_numbered_its_layers(tmp_path: Path) -> None:
    path = tmp_path / "old.h5"
    with h5py.File(path, "w") as file:
        file.attrs["nb_layers"] = 2
        for number in range(2):
            group = file.create_group(f"layer_{number}")
            group.attrs["nb_params"] = number
            if number:
                group["param_0"] = np.ones((4, 3, 2, 2))
    with stored_layers(path) as layers:
        (only,) = layers
        assert (only.path, only.weights[0].shape) == (("layer_1",), (4, 3, 2, 2))
        assert only.writer == Writer(first=True, theano=True, channels_first=True, numbered=True)


# --- what is refused -----------------------------------------------------------------------


def model_h5(path: Path) -> h5py.File:
    file = h5py.File(path, "w")
    file.attrs["model_config"] = json.dumps(functional(IMAGE, layer("Flatten", "f", ["image"])))
    return file


def test_external_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.h5").write_bytes(b"")
    with model_h5(tmp_path / "m.h5") as file:
        file["model_weights"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/")
    with pytest.raises(FileProblem, match="link to another file"):
        import_model(tmp_path / "m.h5")


def test_external_storage_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.bin"
    secret.write_bytes(b"\0" * 64)
    with model_h5(tmp_path / "m.h5") as file:
        file.create_dataset("w", (16,), "f4", external=[(str(secret), 0, 64)])
    with pytest.raises(FileProblem, match="stored in another file"):
        import_model(tmp_path / "m.h5")


def test_virtual_data_is_refused(tmp_path: Path) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", (4,))
    with model_h5(tmp_path / "m.h5") as file:
        file.create_virtual_dataset("w", layout)
    with pytest.raises(FileProblem, match="data of other files"):
        import_model(tmp_path / "m.h5")


def test_more_data_than_the_file_can_hold_is_refused(tmp_path: Path) -> None:
    with model_h5(tmp_path / "m.h5") as file:
        file.create_dataset("w", (200_000, 200_000), "f4", chunks=(1000, 1000))
    with pytest.raises(FileProblem, match="far more data"):
        import_model(tmp_path / "m.h5")


@pytest.mark.parametrize("name", ["../config.json", "/etc/x", "a/../../x", "C:\\x", "..\\x"])
def test_members_that_climb_out_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(functional(IMAGE)))
        archive.writestr(name, b"x")
    with pytest.raises(FileProblem, match="out of the archive"):
        import_model(path)


def test_a_member_that_claims_to_be_vast_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(functional(IMAGE)))
        archive.writestr("model.weights.h5", b"x" * 1000)
    content = bytearray(path.read_bytes())
    for start in (content.rfind(b"PK\x01\x02"),):
        content[start + 24 : start + 28] = struct.pack("<I", 2**31)
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=r"far more data|damaged"):
        import_model(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.json", b""),
        ("m.json", b"[1, 2]"),
        ("m.json", b'{"class_name": "Model", "config": {"layers": [1]}}'),
        ("m.json", b'{"class_name": "Model", "config": {"layers": ' + b"[" * 100_000),
        ("m.json", b'{"class_name": "Mine", "config": {}}'),
        ("m.json", b'{"class_name": "Sequential", "config": []}'),
        ("m.keras", b"PK\x03\x04 nothing"),
        ("m.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 40),
        ("m.hdf5", b""),
        ("m.onnx", b""),
    ],
)
def test_damaged_files_get_a_sentence(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileProblem) as caught:
        import_model(path)
    assert name in str(caught.value)


def test_weights_alone_are_told_from_models(tmp_path: Path) -> None:
    path = tmp_path / "w.h5"
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        file.create_group("dense")
    with pytest.raises(FileProblem, match="weights without a drawing"):
        import_model(path)


def test_lambda_code_is_never_looked_at(tmp_path: Path) -> None:
    code = layer("Lambda", "evil", ["image"], function=["4wEAAAAA", None, None])
    found = imported(tmp_path, functional(IMAGE, code))
    assert found.document.network.nodes["evil"].layer == "Lambda"
    assert found.remarks[0].opaque
