"""Room for new cards: a layer goes into a wire, a card finds a free spot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.errors import EditRefused
from engine.graph.analysis import downstream
from engine.graph.commands import add_node, added, move
from engine.graph.document import Document, Edge, EdgeChange, Network
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_X, GAP_Y, GRID
from engine.graph.history import Edit
from engine.layers import LAYERS


def insert_between(
    document: Document, layer: str, wire: Edge, params: Mapping[str, Any] | None = None
) -> Edit:
    """Put a layer into a wire, halfway, and move down what follows where it is too narrow.

    The new id is `added(edit)[0]`.
    """
    spec = LAYERS.get(layer)
    if spec.max_inputs == 0:
        raise EditRefused("{layer} takes no wire: data enters there.", layer=spec.title)
    nodes = document.network.nodes
    (left, top), (right, bottom) = nodes[wire.source].at, nodes[wire.target].at
    row = CARD_HEIGHT + GAP_Y
    missing = max(0.0, top + 2 * row - bottom) if bottom > top else 0.0
    at = (_snap((left + right) / 2), _snap((top + bottom + missing) / 2))
    edit = add_node(document, layer, at, params=params)
    new = added(edit)[0]
    followers = downstream(document.network, [wire.target]) if missing else set()
    lower = {node: (nodes[node].at[0], nodes[node].at[1] + missing) for node in followers}
    changes = (
        *edit.changes,
        EdgeChange(wire, False),
        EdgeChange(Edge(wire.source, new), True),
        EdgeChange(Edge(new, wire.target, wire.port), True),
        *move(document, lower).changes,
    )
    return Edit(edit.label, changes)


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
