"""What operations share: functions of `keras.ops` that stand on the canvas like layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, ClassVar

from engine.errors import Text, text
from engine.fields import Params
from engine.layers.spec import LAYERS, LayerSpec, plain_tuples

PREFIX = "ops."


# Name, help and search words of operations that differ in nothing else.
Row = tuple[str, str, tuple[str, ...]]


class Operation(LayerSpec):
    """A function of `keras.ops`: no weights, one or more tensors in.

    Attributes:
        places: Names of the function's arguments behind its tensors, in their order.
        before: Parameters that stand before the tensors.
        always: Parameters that code always writes, with the defaults of Keras: ours differ, so
            that an operation put on the canvas leaves the samples of a batch apart.
    """

    category: ClassVar[str] = "operations"
    spread = True
    function = True
    places: ClassVar[tuple[str, ...]] = ()
    before: ClassVar[tuple[str, ...]] = ()
    always: ClassVar[dict[str, Any]] = {}

    @classmethod
    def keras_name(cls) -> str:
        return cls.key.removeprefix(PREFIX)

    @classmethod
    def summary(cls, params: Params) -> Text:
        told = [
            f"{name} {_short(value)}"
            for name, value in params.items()
            if value is not None and value != cls.fields[name].default
        ]
        return text("{parameters}", parameters=", ".join(told)[:40])

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        values = {key: plain_tuples(value) for key, value in cls.complete(params).items()}
        function = getattr(keras.ops, cls.keras_name())
        before = [values.pop(key) for key in cls.before]

        def apply(*tensors: Any) -> Any:
            return function(*before, *cls.arranged(tensors), **values)

        return Applied(keras, apply, name)

    @classmethod
    def written(cls, names: Sequence[str], params: Params) -> str:
        """Return the whole call as code where it is not written as a call of its function.

        Args:
            names: The tensors' names.
            params: Complete parameters.
        """
        return ""

    @classmethod
    def arranged(cls, tensors: Sequence[Any]) -> list[Any]:
        """Return the tensors, or their names in code, as the function takes them."""
        return list(tensors)


class Listed(Operation):
    """Operations that take any number of tensors as a list; no operation of its own."""

    min_inputs, max_inputs = 2, None

    @classmethod
    def arranged(cls, tensors: Sequence[Any]) -> list[Any]:
        return [list(tensors)]


class Applied:
    """Stands for a layer where functions are called: it has no weights.

    Functions take no name, but people look for theirs in the model: the operation that gives the
    result is named as the layer would be, and those before it are numbered.

    Args:
        keras: The module, handed in.
        function: What is called with the tensors.
        name: Name of the operation in the model; None for an automatic one.
    """

    weights: tuple[Any, ...] = ()
    trainable_weights: tuple[Any, ...] = ()

    def __init__(self, keras: ModuleType, function: Callable[..., Any], name: str | None) -> None:
        self._keras = keras
        self._function = function
        self.name = name or ""

    def __call__(self, *tensors: Any) -> Any:
        result = self._function(*tensors)
        first = result[0] if isinstance(result, (list, tuple)) else result
        if any(first is tensor for tensor in tensors):
            # Every node of the drawing is an operation of the model.
            return self._keras.layers.Identity(name=self.name or None)(first)
        if self.name:
            self._name_operations(first, {id(tensor) for tensor in tensors})
        return result

    def _name_operations(self, result: Any, known: set[int]) -> None:
        waiting, number = [result], 0
        seen: set[int] = set()
        while waiting:
            history = getattr(waiting.pop(), "_keras_history", None)
            if history is None or id(history.operation) in seen:
                continue
            operation = history.operation
            seen.add(id(operation))
            operation.name = f"{self.name}_part_{number}" if number else self.name
            number += 1
            taken = operation._inbound_nodes[history.node_index].input_tensors
            waiting += [tensor for tensor in taken if id(tensor) not in known]


def _short(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def declare(name: str, base: type[Operation], help: str, search: Sequence[str], **own: Any) -> None:
    """Declare an operation that differs from others by its name only.

    Args:
        name: The function's name in `keras.ops`.
        base: What it shares with others.
        help: One sentence for people.
        search: Further words by which the palette finds it.
        own: Attributes and fields of its own.
    """
    attributes = {"__doc__": help, "title": name, "search": tuple(search), **own}
    made: type[Operation] = type(name, (base,), attributes)
    LAYERS.register(PREFIX + name)(made)
