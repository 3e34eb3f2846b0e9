"""The document: what is saved. Plain typed data, changed only through `History`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Literal

import msgspec

from engine.errors import EditRefused
from engine.graph.elements import Block, Edge, Mark, Node, Part, Port, Recipe
from engine.graph.geometry import Flow

__all__ = [
    "Block",
    "BlockChange",
    "Change",
    "Document",
    "Edge",
    "EdgeChange",
    "Mark",
    "MarkChange",
    "Network",
    "Node",
    "NodeChange",
    "Part",
    "PlanChange",
    "PlanPart",
    "Port",
    "Recipe",
    "WeightsChange",
]


class Network:
    """Nodes, edges and blocks, indexed for quick questions. Only `Document.apply` changes it."""

    def __init__(
        self,
        nodes: Iterable[Node] = (),
        edges: Iterable[Edge] = (),
        blocks: Iterable[Block] = (),
    ) -> None:
        self.nodes: dict[str, Node] = {}
        self.blocks: dict[str, Block] = {block.id: block for block in blocks}
        self._in_order: tuple[Node, ...] | None = None
        # What has been found out about the wires as they are; forgotten when they change.
        self.found: dict[str, Any] = {}
        # What `analysis` has not looked at since, and what it has found before.
        self.unseen_nodes: set[str] = set()
        self.unseen_wires: list[Edge] = []
        self.seen: dict[str, Any] = {}
        self._inputs: dict[str, list[Edge]] = {}
        self._outputs: dict[str, list[Edge]] = {}
        for node in nodes:
            self.put_node(node)
        for edge in edges:
            self.put_edge(edge)

    def put_node(self, node: Node) -> None:
        """Add a node, or replace the node of the same id."""
        self._in_order = None
        if node.id not in self.nodes:
            self.found.clear()
        self.nodes[node.id] = node
        self.unseen_nodes.add(node.id)
        self._inputs.setdefault(node.id, [])
        self._outputs.setdefault(node.id, [])

    def drop_node(self, node_id: str) -> None:
        """Remove a node that has no wires."""
        if self._inputs[node_id] or self._outputs[node_id]:
            raise EditRefused("“{node}” still has wires.", node=node_id)
        self._in_order = None
        self.found.clear()
        self.unseen_nodes.add(node_id)
        del self.nodes[node_id], self._inputs[node_id], self._outputs[node_id]

    def put_edge(self, edge: Edge) -> None:
        """Add a wire between two nodes that exist, into a port that is free."""
        for node_id in (edge.source, edge.target):
            if node_id not in self.nodes:
                raise EditRefused("A wire names “{node}”, which does not exist.", node=node_id)
        inputs = self._inputs[edge.target]
        place = bisect_left(inputs, edge.port, key=attrgetter("port"))
        if place < len(inputs) and inputs[place].port == edge.port:
            raise EditRefused(
                "Input {port} of “{node}” already has a wire.",
                port=edge.port + 1,
                node=self.nodes[edge.target].title,
            )
        self.found.clear()
        self.unseen_nodes.add(edge.target)
        self.unseen_wires.append(edge)
        inputs.insert(place, edge)
        self._outputs[edge.source].append(edge)

    def drop_edge(self, edge: Edge) -> None:
        """Remove a wire."""
        if edge not in self._inputs.get(edge.target, ()):
            raise EditRefused("There is no such wire.")
        self.found.clear()
        self.unseen_nodes.add(edge.target)
        self._inputs[edge.target].remove(edge)
        self._outputs[edge.source].remove(edge)

    def inputs(self, node_id: str) -> list[Edge]:
        """Return the wires into a node in the order of its ports."""
        return self._inputs[node_id]

    def outputs(self, node_id: str) -> list[Edge]:
        """Return the wires out of a node."""
        return self._outputs[node_id]

    def edges(self) -> list[Edge]:
        """Return all wires, by the target's place in the file and by port."""
        return [edge for node in self.ordered() for edge in self._inputs[node.id]]

    def ordered(self) -> tuple[Node, ...]:
        """Return the nodes by their place in the file."""
        if self._in_order is None:
            self._in_order = tuple(sorted(self.nodes.values(), key=attrgetter("order")))
        return self._in_order

    def next_order(self) -> int:
        """Return the place after the last node's."""
        return max((node.order for node in self.nodes.values()), default=-1) + 1


class NodeChange(msgspec.Struct, frozen=True, tag="node"):
    """A node appears (`before` None), disappears (`after` None) or changes."""

    before: Node | None
    after: Node | None

    @property
    def id(self) -> str:
        """Id of the node concerned."""
        node = self.after or self.before
        assert node is not None
        return node.id

    def inverse(self) -> NodeChange:
        """Return the change that takes this one back."""
        return NodeChange(self.after, self.before)


