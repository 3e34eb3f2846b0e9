"""First step of the layout: a layer for each node, and bends where a wire passes layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.graph.document import Network
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH

# Wires that pass very many layers would drown the layout in bends; the canvas routes them.
MOST_BENDS = 20_000
MOST_STEPS = 50_000
# The width that a wire takes between cards.
LANE = 16


@dataclass(frozen=True)
class Bend:
    """Where a wire passes a layer between its ends.

    Attributes:
        wire: Number of the wire.
        layer: Number of the layer.
        skip: Whether another way leads from end to end, which this wire merely shortens.
    """

    wire: int
    layer: int
    skip: bool


Vertex = str | Bend


@dataclass
class Layers:
    """A network as layers whose wires lead from one layer to the next.

    Attributes:
        rows: The vertices of each layer from left to right.
        layer: Number of each vertex's layer, 0 at the top.
        above: The vertices above each vertex, in the order of its input ports.
        below: The vertices below each vertex.
        port: For each pair of vertices, where the wire enters the lower one, from 0 to below 1.
        sizes: Width and height of the vertices that are larger than a card.
        card: Width and height of the others.
    """

    rows: list[list[Vertex]]
    layer: dict[Vertex, int]
    above: dict[Vertex, list[Vertex]]
    below: dict[Vertex, list[Vertex]]
    port: dict[tuple[Vertex, Vertex], float]
    sizes: Mapping[str, tuple[float, float]]
    card: tuple[float, float] = (CARD_WIDTH, CARD_HEIGHT)

    def size(self, vertex: Vertex) -> tuple[float, float]:
        """Return how much room a vertex takes, in pixels at 100 %."""
        if isinstance(vertex, Bend):
            return LANE, 0.0
        return self.sizes.get(vertex, self.card)


def make_layers(
    network: Network, part: list[str], sizes: Mapping[str, tuple[float, float]]
) -> Layers:
    """Give each node of a connected part a layer, wires always leading downwards."""
    targets = _without_cycles(network, part)
    number = _layer_numbers(part, targets)
    rows: list[list[Vertex]] = [[] for _ in range(max(number.values()) + 1)]
    layers = Layers(rows, {}, {}, {}, {}, sizes)
    layers.layer.update(number)
    for node_id in _by_depth_first(part, targets):
        _add_vertex(layers, node_id)
    bends = 0
    shortcuts = _Shortcuts(targets, number)
    wires = [(source, target, port) for source in part for target, port in targets[source]]
    for wire, (source, target, port) in enumerate(wires):
        span = number[target] - number[source]
        if span > 1 and bends + span > MOST_BENDS:
            continue
        bends += span - 1
        skip = span > 1 and shortcuts.is_one(source, target)
        _add_wire(layers, wire, (source, target, port), skip)
    return layers


def _add_vertex(layers: Layers, vertex: Vertex) -> None:
    layers.rows[layers.layer[vertex]].append(vertex)
    layers.above[vertex] = []
    layers.below[vertex] = []


def _add_wire(layers: Layers, wire: int, ends: tuple[str, str, float], skip: bool) -> None:
    source, target, port = ends
    upper: Vertex = source
    for row in range(layers.layer[source] + 1, layers.layer[target]):
        bend = Bend(wire, row, skip)
        layers.layer[bend] = row
        _add_vertex(layers, bend)
        _join(layers, upper, bend, 0.0)
        upper = bend
    _join(layers, upper, target, port)


def _join(layers: Layers, upper: Vertex, lower: Vertex, port: float) -> None:
    layers.below[upper].append(lower)
    layers.above[lower].append(upper)
    layers.port[upper, lower] = port


Targets = dict[str, list[tuple[str, float]]]


class _Shortcuts:
    """Tells wires that skip what another way passes; gives up guessing in very dense networks."""

    def __init__(self, targets: Targets, number: dict[str, int]) -> None:
        self._targets, self._number = targets, number
        self._budget = MOST_STEPS

    def is_one(self, source: str, target: str) -> bool:
        last = self._number[target]
        stack = [node for node, _ in self._targets[source] if node != target]
        seen = set(stack)
        while stack and self._budget > 0:
            self._budget -= 1
            node = stack.pop()
            if node == target:
                return True
            new = [n for n, _ in self._targets[node] if self._number[n] <= last and n not in seen]
            seen.update(new)
            stack += new
        return self._budget <= 0


def _without_cycles(network: Network, part: list[str]) -> Targets:
    """Return the nodes behind each node, wires that close a cycle turned round."""
    targets: Targets = {node_id: [] for node_id in part}
    state: dict[str, int] = {}
    starts = sorted(part, key=lambda node_id: bool(network.inputs(node_id)))
    for start in starts:
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(network.outputs(start)))]
        while stack:
            node_id, edges = stack[-1]
            edge = next(edges, None)
            if edge is None:
                state[node_id] = 2
                stack.pop()
            elif edge.source == edge.target:
                continue
            elif state.get(edge.target) == 1:
                targets[edge.target].append((edge.source, 0.5))
            else:
                ports = len(network.inputs(edge.target))
                place = network.inputs(edge.target).index(edge)
                targets[edge.source].append((edge.target, (place + 0.5) / (ports + 1)))
                if edge.target not in state:
                    state[edge.target] = 1
                    stack.append((edge.target, iter(network.outputs(edge.target))))
    return targets


def _layer_numbers(part: list[str], targets: Targets) -> dict[str, int]:
    """Number layers by the longest path from a source, branches of their own sunk to their use."""
    waiting = dict.fromkeys(part, 0)
    for node_id in part:
        for target, _ in targets[node_id]:
            waiting[target] += 1
    order = [node_id for node_id in part if waiting[node_id] == 0]
    number = dict.fromkeys(part, 0)
    own = dict.fromkeys(part, True)
    for node_id in order:
        lone = own[node_id] and len(targets[node_id]) == 1
        for target, _ in targets[node_id]:
            number[target] = max(number[target], number[node_id] + 1)
            own[target] = own[target] and lone
            waiting[target] -= 1
            if waiting[target] == 0:
                order.append(target)
    # A second input that is used late belongs near its use, not at the top of the page.
    for node_id in reversed(order):
        if own[node_id] and targets[node_id]:
            number[node_id] = min(number[target] for target, _ in targets[node_id]) - 1
    return number


def _by_depth_first(part: list[str], targets: Targets) -> list[str]:
    """Return the nodes so that what belongs together comes together, sources first."""
    fed = {target for node_id in part for target, _ in targets[node_id]}
    seen: dict[str, None] = {}
    stack = [node_id for node_id in reversed(part) if node_id not in fed]
    while stack:
        node_id = stack.pop()
        if node_id not in seen:
            seen[node_id] = None
            stack += [target for target, _ in reversed(targets[node_id])]
    return list(seen)
