"""Comparing documents, and turning one into another."""

from __future__ import annotations

from helpers.networks import template
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import text
from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.blocks import group
from engine.graph.differences import differences, turning_into
from engine.graph.document import Document, Edge, Part
from engine.graph.history import History
from engine.graph.inserting import insert_between
from engine.graph.marks import add_mark

NAMES = ("linear", "softmax", "mlp", "lenet", "branches", "lstm")


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_any_document_turns_into_any_other_and_back(first: str, second: str) -> None:
    document, goal = template(first), template(second)
    before = to_json(document)
    history = History(document)
    history.do(turning_into(document, goal, text("Reload")))
    assert to_json(document) == to_json(goal)
    history.undo()
    assert to_json(document) == before


def test_blocks_and_marks_are_taken_over() -> None:
    document, goal = template("lenet"), template("lenet")
    goal.apply(group(goal, ["conv1", "pool1"], "Stage").changes)
    goal.apply(add_mark(goal, "note", (0, 0), (208, 96), "x").changes)
    History(document).do(turning_into(document, goal, text("Reload")))
    assert to_json(document) == to_json(goal)


def test_what_differs_is_named() -> None:
    document, other = template("lenet"), template("lenet")

    def do(edit: commands.Edit) -> None:
        document.apply(edit.changes)

    assert not any(vars(differences(document, other)).values())
    do(commands.move(document, {"conv1": (900.0, 0.0)}))
    assert not any(vars(differences(document, other)).values())
    do(commands.set_param(document, ["conv1"], "filters", 99))
    do(insert_between(document, "Dropout", Edge("conv1", "pool1")))
    do(commands.remove(document, ["digit"]))
    do(commands.set_plan(document, "data", Part("iris")))
    found = differences(document, other)
    assert (found.added, found.changed) == ({"dropout"}, {"conv1"})
    assert [node.id for node in found.removed] == ["digit"]
    assert Edge("conv1", "pool1") in found.lost_edges
    assert found.plan == ("data",)


def test_an_empty_document_has_only_additions() -> None:
    found = differences(template("lenet"), Document())
    assert len(found.added) == 9
    assert not found.removed
