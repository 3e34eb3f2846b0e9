"""Find and replace."""

from __future__ import annotations

import pytest
from helpers.networks import network

from engine.errors import EditRefused
from engine.graph.document import Document
from engine.graph.history import History
from engine.graph.replacing import Sort, find, replace_all, replacements, sorts_in


@pytest.fixture
def document() -> Document:
    rows = [
        ("i", "Input", {"shape": [4]}),
        ("a", "Dense", {"units": 4, "activation": "relu"}),
        ("r1", "ReLU", {}),
        ("b", "Dense", {"units": 4, "activation": "relu"}),
        ("r2", "ReLU", {"max_value": 6.0}),
    ]
    return Document(network(rows))


def test_what_occurs_is_counted(document: Document) -> None:
    counts = sorts_in(document.network)
    assert counts[Sort("layer", "ReLU")] == 2
    assert counts[Sort("activation", "relu")] == 2


def test_all_relu_become_gelu(document: Document) -> None:
    history = History(document)
    relu, gelu = Sort("layer", "ReLU"), Sort("layer", "Activation", "gelu")
    assert gelu in replacements(relu)
    history.do(replace_all(document, find(document.network, relu), gelu))
    nodes = document.network.nodes
    assert [(nodes[n].layer, nodes[n].params) for n in ("r1", "r2")] == [
        ("Activation", {"activation": "gelu"})
    ] * 2
    given = Sort("activation", "relu")
    ids = find(document.network, given)
    assert ids == ["a", "b"]
    history.do(replace_all(document, ids, Sort("activation", "gelu")))
    assert [nodes[n].params["activation"] for n in ids] == ["gelu"] * 2
    history.undo()
    history.undo()
    assert nodes["r2"].params == {"max_value": 6.0}


def test_a_layer_with_too_many_wires_is_not_replaced() -> None:
    rows = [("i", "Input", {}), ("j", "Input", {}), ("sum", "Add", {})]
    document = Document(network(rows, [("i", "sum", 0), ("j", "sum", 1)]))
    assert all(sort.key != "Dense" for sort in replacements(Sort("layer", "Add")))
    with pytest.raises(EditRefused, match="wires"):
        replace_all(document, ["sum"], Sort("layer", "Dense"))
