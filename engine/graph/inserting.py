"""Room for new cards: a layer goes into a wire, a card finds a free spot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.errors import EditRefused
from engine.graph.commands import add_node, added, move
from engine.graph.document import Document, Edge, EdgeChange, Network
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_X, GRID
from engine.graph.history import Edit
from engine.graph.nesting import inner_block
from engine.layers import LAYERS

# The least distance between cards above each other when room is made; labels still fit.
TIGHT = 32


def insert_between(
    document: Document, layer: str, wire: Edge, params: Mapping[str, Any] | None = None
) -> Edit:
    """Put a layer into a wire, halfway, and push down what is in the way where it is too narrow.

    The new id is `added(edit)[0]`.
    """
    spec = LAYERS.get(layer)
    if spec.max_inputs == 0:
        raise EditRefused("{layer} takes no wire: data enters there.", layer=spec.title)
    network = document.network
    (left, top), (right, bottom) = network.nodes[wire.source].at, network.nodes[wire.target].at
    upright = bottom > top
    lowest = top + 2 * (CARD_HEIGHT + TIGHT) if upright else bottom
    pushed = push_down(network, {wire.target: lowest}) if lowest > bottom else {}
    at = free_spot(network, ((left + right) / 2, (top + max(bottom, lowest)) / 2), pushed)
    home = inner_block(network, (wire.source, wire.target))
    edit = add_node(document, layer, at, params=params, block=home)
    new = added(edit)[0]
    changes = (
        *edit.changes,
        EdgeChange(wire, False),
        EdgeChange(Edge(wire.source, new), True),
        EdgeChange(Edge(new, wire.target, wire.port), True),
        *move(document, pushed).changes,
    )
    return Edit(edit.label, changes)


def push_down(network: Network, tops: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Move cards down, and only those below that are then in the way.

    A card that is pushed takes up the room above the next one until they are `TIGHT` apart, so
    that a push dies away after a few rows and leaves the rest where a person has put it.

    Args:
        network: The cards that are there.
        tops: New upper edges, in pixels at 100 %.

    Returns:
        New corners of all cards that move.
    """
    nodes = network.nodes
    columns: dict[int, list[str]] = {}
    for node in nodes.values():
        columns.setdefault(int(node.at[0] // CARD_WIDTH), []).append(node.id)
    moved = dict(tops)
    waiting = sorted(moved, key=lambda node_id: nodes[node_id].at[1])
    for node_id in waiting:
        left, before = nodes[node_id].at
        lowest = moved[node_id] + CARD_HEIGHT + TIGHT
        column = int(left // CARD_WIDTH)
        near = [other for c in range(column - 1, column + 2) for other in columns.get(c, ())]
        covered = [other for other in near if abs(nodes[other].at[0] - left) < CARD_WIDTH]
        fed = [edge.target for edge in network.outputs(node_id)]
        for other in dict.fromkeys((*covered, *fed)):
            top = nodes[other].at[1]
            if before < top and moved.get(other, top) < lowest:
                moved[other] = lowest
                waiting.append(other)
    return {node_id: (nodes[node_id].at[0], top) for node_id, top in moved.items()}


def free_spot(
    network: Network, at: tuple[float, float], moving: Collection[str] = ()
) -> tuple[float, float]:
    """Return the nearest spot on the grid to the right where no card lies.

    Args:
        network: The cards that are there.
        at: Where the card's top left corner should be.
        moving: Nodes whose cards are not in the way.
    """
    x, y = _snap(at[0]), _snap(at[1])
    others = [node.at for node in network.nodes.values() if node.id not in moving]
    while any(abs(x - left) < CARD_WIDTH and abs(y - top) < CARD_HEIGHT for left, top in others):
        x += CARD_WIDTH + GAP_X
    return x, y


def _snap(value: float) -> float:
    return float(round(value / GRID) * GRID)
