"""Room for new cards: a layer goes into a wire, a card finds a free spot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from engine.errors import EditRefused
from engine.graph.commands import add_node, added, move
from engine.graph.document import Document, Edge, EdgeChange, Network
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_X, Flow, snap
from engine.graph.history import Edit
from engine.graph.nesting import inner_block
from engine.layers import LAYERS

# The least distance between cards above each other when room is made; labels still fit.
TIGHT = 32


def insert_between(
    document: Document,
    layer: str,
    wire: Edge,
    params: Mapping[str, Any] | None = None,
    *,
    further: Iterable[Edge] = (),
) -> Edit:
    """Put a layer into a wire, halfway, and push down what is in the way where it is too narrow.

    The new id is `added(edit)[0]`.

    Args:
        document: The document.
        layer: Key of the layer.
        wire: The wire.
        params: Parameters of the layer.
        further: Further edges from the same node that the wire stands for on the canvas.
    """
    spec = LAYERS.get(layer)
    if spec.max_inputs == 0:
        raise EditRefused("{layer} takes no wire: data enters there.", layer=spec.title)
    wires = dict.fromkeys((wire, *further))
    at, pushed = room_between(document, wire)
    home = inner_block(document.network, (wire.source, *(edge.target for edge in wires)))
    edit = add_node(document, layer, at, params=params, block=home)
    new = added(edit)[0]
    changes = (
        *edit.changes,
        *(EdgeChange(edge, False) for edge in wires),
        EdgeChange(Edge(wire.source, new), True),
        *(EdgeChange(Edge(new, edge.target, edge.port), True) for edge in wires),
        *move(document, pushed).changes,
    )
    return Edit(edit.label, changes)


def room_between(
    document: Document, wire: Edge
) -> tuple[tuple[float, float], dict[str, tuple[float, float]]]:
    """Return where a card goes into a wire, and where those go that are in its way."""
    network, flow = document.network, document.flow
    along = 0 if flow == "right" else 1
    first, last = network.nodes[wire.source].at, network.nodes[wire.target].at
    least = first[along] + 2 * (_length(flow) + TIGHT)
    pushed: dict[str, tuple[float, float]] = {}
    end = last
    if last[along] > first[along] and least > last[along]:
        pushed = push_on(network, {wire.target: least}, flow)
        end = pushed[wire.target]
    middle = ((first[0] + end[0]) / 2, (first[1] + end[1]) / 2)
    return free_spot(network, middle, pushed), pushed


def push_on(
    network: Network, starts: Mapping[str, float], flow: Flow
) -> dict[str, tuple[float, float]]:
    """Move cards along the flow, and only those behind that are then in the way.

    A card that is pushed takes up the room before the next one until they are `TIGHT` apart, so
    that a push dies away after a few rows and leaves the rest where a person has put it.

    Args:
        network: The cards that are there.
        starts: Where cards shall begin along the flow, in pixels at 100 %.
        flow: Which way data flows.

    Returns:
        New corners of all cards that move.
    """
    nodes = network.nodes
    along = 0 if flow == "right" else 1
    aside, width = 1 - along, _breadth(flow)
    lanes: dict[int, list[str]] = {}
    for node in nodes.values():
        lanes.setdefault(int(node.at[aside] // width), []).append(node.id)
    moved = dict(starts)
    waiting = sorted(moved, key=lambda node_id: nodes[node_id].at[along])
    for node_id in waiting:
        at = nodes[node_id].at
        least = moved[node_id] + _length(flow) + TIGHT
        lane = int(at[aside] // width)
        near = [other for n in range(lane - 1, lane + 2) for other in lanes.get(n, ())]
        covered = [other for other in near if abs(nodes[other].at[aside] - at[aside]) < width]
        fed = [edge.target for edge in network.outputs(node_id)]
        for other in dict.fromkeys((*covered, *fed)):
            start = nodes[other].at[along]
            if at[along] < start and moved.get(other, start) < least:
                moved[other] = least
                waiting.append(other)
    return {
        node_id: (start, nodes[node_id].at[1]) if along == 0 else (nodes[node_id].at[0], start)
        for node_id, start in moved.items()
    }


def _length(flow: Flow) -> int:
    """Return how long a card is along the flow."""
    return CARD_WIDTH if flow == "right" else CARD_HEIGHT


def _breadth(flow: Flow) -> int:
    """Return how broad a card is across the flow."""
    return CARD_HEIGHT if flow == "right" else CARD_WIDTH


def free_spot(
    network: Network, at: tuple[float, float], moving: Collection[str] = ()
) -> tuple[float, float]:
    """Return the nearest spot on the grid to the right where no card lies.

    Args:
        network: The cards that are there.
        at: Where the card's top left corner should be.
        moving: Nodes whose cards are not in the way.
    """
    x, y = snap(at[0]), snap(at[1])
    others = [node.at for node in network.nodes.values() if node.id not in moving]
    while any(abs(x - left) < CARD_WIDTH and abs(y - top) < CARD_HEIGHT for left, top in others):
        x += CARD_WIDTH + GAP_X
    return x, y
