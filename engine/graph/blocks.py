"""Edits of blocks: group, ungroup, collapse, name."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from engine.errors import EditRefused, text
from engine.graph.analysis import downstream
from engine.graph.copying import new_block_id, next_block_order
from engine.graph.document import (
    Block,
    BlockChange,
    Change,
    Document,
    Network,
    NodeChange,
)
from engine.graph.history import Edit
from engine.graph.nesting import blocks_of, children, open_ports, whole_blocks

LONGEST_TITLE = 60


def group(document: Document, ids: Iterable[str], title: str) -> Edit:
    """Make a block of nodes. The new block's id is `new_block(edit)`.

    Blocks whose every node is among them go inside as they are.

    Raises:
        EditRefused: The nodes lie in different blocks, or data leaves them and comes back.
    """
    network = document.network
    inside = [node.id for node in network.ordered() if node.id in set(ids)]
    if not inside:
        raise EditRefused("Select the layers that the block shall hold.")
    whole = whole_blocks(network, inside)
    homes: set[str] = set()
    for node_id in inside:
        chain = [block for block in blocks_of(network, node_id) if block in whole]
        homes.add(network.blocks[chain[-1]].parent if chain else network.nodes[node_id].block)
    if len(homes) > 1:
        raise EditRefused("These layers lie in different blocks: select layers of one block.")
    _refuse_detours(network, set(inside))
    ports = open_ports(network, inside)
    block = Block(
        id=new_block_id(network),
        title=title,
        parent=homes.pop(),
        inputs=tuple(ports.inputs),
        outputs=tuple(ports.outputs),
        order=next_block_order(network),
    )
    changes: list[Change] = [BlockChange(None, block)]
    for block_id in whole:
        inner = network.blocks[block_id]
        if inner.parent not in whole:
            changes.append(BlockChange(inner, replace(inner, parent=block.id)))
    for node_id in inside:
        node = network.nodes[node_id]
        if node.block not in whole:
            changes.append(NodeChange(node, replace(node, block=block.id)))
    return Edit(text("Group"), tuple(changes))


def _refuse_detours(network: Network, inside: set[str]) -> None:
    """Refuse nodes between which data takes a way outside: the block would feed itself."""
    outside = {
        edge.target
        for node_id in inside
        for edge in network.outputs(node_id)
        if edge.target not in inside
    }
    for node_id in sorted(downstream(network, outside) & inside):
        raise EditRefused(
            "Data leaves these layers and comes back to “{node}”: select the layers between, too.",
            node=network.nodes[node_id].title,
        )


def new_block(edit: Edit) -> str:
    """Return the id of the first block that an edit adds."""
    return next(
        change.id
        for change in edit.changes
        if isinstance(change, BlockChange) and change.before is None
    )


def ungroup(document: Document, block_id: str) -> Edit:
    """Take a block away and leave what is inside."""
    network = document.network
    block = network.blocks[block_id]
    changes: list[Change] = [
        BlockChange(inner, replace(inner, parent=block.parent))
        for inner in children(network, block_id)
    ]
    for node in network.ordered():
        if node.block == block_id:
            changes.append(NodeChange(node, replace(node, block=block.parent, role="", part="")))
    changes.append(BlockChange(block, None))
    return Edit(text("Ungroup"), tuple(changes))


def set_collapsed(document: Document, block_id: str, collapsed: bool) -> Edit:
    """Show a block as one card, or its inside."""
    block = document.network.blocks[block_id]
    label = text("Collapse “{block}”", block=block.title)
    if not collapsed:
        label = text("Expand “{block}”", block=block.title)
    if block.collapsed == collapsed:
        return Edit(label, ())
    return Edit(label, (BlockChange(block, replace(block, collapsed=collapsed)),))


def rename_block(document: Document, block_id: str, title: str) -> Edit:
    """Give a block another title; consecutive edits merge.

    Raises:
        EditRefused: The title is empty or too long.
    """
    block = document.network.blocks[block_id]
    if not title.strip():
        raise EditRefused("A block needs a name.")
    if len(title) > LONGEST_TITLE:
        raise EditRefused("A name has at most {count} characters.", count=LONGEST_TITLE)
    changes = (BlockChange(block, replace(block, title=title)),) if block.title != title else ()
    return Edit(text("Rename block"), changes, merge=f"block {block_id}")
