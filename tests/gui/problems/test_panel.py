"""The list of problems follows the document and leads to its layers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.datasets import UNDECIDED
from engine.errors import text
from engine.graph import commands
from engine.graph.analysis import Problem
from engine.graph.document import Part
from gui.problems.fix_button import FixButton
from gui.problems.panel import ProblemsPanel
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def panel(qtbot: QtBot, light_theme: Theme, lenet_session: Session) -> ProblemsPanel:
    panel = ProblemsPanel(light_theme)
    qtbot.addWidget(panel)
    panel.set_session(lenet_session)
    panel.show()
    return panel


def test_without_problems_one_sentence_says_so(panel: ProblemsPanel) -> None:
    assert panel._empty.isVisible()
    assert panel._empty.text() == "No problems: ready to train."
    assert panel._session is not None
    panel._session.document.data = Part(UNDECIDED)
    panel.refresh()
    assert panel._empty.text() == "No problems. To train it, choose its data."
    panel.set_session(None)
    assert panel._empty.text() == ""


def test_a_problem_names_its_layer_and_a_click_goes_there(
    panel: ProblemsPanel, lenet_session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(panel.count_changed) as counted:
        lenet_session.do(commands.set_param(lenet_session.document, ["fc1"], "units", 0))
    assert counted.args == [1]
    item = panel.list.item(0)
    assert item.text().startswith("fc1")
    assert "must be ≥ 1" in item.text()
    with qtbot.waitSignal(panel.problem_activated) as activated:
        middle = panel.list.visualItemRect(item).center()
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert activated.args == ["fc1"]
    lenet_session.undo()
    assert panel.list.count() == 0
    assert panel._empty.isVisible()


def test_problems_of_the_whole_document_name_no_layer(
    panel: ProblemsPanel, lenet_session: Session
) -> None:
    lenet_session.do(commands.remove(lenet_session.document, lenet_session.document.network.nodes))
    assert [panel.list.item(at).text() for at in range(panel.list.count())] == [
        "The canvas is empty: add an Input layer to begin."
    ]


@pytest.mark.parametrize("severity", ["error", "warning", "advice"])
def test_each_severity_has_an_icon(
    panel: ProblemsPanel, lenet_session: Session, severity: str
) -> None:
    problem = Problem("x", text("Something."), "fc1", severity=severity)  # type: ignore[arg-type]
    lenet_session.checking.take([problem])
    assert not panel.list.item(0).icon().isNull()


def fix_button(panel: ProblemsPanel, row: int = 0) -> FixButton:
    button = panel.list.itemWidget(panel.list.item(row))
    assert isinstance(button, FixButton)
    return button


def test_a_button_solves_the_problem_in_one_step(
    panel: ProblemsPanel, lenet_session: Session, qtbot: QtBot
) -> None:
    document = lenet_session.document
    lenet_session.do(commands.set_param(document, ["fc1"], "units", 0))
    button = fix_button(panel).button
    assert button.text() == "Set Units to 32"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.list.count() == 0)
    assert "units" not in document.network.nodes["fc1"].params
    lenet_session.undo()
    assert document.network.nodes["fc1"].params["units"] == 0


def test_the_key_solves_one_after_another(
    panel: ProblemsPanel, lenet_session: Session, qtbot: QtBot
) -> None:
    for node in ("fc1", "fc2"):
        lenet_session.do(commands.set_param(lenet_session.document, [node], "units", 0))
    assert panel.list.count() == 2
    panel.list.setFocus()
    for left in (1, 0):
        panel.fix_current()
        qtbot.waitUntil(lambda left=left: panel.list.count() == left)


def test_other_ways_out_are_in_the_menu(panel: ProblemsPanel, lenet_session: Session) -> None:
    document = lenet_session.document
    wires = document.network.inputs("fc2")
    lenet_session.do(commands.disconnect(wires))
    button = fix_button(panel)
    labels = [action.text() for action in button.button.menu().actions()]
    assert labels[0] == button.button.text() == "Connect “fc1”"
    assert len(labels) == 3


def test_what_only_a_person_can_know_has_no_button(
    panel: ProblemsPanel, lenet_session: Session
) -> None:
    lenet_session.checking.take([Problem("x", text("Something."), "fc1")])
    assert panel.list.itemWidget(panel.list.item(0)) is None


def test_advice_that_comes_again_and_again_is_gathered(
    panel: ProblemsPanel, lenet_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = list(lenet_session.document.network.nodes)
    advice = [
        Problem("unheard-of", text("Advice {n}.", n=n), nodes[n % 3], severity="advice")
        for n in range(20)
    ]
    errors = [Problem("missing-input", text("Wrong."), nodes[0]) for _ in range(5)]
    monkeypatch.setattr(lenet_session.checking, "problems", [*errors, *advice])
    panel.refresh()
    rows = [panel.list.item(at).text() for at in range(panel.list.count())]
    assert len(rows) == 5 + 3
    assert rows[-1].endswith("Advice 2. The same at 17 more.")
