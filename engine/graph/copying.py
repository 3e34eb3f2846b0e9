"""Copies of parts of a network: what the clipboard holds, and how it comes in again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from engine.graph.document import (
    Block,
    BlockChange,
    Change,
    Edge,
    EdgeChange,
    Network,
    NodeChange,
    Port,
)
from engine.graph.nesting import around, whole_blocks


def fragment(network: Network, ids: Iterable[str], *, within: str = "") -> Network:
    """Return some nodes with the wires between them and the blocks that they fill.

    Args:
        network: The network.
        ids: Ids of the nodes.
        within: A block that is not taken along, nor are those around it.
    """
    chosen = set(ids)
    whole = whole_blocks(network, chosen) - set(around(network, within))
    nodes = [
        node if node.block in whole else replace(node, block="", role="", part="")
        for node in network.ordered()
        if node.id in chosen
    ]
    edges = [edge for node in nodes for edge in network.inputs(node.id) if edge.source in chosen]
    kept = (
        block if block.parent in whole else replace(block, parent="")
        for block in sorted(network.blocks.values(), key=lambda block: block.order)
        if block.id in whole
    )
    return Network(nodes, edges, kept)


def entering(network: Network, ids: Iterable[str]) -> list[Edge]:
    """Return the wires that come into some nodes from outside."""
    chosen = set(ids)
    return [
        edge
        for node in network.ordered()
        if node.id in chosen
        for edge in network.inputs(node.id)
        if edge.source not in chosen
    ]


@dataclass(frozen=True)
class Copy:
    """What copying makes.

    Attributes:
        changes: What to apply.
        nodes: New id of each copied node.
        blocks: New id of each copied block.
    """

    changes: list[Change]
    nodes: dict[str, str]
    blocks: dict[str, str]


def copy_part(
    network: Network,
    part: Network,
    offset: tuple[float, float] = (0.0, 0.0),
    *,
    into: str = "",
    linked: bool = False,
    wires: Iterable[Edge] = (),
) -> Copy:
    """Copy a part into a network under new ids.

    Shares of layers that do not exist are left out.

    Args:
        network: Where to.
        part: What to copy; may come from another document.
        offset: How far from the originals the copies lie, in pixels at 100 %.
        into: The block they come into, or "".
        linked: Whether copied blocks stay linked to their originals.
        wires: Wires from nodes of the network into nodes of the part, which the copies get, too.
    """
    taken = set(network.nodes) | set(network.blocks)
    taken |= {node.title for node in network.nodes.values()}
    names: dict[str, str] = {}
    for node in part.ordered():
        names[node.id] = free_name(taken, node.layer, node.id)
        taken.add(names[node.id])
    blocks: dict[str, str] = {}
    for block_id in part.blocks:
        blocks[block_id] = free_name(taken, "block", "")
        taken.add(blocks[block_id])
    changes: list[Change] = []
    for order, block in enumerate(part.blocks.values(), next_block_order(network)):
        copied = _block_copy(block, names, blocks, into, linked)
        changes.append(BlockChange(None, replace(copied, order=order)))
    for order, node in enumerate(part.ordered(), network.next_order()):
        kept = node.shares in network.nodes and network.nodes[node.shares].layer == node.layer
        new = replace(
            node,
            id=names[node.id],
            name="",
            shares=names.get(node.shares, node.shares if kept else ""),
            at=(node.at[0] + offset[0], node.at[1] + offset[1]),
            block=blocks.get(node.block, into),
            role=node.role if linked else "",
            part=node.part if node.block in blocks else "",
            locked=False,
            order=order,
        )
        changes.append(NodeChange(None, new))
    inner = (Edge(names[e.source], names[e.target], e.port) for e in part.edges())
    outer = (Edge(edge.source, names[edge.target], edge.port) for edge in wires)
    changes += [EdgeChange(edge, True) for edge in (*inner, *outer)]
    return Copy(changes, names, blocks)


def _block_copy(
    block: Block, names: dict[str, str], blocks: dict[str, str], into: str, linked: bool
) -> Block:
    return replace(
        block,
        id=blocks[block.id],
        parent=blocks.get(block.parent, into),
        link=block.link if linked else "",
        inputs=tuple(
            Port(tuple((names[node], port) for node, port in given.ends if node in names))
            for given in block.inputs
        ),
        outputs=tuple(names[node] for node in block.outputs if node in names),
    )


# --- names ---------------------------------------------------------------------------------


def new_id(network: Network, layer: str) -> str:
    """Return an unused id for a layer in Keras's manner: conv2d, conv2d_1, conv2d_2."""
    taken = set(network.nodes) | set(network.blocks)
    taken |= {node.title for node in network.nodes.values()}
    return free_name(taken, layer, "")


def new_block_id(network: Network) -> str:
    """Return an unused id for a block."""
    return free_name(set(network.nodes) | set(network.blocks), "block", "")


def next_block_order(network: Network) -> int:
    """Return the place after the last block's."""
    return max((block.order for block in network.blocks.values()), default=-1) + 1


def free_name(taken: set[str], layer: str, wish: str) -> str:
    """Return a name that is not taken: the wish, or one made from a layer's class."""
    if wish and wish not in taken:
        return wish
    base = snake_case(layer.rpartition(".")[2])
    if base not in taken:
        return base
    number = 1
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


def free_id(taken: set[str], wish: str) -> str:
    """Return an id that is not taken, the wish or one made from it; from now on it is."""
    found, number = wish, 1
    while found in taken:
        number += 1
        found = f"{wish}_{number}"
    taken.add(found)
    return found


def snake_case(name: str) -> str:
    """Turn a class name into Keras's automatic layer name: MaxPooling2D to max_pooling2d."""
    split = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", split).lower()
