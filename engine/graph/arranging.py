"""The layout of a drawing with blocks: each expanded block is laid out for itself, then placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.graph.arrange import Point, arrange
from engine.graph.document import Edge, Network, Node
from engine.graph.folding import FRAME_MARGIN, FRAME_TOP, Folding
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, Flow


def lay_out(network: Network, scope: str = "", flow: Flow = "down") -> dict[str, Point]:
    """Return a place for each visible card, as positions of nodes.

    Args:
        network: The network.
        scope: The block whose inside is laid out, or "" for all.
        flow: Which way data flows.

    Returns:
        New top left corners, in pixels at 100 %; of nodes in a collapsed block such that its card
        lies at its place.
    """
    if not network.blocks:
        return arrange(network, flow=flow)
    folding = Folding(network, scope)
    cards, _ = _lay_out(network, folding, scope, flow)
    places: dict[str, Point] = {}
    for card, corner in cards.items():
        places |= folding.moved(card, corner)
    return places


def _lay_out(
    network: Network, folding: Folding, block: str, flow: Flow
) -> tuple[dict[str, Point], tuple[float, float]]:
    """Lay out what is right inside a block; return the places of all cards inside and its size."""
    unit_of = _units(network, folding, block)
    inner: dict[str, dict[str, Point]] = {}
    sizes: dict[str, tuple[float, float]] = {}
    for unit in dict.fromkeys(unit_of.values()):
        if unit in folding.frames:
            inner[unit], (width, height) = _lay_out(network, folding, unit, flow)
            sizes[unit] = width + 2 * FRAME_MARGIN, height + 2 * FRAME_TOP
    places: dict[str, Point] = {}
    right = bottom = 0.0
    for unit, (x, y) in arrange(_level(folding, unit_of), sizes, flow).items():
        width, height = sizes.get(unit, (CARD_WIDTH, CARD_HEIGHT))
        right, bottom = max(right, x + width), max(bottom, y + height)
        if unit not in inner:
            places[unit] = (x, y)
            continue
        corner = x + FRAME_MARGIN, y + FRAME_TOP
        for card, at in inner[unit].items():
            places[card] = (corner[0] + at[0], corner[1] + at[1])
    return places, (right, bottom)


def _units(network: Network, folding: Folding, block: str) -> dict[str, str]:
    """Return for each card inside a block what it belongs to right inside: itself or a frame."""
    inside = folding.frames.get(block, folding.shown)
    found: dict[str, str] = {}
    for node in inside:
        card = unit = folding.shown[node]
        home = network.blocks[card].parent if card in network.blocks else network.nodes[card].block
        while home not in ("", block):
            unit, home = home, network.blocks[home].parent
        found[card] = unit
    return found


def _level(folding: Folding, unit_of: Mapping[str, str]) -> Network:
    order = {card: number for number, card in enumerate(folding.cards)}
    nodes: dict[str, Node] = {}
    for card, unit in unit_of.items():
        if unit not in nodes or order[card] < nodes[unit].order:
            nodes[unit] = Node(id=unit, layer="", order=order[card])
    return Network(nodes.values(), _wires(folding, unit_of))


def _wires(folding: Folding, unit_of: Mapping[str, str]) -> Iterable[Edge]:
    count: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for edge in folding.wires:
        source = unit_of.get(folding.shown[edge.source])
        target = unit_of.get(folding.shown[edge.target])
        if source is None or target is None or source == target or (source, target) in seen:
            continue
        seen.add((source, target))
        count[target] = count.get(target, -1) + 1
        yield Edge(source, target, count[target])
