"""Edits that put a built-in block into a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from engine.blocks.spec import BLOCKS, BlockSpec
from engine.errors import EditRefused, text
from engine.graph.arranging import lay_out
from engine.graph.commands import connect_all, move
from engine.graph.copying import Copy, copy_part
from engine.graph.document import Block, Document, Edge, EdgeChange, Network, Part
from engine.graph.folding import block_corner
from engine.graph.geometry import snap
from engine.graph.history import Edit
from engine.graph.inserting import room_between
from engine.graph.nesting import inner_block

# Of the block inside a part on its way into a document.
HOME = "built_in"

Point = tuple[float, float]


def built(spec: type[BlockSpec], params: Mapping[str, Any], title: str = "") -> Network:
    """Return a network that consists of a built-in block.

    Args:
        spec: The block.
        params: Parameters that differ from its defaults.
        title: Its title, where that is not the declaration's.
    """
    plan = spec.plan(params)
    inner = plan.network
    block = Block(
        id=HOME,
        title=title or spec.title,
        inputs=plan.inputs,
        outputs=plan.outputs,
        made=Part(spec.key, spec.trim(params)),
    )
    places = lay_out(inner)
    nodes = [
        replace(node, block=node.block or HOME, at=places.get(node.id, node.at))
        for node in inner.ordered()
    ]
    inside = [replace(b, parent=b.parent or HOME) for b in inner.blocks.values()]
    return Network(nodes, inner.edges(), [block, *inside])


def add_block(
    document: Document,
    key: str,
    at: Point,
    *,
    title: str = "",
    params: Mapping[str, Any] | None = None,
    source: str | None = None,
    ends: Iterable[tuple[str, int | None]] = (),
    block: str = "",
) -> Edit:
    """Add a built-in block, closed. Its id is `engine.graph.blocks.new_block(edit)`.

    Args:
        document: The document.
        key: Its key among the built-in blocks.
        at: Where the top left corner of its card goes.
        title: Its title, where that is not the declaration's.
        params: Parameters that differ from the defaults.
        source: Node whose tensor its first input takes.
        ends: Input ports that its first output feeds.
        block: The block that it comes into, or "".
    """
    spec = BLOCKS.get(key)
    part = built(spec, params or {}, title)
    copy = _copied(document, part, at, block)
    changes = list(copy.changes)
    made = part.blocks[HOME]
    if source is not None:
        changes += [
            EdgeChange(Edge(source, copy.nodes[node], port), True)
            for node, port in made.inputs[0].ends
        ]
    rehearsal = document.rehearsal()
    rehearsal.apply(changes)
    changes += connect_all(rehearsal, copy.nodes[made.outputs[0]], ends).changes
    return Edit(text("Add {layer}", layer=title or spec.title), tuple(changes))


def insert_block(
    document: Document,
    key: str,
    wires: Sequence[Edge],
    *,
    title: str = "",
    params: Mapping[str, Any] | None = None,
) -> Edit:
    """Put a built-in block into a wire, and push down what is in the way.

    Args:
        document: The document.
        key: Its key among the built-in blocks.
        wires: The wire; several edges from one node where it goes into a closed block.
        title: Its title, where that is not the declaration's.
        params: Parameters that differ from the defaults.

    Raises:
        EditRefused: There is no wire.
    """
    if not wires:
        raise EditRefused("There is no such wire.")
    spec = BLOCKS.get(key)
    part = built(spec, params or {}, title)
    made = part.blocks[HOME]
    at, pushed = room_between(document, wires[0])
    home = inner_block(document.network, (wires[0].source, *(wire.target for wire in wires)))
    copy = _copied(document, part, at, home)
    last = copy.nodes[made.outputs[0]]
    changes = [
        *copy.changes,
        *(EdgeChange(wire, False) for wire in wires),
        *(
            EdgeChange(Edge(wires[0].source, copy.nodes[node], port), True)
            for node, port in made.inputs[0].ends
        ),
        *(EdgeChange(Edge(last, wire.target, wire.port), True) for wire in wires),
        *move(document, pushed).changes,
    ]
    return Edit(text("Add {layer}", layer=title or spec.title), tuple(changes))


def _copied(document: Document, part: Network, at: Point, home: str) -> Copy:
    """Copy a part so that its block's card lies at a place and names tell the block."""
    named = _named(document.network, part)
    corner = block_corner(named, named.nodes)
    offset = snap(at[0] - corner[0]), snap(at[1] - corner[1])
    copy = copy_part(document.network, named, offset, into=home)
    old = {node.part: node.id for node in named.ordered()}
    return Copy(copy.changes, {part: copy.nodes[node] for part, node in old.items()}, copy.blocks)


def _named(network: Network, part: Network) -> Network:
    """Name the layers of a built-in block after it: residual_basic_conv1."""
    key = part.blocks[HOME].made
    assert key is not None
    names = names_of(network, key.kind, part.nodes, bare=BLOCKS.get(key.kind).keeps_names)
    nodes = [replace(node, id=names[node.id]) for node in part.ordered()]
    edges = [Edge(names[e.source], names[e.target], e.port) for e in part.edges()]
    blocks = [
        replace(
            block,
            inputs=tuple(
                replace(port, ends=tuple((names[node], at) for node, at in port.ends))
                for port in block.inputs
            ),
            outputs=tuple(names[node] for node in block.outputs),
        )
        for block in part.blocks.values()
    ]
    return Network(nodes, edges, blocks)


def names_of(
    network: Network, key: str, parts: Iterable[str], *, bare: bool = False
) -> dict[str, str]:
    """Return a free id for each part of a block, all with the same beginning.

    Args:
        network: Where the block goes.
        key: What they begin with.
        parts: The parts.
        bare: Whether they are called as the parts are, as long as these names are free.
    """
    taken = {node.id for node in network.nodes.values()} | set(network.blocks)
    taken |= {node.title for node in network.nodes.values()}
    wanted, beginning, number = list(parts), "" if bare else f"{key}_", 1
    while any(beginning + part in taken for part in wanted):
        number += 1
        beginning = f"{key}_{number}_"
    return {part: beginning + part for part in wanted}
