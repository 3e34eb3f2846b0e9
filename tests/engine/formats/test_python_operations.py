"""Whatever the writer writes is read back: layers, operations, formulas, several tensors."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from helpers.specimens import TOLD, specimen
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.formats.python_reading.known import opaque_layers, written
from engine.formats.python_reading.merging import merge
from engine.formats.python_reading.reading import read_python
from engine.formats.python_reading.things import Reading
from engine.formula import Formula
from engine.graph.calls import PICK
from engine.graph.document import Document, Edge, Network, Node
from engine.graph.history import History
from engine.layers import LAYERS, LayerSpec

START = """import keras
import tensorflow as tf
from keras import backend as K, layers, ops
x = keras.Input(shape=(8, 4))
y = keras.Input(shape=(8, 4))
"""
# What stands in the script besides the calls of a line.
FIRST = 2


def read(lines: str) -> Reading:
    """Read lines of a script of which everything can be read."""
    reading = read_python(f"{START}{lines}\n", {})
    assert [str(remark.message) for remark in reading.remarks] == []
    return reading


def rows(lines: str) -> list[tuple[str, dict[str, Any], list[int]]]:
    """Return kind, parameters and sources of the calls behind the inputs."""
    calls = read(lines).calls[FIRST:]
    return [(call.layer.kind, call.layer.params, list(call.sources)) for call in calls]


def drawn_anew(document: Document) -> tuple[Network, dict[str, str]]:
    """Draw the script of a document; returns the network and its nodes for the document's."""
    base, empty = written(document), Document()
    assert [str(remark.message) for remark in base.reading.remarks] == []
    merged = merge(empty, written(empty), base.script, base.reading)
    History(empty).do(merged.edit)
    return empty.network, dict(zip(base.ids, merged.known.ids, strict=True))


def described(document: Document, node_id: str) -> tuple[str, dict[str, Any]]:
    node = document.network.nodes[node_id]
    return node.layer, LAYERS.get(node.layer).trim(node.params)


ALONE = [spec for spec in LAYERS if not spec.held and spec.key not in ("Input", PICK)]


def settings(spec: type[LayerSpec]) -> list[dict[str, Any]]:
    """Return parameters to try with a layer."""
    own = TOLD.get(spec.key, {})
    if not own or spec.check(spec.complete({})):
        return [own]
    return [{}, own]


@pytest.mark.parametrize("spec", ALONE, ids=lambda spec: spec.key)
def test_every_layer_is_read_from_its_code(spec: type[LayerSpec]) -> None:
    for params in settings(spec):
        document = specimen(spec, params)
        network, there = drawn_anew(document)
        assert len(network.nodes) == len(document.network.nodes)
        for old, new in there.items():
            node = network.nodes[new]
            kind, told = described(document, old)
            if spec.key == "Expression" and old == "it":
                told = {}
            assert (node.layer, node.params) == (kind, told)
            wires = [there[edge.source] for edge in document.network.inputs(old)]
            assert [edge.source for edge in network.inputs(new)] == wires


@pytest.mark.parametrize("spec", ALONE, ids=lambda spec: spec.key)
def test_an_unchanged_script_of_every_layer_changes_nothing(spec: type[LayerSpec]) -> None:
    for params in settings(spec):
        document = specimen(spec, params)
        base = written(document)
        assert base.sound
        reading = read_python(base.script, opaque_layers(document))
        assert merge(document, base, base.script, reading).edit.changes == ()


# --- several tensors -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "a, h, c = layers.LSTM(3, return_state=True)(x)\n"
        "z = layers.LSTM(3)(y, initial_state=[h, c])",
        "_, h, c = layers.LSTM(3, return_state=True)(x)\nz = layers.LSTM(3)(y, [h, c])",
        "_, *s = layers.LSTM(3, return_state=True)(x)\nz = layers.LSTM(3)(y, initial_state=s)",
        "o = layers.LSTM(3, return_state=True)(x)\nz = layers.LSTM(3)(y, initial_state=o[1:])",
        "o = layers.LSTM(3, return_state=True)(x)\nh, c = o[1], o[2]\n"
        "z = layers.LSTM(3)(sequences=y, initial_state=(h, c))",
    ],
)
def test_states_are_handed_on(lines: str) -> None:
    assert rows(lines) == [
        ("LSTM", {"units": 3, "return_state": True}, [0]),
        (PICK, {}, [2]),
        (PICK, {"index": 2}, [2]),
        ("LSTM", {"units": 3, "initial_state": True}, [1, 3, 4]),
    ]


def test_further_tensors_have_the_names_of_their_variables_and_their_line() -> None:
    calls = read(
        "a, h, _ = layers.LSTM(\n    3, return_state=True)(x)\nz = layers.Add()([a, h])"
    ).calls
    assert [call.variable for call in calls] == ["x", "y", "a", "h", "z"]
    assert [call.lines for call in calls[FIRST:]] == [(6, 7), (6, 7), (8, 8)]


