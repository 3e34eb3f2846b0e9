"""Operators between the layers of Keras 2 compute what NumPy computes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formats.keras_files.drawing import Imported, import_model
from engine.formats.keras_files.inbound import Inbound, Tensor
from engine.formats.keras_files.node_defs import read_node
from engine.formats.keras_files.tensorflow_operators import tensorflow_operation
from engine.layers import LAYERS
from engine.worker.compile import build_model

Values = npt.NDArray[Any]
X = np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32")
Y = np.random.default_rng(1).normal(size=(3, 6, 4)).astype("float32")


def saved(path: Path, rows: list[dict[str, Any]], outputs: list[list[Any]]) -> Path:
    """Write a model with the inputs x and y, if taken, in the words of TensorFlow 2.4 to 2.15."""
    taken = [name for name in "xy" if f'["{name}", 0' in json.dumps([rows, outputs])]
    inputs = [
        {
            "class_name": "InputLayer",
            "name": name,
            "config": {"name": name, "batch_input_shape": [None, 6, 4], "dtype": "float32"},
            "inbound_nodes": [],
        }
        for name in taken
    ]
    config = {
        "name": "net",
        "layers": [*inputs, *rows],
        "input_layers": [[name, 0, 0] for name in taken],
        "output_layers": outputs,
    }
    model = {"class_name": "Functional", "config": config, "keras_version": "2.9.0"}
    path.write_text(json.dumps(model))
    return path


def row(kind: str, config: dict[str, Any], inbound: Any, name: str = "it") -> dict[str, Any]:
    config = {"name": name, "trainable": True, "dtype": "float32", **config}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": [inbound]}


def results(imported: Imported) -> list[Values]:
    model = build_model(imported.document.network)
    given = {"x": X, "y": Y}
    taken = [given[tensor.name] for tensor in model.inputs]
    found = model(taken if len(taken) > 1 else taken[0])
    return [np.asarray(value) for value in (found if isinstance(found, list) else [found])]


def sigmoid(x: Values) -> Values:
    return 1 / (1 + np.exp(-x))


def softmax(x: Values) -> Values:
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


A, B = ["x", 0, 0], ["y", 0, 0]
UNNAMED: dict[str, Any] = {"name": None}
# A function, what it is called with, and what comes of it.
FUNCTIONS: list[tuple[str, Any, Values]] = [
    ("__operators__.add", [*A, {"y": 2.0, "name": None}], X + 2),
    ("__operators__.add", [*A, {"y": B, "name": None}], X + Y),
    ("math.add", [*A, {"y": B}], X + Y),
    ("math.subtract", ["_CONSTANT_VALUE", -1, 1.0, {"y": A, "name": None}], 1 - X),
    ("math.subtract", [*A, {"y": B}], X - Y),
    ("math.multiply", [*A, {"y": 3, "name": None}], X * 3),
    ("math.multiply", [*A, {"y": B}], X * Y),
    ("math.truediv", [*A, {"y": 4.0}], X / 4),
    ("math.truediv", ["_CONSTANT_VALUE", -1, 2.0, {"y": A}], 2 / X),
    ("math.divide", [*A, {"y": B}], X / Y),
    ("math.floordiv", [*A, {"y": 2.0}], X // 2),
    ("math.pow", [*A, {"y": 2}], X**2),
    ("math.maximum", [*A, {"y": 0.0}], np.maximum(X, 0)),
    ("math.minimum", [*A, {"y": B}], np.minimum(X, Y)),
    ("math.squared_difference", [*A, {"y": B}], (X - Y) ** 2),
    ("math.add_n", [[*A, {}], [*B, {}], [*A, {}]], X + Y + X),
    ("math.add", [*A, {"y": [1.0, 2.0, -3.0, 4.0]}], X + np.array([1, 2, -3, 4])),
    ("math.subtract", [*A, {"y": [[[1.0, 2.0, -3.0, 4.0]]]}], X - [1, 2, -3, 4]),
    ("math.multiply", [*A, {"y": [1.0, 2.0, 3.0, 4.0]}], X * [1, 2, 3, 4]),
    ("math.truediv", [*A, {"y": [1.0, 2.0, 3.0, 4.0]}], X / [1, 2, 3, 4]),
    ("nn.bias_add", [*A, {"bias": [-1.5, 2.0, 3.0, 4.0], "data_format": "NHWC"}],
        X + np.array([-1.5, 2, 3, 4])),
    ("math.negative", [*A, UNNAMED], -X),
    ("math.abs", [*A, UNNAMED], np.abs(X)),
    ("math.exp", [*A, UNNAMED], np.exp(X)),
    ("math.square", [*A, UNNAMED], X**2),
    ("math.sigmoid", [*A, UNNAMED], sigmoid(X)),
    ("math.tanh", [*A, UNNAMED], np.tanh(X)),
    ("nn.relu", [*A, UNNAMED], np.maximum(X, 0)),
    ("nn.leaky_relu", [*A, {"alpha": 0.1}], np.where(X > 0, X, 0.1 * X)),
    ("nn.silu", [*A, {"beta": None}], X * sigmoid(X)),
    ("nn.softmax", [*A, {"axis": -1}], softmax(X)),
    ("compat.v1.nn.softmax", [*A, UNNAMED], softmax(X)),
    ("math.reduce_mean", [*A, {"axis": 1}], X.mean(1)),
    ("math.reduce_mean", [*A, {"axis": [1, 2], "keepdims": True}], X.mean((1, 2), keepdims=True)),
    ("math.reduce_sum", [*A, {"axis": [1], "keepdims": False}], X.sum(1)),
    ("math.reduce_max", [*A, {"axis": -1}], X.max(-1)),
    ("math.reduce_min", [*A, {"axis": -1, "keepdims": True}], X.min(-1, keepdims=True)),
    ("math.reduce_std", [*A, {"axis": 1}], X.std(1)),
    ("math.reduce_variance", [*A, {"axis": 1}], X.var(1)),
    ("math.argmax", [*A, {"axis": -1, "output_type": "int64"}], X.argmax(-1)),
    ("math.cumsum", [*A, {"axis": 1, "exclusive": False, "reverse": False}], X.cumsum(1)),
    ("math.l2_normalize", [*A, {"axis": -1}], X / np.linalg.norm(X, axis=-1, keepdims=True)),
    ("norm", [*A, {"ord": "euclidean", "axis": -1}], np.linalg.norm(X, axis=-1)),
    ("linalg.matmul", [*A, {"b": B, "transpose_b": True}], X @ Y.transpose(0, 2, 1)),
    ("linalg.matmul", [*A, {"b": B, "transpose_a": True}], X.transpose(0, 2, 1) @ Y),
    ("reshape", [*A, {"shape": [-1, 4, 6]}], X.reshape(-1, 4, 6)),
    ("transpose", [*A, {"perm": [0, 2, 1]}], X.transpose(0, 2, 1)),
    ("expand_dims", [*A, {"axis": 1}], X[:, None]),
    ("tile", [*A, {"multiples": [1, 2, 1]}], np.tile(X, (1, 2, 1))),
    ("pad", [*A, {"paddings": [[0, 0], [1, 2], [0, 0]], "mode": "CONSTANT", "constant_values": 0}],
        np.pad(X, ((0, 0), (1, 2), (0, 0)))),
    ("pad", [*A, {"paddings": [[0, 0], [1, 2], [0, 0]], "mode": "REFLECT"}],
        np.pad(X, ((0, 0), (1, 2), (0, 0)), "reflect")),
    ("concat", [[*A, {"axis": -1}], [*B, {"axis": -1}]], np.concatenate([X, Y], -1)),
    ("stack", [[*A, {"axis": 1}], [*B, {"axis": 1}]], np.stack([X, Y], 1)),
    ("clip_by_value", [*A, {"clip_value_min": -0.5, "clip_value_max": 0.5}], X.clip(-0.5, 0.5)),
    ("where", ["bigger", 0, 0, {"x": A, "y": B}], np.where(X > 0, X, Y)),
    ("where", ["bigger", 0, 0, {"x": A, "y": -1.0}], np.where(X > 0, X, -1)),
    ("where", ["bigger", 0, 0, {"x": 0.5, "y": A}], np.where(X > 0, 0.5, X)),
    ("cast", ["bigger", 0, 0, {"dtype": "float32"}], (X > 0).astype("float32")),
    ("reverse", [*A, {"axis": [1]}], X[:, ::-1]),
    ("roll", [*A, {"shift": 1, "axis": 1}], np.roll(X, 1, 1)),
    ("slice", [*A, {"begin": [0, 1, 0], "size": [-1, 2, 3]}], X[:, 1:3, :3]),
    ("strided_slice", [*A, {"begin": [0, 1], "end": [0, 5], "strides": [1, 2], "begin_mask": 1,
        "end_mask": 1}], X[:, 1:5:2]),
    ("strided_slice", [*A, {"begin": [0, 2], "end": [0, 3], "strides": [1, 1], "begin_mask": 1,
        "end_mask": 1, "shrink_axis_mask": 2}], X[:, 2]),
    ("identity", [*A, UNNAMED], X),
    ("stop_gradient", [*A, UNNAMED], X),
]  # fmt: skip
BIGGER = row("TFOpLambda", {"function": "math.greater"}, [*A, {"y": 0.0, "name": None}], "bigger")


@pytest.mark.parametrize(("function", "inbound", "wanted"), FUNCTIONS, ids=lambda it: str(it)[:40])
def test_functions_of_tensorflow(
    function: str, inbound: Any, wanted: Values, tmp_path: Path
) -> None:
    rows = [row("TFOpLambda", {"function": function}, inbound)]
    if "bigger" in json.dumps(inbound):
        rows.insert(0, BIGGER)
    imported = import_model(saved(tmp_path / "m.json", rows, [["it", 0, 0]]))
    assert not imported.remarks
    (found,) = results(imported)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


ALL: dict[str, Any] = {"start": None, "stop": None, "step": None}


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ([ALL, 0], X[:, 0]),
        ([ALL, {"start": 1, "stop": 5, "step": 2}], X[:, 1:5:2]),
        ([{"class_name": "__ellipsis__"}, -1], X[..., -1]),
        ([ALL, None, {"start": None, "stop": -1, "step": None}], X[:, None, :-1]),
        ({"start": 0, "stop": 2, "step": None}, X[:2]),
    ],
)
def test_slices(key: Any, wanted: Values, tmp_path: Path) -> None:
    function = {"function": "__operators__.getitem"}
    it = row("SlicingOpLambda", function, [*A, {"slice_spec": key}])
    imported = import_model(saved(tmp_path / "m.json", [it], [["it", 0, 0]]))
    assert not imported.remarks
    np.testing.assert_array_equal(results(imported)[0], wanted)


@pytest.mark.parametrize(
    ("pieces", "cut"), [(2, [2]), ([1, 3], [1])], ids=["equal pieces", "sizes of pieces"]
)
def test_a_split_gives_its_pieces(pieces: Any, cut: list[int], tmp_path: Path) -> None:
    given = {"num_or_size_splits": pieces, "axis": -1, "num": None}
    it = row("TFOpLambda", {"function": "split"}, [*A, given])
    ends = [["it", 0, 0], ["it", 0, 1]]
    found = results(import_model(saved(tmp_path / "m.json", [it], ends)))
    for one, other in zip(found, np.split(X, cut, -1), strict=True):
        np.testing.assert_array_equal(one, other)


def test_pictures_are_resized(tmp_path: Path) -> None:
    rows = [
        row("TFOpLambda", {"function": "expand_dims"}, [*A, {"axis": -1}], "picture"),
        row("TFOpLambda", {"function": "image.resize"}, [
            "picture", 0, 0, {"size": [12, 8], "method": "nearest", "antialias": False}]),
    ]  # fmt: skip
    imported = import_model(saved(tmp_path / "m.json", rows, [["it", 0, 0]]))
    assert not imported.remarks
    np.testing.assert_array_equal(results(imported)[0][..., 0], X.repeat(2, 1).repeat(2, 2))


# --- graph nodes of TensorFlow 2.0 to 2.3 ---------------------------------------------------


def varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])


def field(number: int, content: bytes | str | int) -> bytes:
    """Write a field of a protocol buffer."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content % 2**64)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def as_bytes(op: str, attributes: dict[str, Any]) -> str:
    kinds = {bool: 5, int: 3}
    content = field(1, "it") + field(2, op) + field(3, "x")
    for name, value in attributes.items():
        if isinstance(value, list):
            inner = field(1, b"".join(field(3, item) for item in value))
        else:
            inner = field(kinds[type(value)], int(value))
        content += field(5, field(1, name) + field(2, inner))
    return content.decode("utf-8")


