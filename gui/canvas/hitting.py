"""What lies at a point of the canvas, and what the ports there stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from engine.graph.document import Edge
from gui.canvas.edge_item import EdgeItem
from gui.canvas.node_item import NodeItem

if TYPE_CHECKING:
    from gui.canvas.scene import NetworkScene

End = tuple[str, int | None]


def node_at(scene: NetworkScene, point: QPointF) -> NodeItem | None:
    """Return the topmost card at a point, ports included."""
    for item in scene.items(point):
        if isinstance(item, NodeItem) and (item.shape_hit(point) or item.port_at(point)):
            return item
    return None


def edge_at(scene: NetworkScene, point: QPointF, reach: float = 7.0) -> EdgeItem | None:
    """Return the wire at a point."""
    around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    for item in scene.items(around):
        if isinstance(item, EdgeItem) and item.near(point, reach):
            return item
    return None


def source_of(scene: NetworkScene, card: str, place: int) -> str:
    """Return the node whose tensor leaves a card at an output port."""
    ports = scene.outline.ports.get(card)
    return ports.outputs[min(place, len(ports.outputs) - 1)] if ports is not None else card


def ends_of(
    scene: NetworkScene, card: str, place: int | None, lifted: Edge | None = None
) -> list[End]:
    """Return the nodes and input ports that a wire into a port of a card feeds.

    Args:
        scene: The cards.
        card: The card.
        place: The port's place, or None for one that is free.
        lifted: A wire that does not count, as its end is being moved.
    """
    ports = scene.outline.ports.get(card)
    if ports is not None:
        place = free_place(scene, card) if place is None else place
        return list(ports.inputs[place].ends) if place < len(ports.inputs) else []
    wires = [wire for wire in scene.outline.wires_at(card) if wire.target == card]
    wires = sorted((w for w in wires if w != lifted), key=lambda wire: wire.port)
    return [(card, wires[place].port if place is not None and place < len(wires) else None)]


def free_place(scene: NetworkScene, card: str) -> int:
    """Return the place of the first input port of a card without a wire."""
    outline = scene.outline
    taken = {
        outline.input_place(wire)
        for wire in outline.wires_at(card)
        if outline.card_of(wire.target) == card
    }
    most = scene.nodes[card].face.inputs - 1
    return next((place for place in range(most) if place not in taken), max(most, 0))
