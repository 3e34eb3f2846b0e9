"""Operators that Keras puts into a model by itself, such as those that compute masks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def name_apart(outputs: Iterable[Any], own: Iterable[Any]) -> None:
    """Give operators other names where they bear those of layers.

    Keras counts the names that it gives, whatever names were given: no model is made of a layer
    “concatenate” and of an operator that Keras has called the same.

    Args:
        outputs: The tensors in which a model ends.
        own: Tensors of the drawing's nodes; what made them keeps its name.
    """
    kept = [tensor._keras_history.operation for tensor in own]
    seen = {id(operation) for operation in kept}
    taken = {operation.name for operation in kept}
    for operation in _operations(outputs):
        if id(operation) in seen:
            continue
        seen.add(id(operation))
        name, number = operation.name, 0
        while name in taken:
            number += 1
            name = f"{operation.name}_part_{number}"
        operation.name = name
        taken.add(name)


def _operations(outputs: Iterable[Any]) -> Iterator[Any]:
    """Yield what makes the tensors of a model, from its end on."""
    waiting, seen = list(outputs), set()
    while waiting:
        history = waiting.pop()._keras_history
        call = history.operation, history.node_index
        if call in seen:
            continue
        seen.add(call)
        yield history.operation
        waiting += history.operation._inbound_nodes[history.node_index].input_tensors
