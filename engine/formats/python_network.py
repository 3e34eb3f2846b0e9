"""Writes the network of a document as Keras's functional code."""

from __future__ import annotations

import re
from typing import Any

from engine.fields import IntTuple, LayerRef, LayerRefs, Params
from engine.formats.python_writer import (
    INDENT,
    WIDTH,
    Names,
    bracketed,
    call,
    identifier,
    is_name,
    listing,
    literal,
)
from engine.graph.analysis import input_ids, output_ids, topological
from engine.graph.calls import PICK, owner_of, picked
from engine.graph.copying import snake_case
from engine.graph.document import Network, Node
from engine.layers import LAYERS
from engine.layers.objects import ObjectRef
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

    def __init__(self, network: Network) -> None:
        self._network = network
        self._names = Names(RESERVED)
        self._tensors: dict[str, str] = {}
        self._further: dict[str, list[str]] = {}
        self._layers: dict[str, str] = {}
        self._shared = {node.shares for node in network.nodes.values() if node.shares}
        self.lines: list[str] = []
        self.order = order = self._in_order()
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
                order.append(here)
                done.add(here)
                here = self._only_follower(here)
        return order

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
            self.lines.append(call(f"{target} = keras.Input", layer_arguments(node)))
            return
        given = self._given(node_id, owner)
        if node.layer == PICK:
            self._tensors[node_id] = given[0]
            return
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
        start, arguments = f"{target} = {maker(owner.layer)}", layer_arguments(owner)
        last = f")({', '.join(given)})"
        if len(last) <= WIDTH and arguments:
            self.lines.append(bracketed(f"{start}(", arguments, last))
        else:
            self.lines.append(bracketed(f"{call(start, arguments)}(", given, ")"))

    def _given(self, node_id: str, owner: Node) -> list[str]:
        """Return what a layer is called with."""
        number = picked(self._network, node_id)
        sources = [
            self._further[edge.source][number - 1] if number else self._tensors[edge.source]
            for edge in self._network.inputs(node_id)
        ]
        spec = LAYERS.find(owner.layer)
        if spec is None:
            return [_listed(sources)] if len(sources) > 1 else sources
        by_place, by_name = spec.given(sources, spec.complete(owner.params))
        return [
            *map(_listed, by_place),
            *(f"{name}={_listed(value)}" for name, value in by_name.items()),
            *(
                f"{name}={literal(value)}"
                for name, value in spec.call_arguments(owner.params).items()
            ),
        ]

    def _target(self, node_id: str, owner: Node, following: str) -> str:
        """Name what a layer gives, and return the left side of its statement."""
        title = self._network.nodes[node_id].title
        picks = {
            picked(self._network, edge.target): self._network.nodes[edge.target].title
            for edge in self._network.outputs(node_id)
            if self._network.nodes[edge.target].layer == PICK
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

    def _shared_layer(self, owner: Node) -> str:
        """Return the variable of a layer that several nodes call; writes it when first used."""
        if owner.id not in self._layers:
            name = self._layers[owner.id] = self._names.take(f"{owner.title}_layer")
            self.lines.append(call(f"{name} = {maker(owner.layer)}", layer_arguments(owner)))
        return self._layers[owner.id]


def _listed(value: Any) -> str:
    """Write a tensor, or a list of tensors."""
    return bracketed("[", value, "]", len(INDENT) + 1) if isinstance(value, list) else str(value)


def model_code(code: NetworkCode, title: str) -> str:
    """Write the statement that makes the model."""
    arguments = [
        f"inputs={listing(code.inputs, len('    outputs=,'))}",
        f"outputs={listing(code.outputs, len('    outputs=,'))}",
        f"name={literal(title)}",
    ]
    return call("model = keras.Model", arguments)


def operation_code(target: str, spec: type[Operation], params: Params, names: list[str]) -> str:
    """Write the statement of an operation."""
    values = spec.complete(params)
    whole = spec.written(names, values) if not spec.check(params) else ""
    if whole:
        return f"{target} = {whole}"
    given = [_listed(item) for item in spec.arranged(names)]
    before = [literal(values[name]) for name in spec.before]
    told = {**{name: values[name] for name in spec.always}, **spec.trim(params)}
    rest = [
        _value(spec.key, name, values[name]) for name in spec.leading if name not in spec.before
    ]
    rest += [
        f"{name}={_value(spec.key, name, told[name])}"
        for name in spec.fields
        if name in told and name not in (*spec.leading, *spec.before)
    ]
    return call(f"{target} = keras.ops.{spec.keras_name()}", [*before, *given, *rest])


def maker(key: str) -> str:
    """Write the class of a layer; an unknown one by its key as far as that is a name."""
    spec = LAYERS.find(key)
    return f"layers.{spec.keras_name() if spec is not None else identifier(key, 'Unknown')}"


def layer_arguments(node: Node) -> list[str]:
    """Write the arguments of a node's layer: only what differs from Keras's defaults."""
    arguments = _arguments(node.layer, node.params)
    automatic = re.fullmatch(rf"{re.escape(snake_case(node.layer))}(_\d+)?", node.title)
    return arguments if automatic else [*arguments, f"name={literal(node.title)}"]


def _arguments(key: str, params: Params) -> list[str]:
    spec = LAYERS.find(key)
    if spec is None:
        known = {name: value for name, value in params.items() if is_name(name)}
        return [f"{name}={literal(value)}" for name, value in known.items()]
    values = spec.complete(params)
    apart = {*spec.own, *spec.in_call}
    own = {
        name: value
        for name, value in spec.trim(params).items()
        if name in spec.fields and name not in apart
    }
    if key == "Input":
        return [f"shape={literal(values['shape'])}"] + (
            [f"dtype={literal(values['dtype'])}"] if values["dtype"] else []
        )
    written = [_value(key, name, values[name]) for name in spec.leading]
    written += [
        f"{name}={_value(key, name, own[name])}"
        for name in spec.fields
        if name in own and name not in spec.leading
    ]
    return written


def _value(key: str, name: str, value: Any) -> str:
    field = LAYERS.get(key).fields[name]
    if isinstance(field, LayerRef) and isinstance(value, dict):
        return _held(value)
    if isinstance(field, LayerRefs) and isinstance(value, (list, tuple)):
        held = [_held(item) for item in value if isinstance(item, dict)]
        return bracketed("[", held, "]", len(INDENT) + 1)
    if isinstance(field, ObjectRef) and (spec := field.spec_of(value)) is not None:
        given = field.params_of(value)
        if given or not spec.named:
            arguments = [f"{key}={literal(item)}" for key, item in given.items() if is_name(key)]
            return call(f"keras.{spec.module}.{spec.keras}", arguments, len(INDENT) + 1)
    if isinstance(field, IntTuple) and isinstance(value, (list, tuple)):
        # Keras takes one number for all axes; people write 3, not (3, 3).
        per_axis = field.length is not None and field.axes[:1] != ("Before",)
        if per_axis and value and list(value) == [value[0]] * len(value):
            return literal(value[0])
    if key == "Rescaling" and name == "scale" and value == 1 / 255:
        return "1 / 255"
    return literal(value)


def _held(value: Params) -> str:
    """Write a layer that another one holds."""
    layer, inner = str(value.get("layer", "")), value.get("params", {})
    arguments = _arguments(layer, inner) if isinstance(inner, dict) else []
    return call(maker(layer), arguments, len(INDENT) + 1)
