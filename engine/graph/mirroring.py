"""Linked blocks: several blocks that an edit inside one of them keeps equal.

A linked block's nodes have roles; nodes of the same role in two linked blocks are counterparts.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from engine.graph.copying import new_id
from engine.graph.document import (
    Change,
    Document,
    Edge,
    EdgeChange,
    Network,
    Node,
    NodeChange,
)
from engine.graph.nesting import Ports, around, members


def linked(network: Network, block_id: str) -> list[str]:
    """Return the other blocks that are kept equal to a block."""
    link = network.blocks[block_id].link
    if not link:
        return []
    return [b.id for b in network.blocks.values() if b.link == link and b.id != block_id]


def mirrored(network: Network, changes: Iterable[Change]) -> list[Change]:
    """Return the changes that let linked blocks follow an edit inside one of them.

    Args:
        network: The network after the edit.
        changes: What the edit changed.
    """
    if not any(block.link for block in network.blocks.values()):
        return []
    stage = Document(network).rehearsal()
    found: list[Change] = []
    seen: set[str] = set()
    for block_id in _touched(network, changes):
        link = network.blocks[block_id].link
        if link in seen:
            continue
        seen.add(link)
        for other in linked(network, block_id):
            # A block inside another of its kind cannot be kept equal to it.
            if other in around(network, block_id) or block_id in around(network, other):
                continue
            for step in _steps(stage.network, block_id, other):
                stage.apply(step)
                found += step
    return found


def _touched(network: Network, changes: Iterable[Change]) -> list[str]:
    """Return the linked blocks inside which something has changed, inner ones first."""
    places: dict[str, None] = {}
    for change in changes:
        if isinstance(change, NodeChange):
            for node in (change.before, change.after):
                if node is not None and not _only_moved(change):
                    places[node.block] = None
        elif isinstance(change, EdgeChange):
            for end in (change.edge.source, change.edge.target):
                if end in network.nodes:
                    places[network.nodes[end].block] = None
    found = dict.fromkeys(block for place in places for block in around(network, place))
    return [block for block in found if network.blocks[block].link]


def _only_moved(change: NodeChange) -> bool:
    before, after = change.before, change.after
    return before is not None and after is not None and replace(before, at=after.at) == after


class _Inside:
    """What lies in a linked block, by roles."""

    def __init__(self, network: Network, block_id: str) -> None:
        ids = members(network, block_id)
        self.nodes: dict[str, Node] = {}
        for node in sorted(map(network.nodes.__getitem__, ids), key=lambda node: not node.role):
            role = node.role or node.id
            self.nodes[f"{role}+{node.id}" if role in self.nodes else role] = node
        self.role = {node.id: role for role, node in self.nodes.items()}
        self.wires = {
            (self.role[edge.source], role, edge.port)
            for role, node in self.nodes.items()
            for edge in network.inputs(node.id)
            if edge.source in self.role
        }
        self.ports = Ports(network, ids, network.blocks[block_id])


def _steps(network: Network, model: str, copy: str) -> Iterable[list[Change]]:
    """Yield the steps that make a linked block equal to its model, each after the one before."""
    old, new = _Inside(network, copy), _Inside(network, model)
    entering = _entering(network, old, new)
    leaving = _leaving(network, old, new)
    gone = [node for role, node in old.nodes.items() if role not in new.nodes]
    doomed = {edge for node in gone for edge in network.inputs(node.id)}
    doomed |= {edge for node in gone for edge in network.outputs(node.id)}
    for source, target, port in old.wires - new.wires:
        doomed.add(Edge(old.nodes[source].id, old.nodes[target].id, port))
    yield [EdgeChange(edge, False) for edge in sorted(doomed)]
    yield [NodeChange(node, None) for node in gone]
    ids = {role: node.id for role, node in old.nodes.items() if role in new.nodes}
    for role, node in new.nodes.items():
        if role not in ids:
            added = _counterpart(network, node, role, copy, (old, new))
            ids[role] = added.id
            yield [NodeChange(None, added)]
    yield [change for role in new.nodes for change in _followed(network, ids, new, role)]
    wanted = [Edge(ids[source], ids[target], port) for source, target, port in sorted(new.wires)]
    wanted += [Edge(source, ids[role], port) for source, role, port in entering if role in ids]
    wanted += [Edge(ids[role], target, port) for role, target, port in leaving if role in ids]
    for edge in wanted:
        there = network.inputs(edge.target)
        if edge in there:
            continue
        blocked = [EdgeChange(other, False) for other in there if other.port == edge.port]
        yield [*blocked, EdgeChange(edge, True)]


def _entering(network: Network, old: _Inside, new: _Inside) -> list[tuple[str, str, int]]:
    """Return the wires into a copy as (source, role, port), by its model's ports."""
    found = []
    for before, after in zip(old.ports.inputs, new.ports.inputs, strict=False):
        sources = [
            edge.source
            for node, port in before.ends
            for edge in network.inputs(node)
            if edge.port == port and edge.source not in old.role
        ]
        found += [
            (source, new.role[node], port) for source in sources[:1] for node, port in after.ends
        ]
    return found


def _leaving(network: Network, old: _Inside, new: _Inside) -> list[tuple[str, str, int]]:
    """Return the wires out of a copy as (role, target, port), by its model's ports."""
    return [
        (new.role[after], edge.target, edge.port)
        for before, after in zip(old.ports.outputs, new.ports.outputs, strict=False)
        for edge in network.outputs(before)
        if edge.target not in old.role
    ]


def _counterpart(
    network: Network, node: Node, role: str, block: str, inside: tuple[_Inside, _Inside]
) -> Node:
    """Return a new node of a copy, placed as its model is."""
    old, new = inside
    shift = (0.0, 0.0)
    for common in old.nodes.keys() & new.nodes.keys():
        there, here = old.nodes[common].at, new.nodes[common].at
        shift = there[0] - here[0], there[1] - here[1]
        break
    return replace(
        node,
        id=new_id(network, node.layer),
        name="",
        role=role,
        block=block,
        at=(node.at[0] + shift[0], node.at[1] + shift[1]),
        order=network.next_order(),
    )


def _followed(
    network: Network, ids: dict[str, str], new: _Inside, role: str
) -> Iterable[NodeChange]:
    """Yield the change that gives a counterpart its model's layer, parameters and sharing."""
    node, model = network.nodes[ids[role]], new.nodes[role]
    shares = ids[new.role[model.shares]] if model.shares in new.role else model.shares
    after = replace(node, layer=model.layer, params=model.params, shares=shares, part=model.part)
    if after != node:
        yield NodeChange(node, after)
