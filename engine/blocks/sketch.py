"""What a built-in block consists of, and how a declaration draws it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.graph.document import Edge, Network, Node, Port
from engine.layers import LAYERS


@dataclass(frozen=True)
class Plan:
    """The inside of a block.

    Attributes:
        network: Its layers; the id of each is its part in the block, such as "conv1". Blocks
            inside it have names of their own.
        inputs: Its inputs in order: the ends that each feeds.
        outputs: The parts whose tensors leave it, in order.
    """

    network: Network
    inputs: tuple[Port, ...]
    outputs: tuple[str, ...]


class Sketch:
    """Draws a block, one layer after the other; tensors go by the names of their parts."""

    def __init__(self, inputs: int = 1) -> None:
        self._entries: dict[str, list[tuple[str, int]]] = {f"→{n}": [] for n in range(inputs)}
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []

    @property
    def inputs(self) -> list[str]:
        """The tensors that come into the block."""
        return list(self._entries)

    def add(self, part: str, layer: str, *sources: str, **params: Any) -> str:
        """Add a layer behind tensors of the block; returns its own.

        Args:
            part: What the layer is in the block; another kind of layer is another part.
            layer: Its key in the catalog.
            sources: The tensors that it takes, in the order of its ports.
            params: Its parameters.
        """
        spec = LAYERS.get(layer)
        assert part not in self._nodes, part
        self._nodes[part] = Node(
            id=part, layer=spec.key, params=spec.trim(params), part=part, order=len(self._nodes)
        )
        for port, source in enumerate(sources):
            if source in self._entries:
                self._entries[source].append((part, port))
            else:
                self._edges.append(Edge(source, part, port))
        return part

    def chain(self, source: str, *steps: tuple[str, str, dict[str, Any]]) -> str:
        """Add layers one behind the other, each as part, key and parameters."""
        for part, layer, params in steps:
            source = self.add(part, layer, source, **params)
        return source

    def plan(self, outputs: Iterable[str]) -> Plan:
        """Return what has been drawn."""
        inputs = tuple(Port(tuple(ends)) for ends in self._entries.values())
        return Plan(Network(self._nodes.values(), self._edges), inputs, tuple(outputs))
