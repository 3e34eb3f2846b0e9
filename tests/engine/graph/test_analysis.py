"""What is wrong with a drawing is told without Keras."""

from __future__ import annotations

import pytest
from helpers.networks import network, template
from hypothesis import given
from hypothesis import strategies as st

from engine.graph.analysis import output_ids, problems, reaches, topological
from engine.graph.document import Edge, Network, Node


def codes(drawn: Network) -> list[tuple[str, str]]:
    return [(problem.code, problem.node) for problem in problems(drawn)]


def test_templates_have_no_problems() -> None:
    for name in ("linear", "softmax", "mlp", "lenet", "cnn", "branches", "lstm"):
        assert codes(template(name).network) == []


@pytest.mark.parametrize(
    ("rows", "edges", "expected"),
    [
        ([], [], [("empty", "")]),
        ([("a", "Dense", {})], [], [("no-input", ""), ("missing-input", "a")]),
        ([("i", "Input", {})], [], [("no-output", "")]),
        ([("i", "Input", {}), ("a", "Wavelet", {})], None, [("unknown-layer", "a")]),
        ([("i", "Input", {}), ("a", "Add", {})], None, [("missing-input", "a")]),
        (
            [("i", "Input", {}), ("a", "Dense", {"units": -1})],
            None,
            [("bad-parameter", "a")],
        ),
        (
            [("i", "Input", {}), ("a", "Add", {}), ("b", "Dense", {})],
            [("i", "a", 0), ("b", "a", 1), ("a", "b")],
            [("no-output", ""), ("cycle", "a"), ("cycle", "b")],
        ),
    ],
)
def test_problems(rows, edges, expected) -> None:
    assert codes(network(rows, edges)) == expected


def test_two_layers_of_one_name() -> None:
    drawn = network([("i", "Input", {}), ("a", "Dense", {}), ("b", "Dense", {})])
    drawn.put_node(Node(id="b", layer="Dense", name="a", order=2))
    assert codes(drawn) == [("duplicate-name", "a"), ("duplicate-name", "b")]


def test_parameters_inside_a_wrapper_are_checked() -> None:
    held = {"layer": {"layer": "LSTM", "params": {"units": 0}}}
    drawn = network([("i", "Input", {"shape": [4, 2]}), ("b", "Bidirectional", held)])
    assert codes(drawn) == [("bad-parameter", "b")]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_the_topological_order_respects_every_wire(pairs) -> None:
    drawn = Network([Node(id=str(number), layer="Add", order=number) for number in range(10)])
    for port, (source, target) in enumerate(pairs):
        drawn.put_edge(Edge(str(source), str(target), port))
    order, blocked = topological(drawn)
    assert sorted([*order, *blocked]) == sorted(drawn.nodes)
    place = {node: number for number, node in enumerate(order)}
    for edge in drawn.edges():
        if edge.target in place:
            assert place[edge.source] < place[edge.target]
    if blocked:
        assert any(reaches(drawn, e.target, e.source) for n in blocked for e in drawn.outputs(n))
    assert all(not drawn.outputs(node) for node in output_ids(drawn))
