"""Edits that link blocks to each other, and that end it."""

from __future__ import annotations

from msgspec.structs import replace

from engine.errors import EditRefused, text
from engine.graph.copying import copy_part, fragment
from engine.graph.document import BlockChange, Change, Document, Network, NodeChange
from engine.graph.history import Edit
from engine.graph.nesting import around, members


def unlink(document: Document, block_id: str) -> Edit:
    """Make a linked block one of its own: edits elsewhere no longer reach it."""
    network = document.network
    block = network.blocks[block_id]
    changes: list[Change] = [BlockChange(block, replace(block, link=""))]
    for node_id in members(network, block_id):
        node = network.nodes[node_id]
        if node.role:
            changes.append(NodeChange(node, replace(node, role="")))
    return Edit(text("Make independent"), tuple(changes))


def linked_copy(document: Document, block_id: str, offset: tuple[float, float]) -> Edit:
    """Add a copy of a block that stays equal to it: an edit inside one reaches the other."""
    network = document.network
    linking = link_changes(network, block_id)
    rehearsal = document.rehearsal()
    rehearsal.apply(linking)
    home = network.blocks[block_id].parent
    part = fragment(rehearsal.network, members(network, block_id), within=home)
    copy = copy_part(rehearsal.network, part, offset, into=home, linked=True)
    return Edit(text("Duplicate linked"), (*linking, *copy.changes))


def link_changes(network: Network, block_id: str) -> list[Change]:
    """Return the changes that let a block have linked copies.

    Raises:
        EditRefused: A block around it or inside it is linked.
    """
    block = network.blocks[block_id]
    others = (other for other in network.blocks.values() if other.link and other.id != block_id)
    for other in others:
        if block_id in around(network, other.id) or other.id in around(network, block_id):
            raise EditRefused(
                "“{block}” cannot be linked while “{other}” is: one lies inside the other.",
                block=block.title,
                other=other.title,
            )
    changes: list[Change] = []
    if not block.link:
        changes.append(BlockChange(block, replace(block, link=new_link(network))))
    for node_id in members(network, block_id):
        node = network.nodes[node_id]
        if not node.role:
            changes.append(NodeChange(node, replace(node, role=node.id)))
    return changes


def new_link(network: Network) -> str:
    """Return a link that no block has."""
    taken = {block.link for block in network.blocks.values()}
    number = 1
    while f"link_{number}" in taken:
        number += 1
    return f"link_{number}"