def as_json(op: str, attributes: dict[str, Any]) -> str:
    def value(it: Any) -> dict[str, Any]:
        if isinstance(it, list):
            return {"list": {"i": [str(item) for item in it]}}
        return {"b": it} if isinstance(it, bool) else {"i": str(it)}

    attr = {"T": {"type": "DT_FLOAT"}} | {name: value(it) for name, it in attributes.items()}
    return json.dumps({"name": "it", "op": op, "input": ["x"], "attr": attr})


def as_text(op: str, attributes: dict[str, Any]) -> str:
    def value(it: Any) -> str:
        if isinstance(it, list):
            return "list {\n" + "".join(f"      i: {item}\n" for item in it) + "    }"
        return f"b: {str(it).lower()}" if isinstance(it, bool) else f"i: {it}"

    lines = [f'name: "it"\nop: "{op}"\ninput: "x"']
    lines += [
        f'attr {{\n  key: "{name}"\n  value {{\n    {value(it)}\n  }}\n}}'
        for name, it in attributes.items()
    ]
    return "\n".join(lines)


PLAIN, BOTH = [[*A, {}]], [[*A, {}], [*B, {}]]
NODES: list[tuple[str, dict[str, Any], dict[str, Any], Any, Values]] = [
    ("AddV2", {}, {"1": 2.0}, PLAIN, X + 2),
    ("AddV2", {}, {}, BOTH, X + Y),
    ("Sub", {}, {"0": 1.0}, PLAIN, 1 - X),
    ("Mul", {}, {"1": 0.5}, PLAIN, X * 0.5),
    ("RealDiv", {}, {"1": 4.0}, PLAIN, X / 4),
    ("Pow", {}, {"1": 2.0}, PLAIN, X**2),
    ("Maximum", {}, {"1": 0.0}, PLAIN, np.maximum(X, 0)),
    ("Sigmoid", {}, {}, PLAIN, sigmoid(X)),
    ("Relu", {}, {}, PLAIN, np.maximum(X, 0)),
    ("Square", {}, {}, PLAIN, X**2),
    ("SquaredDifference", {}, {}, BOTH, (X - Y) ** 2),
    ("Softmax", {}, {}, PLAIN, softmax(X)),
    ("Mean", {"keep_dims": True}, {"1": [1]}, PLAIN, X.mean(1, keepdims=True)),
    ("Sum", {"keep_dims": False}, {"1": -1}, PLAIN, X.sum(-1)),
    ("Reshape", {}, {"1": [-1, 24]}, PLAIN, X.reshape(-1, 24)),
    ("Transpose", {}, {"1": [0, 2, 1]}, PLAIN, X.transpose(0, 2, 1)),
    ("ExpandDims", {}, {"1": 1}, PLAIN, X[:, None]),
    ("Squeeze", {"squeeze_dims": [1]}, {}, [["wide", 0, 0, {}]], X),
    ("ConcatV2", {"N": 2}, {"2": -1}, BOTH, np.concatenate([X, Y], -1)),
    ("Pack", {"N": 2, "axis": 1}, {}, BOTH, np.stack([X, Y], 1)),
    ("BatchMatMulV2", {"adj_y": True}, {}, BOTH, X @ Y.transpose(0, 2, 1)),
    ("StridedSlice", {"begin_mask": 1, "end_mask": 1, "shrink_axis_mask": 2},
        {"1": [0, 3], "2": [0, 4], "3": [1, 1]}, PLAIN, X[:, 3]),
]  # fmt: skip
WIDE = row("TensorFlowOpLayer", {"node_def": as_json("ExpandDims", {}), "constants": {"1": 1}},
    [[*A, {}]], "wide")  # fmt: skip


