"""What a canvas shows of a network: collapsed blocks stand for what is inside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from engine.graph.document import Edge, Network, Node
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from engine.graph.nesting import Ports

# Around the cards of an expanded block, in pixels at 100 %; its title stands in the upper edge.
# As much above as below, so that wires run straight whichever way data flows.
FRAME_MARGIN, FRAME_TOP = 24, 32


class Flat:
    """A network without blocks as one sees it: each node has its card, each edge its wire."""

    frames: Mapping[str, list[str]] = {}
    ports: Mapping[str, Ports] = {}

    def __init__(self, network: Network) -> None:
        self._network = network

    @property
    def cards(self) -> Collection[str]:
        """Ids of what has a card."""
        return self._network.nodes.keys()

    @property
    def wires(self) -> Collection[Edge]:
        """The visible wires."""
        return self._network.edges()

    def card_of(self, node: str) -> str | None:
        """Return the card that shows a node; None where none does."""
        return node if node in self._network.nodes else None

    def nodes_of(self, card: str) -> list[str]:
        """Return the nodes that a card stands for."""
        return [card]

    def edges_of(self, wire: Edge) -> list[Edge]:
        """Return the edges that a wire stands for."""
        return [wire]

    def wires_at(self, card: str) -> list[Edge]:
        """Return the wires that begin or end at a card."""
        return [*self._network.inputs(card), *self._network.outputs(card)]

    def input_place(self, edge: Edge) -> int:
        """Return which port of the card where a wire ends it goes into."""
        return self._network.inputs(edge.target).index(edge)

    def output_place(self, edge: Edge) -> int:
        """Return which port of the card where a wire begins it comes out of."""
        return 0

    def corner(self, card: str) -> tuple[float, float]:
        """Return the top left corner of a card."""
        return self._network.nodes[card].at

    def frame(self, block: str) -> tuple[float, float, float, float]:
        """Return left, top, width and height of an expanded block's frame."""
        raise KeyError(block)

    def network(self) -> Network:
        """Return what is shown as a network whose nodes are the cards."""
        return self._network


