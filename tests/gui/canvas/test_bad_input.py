"""What cannot be is refused in one sentence, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import template
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from engine.errors import EditRefused, Text
from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.document import Edge
from engine.graph.history import Edit
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.inspector.panel import InspectorPanel
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    view = CanvasView(light_theme, Session(template("lenet"), Engine()))
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    yield view
    view.session.close()


@pytest.fixture
def said(view: CanvasView) -> list[str]:
    words: list[str] = []

    def hear(message: Text, _: str) -> None:
        words.append(str(message))

    view.session.posted.connect(hear)
    return words


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "hello",
        "{",
        "[]",
        '{"nodes": [{"id": 1}]}',
        '{"netloom": 99, "nodes": []}',
        '{"netloom": 2, "nodes": [{"id": "a", "layer": "Dense", "block": "nowhere"}]}',
        '{"netloom": 2, "blocks": [{"id": "b", "parent": "b"}], "nodes": []}',
        '{"netloom": 2, "nodes": [{"id": "a", "layer": "Dense", "at": [1e99, 0]}]}',
        "\x00" * 100,
        "x" * 100_000,
    ],
    ids=range(11),
)
def test_foreign_text_is_not_pasted(view: CanvasView, said: list[str], foreign: str) -> None:
    before = to_json(view.session.document)
    QGuiApplication.clipboard().setText(foreign)
    view.paste()
    assert to_json(view.session.document) == before
    assert len(said) == 1
    assert view.session.history.undo_label is None


def test_a_block_is_pasted_into_itself(view: CanvasView, said: list[str]) -> None:
    session = view.session
    session.select(["conv1", "pool1"])
    view.blocks.group()
    block = view.blocks.chosen
    view.copy()
    view.show_scope(block)
    view.paste()
    network = session.document.network
    inner = [other for other in network.blocks.values() if other.parent == block]
    assert len(inner) == 1
    assert said == []
    assert set(view.network.nodes) == {"conv1", "pool1", inner[0].id}
    view.paste()
    view.paste()
    assert len(network.blocks) == 4


def test_a_linked_block_is_not_linked_inside_itself(view: CanvasView, said: list[str]) -> None:
    session = view.session
    session.select(["conv2", "pool2"])
    view.blocks.group()
    block = view.blocks.chosen
    view.blocks.copy_linked()
    session.select(["conv1", "pool1", "conv2", "pool2"])
    view.blocks.group()
    outer = view.blocks.chosen
    assert outer != block
    state = to_json(session.document)
    view.blocks.repeat(outer, 3)
    assert to_json(session.document) == state
    assert len(said) == 1
    assert "linked" in said[0]


def test_a_wire_that_would_make_a_cycle_is_refused(view: CanvasView) -> None:
    document = view.session.document
    with pytest.raises(EditRefused, match="cycle"):
        commands.connect_all(document, "fc1", [("conv2", None)])
    assert commands.refusal(document.network, "fc1", "fc1") is not None


@pytest.mark.parametrize("name", ["", "   ", "conv2", "a/b", "tab\tbed", "n" * 10_000])
def test_names_that_cannot_be_are_refused(view: CanvasView, name: str) -> None:
    document = view.session.document
    before = to_json(document)
    with pytest.raises(EditRefused):
        commands.rename(document, "conv1", name)
    assert to_json(document) == before


def test_undo_goes_on_behind_a_refused_edit(view: CanvasView, said: list[str]) -> None:
    session = view.session
    start = to_json(session.document)
    session.do(commands.set_param(session.document, ["fc1"], "units", 9))
    state = to_json(session.document)
    good = commands.move(session.document, {"fc1": (500.0, 0.0)})
    bad = commands.disconnect([Edge("fc1", "image")])
    assert not session.do(Edit(good.label, (*good.changes, *bad.changes)))
    assert to_json(session.document) == state
    assert len(said) == 1
    session.undo()
    assert to_json(session.document) == start
    session.redo()
    assert to_json(session.document) == state


def test_a_wrong_value_turns_its_field_red_and_the_good_one_stays(
    qtbot: QtBot, view: CanvasView
) -> None:
    panel = InspectorPanel(view.theme)
    qtbot.addWidget(panel)
    panel.set_session(view.session)
    view.session.select(["fc1"])
    panel.show()
    editor = panel.form.editors["units"]
    field = editor.inputs()[0]
    for wrong in ("-3", "many", "1e99", ""):
        field.setText(wrong)  # type: ignore[attr-defined]
        field.textEdited.emit(wrong)  # type: ignore[attr-defined]
        assert view.session.document.network.nodes["fc1"].params["units"] == 120
        assert field.property("wrong")
        assert editor.sentence
