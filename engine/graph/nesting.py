"""Which nodes and blocks lie inside which block, and the ports of a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.graph.document import Block, Network, Port
from engine.layers import LAYERS


def around(network: Network, block_id: str) -> Iterator[str]:
    """Yield a block and the blocks around it, from inside to outside."""
    while block_id in network.blocks:
        yield block_id
        block_id = network.blocks[block_id].parent


def blocks_of(network: Network, node_id: str) -> list[str]:
    """Return the blocks that a node lies in, from inside to outside."""
    return list(around(network, network.nodes[node_id].block))


def members(network: Network, block_id: str) -> list[str]:
    """Return the nodes in a block and in the blocks inside it, in the order of the file."""
    inside = {other for other in network.blocks if block_id in around(network, other)}
    return [node.id for node in network.ordered() if node.block in inside]


def children(network: Network, block_id: str) -> list[Block]:
    """Return the blocks right inside a block ("" for the outermost), in the order of the file."""
    found = [block for block in network.blocks.values() if block.parent == block_id]
    return sorted(found, key=lambda block: block.order)


def whole_blocks(network: Network, ids: Iterable[str]) -> set[str]:
    """Return the blocks whose every node is among some nodes."""
    chosen = set(ids)
    touched = {block for node_id in chosen for block in blocks_of(network, node_id)}
    for node in network.nodes.values():
        if node.block and node.id not in chosen:
            touched -= set(around(network, node.block))
    return touched


def block_of(network: Network, ids: Iterable[str]) -> str:
    """Return the outermost block that consists of exactly these nodes, or ""."""
    chosen = set(ids)
    whole = whole_blocks(network, chosen)
    outer = [block for block in whole if network.blocks[block].parent not in whole]
    if len(outer) != 1:
        return ""
    return outer[0] if all(outer[0] in blocks_of(network, i) for i in chosen) else ""


def inner_block(network: Network, ids: Iterable[str]) -> str:
    """Return the innermost block that holds all of some nodes, or ""."""
    chains = [blocks_of(network, node_id) for node_id in ids]
    common = [block for block in chains[0] if all(block in chain for chain in chains)]
    return common[0] if common else ""


class Ports:
    """The inputs and outputs of a block: those declared, then those that crossing wires add.

    Attributes:
        inputs: One entry a port: the ends inside that its wire feeds.
        outputs: Ids of the nodes whose tensors leave.
    """

    def __init__(self, network: Network, nodes: Iterable[str], block: Block | None = None) -> None:
        inside = dict.fromkeys(nodes)
        declared = block.inputs if block is not None else ()
        kept = (Port(tuple(end for end in port.ends if end[0] in inside)) for port in declared)
        ports = [list(port.ends) for port in kept if port.ends]
        covered = {end for ends in ports for end in ends}
        # What feeds a port already feeds its new ends through it as well.
        crossing = {
            edge.source: ends
            for ends in ports
            for node_id, port in ends
            for edge in network.inputs(node_id)
            if edge.port == port and edge.source not in inside
        }
        leaving: dict[str, None] = {}
        for node_id in inside:
            for edge in network.inputs(node_id):
                if edge.source not in inside and (node_id, edge.port) not in covered:
                    if edge.source not in crossing:
                        crossing[edge.source] = []
                        ports.append(crossing[edge.source])
                    crossing[edge.source].append((node_id, edge.port))
            if any(edge.target not in inside for edge in network.outputs(node_id)):
                leaving[node_id] = None
        self.inputs = [Port(tuple(ends)) for ends in ports]
        first = [node for node in (block.outputs if block is not None else ()) if node in inside]
        ends = [node for node in inside if not network.outputs(node)] or list(inside)[-1:]
        self.outputs = list(dict.fromkeys((*first, *leaving))) or ends

    def place(self, end: tuple[str, int]) -> int:
        """Return the number of the port that feeds an end; 0 where none does."""
        return next((i for i, port in enumerate(self.inputs) if end in port.ends), 0)


def open_ports(network: Network, nodes: Iterable[str]) -> Ports:
    """Return the ports that a new block of these nodes declares.

    Besides wires that cross its border these are inputs that lack a wire, and nodes whose tensor
    goes nowhere yet.
    """
    inside = list(nodes)
    ports = Ports(network, inside)
    for node_id in inside:
        spec = LAYERS.find(network.nodes[node_id].layer)
        wires = len(network.inputs(node_id))
        if spec is not None and wires < spec.min_inputs:
            ports.inputs += [Port(((node_id, free),)) for free in range(wires, spec.min_inputs)]
        if not network.outputs(node_id) and node_id not in ports.outputs:
            ports.outputs.append(node_id)
    return ports
