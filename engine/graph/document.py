"""The document: what is saved. Plain typed data, changed only through `History`."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Literal

import msgspec

from engine.errors import EditRefused


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a layer.

    Attributes:
        id: Permanent identity inside the document; file and edges refer to it.
        layer: Key in the catalog of layers.
        params: Parameters that differ from the catalog's defaults, and unknown ones.
        name: Keras name of the layer where it is not the id.
        shares: Id of the node whose layer (and weights) this node calls again, or "".
        at: Position of the card's top left corner on the canvas, in pixels at 100 %.
        order: Place in the file; kept through undo so that saved bytes come back exactly.
        extra: Keys of the file that this version does not know.
    """

    id: str
    layer: str
    params: dict[str, Any] = {}
    name: str = ""
    shares: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    order: int = 0
    extra: dict[str, Any] = {}

    @property
    def title(self) -> str:
        """Name of the layer in Keras."""
        return self.name or self.id


class Edge(msgspec.Struct, frozen=True, order=True):
    """A wire from a node's output to an input port of another.

    Attributes:
        source: Id of the node that gives the tensor.
        target: Id of the node that takes it.
        port: Number of the input port, from 0; only the order of ports matters.
    """

    source: str
    target: str
    port: int = 0


class Part(msgspec.Struct, frozen=True, tag="part"):
    """A chosen declaration with its parameters: a data source, an optimizer, a loss.

    Attributes:
        kind: Key in the registry of its kind.
        params: Parameters that differ from the declaration's defaults, and unknown ones.
    """

    kind: str
    params: dict[str, Any] = {}


class Recipe(msgspec.Struct, frozen=True, kw_only=True, tag="recipe"):
    """How to train. Fields and their ranges are declared in `engine.training.recipe`.

    Attributes:
        optimizer: Key and parameters in the registry of optimizers.
        loss: Key in the registry of losses.
        metrics: Keys in the registry of metrics.
        batch_size: Samples in one step of the optimizer.
        epochs: Passes over the training samples.
        validation_split: Part of the training samples held back, from 0 to below 1.
        shuffle: Whether samples are drawn in a new order each epoch.
        seed: Seed of initial weights and of the order of samples.
        device: "auto", "cpu" or a device's name such as "GPU:0".
        extra: Keys of the file that this version does not know.
    """

    optimizer: Part = Part("adam")
    loss: str = "sparse_categorical_crossentropy"
    metrics: tuple[str, ...] = ("accuracy",)
    batch_size: int = 32
    epochs: int = 5
    validation_split: float = 0.1
    shuffle: bool = True
    seed: int = 0
    device: str = "auto"
    extra: dict[str, Any] = {}


class Network:
    """Nodes and edges, indexed for quick questions. Only `Document.apply` changes it."""

    def __init__(self, nodes: Iterable[Node] = (), edges: Iterable[Edge] = ()) -> None:
        self.nodes: dict[str, Node] = {}
        self._in_order: tuple[Node, ...] | None = None
        self._inputs: dict[str, list[Edge]] = {}
        self._outputs: dict[str, list[Edge]] = {}
        for node in nodes:
            self.put_node(node)
        for edge in edges:
            self.put_edge(edge)

    def put_node(self, node: Node) -> None:
        """Add a node, or replace the node of the same id."""
        self._in_order = None
        self.nodes[node.id] = node
        self._inputs.setdefault(node.id, [])
        self._outputs.setdefault(node.id, [])

    def drop_node(self, node_id: str) -> None:
        """Remove a node that has no wires."""
        if self._inputs[node_id] or self._outputs[node_id]:
            raise EditRefused("“{node}” still has wires.", node=node_id)
        self._in_order = None
        del self.nodes[node_id], self._inputs[node_id], self._outputs[node_id]

    def put_edge(self, edge: Edge) -> None:
        """Add a wire between two nodes that exist, into a port that is free."""
        for node_id in (edge.source, edge.target):
            if node_id not in self.nodes:
                raise EditRefused("A wire names “{node}”, which does not exist.", node=node_id)
        if any(other.port == edge.port for other in self._inputs[edge.target]):
            raise EditRefused(
                "Input {port} of “{node}” already has a wire.",
                port=edge.port + 1,
                node=self.nodes[edge.target].title,
            )
        self._inputs[edge.target].append(edge)
        self._inputs[edge.target].sort(key=lambda other: other.port)
        self._outputs[edge.source].append(edge)

    def drop_edge(self, edge: Edge) -> None:
        """Remove a wire."""
        if edge not in self._inputs.get(edge.target, ()):
            raise EditRefused("There is no such wire.")
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


class EdgeChange(msgspec.Struct, frozen=True, tag="edge"):
    """A wire appears or disappears."""

    edge: Edge
    added: bool

    def inverse(self) -> EdgeChange:
        """Return the change that takes this one back."""
        return EdgeChange(self.edge, not self.added)


PlanPart = Literal["title", "notes", "data", "recipe"]


class PlanChange(msgspec.Struct, frozen=True, tag="plan"):
    """Another part of the document than the network is replaced."""

    part: PlanPart
    before: Part | Recipe | str
    after: Part | Recipe | str

    def inverse(self) -> PlanChange:
        """Return the change that takes this one back."""
        return PlanChange(self.part, self.after, self.before)


Change = NodeChange | EdgeChange | PlanChange


class Document:
    """A network, its data plan and its recipe.

    Attributes:
        network: The graph.
        title: Name shown to people.
        notes: Free text.
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
        data: Part | None = None,
        recipe: Recipe | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        self.network = network or Network()
        self.title = title
        self.notes = notes
        self.data = data or Part("digits")
        self.recipe = recipe or Recipe()
        self.extra = extra or {}

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
        else:
            if self.network.nodes.get(change.id) != change.before:
                raise EditRefused("“{node}” has changed in the meantime.", node=change.id)
            if change.after is None:
                self.network.drop_node(change.id)
            else:
                self.network.put_node(change.after)
