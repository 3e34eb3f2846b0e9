"""Writes the calls of single layers and operations."""

from __future__ import annotations

from typing import Any

from engine.fields import IntTuple, LayerRef, LayerRefs, Params
from engine.formats.python_custom import CUSTOM, custom_arguments
from engine.formats.python_names import is_automatic
from engine.formats.python_writer import (
    INDENT,
    bracketed,
    call,
    identifier,
    is_name,
    literal,
)
from engine.graph.document import Node
from engine.layers import LAYERS
from engine.layers.objects import ObjectRef
from engine.layers.operation import Operation


def listed(value: Any) -> str:
    """Write a tensor, or a list of tensors."""
    return bracketed("[", value, "]", len(INDENT) + 1) if isinstance(value, list) else str(value)


def operation_code(target: str, spec: type[Operation], params: Params, names: list[str]) -> str:
    """Write the statement of an operation."""
    values = spec.complete(params)
    whole = spec.written(names, values) if not spec.check(params) else ""
    if whole:
        return f"{target} = {whole}"
    given = [listed(item) for item in spec.arranged(names)]
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


def layer_arguments(node: Node, name: str) -> list[str]:
    """Write the arguments of a node's layer: only what differs from Keras's defaults.

    Args:
        node: The node.
        name: What the layer shall be called.
    """
    if node.layer == CUSTOM:
        return custom_arguments(node, name)
    arguments = _arguments(node.layer, node.params)
    return arguments if is_automatic(node.layer, name) else [*arguments, f"name={literal(name)}"]


def _arguments(key: str, params: Params) -> list[str]:
    spec = LAYERS.find(key)
    if spec is None or spec.hidden:
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
