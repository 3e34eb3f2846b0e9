"""Which gesture a press of the mouse begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from gui.canvas.gestures import Gesture, Move, Resize, SelectBox
from gui.canvas.ground_item import GroundItem
from gui.canvas.hitting import edge_at, node_at
from gui.canvas.node_item import NodeItem
from gui.canvas.wiring import DrawWire

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

_ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def begin(view: CanvasView, point: QPointF, keys: Qt.KeyboardModifier) -> Gesture:
    """Select what lies at a point and return what moving the mouse does to it.

    Args:
        view: The canvas.
        point: Where the left button was pressed, on the canvas.
        keys: Keys held down: Shift and Ctrl add to the selection.
    """
    scene, session, adding = view.network, view.session, bool(keys & _ADDING)
    item = node_at(scene, point)
    if item is not None and (port := item.port_at(point)):
        return _wire(view, item, port)
    if item is not None:
        return _card(view, item, point, adding)
    wire = edge_at(scene, point)
    if wire is not None:
        if wire.end_near(point):
            card = scene.item_of(wire.edge.source)
            assert card is not None
            return DrawWire(
                view, card.node, ("out", scene.outline.output_place(wire.edge)), wire.edge
            )
        session.select([])
        scene.grounds.select([])
        before = scene.selected_edges if adding else frozenset()
        scene.select_edges(before ^ {wire.edge})
        return SelectBox(view, point, frozenset())
    scene.select_edges([])
    ground = scene.grounds.title_at(point)
    if ground is not None:
        return _ground(view, ground, point, adding)
    if not adding:
        scene.grounds.select([])
    return SelectBox(view, point, session.selection if adding else frozenset())


def _wire(view: CanvasView, item: NodeItem, port: tuple[str, int]) -> Gesture:
    """Begin a wire at a port; the one that ends there already is taken up."""
    scene = view.network
    if port[0] == "in":
        for wire in scene.outline.wires_at(item.node):
            here = scene.outline.card_of(wire.target) == item.node
            if here and scene.outline.input_place(wire) == port[1]:
                source = scene.item_of(wire.source)
                assert source is not None
                place = scene.outline.output_place(wire)
                return DrawWire(view, source.node, ("out", place), wire)
    return DrawWire(view, item.node, port)


def _card(view: CanvasView, item: NodeItem, point: QPointF, adding: bool) -> Gesture:
    session, scene = view.session, view.network
    nodes = frozenset(scene.outline.nodes_of(item.node))
    scene.select_edges([])
    if adding:
        chosen = (
            session.selection - nodes if nodes <= session.selection else session.selection | nodes
        )
        session.select(chosen)
        return SelectBox(view, point, session.selection)
    if not nodes <= session.selection:
        session.select(nodes)
        scene.grounds.select([])
    marks = scene.grounds.selected

    def click() -> None:
        session.select(nodes)
        scene.grounds.select([])

    return Move(view, item.pos(), point, session.selection, marks, click)


def _ground(view: CanvasView, ground: GroundItem, point: QPointF, adding: bool) -> Gesture:
    session, scene = view.session, view.network
    if ground.kind == "block":
        nodes = scene.outline.frames[ground.thing]
        session.select([*session.selection, *nodes] if adding else nodes)
        scene.grounds.select([])
        if point.x() < ground.text_rect().left():
            view.blocks.collapse(ground.thing)
        return Move(view, ground.rect().topLeft(), point, nodes)
    if not adding and ground.thing not in scene.grounds.selected:
        session.select([])
        scene.grounds.select([])
    scene.grounds.select(scene.grounds.selected | {ground.thing})
    if ground.handle_at(point):
        return Resize(view, ground.thing)
    marks = [session.document.marks[mark] for mark in scene.grounds.selected]
    carried = {n for mark in marks if mark.kind == "frame" for n in scene.grounds.inside(mark)}
    return Move(
        view,
        ground.rect().topLeft(),
        point,
        carried | session.selection,
        scene.grounds.selected,
    )
