"""Editing the script: the canvas follows, errors stand on their line, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.networks import network
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QTextCursor
from pytestqt.qtbot import QtBot

from engine.formats.project import to_json
from engine.formats.python_code import to_python
from engine.graph import blocks, commands
from engine.graph.document import Document
from engine.graph.linking import linked_copy
from engine.settings import Settings
from gui.bridge import Engine
from gui.code.panel import CodePanel
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def panel(qtbot: QtBot, light_theme: Theme, lenet_session: Session) -> CodePanel:
    panel = CodePanel(light_theme, Settings())
    qtbot.addWidget(panel)
    panel.set_session(lenet_session)
    panel.resize(900, 320)
    panel.show()
    return panel


@pytest.fixture
def other_session(qtbot: QtBot) -> Iterator[Session]:
    rows: list[Any] = [("input", "Input", {"shape": [4]}), ("out", "Dense", {"units": 2})]
    session = Session(Document(network(rows), title="Other"), Engine())
    yield session
    session.close()


def line_with(panel: CodePanel, words: str) -> int:
    """Return the number of the first line that holds some words."""
    lines = panel.text.toPlainText().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def replace(panel: CodePanel, before: str, after: str) -> None:
    """Replace words in the editor as a person would: select and type."""
    place = panel.text.toPlainText().index(before)
    cursor = panel.text.textCursor()
    cursor.setPosition(place)
    cursor.setPosition(place + len(before), QTextCursor.MoveMode.KeepAnchor)
    panel.text.setTextCursor(cursor)
    panel.text.insertPlainText(after)


def test_the_canvas_follows_after_a_pause(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot
) -> None:
    before = lenet_session.document.network.nodes["fc1"]
    with qtbot.waitSignal(lenet_session.edited) as edited:
        replace(panel, "layers.Dense(120", "layers.Dense(99")
        assert lenet_session.document.network.nodes["fc1"] == before
    (changes,) = edited.args
    assert len(changes) == 1
    after = lenet_session.document.network.nodes["fc1"]
    assert after.params["units"] == 99
    assert after.at == before.at


def test_edits_of_a_line_are_one_step_to_undo(panel: CodePanel, lenet_session: Session) -> None:
    saved = to_json(lenet_session.document)
    for before, after in (("Dense(120", "Dense(9"), ("Dense(9,", "Dense(99,")):
        replace(panel, before, after)
        panel.apply()
    assert lenet_session.history.place == 1
    lenet_session.undo()
    assert to_json(lenet_session.document) == saved
    panel.refresh()
    assert panel.text.toPlainText() == to_python(lenet_session.document)


def test_an_error_stands_on_its_line_and_the_canvas_stays(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot
) -> None:
    saved = to_json(lenet_session.document)
    line = line_with(panel, "layers.Dense(120")
    replace(panel, "layers.Dense(120", "layers.Dense(number")
    panel.apply()
    assert to_json(lenet_session.document) == saved
    assert panel.note.accessibleName().startswith(f"Line {line}: ")
    assert "number" in panel.note.accessibleName()
    assert panel.note.property("role") == "error"
    underlined = [mark.cursor.blockNumber() + 1 for mark in panel.text.extraSelections()]
    assert underlined == [line]
    panel.text.go_to(1)
    qtbot.mouseClick(panel.note, Qt.MouseButton.LeftButton)
    assert panel.text.line == line
    replace(panel, "layers.Dense(number", "layers.Dense(120")
    panel.apply()
    assert panel.note.property("role") == "secondary"
    lenet_session.select([])
    assert panel.text.extraSelections() == []


def test_text_that_waits_is_not_overwritten_until_reverted(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot
) -> None:
    replace(panel, "layers.Dense(120", "layers.Dense(120 +")
    panel.apply()
    text = panel.text.toPlainText()
    with qtbot.waitSignal(panel._timer.timeout):
        lenet_session.do(commands.set_param(lenet_session.document, ["fc2"], "units", 77))
    assert panel.text.toPlainText() == text
    assert "Revert" in panel.note.text()
    panel.revert.click()
    assert panel.text.toPlainText() == to_python(lenet_session.document)
    assert not panel.revert.isEnabled()


def test_text_that_waited_keeps_what_the_canvas_has_got_meanwhile(
    panel: CodePanel, lenet_session: Session
) -> None:
    replace(panel, "layers.Dense(120", "layers.Dense(99 +")
    panel.apply()
    lenet_session.do(commands.set_param(lenet_session.document, ["fc2"], "units", 77))
    replace(panel, "layers.Dense(99 +", "layers.Dense(99")
    panel.apply()
    nodes = lenet_session.document.network.nodes
    assert (nodes["fc1"].params["units"], nodes["fc2"].params["units"]) == (99, 77)
    assert panel.text.toPlainText() == to_python(lenet_session.document)


def test_another_spelling_stays_as_long_as_the_canvas_says_the_same(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot
) -> None:
    replace(panel, "layers.Dense(120", "layers.Dense(units=60 * 2")
    panel.apply()
    assert lenet_session.history.place == 0
    with qtbot.waitSignal(panel._timer.timeout):
        lenet_session.do(commands.move(lenet_session.document, {"fc1": (8.0, 8.0)}))
    assert "units=60 * 2" in panel.text.toPlainText()
    with qtbot.waitSignal(panel._timer.timeout):
        lenet_session.do(commands.set_param(lenet_session.document, ["fc2"], "units", 77))
    assert panel.text.toPlainText() == to_python(lenet_session.document)


def test_the_cursor_keeps_its_line_when_the_canvas_changes(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot
) -> None:
    line = line_with(panel, '"fc2"')
    panel.text.go_to(line)
    with qtbot.waitSignal(panel.text.textChanged):
        lenet_session.do(commands.set_param(lenet_session.document, ["fc1"], "units", 7))
    assert panel.text.line == line


def test_selection_goes_both_ways(panel: CodePanel, lenet_session: Session, qtbot: QtBot) -> None:
    lenet_session.select(["conv2"])
    lines = [mark.cursor.blockNumber() + 1 for mark in panel.text.extraSelections()]
    assert lines == [line_with(panel, '"conv2"')]
    panel.activateWindow()
    panel.text.setFocus()
    qtbot.waitUntil(panel.text.hasFocus)
    with qtbot.waitSignal(panel.node_chosen) as chosen:
        panel.text.go_to(line_with(panel, '"pool1"'))
    assert chosen.args == ["pool1"]
    assert lenet_session.selection == {"pool1"}
    panel.text.go_to(1)
    assert lenet_session.selection == {"pool1"}


def test_the_margin_shows_which_lines_are_followed(panel: CodePanel) -> None:
    followed = panel.link.followed()
    for words, wanted in (
        ("layers.Dense(120", True),
        ("keras.Model", True),
        ("model.compile", True),
        ("import keras", False),
        ("model.evaluate", False),
    ):
        assert (line_with(panel, words) in followed) is wanted


def test_deleting_everything_does_not_empty_the_canvas(
    panel: CodePanel, lenet_session: Session
) -> None:
    panel.text.selectAll()
    panel.text.insertPlainText("")
    panel.apply()
    assert len(lenet_session.document.network.nodes) == 9
    assert panel.note.property("role") == "error"
    panel.revert.click()
    assert panel.text.toPlainText() == to_python(lenet_session.document)


def test_a_locked_layer_is_told_and_stays(panel: CodePanel, lenet_session: Session) -> None:
    lenet_session.do(commands.lock(lenet_session.document, ["fc1"], True))
    replace(panel, "layers.Dense(120", "layers.Dense(99")
    panel.apply()
    assert lenet_session.document.network.nodes["fc1"].params["units"] == 120
    assert "locked" in panel.note.accessibleName()


def test_leaving_the_editor_does_not_wait(panel: CodePanel, lenet_session: Session) -> None:
    replace(panel, "layers.Dense(120", "layers.Dense(99")
    panel.text.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    assert lenet_session.document.network.nodes["fc1"].params["units"] == 99


def test_text_with_an_error_survives_a_look_at_another_document(
    panel: CodePanel, lenet_session: Session, other_session: Session
) -> None:
    replace(panel, "layers.Dense(120", "layers.Dense((")
    panel.set_session(other_session)
    assert panel.text.toPlainText() == to_python(other_session.document)
    panel.set_session(lenet_session)
    assert "layers.Dense((" in panel.text.toPlainText()
    assert panel.note.property("role") == "error"


def test_tab_and_return_indent_as_python_wants(panel: CodePanel, qtbot: QtBot) -> None:
    panel.text.selectAll()
    qtbot.keyClicks(panel.text, "for i in range(3):")
    qtbot.keyClick(panel.text, Qt.Key.Key_Return)
    qtbot.keyClicks(panel.text, "a")
    qtbot.keyClick(panel.text, Qt.Key.Key_Return)
    qtbot.keyClick(panel.text, Qt.Key.Key_Tab)
    qtbot.keyClicks(panel.text, "b")
    assert panel.text.toPlainText() == "for i in range(3):\n    a\n        b"


def test_a_click_on_a_number_goes_to_its_line(panel: CodePanel, qtbot: QtBot) -> None:
    height = panel.text.fontMetrics().lineSpacing()
    at = QPoint(6, round(height * 4.5) + 4)
    qtbot.mouseClick(panel.text._margin, Qt.MouseButton.LeftButton, pos=at)
    assert panel.text.line == 5


def test_a_script_pasted_into_an_empty_document_is_drawn(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot
) -> None:
    session = Session(Document(), Engine())
    panel.set_session(session)
    panel.text.selectAll()
    with qtbot.waitSignal(session.edited):
        panel.text.insertPlainText(to_python(lenet_session.document))
    network = session.document.network
    assert [node.title for node in network.ordered()][:3] == ["image", "conv1", "pool1"]
    assert session.document.recipe == lenet_session.document.recipe
    panel.set_session(None)
    session.close()


def test_linked_blocks_follow_and_the_text_follows_them(panel: CodePanel, qtbot: QtBot) -> None:
    rows: list[Any] = [
        ("input", "Input", {"shape": [4]}),
        ("first", "Dense", {"units": 4}),
        ("second", "Dense", {"units": 4, "activation": "relu"}),
    ]
    session = Session(Document(network(rows)), Engine())
    session.do(blocks.group(session.document, ["first", "second"], "Pair"))
    (block,) = session.document.network.blocks
    session.do(linked_copy(session.document, block, (300.0, 0.0)))
    panel.set_session(session)
    replace(panel, 'Dense(4, activation="relu"', 'Dense(9, activation="relu"')
    panel.apply()
    units = [node.params.get("units") for node in session.document.network.ordered()]
    assert units.count(9) == 2
    assert panel.text.toPlainText() == to_python(session.document)
    steps = session.history.place
    session.undo()
    assert session.history.place == steps - 1
    units = [node.params.get("units") for node in session.document.network.ordered()]
    assert units.count(9) == 0
    panel.set_session(None)
    session.close()


def test_a_layer_written_inside_a_block_belongs_to_it(panel: CodePanel) -> None:
    session = panel.link.session
    assert session is not None
    session.do(blocks.group(session.document, ["fc1", "fc2"], "Head"))
    panel.refresh()
    line = panel.text.toPlainText().splitlines()[line_with(panel, '"fc2"') - 1]
    replace(panel, line, f"x = layers.Dropout(0.5)(x)\n{line}")
    panel.apply()
    nodes = session.document.network.nodes
    assert nodes["dropout"].block == nodes["fc1"].block != ""


def test_a_line_with_several_targets_is_the_line_of_all_its_nodes(
    panel: CodePanel, qtbot: QtBot
) -> None:
    rows: list[Any] = [
        ("a", "Input", {"shape": [5, 3]}),
        ("b", "Input", {"shape": [4, 2]}),
        ("encoder", "LSTM", {"return_state": True}),
        ("state_h", "PickOutput", {}),
        ("state_c", "PickOutput", {"index": 2}),
        ("decoder", "LSTM", {"initial_state": True}),
        ("out", "Expression", {"formula": "2 * a + 1"}),
    ]
    wires: list[Any] = [("a", "encoder"), ("encoder", "state_h"), ("encoder", "state_c")]
    wires += [("b", "decoder"), ("state_h", "decoder", 1), ("state_c", "decoder", 2)]
    session = Session(Document(network(rows, [*wires, ("decoder", "out")])), Engine())
    panel.set_session(session)
    line = line_with(panel, "encoder, state_h, state_c = ")
    assert panel.link.nodes_at(line) == ["encoder", "state_h", "state_c"]
    assert line in panel.link.lines_of(["state_c"])
    replace(panel, "2 * ", "3 * ")
    qtbot.waitUntil(lambda: session.document.network.nodes["out"].params != rows[-1][2])
    assert session.document.network.nodes["out"].params == {"formula": "3 * a + 1"}
    wires = [edge.source for edge in session.document.network.inputs("decoder")]
    assert wires == ["b", "state_h", "state_c"]
    session.close()
