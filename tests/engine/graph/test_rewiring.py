"""Rows of layers, healed gaps, layers passed by, cards in line."""

from __future__ import annotations

import pytest
from helpers.networks import chain, network, template

from engine.errors import EditRefused
from engine.formats.project import to_json
from engine.graph.aligning import align, distribute
from engine.graph.document import Document, Edge, Network, Node
from engine.graph.history import Edit, History
from engine.graph.rewiring import bypass, connect_in_sequence, remove_and_heal


def done(document: Document, edit: Edit) -> None:
    """Apply an edit, and see that it can be taken back."""
    before = to_json(document)
    history = History(document)
    history.do(edit)
    history.undo()
    assert to_json(document) == before
    history.redo()


def loose(*places: tuple[float, float], layer: str = "Dense") -> Document:
    nodes = [Node(id=f"n{i}", layer=layer, at=at, order=i) for i, at in enumerate(places)]
    return Document(Network(nodes))


def test_a_sequence_runs_from_top_to_bottom_then_left_to_right() -> None:
    document = loose((0, 200), (0, 0), (300, 100), (0, 100))
    done(document, connect_in_sequence(document, document.network.nodes))
    wires = {Edge("n1", "n3"), Edge("n3", "n2"), Edge("n2", "n0")}
    assert set(document.network.edges()) == wires
    assert connect_in_sequence(document, document.network.nodes).changes == ()


def test_a_sequence_that_cannot_be_changes_nothing() -> None:
    document = Document(network([("a", "Dense", {}), ("b", "Input", {})], []))
    with pytest.raises(EditRefused, match="takes no wire"):
        connect_in_sequence(document, ["a", "b"])


def test_deleting_heals_the_gap() -> None:
    document = Document(chain(4))
    done(document, remove_and_heal(document, ["dense_1", "dense_2"]))
    assert document.network.edges() == [Edge("input", "dense_0"), Edge("dense_0", "dense_3")]


def test_healing_keeps_ports_and_every_branch() -> None:
    document = template("branch")
    network = document.network
    add = next(node.id for node in network.nodes.values() if node.layer == "Add")
    wires = network.inputs(add)
    branch = wires[0].source
    above = network.inputs(branch)[0].source
    done(document, remove_and_heal(document, [branch]))
    assert Edge(above, add, wires[0].port) in document.network.inputs(add)
    assert len(document.network.inputs(add)) == 2


def test_what_was_fed_by_nothing_stays_unfed() -> None:
    document = Document(chain(2))
    done(document, remove_and_heal(document, ["input"]))
    assert document.network.inputs("dense_0") == []


def test_a_bypassed_layer_stays_beside_its_place() -> None:
    document = Document(chain(3))
    place = document.network.nodes["dense_1"].at
    done(document, bypass(document, ["dense_1", "input"]))
    network = document.network
    assert network.edges() == [Edge("input", "dense_0"), Edge("dense_0", "dense_2")]
    assert network.nodes["dense_1"].at[0] > place[0]
    assert network.nodes["dense_1"].at[1] == place[1]


@pytest.mark.parametrize(
    ("side", "axis", "line"),
    [
        ("left", 0, 0.0),
        ("right", 0, 400.0),
        ("center", 0, 200.0),
        ("top", 1, 8.0),
        ("bottom", 1, 96.0),
        ("middle", 1, 48.0),
    ],
)
def test_cards_come_into_line(side: str, axis: int, line: float) -> None:
    document = loose((0, 8), (400, 40), (96, 96))
    done(document, align(document, list(document.network.nodes), side))  # type: ignore[arg-type]
    assert {node.at[axis] for node in document.network.nodes.values()} == {line}


def test_steps_become_equal_and_the_outermost_stay() -> None:
    document = loose((0, 0), (10, 24), (500, 80), (600, 960))
    ids = list(document.network.nodes)
    done(document, distribute(document, ids, "down"))
    assert [document.network.nodes[node].at[1] for node in ids] == [0.0, 320.0, 640.0, 960.0]
    assert distribute(document, ids[:2], "across").changes == ()
