"""Automatic layout: where each card of a network goes.

The layered method of Sugiyama, Tagawa and Toda (1981): turn cycles round, give each node a
layer, order the layers so that few wires cross, then place the nodes of each layer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.graph.document import Network
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_ALONG, GAP_X, GAP_Y, GRID, Flow
from engine.graph.layering import Layers, make_layers
from engine.graph.ordering import reduce_crossings
from engine.graph.placing import place

Point = tuple[float, float]


def arrange(
    network: Network, sizes: Mapping[str, Point] | None = None, flow: Flow = "down"
) -> dict[str, Point]:
    """Lay a network out from top to bottom, or from left to right.

    Data flows downwards, chains are straight, branches lie side by side around their parent,
    and parts that no wire joins stand beside each other. Nothing overlaps.

    Args:
        network: What to lay out.
        sizes: Width and height of what is larger than a card, in pixels at 100 %.
        flow: Which way data flows.

    Returns:
        The top left corner of each node's card, on the grid; the whole starts at (0, 0).
    """
    sizes, card, gap = sizes or {}, (float(CARD_WIDTH), float(CARD_HEIGHT)), GAP_Y
    if flow == "right":
        # Laid out downwards with everything turned on its side, and turned back at the end.
        sizes = {key: (height, width) for key, (width, height) in sizes.items()}
        card, gap = (card[1], card[0]), GAP_ALONG
    parts = _parts(network)
    positions: dict[str, Point] = {}
    left = 0.0
    for part in (part for part in parts if len(part) > 1):
        placed, width = _arrange_part(network, part, sizes, card, gap)
        positions.update({node_id: (x + left, y) for node_id, (x, y) in placed.items()})
        left += width + 2 * GAP_X
    singles = [part[0] for part in parts if len(part) == 1]
    positions.update(_singles(singles, left, sizes, card))
    if flow == "right":
        positions = {node_id: (y, x) for node_id, (x, y) in positions.items()}
    return {node_id: positions[node_id] for node_id in network.nodes}


def _parts(network: Network) -> list[list[str]]:
    """Return the ids of each connected part, in the order of the file."""
    found: list[list[str]] = []
    seen: set[str] = set()
    for node in network.ordered():
        if node.id in seen:
            continue
        seen.add(node.id)
        part = [node.id]
        for node_id in part:
            edges = (*network.inputs(node_id), *network.outputs(node_id))
            for other in (end for edge in edges for end in (edge.source, edge.target)):
                if other not in seen:
                    seen.add(other)
                    part.append(other)
        found.append(sorted(part, key=lambda node_id: network.nodes[node_id].order))
    return found


def _arrange_part(
    network: Network, part: list[str], sizes: Mapping[str, Point], card: Point, gap: int
) -> tuple[dict[str, Point], float]:
    """Lay one connected part out; return its cards' corners and its width."""
    layers: Layers = make_layers(network, part, sizes)
    layers.card = card
    reduce_crossings(layers)
    centers = place(layers)
    corners = {node_id: _snap(centers[node_id] - layers.size(node_id)[0] / 2) for node_id in part}
    first = min(corners.values())
    tops, top = [], 0.0
    for row in layers.rows:
        tops.append(top)
        top += max(card[1], *(layers.size(vertex)[1] for vertex in row)) + gap
    placed = {
        node_id: (corners[node_id] - first, _snap(tops[layers.layer[node_id]])) for node_id in part
    }
    right = max(corners[node_id] + layers.size(node_id)[0] for node_id in part)
    return placed, right - first


def _snap(value: float) -> float:
    # Rounding to micro-pixels first keeps a distance of exactly one card from losing a step.
    return float(GRID * math.floor(round(value, 6) / GRID + 0.5))


def _singles(
    ids: list[str], left: float, sizes: Mapping[str, Point], card: Point
) -> dict[str, Point]:
    """Place cards without wires as a block of about equal sides; larger things beside it."""
    placed: dict[str, Point] = {}
    for node_id in (node_id for node_id in ids if node_id in sizes):
        placed[node_id] = (left, 0.0)
        left += sizes[node_id][0] + GAP_X
    singles = [node_id for node_id in ids if node_id not in sizes]
    columns = max(1, min(len(singles), round(math.sqrt(len(singles) / 2)) + 1))
    return placed | {
        node_id: (
            left + (number % columns) * (card[0] + GAP_X),
            (number // columns) * (card[1] + GAP_Y),
        )
        for number, node_id in enumerate(singles)
    }
