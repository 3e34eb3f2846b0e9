"""Edits: each is whole or refused, and can be taken back."""

from __future__ import annotations

import pytest
from helpers.networks import iris_classifier, network, template

from engine.errors import EditRefused
from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.copying import fragment
from engine.graph.document import Document, Edge, Recipe
from engine.graph.history import History


@pytest.fixture
def history() -> History:
    return History(template("branches"))


def test_a_new_layer_has_keras_names_and_a_wire() -> None:
    history = History(Document())
    for _ in range(3):
        history.do(commands.add_node(history.document, "MaxPooling2D", (0, 0)))
    assert list(history.document.network.nodes) == [
        "max_pooling2d",
        "max_pooling2d_1",
        "max_pooling2d_2",
    ]
    edit = commands.add_node(history.document, "Flatten", (0, 0), source="max_pooling2d")
    history.do(edit)
    assert commands.added(edit) == ["flatten"]
    assert history.document.network.inputs("flatten") == [Edge("max_pooling2d", "flatten")]


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("stem", "stem", "itself"),
        ("stem", "image", "Input"),
        ("add", "conv_a1", "cycle"),
        ("image", "stem", "already connected"),
        ("stem", "nowhere", "both ends"),
    ],
)
def test_senseless_wires_are_refused(
    history: History, source: str, target: str, words: str
) -> None:
    before = to_json(history.document)
    with pytest.raises(EditRefused, match=words):
        history.do(commands.connect(history.document, source, target))
    assert to_json(history.document) == before


def test_a_wire_into_the_only_port_replaces_the_old_one(history: History) -> None:
    history.do(commands.connect(history.document, "image", "digit"))
    assert history.document.network.inputs("digit") == [Edge("image", "digit")]
    history.undo()
    assert history.document.network.inputs("digit") == [Edge("pool", "digit")]


def test_a_merging_layer_grows_ports(history: History) -> None:
    history.do(commands.connect(history.document, "stem", "concatenate"))
    assert [edge.port for edge in history.document.network.inputs("concatenate")] == [0, 1, 2]


def test_removing_nodes_removes_their_wires_and_undo_brings_all_back(history: History) -> None:
    before = to_json(history.document)
    history.do(commands.remove(history.document, ["add", "stem"]))
    left = history.document.network
    assert {"add", "stem"}.isdisjoint(left.nodes)
    assert all("add" not in (edge.source, edge.target) for edge in left.edges())
    history.undo()
    assert to_json(history.document) == before


def test_typing_in_one_field_is_one_step() -> None:
    history = History(iris_classifier())
    before = to_json(history.document)
    for value in (1, 12, 128):
        history.do(commands.set_param(history.document, ["hidden"], "units", value))
    history.end_merge()
    history.do(commands.set_param(history.document, ["hidden"], "units", 64))
    history.undo()
    assert history.document.network.nodes["hidden"].params["units"] == 128
    history.undo()
    assert to_json(history.document) == before


def test_a_value_back_at_its_default_leaves_the_file() -> None:
    history = History(iris_classifier())
    history.do(commands.set_param(history.document, ["hidden"], "units", 32))
    assert "units" not in history.document.network.nodes["hidden"].params


@pytest.mark.parametrize("name", ["", "  ", "a/b", "kind", "x" * 10_000, "a\nb"])
def test_bad_names_are_refused(name: str) -> None:
    document = iris_classifier()
    with pytest.raises(EditRefused):
        commands.rename(document, "hidden", name)


def test_removing_the_owner_hands_the_layer_to_its_first_sharer() -> None:
    rows = [("i", "Input", {"shape": [3]})]
    rows += [(name, "Dense", {"units": 5}) for name in "abc"]
    history = History(Document(network(rows, [("i", "a"), ("i", "b"), ("i", "c")])))
    for name in "bc":
        history.do(commands.share(history.document, name, "a"))
    before = to_json(history.document)
    history.do(commands.remove(history.document, ["a"]))
    nodes = history.document.network.nodes
    assert (nodes["b"].shares, nodes["b"].params) == ("", {"units": 5})
    assert nodes["c"].shares == "b"
    history.undo()
    assert to_json(history.document) == before


def test_copies_get_new_names_and_keep_the_wires_between_them(history: History) -> None:
    drawn = history.document.network
    part = fragment(drawn, ["narrow", "concatenate"])
    edit = commands.insert(history.document, part, commands.text("Paste"))
    history.do(edit)
    new = commands.added(edit)
    assert new == ["conv2d", "concatenate_1"]
    assert drawn.inputs("concatenate_1") == [Edge("conv2d", "concatenate_1", 0)]


def test_an_edit_made_for_another_state_changes_nothing() -> None:
    history = History(iris_classifier())
    stale = commands.set_plan(history.document, "recipe", Recipe(epochs=3))
    history.do(commands.set_plan(history.document, "recipe", Recipe(epochs=9)))
    with pytest.raises(EditRefused):
        history.do(stale)
    assert history.document.recipe.epochs == 9


def test_the_saved_state_is_known_through_undo_and_redo() -> None:
    history = History(iris_classifier())
    assert history.is_saved
    history.do(commands.set_param(history.document, ["hidden"], "units", 9))
    assert not history.is_saved
    history.mark_saved()
    assert history.is_saved
    history.undo()
    assert not history.is_saved
    history.redo()
    assert history.is_saved
