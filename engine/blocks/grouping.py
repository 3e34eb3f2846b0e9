"""Readable blocks for large networks: what belongs together by its wires and its names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from engine.graph.analysis import topological
from engine.graph.document import Block, Network

# More cards than these are no overview.
MOST_CARDS = 40

# Beginnings of names that tell which block of its network a layer belongs to.
_INNER = re.compile(
    r"(conv\d+_block\d+|block_?\d+[a-z]?(?:_\d+(?=_))?|expanded_conv(?:_\d+)?"
    r"|.*_stage_\d+_block_\d+)(?=[_/]|$)"
)
_MOBILE = re.compile(r"conv_(?:dw|pw|pad)_(\d+)")
# NASNet tells its cells at the end of names.
_CELL = re.compile(r"_((?:stem|reduce)_\d+|\d+)$")
# Names that Keras gives by itself.
_UNNAMED = re.compile(r"(activation|add|concatenate|cropping2d|zero_padding2d)(_\d+)?$")
# Beginnings of names of blocks that lie in one stage.
_STAGE = re.compile(r"(conv\d+|block\d+|.*_stage_\d+)(?=_block|[a-z]$|_\d+$)")


class Unit:
    """Layers that follow each other in the network, or lie side by side.

    Attributes:
        nodes: Their ids.
        key: What their names have in common, or "".
        closing: The layer by which data leaves them.
    """

    def __init__(self, nodes: list[str], key: str, closing: str) -> None:
        self.nodes, self.key, self.closing = nodes, key, closing

    @property
    def title(self) -> str:
        """Name shown to people."""
        return self.key or self.closing


def grouped(network: Network) -> Network:
    """Return a network with blocks that leave only few cards to be seen.

    Blocks are closed. What already lies in a block stays there.
    """
    units = _joined(_units(network))
    blocks = dict(network.blocks)
    home: dict[str, str] = {}
    shown = 0
    for stage, members in groupby(units, key=_stage if _too_many(units) else lambda unit: ""):
        inner = list(members)
        outer = ""
        if stage and len(inner) > 1:
            outer = _add(blocks, network, stage, "")
        shown += 1 if outer else len(inner)
        for unit in inner:
            within = outer
            if len(unit.nodes) > 1:
                within = _add(blocks, network, unit.title, outer)
            home |= dict.fromkeys(unit.nodes, within)
    nodes = [n if n.block else replace(n, block=home.get(n.id, "")) for n in network.ordered()]
    for block in network.blocks.values():
        first = next(node for node in network.ordered() if node.block == block.id)
        blocks[block.id] = replace(block, parent=block.parent or home.get(first.id, ""))
    return Network(nodes, network.edges(), blocks.values())


def _add(blocks: dict[str, Block], network: Network, title: str, parent: str) -> str:
    key, number = f"group_{title}", 1
    while key in blocks or key in network.nodes:
        number += 1
        key = f"group_{title}_{number}"
    blocks[key] = Block(id=key, title=title, parent=parent, order=len(blocks))
    return key


def _too_many(units: Sequence[Unit]) -> bool:
    return len(units) > MOST_CARDS


def _stage(unit: Unit) -> str:
    found = _STAGE.match(unit.key)
    return found.group(1) if found else ""


def _units(network: Network) -> list[Unit]:
    """Cut a network where all data goes through one layer."""
    order, _ = topological(network)
    place = {node: number for number, node in enumerate(order)}
    reach = max_reach = -1
    units: list[Unit] = []
    waiting: list[str] = []
    for number, node in enumerate(order):
        waiting.append(node)
        # How far the wires reach that begin before this layer.
        reach = max_reach
        ends = [place[edge.target] for edge in network.outputs(node)]
        max_reach = max([max_reach, *ends])
        if reach <= number:
            units.append(Unit(waiting, _key(waiting), node))
            waiting = []
    if waiting:
        units.append(Unit(waiting, _key(waiting), waiting[-1]))
    return [part for unit in units for part in _cells(network, unit)]


def _cells(network: Network, unit: Unit) -> list[Unit]:
    """Take apart a part whose cells data leaves on several ways, by the cells' names.

    A layer without such a name belongs to the cell that takes its tensor first.
    """
    if len(unit.nodes) <= MOST_CARDS * 2 or unit.key:
        return [unit]
    place = {node: number for number, node in enumerate(unit.nodes)}
    cell: dict[str, str] = {}
    for node in reversed(unit.nodes):
        takers = [edge.target for edge in network.outputs(node) if edge.target in place]
        first = min(takers, key=place.__getitem__, default="")
        own = None if _UNNAMED.match(node) else _CELL.search(node)
        cell[node] = f"cell_{own.group(1)}" if own else cell.get(first, "")
    cells: dict[str, list[str]] = {}
    for node in unit.nodes:
        cells.setdefault(cell[node] or node, []).append(node)
    return [Unit(nodes, "" if len(nodes) == 1 else key, nodes[-1]) for key, nodes in cells.items()]


def _key(nodes: Sequence[str]) -> str:
    """Return what most of the names that tell a block say."""
    found = Counter(key for node in nodes if (key := _named(node)))
    return found.most_common(1)[0][0] if found else ""


def _named(node: str) -> str:
    mobile = _MOBILE.match(node)
    if mobile:
        return f"conv_{mobile.group(1)}"
    found = _INNER.match(node)
    return found.group(1) if found else ""


def _joined(units: Sequence[Unit]) -> list[Unit]:
    """Join units that have the same names, with what lies between them and has none."""
    found: list[Unit] = []
    for unit in units:
        keyed = next((at for at in reversed(range(len(found))) if found[at].key), -1)
        if unit.key and keyed >= 0 and found[keyed].key == unit.key:
            nodes = [node for part in (*found[keyed:], unit) for node in part.nodes]
            found[keyed:] = [Unit(nodes, unit.key, unit.closing)]
        else:
            found.append(unit)
    return found
