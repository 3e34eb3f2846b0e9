"""The results panel follows documents that have other layers, and weights that have to wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.networks import template
from pytestqt.qtbot import QtBot

from engine.graph import commands
from engine.graph.document import Document, Edge, Network, Node
from gui.app import build
from gui.bridge import Engine
from gui.results.panel import ResultsPanel
from gui.session import Session
from gui.theme import Theme


def dense() -> Document:
    nodes = [Node(id="in", layer="Input"), Node(id="out", layer="Dense", order=1)]
    return Document(Network(nodes, [Edge("in", "out")]))


@pytest.fixture
def panel(qtbot: QtBot, lenet_session: Session) -> Iterator[ResultsPanel]:
    panel = ResultsPanel(Theme("light"))
    qtbot.addWidget(panel)
    panel.show()
    panel.set_session(lenet_session)
    yield panel
    panel.set_session(None)


def test_a_look_that_does_not_suit_the_next_network_is_left(panel: ResultsPanel) -> None:
    controls = panel.controls
    controls.choose_probe("kernels")
    controls.offer_channels(3)
    assert not controls.node_box.isHidden()
    session = Session(dense(), Engine())
    panel.set_session(session)
    assert controls.spec.key == "activations"
    controls.choose_probe("kernels")
    # Nothing can be chosen in these.
    assert controls._rows["node"].isHidden()
    assert controls._rows["channel"].isHidden()
    panel.set_session(None)
    session.close()


def test_weights_on_their_way_into_a_network_without_kernels(panel: ResultsPanel) -> None:
    session = Session(dense(), Engine())
    panel.set_session(session)
    session.load_weights(Path("x.h5"), partly=True)
    assert panel.controls.spec.key == "activations"
    assert panel.message() == "Loading the weights…"
    panel.set_session(None)
    session.close()


def test_weights_that_wait_are_told_at_once(panel: ResultsPanel) -> None:
    document = template("lenet")
    document.apply(commands.set_param(document, ["fc1"], "units", 0).changes)
    session = Session(document, Engine())
    assert session.has_errors
    panel.set_session(session)
    session.load_weights(Path("x.h5"), partly=True, later=True)
    assert "once the network has no errors" in panel.message()
    panel.set_session(None)
    session.close()


def test_errors_of_an_opened_file_come_to_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(
        '{"class_name": "Sequential", "config": ['
        '{"class_name": "Flatten", "config": {"name": "a", "batch_input_shape": [null, 8]}},'
        '{"class_name": "Strange", "config": {"name": "b"}}]}'
    )
    app = build(theme_mode="light", language="en", start_engine=False)
    bottom = app.window.bottom
    bottom.reveal("history")
    app.window.open_path(path)
    assert bottom.tabText(bottom.currentIndex()).startswith("Problems")
    app.close()
