"""What the calls of layers take, as each version of Keras writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.errors import FileProblem

Config = dict[str, Any]
# Nested models and lists deeper than this are nobody's network.
DEEPEST = 50
_TENSOR = "__keras_tensor__"
_MASK = "mask"
# What attention is given last, behind query, value and key.
ATTENTION_MASK = "attention_mask"
# Tensors beside those that a layer computes with, which no wire brings.
_BESIDE = ("query_mask", "value_mask", "key_mask", "count_weights")
# What stands for a tensor that is told and not brought, in the arguments of a call.
A_TENSOR = "a tensor"
# So Keras 2 writes a number in the place of an operator's first tensor.
_CONSTANT = "_CONSTANT_VALUE"


@dataclass(frozen=True)
class Tensor:
    """An output of a call, as files name it: layer, number of its call, number of its output."""

    layer: str
    call: int = 0
    output: int = 0


@dataclass(frozen=True)
class Inbound:
    """What one call of a layer takes.

    Attributes:
        tensors: In the order of the layer's arguments.
        arguments: What else it is given, such as `{"training": False}`, and scalars of operators.
        masks: Tensors that say which steps count, which Keras 3 writes down with the others.
    """

    tensors: list[Tensor]
    arguments: Config = field(default_factory=dict)
    masks: list[Tensor] = field(default_factory=list)


def inbound(node: Any, where: str) -> Inbound:
    """Read what one call takes.

    Args:
        node: One of a layer's `inbound_nodes`.
        where: Name of the file, for messages.

    Raises:
        FileProblem: It is damaged.
    """
    if isinstance(node, dict) and (of_keras_3(node) or not node):
        return _of_keras_3(node)
    if isinstance(node, dict):  # Keras 2 names inputs that a layer takes by names.
        node = list(node.values())
    if not isinstance(node, list):
        raise damaged(where)
    found = Inbound([])
    told: list[Config] = []
    masks: list[Tensor] = []
    for item in _items(node, where):
        if item[0] == _CONSTANT:
            if item[2] is not None:
                found.arguments["argument 1"] = item[2]
        else:
            tensor = listed(item)
            if tensor is None:
                raise damaged(where)
            found.tensors.append(tensor)
        further = item[3] if len(item) > 3 and isinstance(item[3], dict) else {}
        # Each tensor of a list repeats what the call is given besides.
        if further not in told:
            told.append(further)
            _take(further, found, masks)
    found.tensors.extend(masks)
    return found


def of_keras_3(node: Any) -> bool:
    """Return whether Keras 3 wrote down a call."""
    return isinstance(node, dict) and ("args" in node or "kwargs" in node)


def _of_keras_3(node: Config) -> Inbound:
    """Read the very arguments of a call, which Keras 3 writes down."""
    by_place = node.get("args") or []
    kwargs = node.get("kwargs") or {}
    found = Inbound([*_tensors(by_place)])
    last: list[Tensor] = []
    # By names, they are in the order of the layer's arguments already.
    for name, value in sorted(kwargs.items(), key=_place) if isinstance(kwargs, dict) else ():
        tensors = list(_tensors(value))
        if not tensors:
            if value is not None:
                found.arguments[name] = value
        elif name == _MASK:
            found.masks.extend(tensors)
        elif name == ATTENTION_MASK:
            last.extend(tensors)
            found.arguments[name] = True
        elif name in _BESIDE:
            found.arguments[name] = A_TENSOR
        else:
            found.tensors.extend(tensors)
    found.tensors.extend(last)
    found.arguments.update(_constants(by_place))
    return found


def _items(node: Any, where: str, depth: int = 0) -> Iterator[list[Any]]:
    """Yield the rows of tensors and numbers, which Keras 2 nests as the call was nested."""
    if isinstance(node, dict):
        node = list(node.values())
    if not isinstance(node, list) or depth > DEEPEST:
        raise damaged(where)
    if node and isinstance(node[0], str):
        if len(node) < 3:
            raise damaged(where)
        yield node
        return
    for item in node:
        yield from _items(item, where, depth + 1)


def _take(further: Config, found: Inbound, masks: list[Tensor]) -> None:
    """Add the tensors and values among further arguments; attention masks apart, as they are last.

    Keras 2 tells them with the first tensor, before the others of a list.
    """
    for key, value in sorted(further.items(), key=_place):
        more = _several(value)
        if more and key == ATTENTION_MASK:
            masks.extend(more)
            found.arguments[key] = True
        elif more and key in _BESIDE:
            found.arguments[key] = A_TENSOR
        elif more:
            found.tensors.extend(more)
        elif value is not None:
            found.arguments[key] = value


# Arguments of calls in the order in which layers take their tensors.
_PLACES = ("inputs", "sequences", "query", "value", "key")


def _place(argument: tuple[str, Any]) -> int:
    name = argument[0]
    return _PLACES.index(name) if name in _PLACES else len(_PLACES)


def _several(value: Any) -> list[Tensor]:
    """Read a tensor, or a list of tensors; nothing else gives any."""
    single = listed(value)
    if single is not None:
        return [single]
    found = [listed(item) for item in value] if isinstance(value, list) else []
    tensors = [tensor for tensor in found if tensor is not None]
    return tensors if len(tensors) == len(found) else []


def _constants(arguments: Any) -> Config:
    """Return what an operator is given besides tensors, by place: `x + 2` or `x[:, 0]`."""
    if not isinstance(arguments, list):
        return {}
    return {
        f"argument {place + 1}": value
        for place, value in enumerate(arguments)
        if value is not None and not list(_tensors(value))
    }


def _tensors(value: Any, depth: int = 0) -> Iterator[Tensor]:
    """Yield the tensors among arguments, in the order of `keras.tree`: dicts by their keys."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        if value.get("class_name") == _TENSOR:
            config = value.get("config")
            history = config.get("keras_history") if isinstance(config, dict) else None
            tensor = listed(history)
            if tensor is not None:
                yield tensor
            return
        for _, item in sorted(value.items()):
            yield from _tensors(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _tensors(item, depth + 1)


def listed(value: Any) -> Tensor | None:
    """Read ["dense", 0, 0] with or without more behind it."""
    if not isinstance(value, list) or len(value) < 3 or not isinstance(value[0], str):
        return None
    call, output = value[1], value[2]
    if type(call) is not int or type(output) is not int or call < 0 or output < 0:
        return None
    return Tensor(value[0], call, output)


def damaged(where: str) -> FileProblem:
    """Return what is said of a description that cannot be read."""
    return FileProblem(
        "The description of the model in “{path}” is damaged: save it again, or restore it from a"
        " copy.",
        path=where,
    )
