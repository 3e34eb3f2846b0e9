"""Built-in blocks in the window: listed, found, put on the canvas, changed in the inspector."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import network
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from engine.blocks import BLOCKS, PREFIX
from engine.formats.project import to_json
from engine.graph.document import Document, Edge
from engine.ipc.messages import NodeFacts
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.inspector.panel import InspectorPanel
from gui.layer_search import find_blocks
from gui.palette.panel import KEY, PalettePanel
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    rows = [("in", "Input", {"shape": [16, 16, 32]}), ("out", "Conv2D", {})]
    view = CanvasView(light_theme, Session(Document(network(rows)), Engine()))
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    yield view
    view.session.close()


def test_the_palette_lists_and_finds_them(qtbot: QtBot, light_theme: Theme) -> None:
    panel = PalettePanel(light_theme)
    qtbot.addWidget(panel)
    for spec in BLOCKS:
        rows = panel.tree.findItems(spec.title, Qt.MatchFlag.MatchRecursive)
        assert PREFIX + spec.key in [row.data(0, KEY) for row in rows]
    panel.field.setText("resnet")
    shown = {panel.tree.topLevelItem(n).text(0) for n in range(panel.tree.topLevelItemCount())}
    assert {"Residual block", "Residual bottleneck", "Residual block v2"} <= shown


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("残差", "residual_basic"),
        ("分割", "unet_down"),
        ("googlenet", "inception"),
        ("heads", "transformer_decoder"),
    ],
)
def test_they_are_found_by_purpose(query: str, key: str) -> None:
    assert key in [spec.key for spec in find_blocks(query)]


def test_a_drop_on_a_wire_puts_it_in_between(view: CanvasView) -> None:
    before = to_json(view.session.document)
    view.session.facts["in"] = NodeFacts(shape=(None, 16, 16, 32))
    view.editing.drop_layer(PREFIX + "residual_basic", (0.0, 0.0), Edge("in", "out"))
    net = view.session.document.network
    (block,) = net.blocks.values()
    assert block.collapsed
    assert block.made.params == {"filters": 32, "projection": False}
    assert [edge.source for edge in net.inputs("out")] == ["residual_basic_relu2"]
    assert block.id in view.network.nodes
    view.session.undo()
    assert to_json(view.session.document) == before


def test_a_double_click_stacks_blocks_behind_the_selection(view: CanvasView) -> None:
    view.session.select(["in"])
    view.add_layer(PREFIX + "residual_basic")
    view.add_layer(PREFIX + "xception")
    net = view.session.document.network
    assert {edge.source for edge in net.inputs("residual_basic_conv1")} == {"in"}
    assert [edge.source for edge in net.inputs("xception_relu1")] == ["residual_basic_relu2"]
    cards = [view.network.nodes[block].card() for block in net.blocks]
    assert not cards[0].intersects(cards[1])


def test_quick_add_wires_it(view: CanvasView) -> None:
    view.quick_add.open(QPointF(400, 300), source="in", words="squeeze excite")
    view.quick_add._run()
    net = view.session.document.network
    assert [edge.source for edge in net.inputs("squeeze_excite_squeeze")] == ["in"]


def test_the_inspector_changes_its_parameters(
    qtbot: QtBot, light_theme: Theme, view: CanvasView
) -> None:
    panel = InspectorPanel(light_theme)
    qtbot.addWidget(panel)
    panel.set_session(view.session)
    panel.change_wanted.connect(view.blocks.change)
    panel.resize(304, 700)
    panel.show()
    view.add_layer(PREFIX + "inception")
    form = panel.block_form.params
    assert form.isVisible()
    assert list(form.editors) == list(BLOCKS.get("inception").fields)
    form.edited.emit("direct", 9)
    nodes = view.session.document.network.nodes
    assert nodes["inception_direct"].params["filters"] == 9
    assert form.editors["direct"].inputs()[0].text() == "9"
    view.session.undo()
    assert nodes["inception_direct"].params["filters"] == 64
    assert form.editors["direct"].inputs()[0].text() == "64"
    view.session.select(["in", "out"])
    view.blocks.group()
    assert not form.isVisible()
