"""Writes the network of a document as Keras's functional code."""

from __future__ import annotations

import math

from engine.formats.python_calls import layer_arguments, listed, maker, operation_code
from engine.formats.python_custom import local_names
from engine.formats.python_names import kept_apart
from engine.formats.python_writer import (
    WIDTH,
    Names,
    bracketed,
    call,
    listing,
    literal,
)
from engine.graph.analysis import input_ids, output_ids, topological
from engine.graph.calls import PICK, owner_of, picked
from engine.graph.document import Network, Node
from engine.graph.keras_names import keras_names
from engine.layers import LAYERS
from engine.layers.operation import Operation

FLOWING = "x"
RESERVED = (
    "keras",
    "layers",
    "np",
    "os",
    "model",
    "data",
    "digits",
    "images",
    "scaler",
    "mean",
    "deviation",
    "load_breast_cancer",
    "load_diabetes",
    "load_digits",
    "load_iris",
    "load_wine",
    "train_test_split",
    "x_train",
    "y_train",
    "x_test",
    "y_test",
    FLOWING,
)


class NetworkCode:
    """The code of a network.

    Attributes:
        lines: One statement for each layer, in an order in which data can flow.
        order: Ids of the nodes that they call, in the same order.
        inputs: Variables of the inputs that are used.
        outputs: Variables of the outputs.
    """

    def __init__(self, network: Network, *, alone: bool = False) -> None:
        self._network = network
        titles = {node.id: node.title for node in network.nodes.values()}
        # What layers are called in the code.
        self._titles = kept_apart(network, keras_names(network)) if alone else titles
        self._classes = local_names(network)
        self._names = Names((*RESERVED, *self._classes.values()))
        self._tensors: dict[str, str] = {}
        self._further: dict[str, list[str]] = {}
        self._layers: dict[str, str] = {}
        self._shared = {node.shares for node in network.nodes.values() if node.shares}
        self.lines: list[str] = []
        order = self._in_order()
        self.order = [node_id for node_id in order if not self._is_alias(node_id)]
        for place, node_id in enumerate(order):
            following = order[place + 1] if place + 1 < len(order) else ""
            self._write(node_id, following)
        self.inputs = [self._tensors[node_id] for node_id in self.input_ids()]
        self.outputs = [self._tensors[node_id] for node_id in self.output_ids()]

    def input_ids(self) -> list[str]:
        """Return the ids of Input nodes that lead somewhere."""
        used = (item for item in input_ids(self._network) if self._network.outputs(item))
        return [node_id for node_id in used if node_id in self._tensors]

    def output_ids(self) -> list[str]:
        """Return the ids of output nodes that could be written."""
        return [item for item in output_ids(self._network) if item in self._tensors]

    def _in_order(self) -> list[str]:
        """Return the ids that can be computed, chains of single layers kept together."""
        order: list[str] = []
        done: set[str] = set()
        waiting = [node_id for node_id in topological(self._network)[0] if self._usable(node_id)]
        for start in waiting:
            here: str | None = start
            while here is not None and here not in done and self._ready(here, done):
                picks = self._picks(here)
                order += [here, *picks]
                done |= {here, *picks}
                follower = self._only_follower(here)
                here = self._only_follower(follower) if follower in picks else follower
        return order

    def _picks(self, node_id: str) -> list[str]:
        """Return the nodes that stand for further tensors of a layer, one for each tensor."""
        if self._network.nodes[node_id].layer in (PICK, "Input"):
            return []
        found: dict[int, str] = {}
        count = self._outputs(node_id)
        for edge in self._network.outputs(node_id):
            number = picked(self._network, edge.target)
            if 0 < number < count and self._network.inputs(edge.target)[0] == edge:
                found.setdefault(number, edge.target)
        return [found[number] for number in sorted(found)]

    def _outputs(self, node_id: str) -> float:
        """Return how many tensors a node's layer gives; any number where it is not known."""
        owner = owner_of(self._network, node_id)
        spec = LAYERS.find(owner.layer)
        return spec.outputs(spec.complete(owner.params)) if spec is not None else math.inf

    def _is_alias(self, node_id: str) -> bool:
        """Return whether a node has no statement: it takes a tensor that has a name already."""
        if self._network.nodes[node_id].layer != PICK:
            return False
        return node_id not in self._picks(self._network.inputs(node_id)[0].source)

    def _usable(self, node_id: str) -> bool:
        node = self._network.nodes[node_id]
        return bool(self._network.inputs(node_id)) or node.layer == "Input"

    def _ready(self, node_id: str, done: set[str]) -> bool:
        sources = [edge.source for edge in self._network.inputs(node_id)]
        return self._usable(node_id) and all(source in done for source in sources)

    def _only_follower(self, node_id: str) -> str | None:
        """Return the node behind this one, where each has only the other."""
        edges = self._network.outputs(node_id)
        if len(edges) != 1 or len(self._network.inputs(edges[0].target)) != 1:
            return None
        return edges[0].target

    def _write(self, node_id: str, following: str) -> None:
        node, owner = self._network.nodes[node_id], owner_of(self._network, node_id)
        if node.layer == "Input":
            target = self._tensors[node_id] = self._names.take(node.title)
            self.lines.append(call(f"{target} = keras.Input", self._arguments(node)))
            return
        if node.layer == PICK:
            self._tensors[node_id] = self._picked_tensor(node_id)
            return
        given = self._given(node_id, owner)
        if owner.id in self._shared:
            layer = self._shared_layer(owner)
            target = self._target(node_id, owner, following)
            self.lines.append(bracketed(f"{target} = {layer}(", given, ")"))
            return
        target = self._target(node_id, owner, following)
        spec = LAYERS.find(owner.layer)
        if spec is not None and issubclass(spec, Operation):
            self.lines.append(operation_code(target, spec, owner.params, given))
            return
        start, arguments = f"{target} = {self._maker(owner)}", self._arguments(owner)
        last = f")({', '.join(given)})"
        if len(last) <= WIDTH and arguments:
            self.lines.append(bracketed(f"{start}(", arguments, last))
        else:
            self.lines.append(bracketed(f"{call(start, arguments)}(", given, ")"))

    def _maker(self, owner: Node) -> str:
        return self._classes.get(owner.id) or maker(owner.layer)

    def _given(self, node_id: str, owner: Node) -> list[str]:
        """Return what a layer is called with."""
        sources = [self._tensors[edge.source] for edge in self._network.inputs(node_id)]
        spec = LAYERS.find(owner.layer)
        if spec is None:
            return [listed(sources)] if len(sources) > 1 else sources
        by_place, by_name = spec.given(sources, spec.complete(owner.params))
        return [
            *map(listed, by_place),
            *(f"{name}={listed(value)}" for name, value in by_name.items()),
            *(
                f"{name}={literal(value)}"
                for name, value in spec.call_arguments(owner.params).items()
            ),
        ]

    def _picked_tensor(self, node_id: str) -> str:
        """Return the variable of the tensor that a node picks; of a single one, that one."""
        source, number = self._network.inputs(node_id)[0].source, picked(self._network, node_id)
        further = self._further.get(source, [])
        return further[number - 1] if 0 < number <= len(further) else self._tensors[source]

    def _target(self, node_id: str, owner: Node, following: str) -> str:
        """Name what a layer gives, and return the left side of its statement."""
        title = self._network.nodes[node_id].title
        picks = {
            picked(self._network, pick): self._network.nodes[pick].title
            for pick in self._picks(node_id)
        }
        flows = not picks and following != "" and self._only_follower(node_id) == following
        first = self._tensors[node_id] = FLOWING if flows else self._names.take(title)
        spec = LAYERS.find(owner.layer)
        params = spec.complete(owner.params) if spec is not None else {}
        count = spec.outputs(params) if spec is not None else 1
        further = [
            self._names.take(picks[number]) if number in picks else "_"
            for number in range(1, max(count, max(picks, default=0) + 1))
        ]
        self._further[node_id] = further
        names = [first, *further]
        groups = spec.nested(names, params) if spec is not None else names
        return ", ".join(
            f"({', '.join(group)})" if isinstance(group, list) else group for group in groups
        )

    def _arguments(self, owner: Node) -> list[str]:
        return layer_arguments(owner, self._titles[owner.id])

    def _shared_layer(self, owner: Node) -> str:
        """Return the variable of a layer that several nodes call; writes it when first used."""
        if owner.id not in self._layers:
            name = self._layers[owner.id] = self._names.take(f"{owner.title}_layer")
            self.lines.append(call(f"{name} = {self._maker(owner)}", self._arguments(owner)))
        return self._layers[owner.id]


def model_code(code: NetworkCode, title: str) -> str:
    """Write the statement that makes the model."""
    arguments = [
        f"inputs={listing(code.inputs, len('    outputs=,'))}",
        f"outputs={listing(code.outputs, len('    outputs=,'))}",
        f"name={literal(title)}",
    ]
    return call("model = keras.Model", arguments)