class BlockChange(msgspec.Struct, frozen=True, tag="block"):
    """A block appears (`before` None), disappears (`after` None) or changes."""

    before: Block | None
    after: Block | None

    @property
    def id(self) -> str:
        """Id of the block concerned."""
        block = self.after or self.before
        assert block is not None
        return block.id

    def inverse(self) -> BlockChange:
        """Return the change that takes this one back."""
        return BlockChange(self.after, self.before)


class MarkChange(msgspec.Struct, frozen=True, tag="mark"):
    """A mark appears (`before` None), disappears (`after` None) or changes."""

    before: Mark | None
    after: Mark | None

    @property
    def id(self) -> str:
        """Id of the mark concerned."""
        mark = self.after or self.before
        assert mark is not None
        return mark.id

    def inverse(self) -> MarkChange:
        """Return the change that takes this one back."""
        return MarkChange(self.after, self.before)


class EdgeChange(msgspec.Struct, frozen=True, tag="edge"):
    """A wire appears or disappears."""

    edge: Edge
    added: bool

    def inverse(self) -> EdgeChange:
        """Return the change that takes this one back."""
        return EdgeChange(self.edge, not self.added)


PlanPart = Literal["title", "notes", "flow", "data", "recipe"]


class PlanChange(msgspec.Struct, frozen=True, tag="plan"):
    """Another part of the document than the network is replaced."""

    part: PlanPart
    before: Part | Recipe | str
    after: Part | Recipe | str

    def inverse(self) -> PlanChange:
        """Return the change that takes this one back."""
        return PlanChange(self.part, self.after, self.before)


class WeightsChange(msgspec.Struct, frozen=True, tag="weights"):
    """Layers of the model get weights, or lose them; what is drawn stays as it is.

    The document cannot hold weights: the engine, which follows every change, keeps them.

    Attributes:
        graft: Name under which the engine keeps the weights before and after.
        applied: Whether the layers get them.
    """

    graft: str
    applied: bool

    def inverse(self) -> WeightsChange:
        """Return the change that takes this one back."""
        return WeightsChange(self.graft, not self.applied)


Change = NodeChange | EdgeChange | BlockChange | MarkChange | PlanChange | WeightsChange


class Document:
    """A network, its data plan and its recipe.

    Attributes:
        network: The graph.
        title: Name shown to people.
        notes: Free text.
        flow: Which way data flows on the canvas.
        marks: Notes, frames and bookmarks on the canvas, by id.
        data: The chosen data source.
        recipe: How to train.
        extra: Keys of the file that this version does not know.
    """

    def __init__(
        self,
        network: Network | None = None,
        *,
        title: str = "",
        notes: str = "",
        flow: Flow = "down",
        marks: Iterable[Mark] = (),
        data: Part | None = None,
        recipe: Recipe | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        self.network = network or Network()
        self.title = title
        self.notes = notes
        self.flow: Flow = flow
        self.marks = {mark.id: mark for mark in marks}
        self.data = data or Part("digits")
        self.recipe = recipe or Recipe()
        self.extra = extra or {}

    def rehearsal(self) -> Document:
        """Return a document with the same network, to try edits on."""
        network = self.network
        copy = Network(network.ordered(), network.edges(), network.blocks.values())
        return Document(copy, flow=self.flow)

    def apply(self, changes: Iterable[Change]) -> None:
        """Apply changes in order, all or none.

        Raises:
            EditRefused: A change does not fit; those before it have been taken back.
        """
        done: list[Change] = []
        try:
            for change in changes:
                self._apply_one(change)
                done.append(change)
        except EditRefused:
            for change in reversed(done):
                self._apply_one(change.inverse())
            raise

    def _apply_one(self, change: Change) -> None:
        if isinstance(change, PlanChange):
            if getattr(self, change.part) != change.before:
                raise EditRefused("The document has changed in the meantime.")
            setattr(self, change.part, change.after)
        elif isinstance(change, EdgeChange):
            (self.network.put_edge if change.added else self.network.drop_edge)(change.edge)
        elif isinstance(change, NodeChange):
            if self.network.nodes.get(change.id) != change.before:
                raise EditRefused("“{node}” has changed in the meantime.", node=change.id)
            if change.after is None:
                self.network.drop_node(change.id)
            else:
                self.network.put_node(change.after)
        elif not isinstance(change, WeightsChange):
            kept: dict[str, Any] = (
                self.network.blocks if isinstance(change, BlockChange) else self.marks
            )
            if kept.get(change.id) != change.before:
                raise EditRefused("“{node}” has changed in the meantime.", node=change.id)
            if change.after is None:
                del kept[change.id]
            else:
                kept[change.id] = change.after
