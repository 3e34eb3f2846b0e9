"""What calls in a script do: make layers, call them, make models of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.errors import text
from engine.formats.python_reading import functions, plain
from engine.formats.python_reading.compiling import compiled, fitted
from engine.formats.python_reading.expressions import Expressions
from engine.formats.python_reading.following import lines_of
from engine.formats.python_reading.making import REGISTRIES, make_input, make_layer, make_object
from engine.formats.python_reading.names import MERGES, member
from engine.formats.python_reading.things import (
    Function,
    Layer,
    Lines,
    Made,
    Model,
    Path,
    Refused,
    Tensor,
    Unknown,
)
from engine.layers.common import ACTIVATIONS

Given = tuple[list[Any], dict[str, Any]]
_OBJECTS = (*REGISTRIES, "optimizers", "losses", "metrics")
# What layers are told in a call that changes nothing.
_IN_A_CALL = {"training": (None, False), "mask": (None,)}


class Calling(Expressions):
    """Gives calls their values.

    Attributes:
        opaque: Layers that are kept though the catalog does not know them; None keeps any.
        chosen: The model that the script compiles, or None.
        recipe: What the script tells of the training.
        plan: Where it makes, compiles and fits models.
    """

    def __init__(self, opaque: Mapping[str, str] | None) -> None:
        super().__init__()
        self.opaque = opaque
        self.chosen: Model | None = None
        self.recipe: dict[str, Any] = {}
        self.plan: list[Lines] = []

    def call_function(self, function: Function, given: Given) -> Any:
        """Call a function of the script."""
        raise NotImplementedError

    def _eval_call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Attribute):
            holder = self.evaluate(node.func.value)
            if not isinstance(holder, (Path, Unknown)):
                given = self._given(node)
                self.line = node.lineno
                return self._method(holder, node, given)
        callee = self.evaluate(node.func)
        given = self._given(node)
        self.line = node.lineno
        return self._apply(callee, node, given)

    def _given(self, node: ast.Call) -> Given:
        args = self._elements(node.args)
        kwargs: dict[str, Any] = {}
        for word in node.keywords:
            value = self.evaluate(word.value)
            if word.arg is not None:
                kwargs[word.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                kwargs |= value
            else:
                kwargs["**"] = value if isinstance(value, Unknown) else self.unknown()
        return args, kwargs

    def _apply(self, callee: Any, node: ast.Call, given: Given) -> Any:
        """Call what an expression stands for."""
        lines = lines_of(node)
        if isinstance(callee, Path):
            return self._call_path(callee, lines, given)
        if isinstance(callee, Layer):
            return self.building.call(callee, self._taken(callee.kind, given), lines)
        if isinstance(callee, Model):
            return self.building.call_model(callee, self._taken("Model", given), lines)
        if isinstance(callee, Function):
            return self.call_function(callee, given)
        if any(isinstance(value, Tensor) for value in _all(given)):
            if isinstance(callee, Unknown) and callee.reason is None:
                raise Refused(None)
            reason = callee.reason if isinstance(callee, Unknown) else None
            raise Refused(
                text("What the tensor is given to cannot be read: {reason}", reason=reason)
                if reason is not None
                else text("What the tensor is given to is no layer.")
            )
        return callee if isinstance(callee, Unknown) else self.unknown()

    # --- layers ----------------------------------------------------------------------------

    def _taken(self, kind: str, given: Given) -> list[Tensor]:
        """Return the tensors that a layer or model is called with."""
        args, kwargs = list(given[0]), dict(given[1])
        if not args and "inputs" in kwargs:
            args = [kwargs.pop("inputs")]
        if len(args) != 1:
            raise Refused(text("{layer}: give one tensor, or several in a list.", layer=kind))
        for name, value in kwargs.items():
            if not any(value is usual for usual in _IN_A_CALL.get(name, ())):
                sentence = text("{layer}: “{name}” is not carried over.", layer=kind, name=name)
                self.tell(sentence, "ignored")
        items = args[0] if isinstance(args[0], (list, tuple)) else [args[0]]
        for item in items:
            if isinstance(item, Tensor):
                continue
            if isinstance(item, Unknown) and item.reason is None:
                raise Refused(None)
            if isinstance(item, Unknown):
                raise Refused(
                    text(
                        "{layer}: what it takes is not known: {reason}",
                        layer=kind,
                        reason=item.reason,
                    )
                )
            if isinstance(item, Layer):
                raise Refused(
                    text("{layer} takes a tensor, not a layer: call the layer first.", layer=kind)
                )
            raise Refused(text("{layer} takes a tensor of the network.", layer=kind))
        if not items:
            raise Refused(text("{layer} takes a tensor of the network.", layer=kind))
        return list(items)

    def _call_path(self, path: Path, lines: Lines, given: Given) -> Any:
        """Call something of a library."""
        module, name = member(path.name)
        args, kwargs = given
        if module == "layers":
            return self._layer(name, lines, given)
        if module == "models" and name in ("Sequential", "Model", "Functional"):
            return self._model(name, lines, given)
        work = functions.function(path.name)
        if work is not None:
            return self._plain_function(work, given)
        tensors = any(isinstance(value, Tensor) for value in _all(given))
        if tensors and module in ("activations", "ops", "backend"):
            return self._operator(path, name, lines, given)
        if tensors:
            raise Refused(
                text("“{name}” is no layer: use a layer of Keras instead.", name=path.name)
            )
        if module in _OBJECTS:
            return make_object(module, name, args, kwargs)
        if (module, name) == ("utils", "set_random_seed"):
            if len(args) == 1 and type(args[0]) is int and 0 <= args[0] < 2**31:
                self.recipe["seed"] = args[0]
                self.plan.append(lines)
            return None
        missing = next((value for value in _all(given) if isinstance(value, Unknown)), None)
        if missing is not None and missing.reason is None:
            return missing
        return Unknown(text("“{name}” is called only when the script runs.", name=path.name))

    def _plain_function(self, work: Callable[..., Any], given: Given) -> Any:
        """Call one of the functions that are followed: `range`, `len`, `math.sqrt`."""
        for value in (*given[0], *given[1].values()):
            if isinstance(value, Unknown):
                return value
        return self.plainly(functions.run, work, *given[0], **given[1])

    def _layer(self, kind: str, lines: Lines, given: Given) -> Any:
        """Make a layer; functions of layers, such as `add`, call it too."""
        args, kwargs = given
        unknown = kwargs.pop("**", None)
        if unknown is not None:
            raise Refused(text("{layer}: its arguments are not known.", layer=kind))
        if kind == "Input":
            return self.building.input(make_input(args, kwargs, lines, self.tell))
        if kind == "InputLayer":
            return make_input(args, kwargs, lines, self.tell)
        if kind in MERGES:
            layer = make_layer(MERGES[kind], args[1:], kwargs, lines, self.tell, self.opaque)
            return self.building.call(layer, self._taken(kind, (args[:1], {})), lines)
        return make_layer(kind, args, kwargs, lines, self.tell, self.opaque)

    def _operator(self, path: Path, name: str, lines: Lines, given: Given) -> Tensor:
        """Call a function of tensors that a layer stands for."""
        args, kwargs = given
        if name in MERGES and not kwargs.keys() - {"axis"}:
            several = args if len(args) > 1 and isinstance(args[1], Tensor) else args[0]
            params = {"axis": kwargs["axis"]} if "axis" in kwargs else {}
            layer = make_layer(MERGES[name], (), params, lines, self.tell, self.opaque)
            return self.building.call(layer, self._taken(name, ([several], {})), lines)
        if name in ACTIVATIONS and len(args) == 1 and not kwargs:
            params = {"activation": name}
            layer = make_layer("Activation", (), params, lines, self.tell, self.opaque)
            return self.building.call(layer, self._taken(name, given), lines)
        raise Refused(text("“{name}” is no layer: use a layer of Keras instead.", name=path.name))

    # --- models ----------------------------------------------------------------------------

    def _model(self, kind: str, lines: Lines, given: Given) -> Model:
        args, kwargs = given
        name = kwargs.get("name")
        model = Model(name if isinstance(name, str) else "", kind == "Sequential", lines=lines)
        if model.sequential:
            layers = args[0] if args else kwargs.get("layers")
            for item in plain.items(layers) if layers is not None else ():
                self._add_layer(model, item)
        else:
            named = dict(zip(("inputs", "outputs"), args, strict=False)) | kwargs
            inputs = named.get("inputs", named.get("input"))
            outputs = named.get("outputs", named.get("output"))
            model.inputs = [t.call for t in self._ends(inputs)]
            model.outputs = [t.call for t in self._ends(outputs)]
        self.building.models.append(model)
        self.plan.append(lines)
        return model

    def _ends(self, value: Any) -> list[Tensor]:
        """Return the inputs or outputs of a model."""
        if isinstance(value, dict):
            value = list(value.values())
        return self._taken("Model", ([value], {}))

    def _add_layer(self, model: Model, item: Any) -> None:
        """Add a layer, or a model, to a Sequential."""
        if isinstance(item, Tensor) and self.building.calls[item.call].layer.kind == "Input":
            model.inputs = [item.call]
            item = self.building.calls[item.call].layer
        if isinstance(item, Model):
            item.nested = True
        elif not isinstance(item, Layer):
            if isinstance(item, Unknown) and item.reason is None:
                raise Refused(None)
            if isinstance(item, Unknown):
                raise Refused(
                    text("A layer of the model is not known: {reason}", reason=item.reason)
                )
            raise Refused(text("A Sequential takes layers; this is none that can be read."))
        model.layers.append(item)

    def _method(self, holder: Any, node: ast.Call, given: Given) -> Any:
        """Call a method of something that the script has made."""
        assert isinstance(node.func, ast.Attribute)
        name = node.func.attr
        if isinstance(holder, Model):
            return self._method_of_model(holder, name, lines_of(node), given)
        if isinstance(holder, (Layer, Made, Function, Tensor)):
            return self.unknown(node.func)
        return self.plainly(functions.method, holder, name, *given)

    def _method_of_model(self, model: Model, name: str, lines: Lines, given: Given) -> Any:
        args, kwargs = given
        if name == "add" and model.sequential and len(args) == 1:
            self._add_layer(model, args[0])
            return None
        if name == "pop" and model.sequential and model.layers:
            model.layers.pop()
            return None
        if name == "build" and model.sequential:
            shape = args[0] if args else kwargs.get("input_shape")
            if isinstance(shape, (list, tuple)) and 1 <= len(shape) <= 8:
                model.shape = list(shape[1:])
            return None
        if name == "get_layer":
            wanted = args[0] if args else kwargs.get("name")
            layers = self.building.layers_of(model)
            return next((layer for layer in layers if layer.name == wanted), self.unknown())
        self.undefined.clear()  # The data of a training is no part of the network.
        if name in ("compile", "fit"):
            self.plan.append(lines)
            if name == "compile":
                self.chosen = model
            read = compiled if name == "compile" else fitted
            self.recipe |= read(args, kwargs, self.tell)
        return self.unknown()


def _all(given: Given) -> Iterator[Any]:
    """Yield the values that a call is given, those in lists included."""
    for value in (*given[0], *given[1].values()):
        if isinstance(value, (list, tuple)) and len(value) <= plain.LONGEST:
            yield from value
        yield value
