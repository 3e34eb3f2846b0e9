"""Random networks of all kinds of layers and operations, for property tests.

Their tensors need not fit each other: whether they do is no matter of documents and scripts.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.layers import LAYERS

CELLS = {
    "layer": "StackedRNNCells",
    "params": {"cells": [{"layer": "LSTMCell", "params": {}}, {"layer": "GRUCell", "params": {}}]},
}
# Those of one function or sign alone are other layers in a script.
FORMULAS = (
    "2 * a",
    "-a + 1",
    "a * sigmoid(a) - 0.5",
    "a / (b + 1)",
    "b - a * c",
    "mean(a, -1) / 2",
)
PARAMS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "Dense": st.fixed_dictionaries(
        {},
        optional={
            "units": st.integers(1, 64),
            "activation": st.sampled_from(["relu", "tanh", "softmax"]),
            "use_bias": st.booleans(),
            "kernel_initializer": st.sampled_from(
                ["he_normal", {"name": "random_normal", "params": {"stddev": 0.5}}]
            ),
            "kernel_regularizer": st.sampled_from(
                ["l2", {"name": "l1l2", "params": {"l1": 0.1, "l2": 0.2}}, None]
            ),
            "trainable": st.booleans(),
            "strange": st.integers(),
        },
    ),
    "Dropout": st.fixed_dictionaries({}, optional={"rate": st.floats(0, 0.9)}),
    "Activation": st.fixed_dictionaries({}, optional={"activation": st.just("selu")}),
    "BatchNormalization": st.fixed_dictionaries({}, optional={"momentum": st.just(0.5)}),
    "Unheard": st.dictionaries(st.sampled_from(["a", "b"]), st.integers(), max_size=2),
    "Add": st.just({}),
    "Concatenate": st.fixed_dictionaries({}, optional={"axis": st.just(1)}),
    "LSTM": st.fixed_dictionaries(
        {}, optional={"return_state": st.booleans(), "initial_state": st.booleans()}
    ),
    "RNN": st.fixed_dictionaries(
        {"cell": st.just(CELLS)}, optional={"return_state": st.just(True)}
    ),
    "MultiHeadAttention": st.fixed_dictionaries(
        {},
        optional={
            "num_heads": st.integers(1, 4),
            "use_causal_mask": st.booleans(),
            "return_attention_scores": st.booleans(),
        },
    ),
    "PickOutput": st.fixed_dictionaries({}, optional={"index": st.integers(0, 3)}),
    "Expression": st.fixed_dictionaries({"formula": st.sampled_from(FORMULAS)}),
    "ops.exp": st.just({}),
    "ops.mean": st.fixed_dictionaries(
        {}, optional={"axis": st.sampled_from([None, 0, [0, 1]]), "keepdims": st.booleans()}
    ),
    "ops.split": st.fixed_dictionaries(
        {}, optional={"indices_or_sections": st.sampled_from([1, 3, [1, 2]])}
    ),
    "ops.concatenate": st.fixed_dictionaries({}, optional={"axis": st.just(0)}),
    "ops.matmul": st.just({}),
    "ops.einsum": st.just({"subscripts": "ab,bc->ac"}),
    "ops.get_item": st.fixed_dictionaries(
        {}, optional={"key_text": st.sampled_from([":, 1:3", "..., -1", ":, None"])}
    ),
}
NAMES = st.sampled_from(["", "", "main", "Left branch", "x", "输入", "a-b", "input", "dense_7"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a document: branches, merges, shared layers, dead ends, unknown layers, names."""
    count = draw(st.integers(1, 12))
    nodes: list[Node] = []
    edges: list[Edge] = []
    titles: set[str] = set()
    for number in range(count):
        layer = "Input" if number == 0 else draw(st.sampled_from(["Input", *PARAMS]))
        name = draw(NAMES)
        node_id = f"{layer.lower()}_{number}" if draw(st.booleans()) else f"n{number}"
        name = "" if name in titles else name
        titles |= {name, node_id}
        params = {"shape": [4]} if layer == "Input" else draw(PARAMS[layer])
        spec = LAYERS.find(layer)
        shared = layer in ("Dense", "LSTM")
        twins = [n.id for n in nodes if n.layer == layer and shared and not n.shares]
        shares = draw(st.sampled_from(["", *twins]))
        nodes.append(
            Node(
                id=node_id,
                layer=layer,
                name=name,
                params={} if shares else spec.trim(params) if spec else params,
                shares=shares,
                at=(float(draw(st.integers(0, 9)) * 8), number * 104.0),
                order=number,
            )
        )
        earlier = [node.id for node in nodes[:-1]]
        if layer == "Input" or not earlier:
            continue
        owner = next((node for node in nodes if node.id == shares), nodes[-1])
        most = spec.most_inputs(spec.complete(owner.params)) if spec is not None else 1
        most = 3 if most is None else most
        sources = draw(st.lists(st.sampled_from(earlier), min_size=0, max_size=most))
        edges += [Edge(source, node_id, 2 * port) for port, source in enumerate(sources)]
    recipe = Recipe(
        optimizer=Part("sgd", {"momentum": 0.5}) if draw(st.booleans()) else Part("adam"),
        metrics=draw(st.sampled_from([(), ("accuracy",), ("accuracy", "auc")])),
        epochs=draw(st.integers(1, 9)),
        validation_split=draw(st.sampled_from([0.0, 0.25])),
    )
    return Document(Network(nodes, edges), title=draw(NAMES), recipe=recipe)
