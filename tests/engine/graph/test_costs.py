"""What layers cost and how far they see."""

from __future__ import annotations

from helpers.networks import network

from engine.graph.costs import costs
from engine.ipc.messages import NodeFacts


def fact(*shape: int, params: int = 0, dtype: str = "float32") -> NodeFacts:
    return NodeFacts([None, *shape], dtype, params, params)


def test_receptive_field_of_lenets_layers() -> None:
    drawn = network(
        [
            ("image", "Input", {"shape": [28, 28, 1]}),
            ("conv1", "Conv2D", {"filters": 6, "kernel_size": [5, 5]}),
            ("pool1", "MaxPooling2D", {}),
            ("conv2", "Conv2D", {"filters": 16, "kernel_size": [5, 5]}),
            ("pool2", "MaxPooling2D", {}),
            ("flatten", "Flatten", {}),
        ]
    )
    facts = {
        "image": fact(28, 28, 1),
        "conv1": fact(24, 24, 6, params=156),
        "pool1": fact(12, 12, 6),
        "conv2": fact(8, 8, 16, params=2416),
        "pool2": fact(4, 4, 16),
        "flatten": fact(256),
    }
    found = costs(drawn, facts)
    # Known from the literature: 5, 6, 14, 16.
    sides = [found[node].field for node in ("conv1", "pool1", "conv2", "pool2")]
    assert sides == [(5, 5), (6, 6), (14, 14), (16, 16)]
    assert found["flatten"].field is None
    assert found["conv1"].flops == 24 * 24 * 6 * (2 * 25 + 1)
    assert found["conv1"].memory == 24 * 24 * 6 * 4


def test_dilation_strides_and_upsampling() -> None:
    drawn = network(
        [
            ("image", "Input", {"shape": [32, 32, 1]}),
            ("wide", "Conv2D", {"kernel_size": [3, 3], "dilation_rate": [4, 4]}),
            ("step", "Conv2D", {"kernel_size": [3, 3], "strides": [2, 2]}),
            ("up", "UpSampling2D", {"size": [2, 2]}),
            ("last", "Conv2D", {"kernel_size": [3, 3]}),
        ]
    )
    facts = {node.id: fact(16, 16, 4, params=9) for node in drawn.nodes.values()}
    found = costs(drawn, facts)
    # 1 + 2·4 = 9; + 2 = 11; neighbours are one pixel apart again; + 2 = 13.
    assert [found[node].field for node in ("wide", "step", "up", "last")] == [
        (9, 9),
        (11, 11),
        (11, 11),
        (13, 13),
    ]


def test_a_join_sees_what_its_widest_branch_sees() -> None:
    drawn = network(
        [
            ("image", "Input", {"shape": [32, 32, 1]}),
            ("near", "Conv2D", {"kernel_size": [3, 3]}),
            ("far", "Conv2D", {"kernel_size": [7, 7]}),
            ("add", "Add", {}),
        ],
        [("image", "near"), ("image", "far"), ("near", "add", 0), ("far", "add", 1)],
    )
    facts = {node.id: fact(32, 32, 4, params=9) for node in drawn.nodes.values()}
    found = costs(drawn, facts)
    assert found["add"].field == (7, 7)
    assert found["add"].flops == 32 * 32 * 4


def test_unknown_shapes_wrong_values_and_cycles_cost_nothing() -> None:
    drawn = network(
        [("image", "Input", {}), ("conv", "Conv2D", {"kernel_size": "wide"}), ("loop", "ReLU", {})],
        [("image", "conv"), ("loop", "loop")],
    )
    found = costs(drawn, {"image": fact(8, 8, 1), "conv": fact(8, 8, 1)})
    assert found["conv"].field == (1, 1)
    assert costs(drawn, {}) == {}
    assert "loop" not in found


def test_a_shared_layer_works_each_time_it_is_called() -> None:
    drawn = network(
        [("image", "Input", {}), ("a", "Conv2D", {"kernel_size": [3, 3]}), ("b", "Conv2D", {})],
        [("image", "a"), ("image", "b")],
    )
    shared = drawn.nodes["b"]
    drawn.put_node(type(shared)(id="b", layer="Conv2D", shares="a", order=2))
    facts = {"image": fact(8, 8, 1), "a": fact(8, 8, 2, params=20), "b": fact(8, 8, 2)}
    found = costs(drawn, facts)
    assert found["a"].flops == found["b"].flops > 0
    assert found["b"].params == 0
