"""Wires that run side by side share one label."""

from __future__ import annotations

from itertools import combinations

from pytestqt.qtbot import QtBot

from engine.graph import commands
from engine.graph.document import Document, Edge, Network, Node
from engine.ipc.messages import NodeFacts, Shapes
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme


def test_two_wires_into_one_layer_have_one_label(qtbot: QtBot) -> None:
    nodes = [
        Node(id="in", layer="Input", params={"shape": [20, 32]}),
        Node(id="mid", layer="MultiHeadAttention", at=(0, 120), order=1),
        Node(id="add", layer="Add", at=(0, 240), order=2),
    ]
    edges = [
        Edge("in", "mid", 0),
        Edge("in", "mid", 1),
        Edge("in", "add", 0),
        Edge("mid", "add", 1),
    ]
    session = Session(Document(Network(nodes, edges)), Engine())
    view = CanvasView(Theme("light"), session)
    qtbot.addWidget(view)
    facts = {node.id: NodeFacts(shape=[None, 20, 32], params=0) for node in nodes}
    shapes = Shapes(
        document=session.id, revision=1, facts=facts, removed=[], problems=[], total=0, trainable=0
    )
    session._take_shapes(shapes)
    wires = view.network.edges
    shown = [wire for wire in wires.values() if not wire.box.isEmpty()]
    assert {wire.edge for wire in shown} == set(edges) - {Edge("in", "mid", 1)}
    assert not any(one.box.intersects(other.box) for one, other in combinations(shown, 2))
    # The other shows it when it is alone.
    session.do(commands.disconnect([Edge("in", "mid", 0)]))
    left = [wire for edge, wire in wires.items() if edge.target == "mid"]
    assert len(left) == 1
    assert not left[0].box.isEmpty()
    session.undo()
    assert wires[Edge("in", "mid", 1)].box.isEmpty()
    session.close()
