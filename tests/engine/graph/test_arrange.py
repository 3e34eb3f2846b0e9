"""The automatic layout."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.graph.arrange import arrange
from engine.graph.document import Edge, Network, Node
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GRID
from engine.graph.layering import make_layers
from engine.graph.ordering import crossings, reduce_crossings


def network(count: int, wires: list[tuple[int, int]]) -> Network:
    """Make a network of numbered nodes; each wire gets a port of its own."""
    nodes = [Node(id=str(number), layer="Add", order=number) for number in range(count)]
    made = Network(nodes)
    for source, target in dict.fromkeys(wires):
        made.put_edge(Edge(str(source), str(target), len(made.inputs(str(target)))))
    return made


def assert_no_overlap(positions: dict[str, tuple[float, float]]) -> None:
    cards = sorted(positions.values(), key=lambda point: (point[1], point[0]))
    for (left, upper), (right, lower) in pairwise(cards):
        assert lower - upper >= CARD_HEIGHT or right - left >= CARD_WIDTH


graphs = st.integers(1, 25).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=50),
    )
)


@given(graphs)
@settings(max_examples=150, deadline=None)
def test_any_graph_is_laid_out_without_overlap(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, wires = graph
    positions = arrange(network(count, wires))
    assert list(positions) == [str(number) for number in range(count)]
    assert_no_overlap(positions)
    assert all(value % GRID == 0 for point in positions.values() for value in point)
    assert min(x for x, _ in positions.values()) == 0
    assert min(y for _, y in positions.values()) == 0


@given(graphs)
@settings(max_examples=150, deadline=None)
def test_wires_of_a_graph_without_cycles_go_down(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, wires = graph
    made = network(count, [(min(wire), max(wire)) for wire in wires if wire[0] != wire[1]])
    positions = arrange(made)
    for edge in made.edges():
        assert positions[edge.source][1] + CARD_HEIGHT < positions[edge.target][1]


def test_a_chain_is_straight() -> None:
    positions = arrange(network(6, list(pairwise(range(6)))))
    assert {x for x, _ in positions.values()} == {0}


def test_branches_lie_around_their_parent_and_the_join_is_centered() -> None:
    at = arrange(network(4, [(0, 1), (0, 2), (1, 3), (2, 3)]))
    assert at["0"][0] == at["3"][0] == (at["1"][0] + at["2"][0]) / 2
    assert at["1"][0] < at["2"][0]


def test_a_residual_path_leaves_the_main_path_straight() -> None:
    wires = [(0, 1), (1, 2), (0, 3), (2, 3), (3, 4), (4, 5), (3, 6), (5, 6)]
    at = arrange(network(7, wires))
    assert len({x for x, _ in at.values()}) == 1
    long = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (4, 5), (5, 6), (6, 7), (4, 7), (7, 8), (7, 9)]
    at = arrange(network(10, long))
    assert len({at[str(node)][0] for node in range(8)}) == 1


def test_a_join_is_centered_below_branches_of_unequal_length() -> None:
    at = arrange(network(7, [(0, 1), (0, 2), (0, 3), (3, 4), (1, 5), (2, 5), (4, 5), (5, 6)]))
    assert at["2"][0] == at["0"][0] == at["5"][0] == at["6"][0]
    assert at["4"][0] == at["3"][0]


def test_parts_without_a_wire_between_them_stand_side_by_side() -> None:
    at = arrange(network(5, [(0, 1), (2, 3)]))
    assert at["0"][1] == at["2"][1] == at["4"][1] == 0
    assert at["0"][0] < at["2"][0] < at["4"][0]


def test_a_second_input_lies_near_its_use() -> None:
    at = arrange(network(7, [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (6, 4)]))
    assert at["6"][1] == at["3"][1]
    assert at["5"][1] == at["2"][1]


@pytest.mark.parametrize("wires", [[(0, 1), (1, 2), (2, 0)], [(0, 0)], [(0, 1), (1, 0), (1, 2)]])
def test_cycles_are_laid_out(wires: list[tuple[int, int]]) -> None:
    assert_no_overlap(arrange(network(3, wires)))


def test_an_empty_network_has_no_positions() -> None:
    assert arrange(Network()) == {}


def test_crossings_that_can_be_avoided_are() -> None:
    made = network(6, [(0, 3), (0, 4), (1, 5), (2, 3)])
    layers = make_layers(made, list(made.nodes), {})
    assert crossings(layers) == 2
    reduce_crossings(layers)
    assert crossings(layers) == 0


def test_ports_decide_which_parent_is_left() -> None:
    at = arrange(network(5, [(0, 1), (0, 2), (2, 3), (1, 3), (3, 4)]))
    assert at["2"][0] < at["1"][0]


def test_a_wire_to_every_later_node_is_no_trap() -> None:
    count = 120
    wires = [(low, high) for high in range(count) for low in range(high)]
    assert_no_overlap(arrange(network(count, wires)))


def test_a_thousand_nodes_with_skips() -> None:
    draw = random.Random(1)
    wires = [(draw.randrange(max(0, high - 4), high), high) for high in range(1, 1000)]
    wires += [(low, min(999, low + draw.randrange(2, 9))) for low in range(0, 990, 3)]
    assert_no_overlap(arrange(network(1000, wires)))
