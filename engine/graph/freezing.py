"""Freezing the first layers of a block: they keep their weights while the rest is trained."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from engine.errors import text
from engine.graph.analysis import topological
from engine.graph.document import Document, Network, Node, NodeChange
from engine.graph.history import Edit
from engine.graph.nesting import around, members
from engine.layers import LAYERS


@dataclass(frozen=True)
class Stage:
    """What lies right inside a block: a layer, or a block of layers.

    Attributes:
        title: Name shown to people.
        nodes: Its layers whose weights can be frozen.
    """

    title: str
    nodes: tuple[str, ...]


def stages(network: Network, block_id: str) -> list[Stage]:
    """Return what lies right inside a block and has weights, in the order in which data flows."""
    order, _ = topological(network)
    inside = set(members(network, block_id))
    found: dict[str, list[str]] = {}
    for node_id in order:
        if node_id in inside and _can_freeze(network.nodes[node_id]):
            chain = list(around(network, network.nodes[node_id].block))
            depth = chain.index(block_id)
            found.setdefault(chain[depth - 1] if depth else node_id, []).append(node_id)
    return [Stage(_title(network, key), tuple(nodes)) for key, nodes in found.items()]


def _title(network: Network, key: str) -> str:
    return network.blocks[key].title if key in network.blocks else network.nodes[key].title


def _can_freeze(node: Node) -> bool:
    spec = LAYERS.find(node.layer)
    return spec is not None and "trainable" in spec.fields and not node.shares


def frozen_stages(network: Network, block_id: str) -> int:
    """Return how many stages of a block, counted from the first, are frozen whole."""
    count = 0
    for stage in stages(network, block_id):
        if any(network.nodes[node].params.get("trainable", True) for node in stage.nodes):
            break
        count += 1
    return count


def freeze(document: Document, block_id: str, count: int) -> Edit:
    """Freeze the first stages of a block, and let all others learn.

    Args:
        document: The document.
        block_id: The block.
        count: How many stages are frozen.
    """
    network = document.network
    changes: list[NodeChange] = []
    for place, stage in enumerate(stages(network, block_id)):
        for node_id in stage.nodes:
            node = network.nodes[node_id]
            if node.params.get("trainable", True) is (place < count):
                params = {**node.params, "trainable": place >= count}
                params = LAYERS.get(node.layer).trim(params)
                changes.append(NodeChange(node, replace(node, params=params)))
    return Edit(text("Freeze layers"), tuple(changes))
