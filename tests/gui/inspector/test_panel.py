"""The inspector shows and edits what is selected."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import text
from engine.graph import commands
from engine.graph.analysis import Problem
from engine.graph.copying import fragment
from engine.graph.document import NodeChange
from engine.graph.history import Edit
from engine.ipc.messages import NodeFacts, Shapes
from gui.inspector.panel import InspectorPanel
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def panel(qtbot: QtBot, light_theme: Theme, lenet_session: Session) -> InspectorPanel:
    panel = InspectorPanel(light_theme)
    qtbot.addWidget(panel)
    panel.set_document_form(QLabel("the document"))
    panel.set_session(lenet_session)
    return panel


def shown(panel: InspectorPanel) -> list[str]:
    """Return the words that can be seen."""
    texts = []
    for widget in panel.findChildren(QWidget):
        if isinstance(widget, (QLabel, QLineEdit, QPushButton)) and widget.isVisibleTo(panel):
            texts.append(widget.text())
    return [words for words in texts if words]


def line(panel: InspectorPanel, name: str) -> QLineEdit:
    editor = panel.form.editors[name].inputs()[0]
    assert isinstance(editor, QLineEdit)
    return editor


def params(session: Session, node: str) -> dict[str, Any]:
    return session.document.network.nodes[node].params


def test_nothing_selected_shows_the_documents_form(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    assert "the document" in shown(panel)
    lenet_session.select(["fc1"])
    assert "Dense" in shown(panel)
    assert "the document" not in shown(panel)
    lenet_session.select([])
    assert "the document" in shown(panel)


def test_typing_is_one_step_until_the_focus_leaves(
    panel: InspectorPanel, lenet_session: Session, qtbot: QtBot
) -> None:
    lenet_session.select(["fc1"])
    before = params(lenet_session, "fc1")["units"]
    field = line(panel, "units")
    field.clear()
    qtbot.keyClicks(field, "64")
    panel.form.left.emit()
    qtbot.keyClicks(field, "0")
    assert params(lenet_session, "fc1")["units"] == 640
    lenet_session.undo()
    assert params(lenet_session, "fc1")["units"] == 64
    assert field.text() == "64"
    lenet_session.undo()
    assert params(lenet_session, "fc1")["units"] == before


def test_an_edit_applies_to_all_selected_layers_of_a_kind(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    lenet_session.select(["fc1", "fc2"])
    assert "2 × Dense" in shown(panel)
    assert any("Some settings differ" in words for words in shown(panel))
    panel.form.edited.emit("units", 50)
    assert params(lenet_session, "fc1")["units"] == params(lenet_session, "fc2")["units"] == 50
    assert not any("Some settings differ" in words for words in shown(panel))
    lenet_session.undo()
    assert params(lenet_session, "fc1")["units"] != params(lenet_session, "fc2")["units"]


def test_layers_of_several_kinds_have_no_form(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    lenet_session.select(["fc1", "conv1"])
    assert "2 layers" in shown(panel)
    assert not panel.form.isVisibleTo(panel)


def test_a_name_must_be_unique_and_is_restored(
    panel: InspectorPanel, lenet_session: Session, qtbot: QtBot
) -> None:
    lenet_session.select(["fc1"])
    name = panel.header._name
    name.clear()
    qtbot.keyClicks(name, "fc2")
    assert any("already called" in words for words in shown(panel))
    # "fc" was possible on the way; "fc2" was not.
    assert lenet_session.document.network.nodes["fc1"].title == "fc"
    lenet_session.facts_changed.emit({"fc1"})
    assert name.text() == "fc2"
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert name.text() == "fc"
    assert not any("already called" in words for words in shown(panel))


def test_another_layer_never_takes_the_name_being_typed(
    panel: InspectorPanel, lenet_session: Session, qtbot: QtBot
) -> None:
    lenet_session.select(["fc1"])
    qtbot.keyClicks(panel.header._name, "/")
    lenet_session.select(["fc2"])
    assert panel.header._name.text() == "fc2"
    assert lenet_session.document.network.nodes["fc1"].title == "fc1"


def test_facts_of_the_engine_are_shown(panel: InspectorPanel, lenet_session: Session) -> None:
    lenet_session.select(["conv1"])
    source = lenet_session.document.network.inputs("conv1")[0].source
    facts = {
        "conv1": NodeFacts(shape=[None, 28, None, 6], params=156),
        source: NodeFacts(shape=[None, 28, 28, 1]),
    }
    lenet_session._receive(
        Shapes(
            document=lenet_session.id,
            revision=0,
            facts=facts,
            removed=[],
            problems=[],
            total=1,
            trainable=1,
        )
    )
    assert "Output 28 × ? × 6 · 156 parameters" in shown(panel)
    assert any("28 × 28 × 1" in words for words in shown(panel))


def test_inputs_lead_to_the_layers_before(panel: InspectorPanel, lenet_session: Session) -> None:
    lenet_session.select(["conv1"])
    source = lenet_session.document.network.inputs("conv1")[0].source
    panel.inputs._lines[0].click()
    assert lenet_session.selection == {source}
    assert not panel.inputs.isVisibleTo(panel)


def test_problems_stand_beside_their_field_or_above(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    lenet_session.select(["fc1"])
    lenet_session.do(commands.set_param(lenet_session.document, ["fc1"], "units", 0))
    assert line(panel, "units").property("wrong") is True
    wires = lenet_session.document.network.inputs("fc1")
    lenet_session.do(commands.disconnect(wires))
    above = panel.header._problems.text()
    assert above
    assert "Units" not in above
    lenet_session.undo()
    lenet_session.undo()
    assert line(panel, "units").property("wrong") is False
    assert panel.header._problems.text() == ""


def test_a_problem_behind_more_settings_is_unfolded(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    lenet_session.select(["fc1"])
    editor = panel.form.editors["kernel_initializer"]
    assert not editor.isVisibleTo(panel)
    edit = commands.set_param(lenet_session.document, ["fc1"], "kernel_initializer", "nonsense")
    lenet_session.do(edit)
    assert editor.isVisibleTo(panel)


def test_shared_weights_are_told_and_can_be_made_independent(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    document = lenet_session.document
    copy = commands.added(
        edit := commands.insert(document, fragment(document.network, ["fc1"]), _copy())
    )[0]
    lenet_session.do(edit)
    lenet_session.do(commands.share(document, copy, "fc1"))
    lenet_session.select(["fc1"])
    assert f"Its weights are shared with {copy}." in shown(panel)
    lenet_session.select([copy])
    assert "Shares the weights of “fc1”." in shown(panel)
    panel.form.edited.emit("units", 7)
    assert params(lenet_session, "fc1")["units"] == 7
    release = next(b for b in panel.findChildren(QPushButton) if b.text() == "Make independent")
    release.click()
    assert document.network.nodes[copy].shares == ""
    assert params(lenet_session, copy)["units"] == 7
    assert not release.isVisibleTo(panel)


def _copy() -> Any:
    return commands.text("Paste")


def test_an_unknown_layer_is_shown_without_a_form(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    node = lenet_session.document.network.nodes["fc1"]
    other = replace(node, layer="FromTheFuture")
    lenet_session.do(Edit(commands.text("Change"), (NodeChange(node, other),)))
    lenet_session.select(["fc1"])
    assert "FromTheFuture" in shown(panel)
    assert not panel.form.isVisibleTo(panel)


def test_advice_stands_apart_from_errors_and_once(
    panel: InspectorPanel, lenet_session: Session
) -> None:
    def problem(node: str, severity: str) -> Problem:
        message = text("It would be better otherwise.")
        return Problem(code="alike", message=message, node=node, severity=severity)

    chosen = ["conv1", "conv2", "fc1"]
    lenet_session.select(chosen)
    lenet_session.checking.take([problem(node, "advice") for node in chosen])
    assert panel.header._problems.text() == ""
    advice = panel.header._advice
    assert advice.text() == "It would be better otherwise. The same at 2 more."
    assert advice.property("role") == "advice"
    assert not advice.isHidden()
