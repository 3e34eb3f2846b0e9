"""The list of steps."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from engine.errors import text
from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.document import WeightsChange
from engine.graph.history import Edit
from gui.history.panel import HistoryPanel
from gui.session import Session
from gui.theme import Theme


def labels(panel: HistoryPanel) -> list[str]:
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def test_a_click_goes_back_and_forth(
    qtbot: QtBot, light_theme: Theme, lenet_session: Session
) -> None:
    panel = HistoryPanel(light_theme)
    qtbot.addWidget(panel)
    panel.set_session(lenet_session)
    document = lenet_session.document
    states = [to_json(document)]
    for units in (7, 8):
        lenet_session.do(commands.set_param(document, ["fc1"], "units", units))
        lenet_session.history.end_merge()
        states.append(to_json(document))
    assert labels(panel) == []  # Nobody sees it yet.
    panel.show()
    assert labels(panel) == ["Beginning", "Change units", "Change units"]
    assert panel.list.currentRow() == 2
    for row in (0, 2, 1):
        panel.list.itemClicked.emit(panel.list.item(row))
        assert to_json(document) == states[row]
        assert panel.list.currentRow() == row
        assert len(labels(panel)) == 3
    lenet_session.do(commands.lock(document, ["fc1"], True))
    assert labels(panel) == ["Beginning", "Change units", "Lock"]
    panel.set_session(None)
    assert labels(panel) == []


def test_a_click_stops_at_a_step_that_cannot_be_taken_back_now(
    qtbot: QtBot, light_theme: Theme, lenet_session: Session
) -> None:
    panel = HistoryPanel(light_theme)
    qtbot.addWidget(panel)
    panel.set_session(lenet_session)
    panel.show()
    lenet_session.do(Edit(text("Load weights"), (WeightsChange("g", True),)))
    lenet_session.do(commands.lock(lenet_session.document, ["fc1"], True))
    lenet_session.run.state = "running"
    panel.list.itemClicked.emit(panel.list.item(0))
    assert lenet_session.history.place == 1
    assert panel.list.currentRow() == 1
