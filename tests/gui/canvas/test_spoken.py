"""What a screen reader says, and wiring by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import template
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.graph import commands
from engine.graph.document import Edge
from engine.ipc.messages import NodeFacts
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme
from gui.window.command_list import wire_commands


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    view = CanvasView(light_theme, Session(template("branches"), Engine()))
    qtbot.addWidget(view)
    view.resize(900, 900)
    view.show()
    yield view
    view.session.close()


def test_a_card_is_spoken_with_its_ports(view: CanvasView) -> None:
    view.session.facts["narrow"] = NodeFacts([None, 14, 14, 16], "float32", 9, 9)
    view.session.select(["narrow"])
    said = view.accessibleDescription()
    assert said.startswith("Conv2D narrow 16 filters")
    assert "input 1 from relu" in said
    assert "output 14×14×16 to concatenate" in said


def test_open_ports_problems_and_locks_are_spoken(view: CanvasView) -> None:
    session = view.session
    session.do(commands.disconnect([Edge("narrow", "concatenate", 0)]))
    session.do(commands.set_param(session.document, ["narrow"], "filters", 0))
    session.do(commands.lock(session.document, ["narrow"], True))
    session.select(["narrow"])
    said = view.accessibleDescription()
    assert said.endswith("output open, error, locked")


def test_wires_are_drawn_and_taken_away_from_a_list(view: CanvasView) -> None:
    session = view.session
    session.select(["narrow"])
    entries = {entry.text: entry for entry in wire_commands(view.theme, session)}
    assert "Connect to image" not in entries
    entries["Disconnect from concatenate"].run()
    assert not session.document.network.outputs("narrow")
    entries = {entry.text: entry for entry in wire_commands(view.theme, session)}
    entries["Connect to concatenate"].run()
    assert session.document.network.outputs("narrow")


def test_a_network_is_built_with_the_keyboard_alone(qtbot: QtBot, light_theme: Theme) -> None:
    from engine.graph.document import Document

    view = CanvasView(light_theme, Session(Document(), Engine()))
    qtbot.addWidget(view)
    view.resize(800, 700)
    view.show()
    for words in ("input", "flatten", "dense"):
        QTest.keyClick(view, Qt.Key.Key_Tab)
        QTest.keyClicks(view.quick_add._field, words)
        QTest.keyClick(view.quick_add._field, Qt.Key.Key_Return)
    drawn = view.session.document.network
    assert drawn.edges() == [Edge("input", "flatten"), Edge("flatten", "dense")]
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert view.session.selection == {"flatten"}
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert drawn.edges() == []
    view.session.close()
