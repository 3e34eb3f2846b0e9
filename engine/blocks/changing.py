"""The edit that gives a built-in block on the canvas another parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from engine.blocks.sketch import Plan
from engine.blocks.spec import BLOCKS, BlockSpec
from engine.errors import EditRefused, text
from engine.fields import Params
from engine.fields.spec import same_value
from engine.graph.arranging import lay_out
from engine.graph.commands import plain, remove
from engine.graph.copying import free_name
from engine.graph.document import (
    BlockChange,
    Change,
    Document,
    Edge,
    EdgeChange,
    Network,
    Node,
    NodeChange,
    Part,
    Port,
)
from engine.graph.history import Edit
from engine.graph.mirroring import linked
from engine.graph.nesting import around, members
from engine.layers import LAYERS


def made_as(network: Network, block_id: str) -> type[BlockSpec] | None:
    """Return the declaration that a block was made by, if this version has it."""
    made = network.blocks[block_id].made
    return BLOCKS.find(made.kind) if made is not None else None


def set_block_param(document: Document, block_id: str, name: str, value: Any) -> Edit:
    """Set a parameter of a built-in block; consecutive edits of it merge.

    Layers follow as far as they are as the old parameters made them: what has been edited by hand
    stays as it is.

    Raises:
        EditRefused: The parameters do not go together, or a layer that they no longer make has
            been wired by hand.
    """
    network = document.network
    spec, made = made_as(network, block_id), network.blocks[block_id].made
    if spec is None or made is None:
        raise EditRefused("This block has not been made from parameters.")
    params = spec.trim({**made.params, name: plain(value)})
    if problems := spec.check(params):
        problem = next(iter(problems.values()))
        raise EditRefused(problem.template, **problem.values)
    label = text("Change {name}", name=name)
    if params == spec.trim(made.params):
        return Edit(label, ())
    changer = _Changer(document.rehearsal(), block_id, spec.plan(made.params), spec.plan(params))
    if name == spec.feeds:
        changer.feed(spec.complete(params)[name])
    changer.change(Part(made.kind, params))
    return Edit(label, tuple(changer.done), merge=f"block {block_id} {name}")


def _wiring(plan: Plan) -> tuple[Any, ...]:
    network = plan.network
    return network.nodes.keys(), set(network.edges()), plan.inputs, plan.outputs


class _Changer:
    """Turns a block that one plan has made into that of another, step by step on a rehearsal."""

    def __init__(self, stage: Document, block_id: str, old: Plan, new: Plan) -> None:
        self._stage, self._network = stage, stage.network
        self._block, self._old, self._new = block_id, old, new
        self.done: list[Change] = []
        self._inside = set(members(self._network, block_id))
        self._outside = self._network.nodes.keys() - self._inside
        # The present node of each part; parts that were deleted by hand are missing.
        self._node: dict[str, str] = {}
        for node in self._network.ordered():
            if node.part and node.id in self._inside and self._maker(node) == block_id:
                self._node.setdefault(node.part, node.id)

    def _maker(self, node: Node) -> str:
        """Return the innermost block around a node that was made from parameters."""
        blocks = around(self._network, node.block)
        return next((b for b in blocks if self._network.blocks[b].made is not None), "")

    def _do(self, changes: Iterable[Change]) -> None:
        batch = list(changes)
        self._stage.apply(batch)
        self.done += batch

    def change(self, made: Part) -> None:
        """Make all changes, and remember the parameters in the block."""
        old, new = self._old, self._new
        if _wiring(old) != _wiring(new):
            self._rewire()
        for part, node in self._node.items():
            before, after = old.network.nodes.get(part), new.network.nodes.get(part)
            if before is not None and after is not None:
                self._follow(node, before.params, after.params)
        block = self._network.blocks[self._block]
        inputs = tuple(Port(ends) for ends in map(self._ends, new.inputs))
        outputs = tuple(self._node[part] for part in new.outputs if part in self._node)
        after_block = replace(block, made=made, inputs=inputs, outputs=outputs)
        self._do([BlockChange(block, after_block)])
        for twin in linked(self._network, self._block):
            copy = self._network.blocks[twin]
            self._do([BlockChange(copy, replace(copy, made=made))])

    def feed(self, shape: Any) -> None:
        """Give the Input that feeds the block, and nothing else, another shape."""
        wires = [self._wire_into(end) for port in self._old.inputs for end in port.ends]
        for source in {wire.source for wire in wires if wire is not None}:
            node = self._network.nodes[source]
            takers = {edge.target for edge in self._network.outputs(source)}
            if node.layer == "Input" and takers <= self._inside:
                params = {**node.params, "shape": shape}
                self._do([NodeChange(node, replace(node, params=params))])

    def _ends(self, port: Port) -> tuple[tuple[str, int], ...]:
        return tuple((self._node[part], at) for part, at in port.ends if part in self._node)

    def _follow(self, node_id: str, before: Params, after: Params) -> None:
        """Give a layer the parameters that differ, where it has what was made."""
        node = self._network.nodes[node_id]
        spec = LAYERS.get(node.layer)
        old, new, now = spec.complete(before), spec.complete(after), spec.complete(node.params)
        changed = {
            name: value
            for name, value in new.items()
            if not same_value(old[name], value) and same_value(now[name], old[name])
        }
        if changed:
            self._do(
                [NodeChange(node, replace(node, params=spec.trim({**node.params, **changed})))]
            )

    def _rewire(self) -> None:
        """Take away layers and wires that are no longer made, add those that are new."""
        old, new = self._old.network, self._new.network
        before, after = set(old.edges()), set(new.edges())
        entering, leaving = self._entering(), self._leaving()
        cut = {self._present(edge) for edge in before - after}
        cut |= {edge for edge, _ in (*entering, *leaving)}
        self._do(
            EdgeChange(edge, False)
            for edge in sorted(edge for edge in cut if edge is not None)
            if edge in self._network.inputs(edge.target)
        )
        gone = [part for part in self._node if part in old.nodes and part not in new.nodes]
        self._remove([self._node.pop(part) for part in gone])
        self._add([part for part in new.nodes if part not in old.nodes])
        wanted = {self._present(edge) for edge in after - before}
        wanted |= {self._present(edge) for _, edge in (*entering, *leaving)}
        for edge in sorted(edge for edge in wanted if edge is not None):
            # What has been wired by hand stays.
            if all(other.port != edge.port for other in self._network.inputs(edge.target)):
                self._do([EdgeChange(edge, True)])

    def _present(self, edge: Edge | None) -> Edge | None:
        """Return a wire between nodes for one between parts, where both ends are there."""
        if edge is None:
            return None
        source, target = self._node.get(edge.source), self._node.get(edge.target)
        source = source or (edge.source if edge.source in self._outside else None)
        target = target or (edge.target if edge.target in self._outside else None)
        return Edge(source, target, edge.port) if source and target else None

    def _entering(self) -> list[tuple[Edge | None, Edge | None]]:
        """Return the wires from outside that go, and those that come, between parts and nodes."""
        found: list[tuple[Edge | None, Edge | None]] = []
        for old, new in zip(self._old.inputs, self._new.inputs, strict=True):
            wires = [wire for wire in map(self._wire_into, old.ends) if wire is not None]
            if not wires:
                continue
            kept = set(old.ends) & set(new.ends)
            ends = {(wire.target, wire.port) for wire in wires}
            held = {(self._node[part], port) for part, port in kept if part in self._node}
            found += [(wire, None) for wire in wires if (wire.target, wire.port) in ends - held]
            found += [
                (None, Edge(wires[0].source, part, port))
                for part, port in new.ends
                if (part, port) not in kept
            ]
        return found

    def _wire_into(self, end: tuple[str, int]) -> Edge | None:
        """Return the wire from outside into a part."""
        if end[0] not in self._node:
            return None
        wires = self._network.inputs(self._node[end[0]])
        return next((w for w in wires if w.port == end[1] and w.source in self._outside), None)

    def _leaving(self) -> list[tuple[Edge | None, Edge | None]]:
        """Return the wires to the outside that go, and those that come instead."""
        found: list[tuple[Edge | None, Edge | None]] = []
        for old, new in zip(self._old.outputs, self._new.outputs, strict=True):
            if old != new and old in self._node:
                found += [
                    (wire, Edge(new, wire.target, wire.port))
                    for wire in self._network.outputs(self._node[old])
                    if wire.target in self._outside
                ]
        return found

    def _remove(self, ids: list[str]) -> None:
        doomed = set(ids)
        for node_id in ids:
            wires = (*self._network.inputs(node_id), *self._network.outputs(node_id))
            if any(not {wire.source, wire.target} <= doomed for wire in wires):
                raise EditRefused(
                    "“{node}” would go, but has been wired by hand: take these wires away first, or"
                    " change the layers inside the block.",
                    node=self._network.nodes[node_id].title,
                )
        self._do(remove(self._stage, ids).changes)

    def _add(self, parts: list[str]) -> None:
        """Add the layers of new parts where the layout of the new plan has them."""
        plan, network = self._new.network, self._network
        places = lay_out(plan)
        x, y = self._shift(places)
        taken = set(network.nodes) | set(network.blocks)
        taken |= {node.title for node in network.nodes.values()}
        for part in parts:
            node = plan.nodes[part]
            name = free_name(taken, node.layer, f"{self._beginning()}{part}")
            taken.add(name)
            at = places[part][0] + x, places[part][1] + y
            added = replace(
                node,
                id=name,
                at=at,
                block=self._home(node.block),
                order=network.next_order(),
            )
            self._do([NodeChange(None, added)])
            self._node[part] = name

    def _shift(self, places: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
        """Return how far the block lies from where a layout has its parts."""
        for part, at in places.items():
            if part in self._node:
                there = self._network.nodes[self._node[part]].at
                return there[0] - at[0], there[1] - at[1]
        return 0.0, 0.0

    def _home(self, inner: str) -> str:
        """Return the present block that stands for one inside the plan."""
        siblings = (n.id for n in self._new.network.nodes.values() if inner and n.block == inner)
        found = next((self._node[part] for part in siblings if part in self._node), None)
        return self._network.nodes[found].block if found is not None else self._block

    def _beginning(self) -> str:
        """Return what the names of the block's layers have in common: "residual_basic_2_"."""
        for part, node in self._node.items():
            if node.endswith(f"_{part}"):
                return node.removesuffix(part)
        return ""
