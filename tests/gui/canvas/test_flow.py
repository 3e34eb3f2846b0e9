"""Drawings that flow to the right, and cards that glide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import template
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.formats.project import from_json, to_json
from engine.graph.document import Document, Edge
from engine.graph.inserting import insert_between
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    view = CanvasView(light_theme, Session(template("branches"), Engine()))
    qtbot.addWidget(view)
    view.resize(1200, 700)
    view.show()
    yield view
    view.session.close()


def ends(view: CanvasView) -> list[tuple[QPointF, QPointF]]:
    return [wire.ends() for wire in view.network.edges.values()]


def overlapping(view: CanvasView) -> bool:
    cards = [item.card() for item in view.network.nodes.values()]
    return any(a.intersects(b) for i, a in enumerate(cards) for b in cards[:i])


def test_turned_to_the_right_every_wire_leads_right(view: CanvasView) -> None:
    before = to_json(view.session.document)
    view.set_flow("right")
    view.glide.end()
    assert all(start.x() < end.x() for start, end in ends(view))
    assert not overlapping(view)
    rect = view.network.network_rect()
    assert rect.width() > rect.height()
    saved = to_json(view.session.document)
    assert from_json(saved, "x").flow == "right"
    view.session.undo()
    assert to_json(view.session.document) == before
    assert all(start.y() < end.y() for start, end in ends(view))


def test_edits_follow_the_flow(view: CanvasView) -> None:
    view.set_flow("right")
    view.glide.end()
    network = view.session.document.network
    edge = network.edges()[0]
    view.session.do(insert_between(view.session.document, "ReLU", edge))
    assert not overlapping(view)
    new = network.nodes["re_lu"]
    assert network.nodes[edge.source].at[0] < new.at[0] < network.nodes[edge.target].at[0]
    view.session.select([network.ordered()[-2].id])
    view.add_layer("Dropout")
    last, source = network.nodes["dropout"], network.inputs("dropout")[0].source
    assert last.at[0] > network.nodes[source].at[0]
    view.session.select([edge.source])
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert view.session.selection == {"re_lu"}


def test_a_long_wire_passes_cards_in_its_way(view: CanvasView) -> None:
    document = Document(flow="right")
    source = template("lenet")
    for node in source.network.ordered():
        document.network.put_node(node)
    for edge in source.network.edges():
        document.network.put_edge(edge)
    ids = [node.id for node in source.network.ordered()]
    other = CanvasView(view.theme, Session(document, Engine()))
    other.arrange()
    other.glide.end()
    wire = other.network.edges[Edge(ids[0], ids[1])]
    assert wire.path().elementCount() == 2  # straight
    other.deleteLater()


def test_cards_glide_to_their_places(qtbot: QtBot, view: CanvasView) -> None:
    scene = view.network
    key = next(iter(scene.nodes))
    view.session.select([key])
    for _ in range(30):
        QTest.keyClick(view, Qt.Key.Key_Right)
    view.session.select([])
    start = QPointF(scene.nodes[key].pos())
    with qtbot.waitSignal(view.glide.finished, timeout=5000):
        view.arrange()
        assert scene.nodes[key].pos() == start
    at = view.session.document.network.nodes[key].at
    assert (scene.nodes[key].pos().x(), scene.nodes[key].pos().y()) == at


def test_an_edit_ends_the_gliding(view: CanvasView) -> None:
    view.set_flow("right")
    view.session.undo()
    nodes = view.session.document.network.nodes
    for key, item in view.network.nodes.items():
        assert (item.pos().x(), item.pos().y()) == nodes[key].at


def test_only_the_selection_is_arranged(view: CanvasView) -> None:
    view.set_flow("right")
    view.glide.end()
    nodes = view.session.document.network.nodes
    ids = [node.id for node in view.session.document.network.ordered()]
    before = {key: nodes[key].at for key in ids}
    view.session.select(ids[:2])
    view.editing.nudge(0, 400)
    view.arrange()
    assert all(nodes[key].at == before[key] for key in ids[2:])