def test_nested_states_are_counted_through() -> None:
    cells = "[layers.LSTMCell(4), layers.GRUCell(5)]"
    found = rows(
        f"z, (h, c), h2 = layers.RNN(layers.StackedRNNCells({cells}), return_state=True)(x)\n"
        "w = layers.Concatenate()([h, c])\nv = layers.Dense(1)(h2)"
    )
    assert [(kind, sources) for kind, _, sources in found] == [
        ("RNN", [0]),
        *((PICK, [2]) for _ in range(3)),
        ("Concatenate", [3, 4]),
        ("Dense", [5]),
    ]
    assert [params.get("index", 1) for kind, params, _ in found if kind == PICK] == [1, 2, 3]


def test_attention_takes_tensors_by_place_and_by_name() -> None:
    found = rows(
        "a = layers.MultiHeadAttention(2, key_dim=4)(x, y, key=x, use_causal_mask=True)\n"
        "b, s = layers.MultiHeadAttention(2, 4)(query=x, value=y, return_attention_scores=True)"
    )
    heads = {"num_heads": 2, "key_dim": 4}
    assert found == [
        ("MultiHeadAttention", {**heads, "use_causal_mask": True}, [0, 1, 0]),
        ("MultiHeadAttention", {**heads, "return_attention_scores": True}, [0, 1]),
        (PICK, {}, [3]),
    ]


# --- operations ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "kind", "params"),
    [
        ("ops.mean(x)", "ops.mean", {"axis": None}),
        ("ops.mean(x, 1, True)", "ops.mean", {"axis": 1, "keepdims": True}),
        ("ops.sum(x, axis=(1, 2))", "ops.sum", {"axis": [1, 2]}),
        ("keras.ops.max(x, axis=-1)", "ops.max", {}),
        ("tf.reduce_mean(x, 1, keepdims=True)", "ops.mean", {"axis": 1, "keepdims": True}),
        ("tf.math.reduce_std(x, axis=1)", "ops.std", {"axis": 1}),
        ("tf.expand_dims(x, 1)", "ops.expand_dims", {"axis": 1}),
        ("K.expand_dims(x)", "ops.expand_dims", {}),
        ("tf.reshape(x, shape=[-1, 32])", "ops.reshape", {"newshape": [-1, 32]}),
        ("tf.transpose(x, perm=[0, 2, 1])", "ops.transpose", {"axes": [0, 2, 1]}),
        ("K.permute_dimensions(x, (0, 2, 1))", "ops.transpose", {"axes": [0, 2, 1]}),
        ("tf.cast(x, tf.int32)", "ops.cast", {"dtype": "int32"}),
        ("ops.cast(x, dtype='bool')", "ops.cast", {"dtype": "bool"}),
        ("K.clip(x, 0, 6)", "ops.clip", {"x_max": 6}),
        ("tf.clip_by_value(x, clip_value_min=-1, clip_value_max=1)", "ops.clip", {"x_min": -1}),
        ("tf.square(x)", "ops.square", {}),
        ("abs(x)", "ops.abs", {}),
        ("tf.argmax(x)", "ops.argmax", {"axis": 0}),
        ("ops.softmax(x)", "ops.softmax", {}),
        ("tf.nn.relu(x)", "Activation", {}),
        ("tf.nn.softmax(x, axis=1)", "ops.softmax", {"axis": 1}),
        ("ops.gelu(x)", "ops.gelu", {}),
        ("ops.gelu(x, approximate=False)", "ops.gelu", {"approximate": False}),
        ("keras.activations.gelu(x)", "Activation", {"activation": "gelu"}),
        ("keras.activations.celu(x, alpha=0.5)", "ops.celu", {"alpha": 0.5}),
        ("ops.take(x, [0, 2], axis=-1)", "ops.take_places", {"indices": [0, 2], "axis": -1}),
        ("tf.pad(x, [[0, 0], [1, 1], [0, 0]], mode='REFLECT')", "ops.pad",
         {"pad_width": [[0, 0], [1, 1], [0, 0]], "mode": "reflect"}),
        ("x[:, 0, 1:3]", "ops.get_item", {"key_text": ":, 0, 1:3"}),
        ("x[..., ::2]", "ops.get_item", {"key_text": "..., ::2"}),
        ("x[:, tf.newaxis]", "ops.get_item", {"key_text": ":, None"}),
        ("x[:, -1]", "ops.get_item", {"key_text": ":, -1"}),
    ],
)  # fmt: skip
def test_functions_on_a_tensor_are_operations(line: str, kind: str, params: dict[str, Any]) -> None:
    assert rows(f"z = {line}") == [(kind, params, [0])]


