"""Rows of equal blocks: a block that follows itself several times."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from engine.errors import EditRefused, text
from engine.graph.blocks import ungroup
from engine.graph.copying import copy_part, fragment, new_block_id, next_block_order
from engine.graph.document import (
    Block,
    BlockChange,
    Change,
    Document,
    Edge,
    EdgeChange,
    Network,
    NodeChange,
    Port,
)
from engine.graph.geometry import CARD_HEIGHT, GAP_Y
from engine.graph.history import Edit
from engine.graph.linking import link_changes
from engine.graph.nesting import Ports, around, children, members

MOST_REPEATS = 200
_Do = Callable[[Iterable[Change]], None]


def row_of(network: Network, block_id: str) -> str:
    """Return the row of equal blocks that a block is or lies in, or ""."""
    block = network.blocks[block_id]
    if block.row:
        return block_id
    parent = network.blocks.get(block.parent)
    return parent.id if parent is not None and parent.row else ""


def repeats(network: Network, block_id: str) -> int:
    """Return how many equal blocks follow each other in a block's row; 1 without a row."""
    row = row_of(network, block_id)
    return len(children(network, row)) if row else 1


def repeat(document: Document, block_id: str, times: int) -> Edit:
    """Let a block follow itself, so that data passes `times` linked copies of it in a row.

    Raises:
        EditRefused: The block has not exactly one input and one output.
    """
    if not 1 <= times <= MOST_REPEATS:
        raise EditRefused("A block can be repeated 1 to {count} times.", count=MOST_REPEATS)
    stage = document.rehearsal()
    network = stage.network
    done: list[Change] = []

    def do(changes: Iterable[Change]) -> None:
        batch = list(changes)
        stage.apply(batch)
        done.extend(batch)

    row = row_of(network, block_id)
    first = children(network, row)[0].id if row else block_id
    _single_ports(network, first)
    if not row and times > 1:
        do(link_changes(network, first))
        row = _wrap(network, first, do)
    while row and len(children(network, row)) < times:
        _append(network, row, do)
    while row and len(children(network, row)) > times:
        _shorten(network, row, do)
    if row and times == 1:
        do(ungroup(stage, row).changes)
    elif row:
        _declare(network, row, do)
    return Edit(text("Repeat"), tuple(done), merge=f"repeat {first}")


def _single_ports(network: Network, block_id: str) -> tuple[Port, str]:
    ports = Ports(network, members(network, block_id), network.blocks[block_id])
    if len(ports.inputs) != 1 or len(ports.outputs) != 1:
        raise EditRefused(
            "Only a block with one input and one output can be repeated; “{block}” has"
            " {inputs} and {outputs}.",
            block=network.blocks[block_id].title,
            inputs=len(ports.inputs),
            outputs=len(ports.outputs),
        )
    return ports.inputs[0], ports.outputs[0]


def _wrap(network: Network, block_id: str, do: _Do) -> str:
    block = network.blocks[block_id]
    row = Block(
        id=new_block_id(network),
        title=block.title,
        parent=block.parent,
        row=True,
        order=next_block_order(network),
    )
    do([BlockChange(None, row), BlockChange(block, replace(block, parent=row.id, collapsed=True))])
    return row.id


def _append(network: Network, row: str, do: _Do) -> None:
    """Add one more copy behind the last block of a row."""
    last = children(network, row)[-1].id
    _, output = _single_ports(network, last)
    part = fragment(network, members(network, last), within=row)
    tops = [node.at[1] for node in part.nodes.values()]
    step = max(tops) - min(tops) + CARD_HEIGHT + 2 * GAP_Y
    copy = copy_part(network, part, (0.0, step), into=row, linked=True)
    inside = set(members(network, row))
    leaving = [edge for edge in network.outputs(output) if edge.target not in inside]
    do(copy.changes)
    entry, _ = _single_ports(network, copy.blocks[last])
    do(EdgeChange(edge, False) for edge in leaving)
    do(EdgeChange(Edge(output, node, port), True) for node, port in entry.ends)
    do(EdgeChange(Edge(copy.nodes[output], edge.target, edge.port), True) for edge in leaving)


def _declare(network: Network, row: str, do: _Do) -> None:
    """Tell the row its ports: the first block's input and the last one's output."""
    units = children(network, row)
    entry, _ = _single_ports(network, units[0].id)
    _, output = _single_ports(network, units[-1].id)
    block = network.blocks[row]
    after = replace(block, inputs=(entry,), outputs=(output,))
    if after != block:
        do([BlockChange(block, after)])


def _shorten(network: Network, row: str, do: _Do) -> None:
    """Remove the last block of a row; the one before feeds what it fed."""
    *_, before, last = children(network, row)
    _, output = _single_ports(network, last.id)
    _, new_output = _single_ports(network, before.id)
    doomed = members(network, last.id)
    leaving = [edge for edge in network.outputs(output) if edge.target not in doomed]
    wires = dict.fromkeys(
        edge for node in doomed for edge in (*network.inputs(node), *network.outputs(node))
    )
    do(EdgeChange(edge, False) for edge in wires)
    do(NodeChange(network.nodes[node], None) for node in doomed)
    inner = [b for b in network.blocks.values() if last.id in around(network, b.id)]
    do(BlockChange(block, None) for block in inner)
    do(EdgeChange(Edge(new_output, edge.target, edge.port), True) for edge in leaving)