class Folding:
    """A network as one sees it: the inside of one block, collapsed blocks as single cards.

    Attributes:
        shown: For each visible node its own id, for each hidden one the id of the collapsed block
            that stands for it. Nodes outside `scope` are missing.
        cards: What has a card: ids of nodes and of collapsed blocks, with the nodes they stand for.
        frames: Ids of expanded blocks, outer ones first, with the nodes inside.
        ports: Ports of each collapsed block.
        wires: Visible wires, each under the first of the edges that it stands for.
    """

    def __init__(self, network: Network, scope: str = "") -> None:
        self._network, self._scope = network, scope
        self.shown: dict[str, str] = {}
        self.cards: dict[str, list[str]] = {}
        self.frames: dict[str, list[str]] = {}
        self._chains: dict[str, list[str] | None] = {"": [] if not scope else None}
        for node in network.ordered():
            self._take(node)
        self.ports = {
            card: Ports(network, nodes, network.blocks[card])
            for card, nodes in self.cards.items()
            if card in network.blocks
        }
        depth = {block: len(self._chain(block) or ()) for block in self.frames}
        self.frames = dict(sorted(self.frames.items(), key=lambda item: depth[item[0]]))
        self.wires: dict[Edge, list[Edge]] = {}
        self._at: dict[str, list[Edge]] = {card: [] for card in self.cards}
        self._merge(network.edges())
        for wire in self.wires:
            self._at[self.shown[wire.source]].append(wire)
            self._at[self.shown[wire.target]].append(wire)

    def _chain(self, block: str) -> list[str] | None:
        """Return a block and those around it below the scope, from outside; None if outside it."""
        if block not in self._chains:
            found = self._network.blocks.get(block)
            around = self._chain(found.parent) if found is not None else self._chain("")
            if block == self._scope:
                self._chains[block] = []
            else:
                self._chains[block] = None if around is None else [*around, block]
        return self._chains[block]

    def _take(self, node: Node) -> None:
        chain = self._chain(node.block)
        if chain is None:
            return
        card = node.id
        for block in chain:
            if self._network.blocks[block].collapsed:
                card = block
                break
            self.frames.setdefault(block, []).append(node.id)
        self.shown[node.id] = card
        self.cards.setdefault(card, []).append(node.id)

    def _merge(self, edges: Iterable[Edge]) -> None:
        first: dict[tuple[object, ...], Edge] = {}
        for edge in edges:
            source, target = self.shown.get(edge.source), self.shown.get(edge.target)
            if source is None or target is None or source == target:
                continue
            key = edge.source, target, self.input_place(edge)
            self.wires.setdefault(first.setdefault(key, edge), []).append(edge)

    def card_of(self, node: str) -> str | None:
        """Return the card that shows a node or stands for it; None where none does."""
        return self.shown.get(node)

    def nodes_of(self, card: str) -> list[str]:
        """Return the nodes that a card stands for."""
        return self.cards[card]

    def edges_of(self, wire: Edge) -> list[Edge]:
        """Return the edges that a wire stands for."""
        return self.wires[wire]

    def wires_at(self, card: str) -> list[Edge]:
        """Return the wires that begin or end at a card."""
        return self._at[card]

    def input_place(self, edge: Edge) -> int:
        """Return which port of the card where a wire ends it goes into."""
        card = self.shown[edge.target]
        if card in self.ports:
            return self.ports[card].place((edge.target, edge.port))
        return self._network.inputs(edge.target).index(edge)

    def output_place(self, edge: Edge) -> int:
        """Return which port of the card where a wire begins it comes out of."""
        card = self.shown[edge.source]
        return self.ports[card].outputs.index(edge.source) if card in self.ports else 0

    def corner(self, card: str) -> tuple[float, float]:
        """Return the top left corner of a card; a block's lies amid the upper edge of its nodes."""
        nodes = self._network.nodes
        if card in nodes:
            return nodes[card].at
        return block_corner(self._network, self.cards[card])

    def moved(self, card: str, corner: tuple[float, float]) -> dict[str, tuple[float, float]]:
        """Return where the nodes of a card lie once its top left corner is elsewhere."""
        left, top = self.corner(card)
        places = {node: self._network.nodes[node].at for node in self.cards[card]}
        x, y = corner[0] - left, corner[1] - top
        return {node: (at[0] + x, at[1] + y) for node, at in places.items()}

    def frame(self, block: str) -> tuple[float, float, float, float]:
        """Return left, top, width and height of an expanded block's frame."""
        inside = dict.fromkeys(self.shown[node] for node in self.frames[block])
        corners = [self.corner(card) for card in inside]
        inner = [self.frame(other) for other in self.frames if self._holds(block, other)]
        left = min([x for x, _ in corners] + [x for x, *_ in inner])
        top = min([y for _, y in corners] + [y for _, y, *_ in inner])
        right = max([x + CARD_WIDTH for x, _ in corners] + [x + w for x, _, w, _ in inner])
        bottom = max([y + CARD_HEIGHT for _, y in corners] + [y + h for _, y, _, h in inner])
        margin = FRAME_MARGIN
        return (
            left - margin,
            top - FRAME_TOP,
            right - left + 2 * margin,
            bottom - top + 2 * FRAME_TOP,
        )

    def _holds(self, outer: str, inner: str) -> bool:
        return self._network.blocks[inner].parent == outer

    def network(self) -> Network:
        """Return what is shown as a network whose nodes are the cards."""
        nodes = [
            Node(
                id=card,
                layer=self._network.nodes[card].layer if card in self._network.nodes else "",
                at=self.corner(card),
                order=self._network.nodes[inside[0]].order,
            )
            for card, inside in self.cards.items()
        ]
        count: dict[str, int] = {}
        edges = []
        for edge in self.wires:
            target = self.shown[edge.target]
            count[target] = count.get(target, -1) + 1
            edges.append(Edge(self.shown[edge.source], target, count[target]))
        return Network(nodes, edges)


def outline(network: Network, scope: str = "") -> Flat | Folding:
    """Return what a canvas shows of a network."""
    return Folding(network, scope) if network.blocks else Flat(network)


def block_corner(network: Network, inside: Iterable[str]) -> tuple[float, float]:
    """Return the top left corner of the card of a collapsed block."""
    corners = [network.nodes[node].at for node in inside]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    return round((left + right) / 16) * 8.0, min(y for _, y in corners)