@pytest.mark.parametrize(
    ("line", "kind", "params"),
    [
        ("ops.concatenate([x, y])", "ops.concatenate", {"axis": 0}),
        ("tf.concat([x, y], -1)", "ops.concatenate", {}),
        ("K.concatenate([x, y])", "ops.concatenate", {}),
        ("K.concatenate((x, y), axis=1)", "ops.concatenate", {"axis": 1}),
        ("ops.stack([x, y], axis=1)", "ops.stack", {}),
        ("ops.einsum('abc,adc->abd', x, y)", "ops.einsum", {"subscripts": "abc,adc->abd"}),
        ("ops.divide(x, y)", "ops.divide", {}),
        ("ops.take(x, y, axis=1)", "ops.take", {}),
        ("K.gather(x, y)", "ops.take", {"axis": 0}),
        ("ops.maximum(x, y)", "Maximum", {}),
        ("tf.add(x, y)", "Add", {}),
        ("x * y", "Multiply", {}),
        ("x - y", "Subtract", {}),
    ],
)
def test_functions_on_two_tensors_are_operations(
    line: str, kind: str, params: dict[str, Any]
) -> None:
    assert rows(f"z = {line}") == [(kind, params, [0, 1])]


@pytest.mark.parametrize(
    "start",
    [
        "from keras import ops\nz = ops.",
        "from tensorflow.keras import ops\nz = ops.",
        "import keras.ops as F\nz = F.",
        "import keras.ops\nz = keras.ops.",
        "from keras.ops import *\nz = ",
        "from keras.ops import mean\nz = ",
    ],
)
def test_operations_are_imported_in_every_usual_way(start: str) -> None:
    assert rows(f"{start}mean(x, axis=1)") == [("ops.mean", {"axis": 1}, [0])]


def test_pieces_of_a_tensor_have_names() -> None:
    found = rows("a, b, c = ops.split(x, [1, 3], axis=-1)\nz = layers.Add()([a, c])")
    assert found[0] == ("ops.split", {"indices_or_sections": [1, 3]}, [0])
    assert [(kind, sources) for kind, _, sources in found[1:]] == [
        (PICK, [2]),
        (PICK, [2]),
        ("Add", [2, 4]),
    ]


# --- formulas ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "formula", "sources"),
    [
        ("x * 2.0 + 1", "a * 2.0 + 1", [0]),
        ("1 - x", "1 - a", [0]),
        ("x / 255.0", "a / 255.0", [0]),
        ("x ** 2", "a ** 2", [0]),
        ("-x", "-a", [0]),
        ("x > 0.5", "a > 0.5", [0]),
        ("0 <= x", "0 <= a", [0]),
        ("x @ y", "a @ b", [0, 1]),
        ("x / y", "a / b", [0, 1]),
        ("x + y + x", "a + b + a", [0, 1]),
        ("2 * y + ops.sigmoid(x)", "2 * a + sigmoid(b)", [1, 0]),
        ("(x - ops.mean(x, -1)) * 2", "(a - mean(a, -1)) * 2", [0]),
        ("ops.where(x > 0, x, 0.1 * y)", "where(a > 0, a, 0.1 * b)", [0, 1]),
        ("tf.exp(0.5 * x) * y", "exp(0.5 * a) * b", [0, 1]),
        ("ops.multiply(x, 3)", "a * 3", [0]),
        ("x * (1 / 255)", "a * (1 / 255)", [0]),
        ("x / ops.sqrt(64.0)", "a / sqrt(64.0)", [0]),
        ("K.square(x) + 1", "square(a) + 1", [0]),
    ],
)
def test_arithmetic_is_one_formula(line: str, formula: str, sources: list[int]) -> None:
    (row,) = rows(f"z = {line}")
    assert row == ("Expression", LAYERS.get("Expression").trim({"formula": formula}), sources)


def test_numbers_that_are_known_stand_in_formulas() -> None:
    lines = "import math\nrate, sizes = 0.5, [3, 4]\nz = rate * x + len(sizes) * math.pi"
    assert rows(lines) == [("Expression", {"formula": "0.5 * a + 6.283185307179586"}, [0])]


def test_what_a_formula_cannot_hold_is_a_layer_of_its_own() -> None:
    found = rows("z = 2 * layers.Dense(3)(x + 1) + ops.sum(y, axis=1, keepdims=True)")
    assert [(kind, sources) for kind, _, sources in found] == [
        ("Expression", [0]),
        ("Dense", [2]),
        ("ops.sum", [1]),
        ("Expression", [3, 4]),
    ]
    assert found[3][1] == {"formula": "2 * a + b"}