@pytest.mark.parametrize("written", [as_json, as_text, as_bytes])
@pytest.mark.parametrize(("op", "attributes", "constants", "inbound", "wanted"), NODES)
def test_nodes_of_graphs(
    op: str,
    attributes: dict[str, Any],
    constants: dict[str, Any],
    inbound: Any,
    wanted: Values,
    written: Any,
    tmp_path: Path,
) -> None:
    config = {"node_def": written(op, attributes), "constants": constants}
    rows = [row("TensorFlowOpLayer", config, inbound)]
    if "wide" in json.dumps(inbound):
        rows.insert(0, WIDE)
    imported = import_model(saved(tmp_path / "m.json", rows, [["it", 0, 0]]))
    assert not imported.remarks
    np.testing.assert_allclose(results(imported)[0], wanted, atol=1e-5)


# --- what has no counterpart ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "config", "given", "told"),
    [
        ("TFOpLambda", {"function": "signal.stft"}, {"frame_length": 4}, "signal.stft"),
        ("TFOpLambda", {"function": "strings.split"}, {}, "strings.split"),
        ("TFOpLambda", {"function": "math.cumsum"}, {"axis": 1, "reverse": True}, "math.cumsum"),
        ("TFOpLambda", {"function": "math.multiply"}, {"y": [[1.0, 2.0], [3.0, 4.0]]},
            "math.multiply"),
        ("SlicingOpLambda", {"function": "__operators__.getitem"}, {
            "slice_spec": [{"start": ["y", 0, 0], "stop": None, "step": None}]}, "getitem"),
        ("TFOpLambda", {"function": ["no", "name"]}, {}, "TFOpLambda"),
        ("TensorFlowOpLayer", {"node_def": as_json("Betainc", {})}, {}, "Betainc"),
        ("TensorFlowOpLayer", {"node_def": "\x12\x7f"}, {}, "TensorFlowOpLayer"),
        ("ClassMethod", {"class_symbol": "RaggedTensor"}, {}, "ClassMethod"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_named_and_kept(
    kind: str, config: dict[str, Any], given: dict[str, Any], told: str, tmp_path: Path
) -> None:
    path = saved(tmp_path / "m.json", [row(kind, config, [*A, given])], [["it", 0, 0]])
    imported = import_model(path)
    (remark,) = (one for one in imported.remarks if one.node == "it")
    assert remark.opaque
    assert told in str(remark.message)
    assert imported.document.network.nodes["it"].layer == kind


def test_losses_added_by_hand_are_told(tmp_path: Path) -> None:
    it = row("AddLoss", {"unconditional": False}, [*A, {}])
    imported = import_model(saved(tmp_path / "m.json", [it], [["it", 0, 0]]))
    assert "AddLoss" in str(imported.remarks[0].message)
    np.testing.assert_array_equal(results(imported)[0], X)


# --- damage --------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-2, 2) | st.sampled_from(["x", "y"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["start", "stop", "step", "class_name", "x"]), inner)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(["y", "axis", "perm", "shape", "size", "begin", "end", "strides", "x",
    "slice_spec", "num_or_size_splits", "paddings", "alpha", "epsilon", "begin_mask"])  # fmt: skip
KNOWN = sorted({function for function, _, _ in FUNCTIONS} | {"__operators__.getitem"})


@given(st.sampled_from(KNOWN), st.dictionaries(KEYS, JSON, max_size=4), st.integers(1, 2))
def test_whatever_is_given_is_understood_or_left(
    function: str, arguments: dict[str, Any], inputs: int
) -> None:
    call = Inbound([Tensor(name) for name in "xy"[:inputs]], arguments)
    found = tensorflow_operation(function, call, inputs)
    if found is not None:
        kind, params = found
        assert not LAYERS.get(kind).check(params)


@given(st.text(st.characters(max_codepoint=130), max_size=60) | JSON)
def test_damaged_nodes_are_none(content: Any) -> None:
    read_node(content)


@given(st.data())
def test_torn_nodes_are_none_or_nodes(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([as_bytes, as_json, as_text]))("Mean", {"keep_dims": True})
    start, end = (data.draw(st.integers(0, len(whole))) for _ in range(2))
    read_node(whole[:start] + whole[end:])
