"""Where cards go that a script has added: near what they are wired to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from engine.graph.analysis import downstream
from engine.graph.arranging import lay_out
from engine.graph.copying import fragment
from engine.graph.document import Network
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_X, Flow, step
from engine.graph.inserting import TIGHT, free_spot, push_on
from engine.graph.nesting import inner_block

# More than this are laid out by themselves, beside the rest.
MOST_SINGLY = 100


def place_new(
    network: Network, new: Sequence[str], before: Network, gone: Collection[str], flow: Flow
) -> None:
    """Give new cards places, and make room where they come between others.

    Args:
        network: The network with the new nodes, which is changed.
        new: Their ids, in an order in which data can flow.
        before: The network without them.
        gone: Nodes that it has and the new one has not, whose places are free.
        flow: Which way data flows.
    """
    if len(new) == len(network.nodes):
        _move(network, lay_out(network, flow=flow))
        return
    if len(new) > MOST_SINGLY:
        places = lay_out(fragment(network, new), flow=flow)
        others = [node.at for node in network.nodes.values() if node.id not in set(new)]
        left = max(at[0] for at in others) + CARD_WIDTH + 2 * GAP_X
        top = min(at[1] for at in others)
        _move(network, {key: (x + left, y + top) for key, (x, y) in places.items()})
        return
    waiting = dict.fromkeys(new)
    for node_id in new:
        _place(network, node_id, before, gone, flow, waiting)
        del waiting[node_id]


def _place(
    network: Network,
    node_id: str,
    before: Network,
    gone: Collection[str],
    flow: Flow,
    waiting: Collection[str],
) -> None:
    along = 0 if flow == "right" else 1
    sources = [e.source for e in network.inputs(node_id) if e.source not in waiting]
    targets = [e.target for e in network.outputs(node_id) if e.target not in waiting]
    near = [*sources, *targets]
    home = inner_block(network, near) if near else ""
    at = _freed(before, sources, gone)
    if at is None:
        at = _beside(network, sources, targets, flow)
    # What comes behind makes room; what lies there by chance does not.
    behind = downstream(network, [node_id]) - {node_id} - set(waiting)
    at = free_spot(network, at, {*waiting, *behind})
    network.put_node(replace(network.nodes[node_id], at=at, block=home))
    least = at[along] + (CARD_WIDTH if flow == "right" else CARD_HEIGHT) + TIGHT
    starts = {
        other: least
        for other in behind
        if network.nodes[other].at[along] < least
        and (other in targets or _covers(network.nodes[other].at, at))
    }
    if starts and sources:
        _move(network, push_on(network, starts, flow), moving=waiting)


def _covers(card: tuple[float, float], other: tuple[float, float]) -> bool:
    """Return whether two cards lie upon each other."""
    return abs(card[0] - other[0]) < CARD_WIDTH and abs(card[1] - other[1]) < CARD_HEIGHT


def _freed(
    before: Network, sources: Sequence[str], gone: Collection[str]
) -> tuple[float, float] | None:
    """Return the place of a card that is gone and took the same tensors."""
    for other in gone:
        edges = before.inputs(other)
        if sources and [edge.source for edge in edges] == list(sources):
            return before.nodes[other].at
    return None


def _beside(
    network: Network, sources: Sequence[str], targets: Sequence[str], flow: Flow
) -> tuple[float, float]:
    """Return a place behind what a card takes, or before what takes its tensor."""
    along = 0 if flow == "right" else 1
    if sources:
        ends = [network.nodes[source].at for source in sources]
        deepest = max(end[along] for end in ends) + step(flow)
        across = sum(end[1 - along] for end in ends) / len(ends)
    elif targets:
        end = network.nodes[targets[0]].at
        deepest, across = end[along] - step(flow), end[1 - along]
    else:
        deepest = across = 0.0
    return (deepest, across) if along == 0 else (across, deepest)


def _move(
    network: Network, places: dict[str, tuple[float, float]], moving: Collection[str] = ()
) -> None:
    for node_id, at in places.items():
        node = network.nodes[node_id]
        if not node.locked and node_id not in moving:
            network.put_node(replace(node, at=at))