def test_a_formula_that_grows_too_long_is_split() -> None:
    found = rows(f"z = {' + '.join(['x * 2'] * 50)}")
    assert [kind for kind, _, _ in found] == ["Expression"] * 2
    assert found[1][2] == [2, 0]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("layers.Lambda(lambda t: t * 2 + 1)(x)", ("Expression", {"formula": "a * 2 + 1"}, [0])),
        ("layers.Lambda(lambda v: v[0] / v[1])([x, y])",
         ("Expression", {"formula": "a / b"}, [0, 1])),
        ("layers.Lambda(lambda t: K.mean(t, axis=1), output_shape=(4,))(x)",
         ("ops.mean", {"axis": 1}, [0])),
        ("layers.Lambda(tf.square)(x)", ("ops.square", {}, [0])),
        ("layers.Lambda(lambda t: t)(x)", ("Identity", {}, [0])),
        ("layers.Lambda(lambda t: t[:, -1])(x)", ("ops.get_item", {"key_text": ":, -1"}, [0])),
    ],
)  # fmt: skip
def test_the_function_of_a_lambda_is_followed(line: str, row: Any) -> None:
    assert rows(f"z = {line}") == [row]


def test_a_lambda_gives_its_name_to_what_it_becomes() -> None:
    calls = read(
        "def distance(pair):\n"
        "    a, b = pair\n"
        "    return K.sqrt(K.sum(K.square(a - b), axis=1, keepdims=True))\n"
        "z = layers.Lambda(distance, name='distance')([x, y])"
    ).calls[FIRST:]
    kinds = [(call.layer.kind, call.layer.name) for call in calls]
    assert kinds == [("Expression", ""), ("ops.sum", ""), ("ops.sqrt", "distance")]


def test_a_lambda_in_a_sequential_is_followed() -> None:
    reading = read(
        "m = keras.Sequential([layers.Lambda(lambda t: t / 255, input_shape=(4,)),"
        " layers.Dense(2)])"
    )
    assert [call.layer.kind for call in reading.calls if call.used][-2:] == ["Expression", "Dense"]


def test_a_lambda_that_cannot_be_followed_is_kept_in_files() -> None:
    script = f"{START}z = layers.Lambda(lambda t: t.numpy() + 1)(x)\n"
    reading = read_python(script)
    assert [call.layer.kind for call in reading.calls[FIRST:]] == ["Lambda"]
    assert reading.error is None
    assert read_python(script, {}).error is not None


# --- formulas of the writer ----------------------------------------------------------------

LEAVES = st.sampled_from(
    ["a", "b", "c", "(a * 2)", "(0.5 + b)", "(c ** 2)", "(a - pi)", "(-1 / b)", "(a > 2 + pi)"]
)


def grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "**", "//", "%", "@", ">", "<=", "=="])
    pairs = st.tuples(parts, signs, parts).map(lambda given: f"({' '.join(given)})")
    singles = st.sampled_from(["exp", "relu", "gelu", "sigmoid", "mean", "abs"])
    calls = st.tuples(singles, parts).map(lambda given: f"{given[0]}({given[1]})")
    reduced = parts.map(lambda part: f"mean({part}, -1)")
    chosen = st.tuples(parts, parts, parts).map(lambda given: f"where({', '.join(given)})")
    return pairs | calls | reduced | chosen | parts.map(lambda part: f"-{part}")


def is_one_call(tree: ast.expr) -> bool:
    """Return whether a formula is one function or sign between inputs, or an input alone."""
    parts = [part for part in ast.iter_child_nodes(tree) if isinstance(part, ast.expr)]
    axis = isinstance(tree, ast.Call) and len(parts) == 3 and not isinstance(parts[2], ast.Name)
    return all(isinstance(part, ast.Name) for part in (parts[:2] if axis else parts))


def with_layers(formula: str, sources: list[str]) -> str:
    """Write a formula with layers in the place of its inputs."""
    return Formula.parse(formula).code(sources)


@given(st.recursive(LEAVES, grown, max_leaves=8))
def test_a_formula_is_read_from_its_code(words: str) -> None:
    spec = LAYERS.get("Expression")
    assume(not spec.check({"formula": words}))
    nodes = [Node(id=n, layer="Input", params={"shape": [4]}, order=ord(n)) for n in "abc"]
    nodes.append(Node(id="it", layer="Expression", params={"formula": words}, order=200))
    wires = [Edge(name, "it", port) for port, name in enumerate("abc")]
    base = written(Document(Network(nodes, wires)))
    assert base.sound
    call = base.reading.calls[-1]
    if call.layer.kind != "Expression":
        assert is_one_call(Formula.parse(words).tree)
        return
    told = spec.complete(call.layer.params)["formula"]
    sources = [base.ids[place] for place in call.sources]
    assert with_layers(told, sources) == with_layers(words, ["a", "b", "c"])
