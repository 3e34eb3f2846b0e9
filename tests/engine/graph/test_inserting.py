"""Room for a layer that goes into a wire."""

from __future__ import annotations

import pytest
from helpers.networks import chain, network, template

from engine.errors import EditRefused
from engine.graph.arrange import arrange
from engine.graph.commands import added, move
from engine.graph.document import Document, Edge, NodeChange
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from engine.graph.inserting import insert_between, push_on


def moved(document: Document, wire: Edge) -> int:
    edit = insert_between(document, "ReLU", wire)
    document.apply(edit.changes)
    return sum(isinstance(change, NodeChange) for change in edit.changes) - 1


def overlaps(document: Document) -> bool:
    places = [node.at for node in document.network.nodes.values()]
    return any(
        abs(a[0] - b[0]) < CARD_WIDTH and abs(a[1] - b[1]) < CARD_HEIGHT
        for i, a in enumerate(places)
        for b in places[:i]
    )


def test_an_insertion_pushes_only_what_is_in_its_way() -> None:
    document = Document(chain(200))
    assert moved(document, Edge("dense_90", "dense_91")) < 10
    assert document.network.nodes["dense_150"].at == (0.0, 151 * 104.0)
    new = document.network.nodes["re_lu"]
    assert new.at[1] > document.network.nodes["dense_90"].at[1] + CARD_HEIGHT
    assert document.network.nodes["dense_91"].at[1] > new.at[1] + CARD_HEIGHT
    assert not overlaps(document)


def test_room_that_is_there_is_used() -> None:
    document = Document(chain(2))
    document.apply(move(document, {"dense_1": (0.0, 500.0)}).changes)
    assert moved(document, Edge("dense_0", "dense_1")) == 0


def test_nothing_overlaps_after_insertions_everywhere() -> None:
    for name in ("branches", "lenet"):
        document = template(name)
        document.apply(move(document, arrange(document.network)).changes)
        for wire in document.network.edges():
            document.apply(insert_between(document, "ReLU", wire).changes)
        assert not overlaps(document)


def test_what_is_fed_stays_below_what_feeds_it() -> None:
    rows = [("a", "Input", {}), ("b", "Dense", {}), ("c", "Dense", {})]
    document = Document(network(rows))
    document.apply(move(document, {"c": (600.0, 208.0)}).changes)
    corners = push_on(document.network, {"b": 200.0}, "down")
    assert corners["c"] == (600.0, 200.0 + CARD_HEIGHT + 32)


def test_an_input_goes_into_no_wire() -> None:
    document = Document(chain(1))
    with pytest.raises(EditRefused):
        insert_between(document, "Input", Edge("input", "dense_0"))
    assert added(insert_between(document, "ReLU", Edge("input", "dense_0"))) == ["re_lu"]
