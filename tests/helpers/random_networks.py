"""Random networks of layers that any tensor of two axes can go through, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.layers import LAYERS

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
        twins = [n.id for n in nodes if n.layer == layer == "Dense" and not n.shares]
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
        most = 3 if layer in ("Add", "Concatenate") else 1
        sources = draw(st.lists(st.sampled_from(earlier), min_size=0, max_size=most))
        edges += [Edge(source, node_id, 2 * port) for port, source in enumerate(sources)]
    recipe = Recipe(
        optimizer=Part("sgd", {"momentum": 0.5}) if draw(st.booleans()) else Part("adam"),
        metrics=draw(st.sampled_from([(), ("accuracy",), ("accuracy", "auc")])),
        epochs=draw(st.integers(1, 9)),
        validation_split=draw(st.sampled_from([0.0, 0.25])),
    )
    return Document(Network(nodes, edges), title=draw(NAMES), recipe=recipe)
