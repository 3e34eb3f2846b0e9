"""What takes tensors in a script: layers, with all that a call gives them, and functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.errors import text
from engine.fields import Params
from engine.formats.keras_files.inbound import ATTENTION_MASK
from engine.formats.keras_files.operator_names import SIGNS
from engine.formats.keras_files.stepwise import WRAPPER
from engine.formats.python_reading.expressions import Expressions
from engine.formats.python_reading.formulas import Make, called, can_stand, is_part, signed
from engine.formats.python_reading.making import argument_values, make_layer
from engine.formats.python_reading.operations import (
    activation_of,
    function_of,
    is_formula,
    layer_of,
    make_operation,
    operation_of,
    stands_alone,
)
from engine.formats.python_reading.stepwise import Stepwise, deeper
from engine.formats.python_reading.things import (
    Function,
    Layer,
    Lines,
    Model,
    Path,
    Refused,
    Tensor,
    Unknown,
)
from engine.formula import FUNCTIONS, REDUCING
from engine.layers import LAYERS, LayerSpec
from engine.layers.recurrent import Stated

Given = tuple[list[Any], dict[str, Any]]
# What layers are told in a call that changes nothing.
_IN_A_CALL = {"training": (None, False), "mask": (None,)}
# What layers call their tensors.
_FIRST = ("inputs", "sequences", "sequence", "x")
_ATTENTION = ("query", "value", "key")


class Applying(Expressions):
    """Calls layers, and functions on tensors.

    Attributes:
        opaque: Layers that are kept though the catalog does not know them; None keeps any.
    """

    def __init__(self, opaque: Mapping[str, str] | None) -> None:
        super().__init__()
        self.opaque = opaque
        self.building.apply = self.apply_layer

    def call_function(self, function: Function, given: Given) -> Any:
        """Call a function of the script."""
        raise NotImplementedError

    def call_path(self, path: Path, lines: Lines, given: Given) -> Any:
        """Call something of a library."""
        raise NotImplementedError

    # --- layers ----------------------------------------------------------------------------

    def call_layer(self, layer: Layer, given: Given, lines: Lines) -> Any:
        """Call a layer with what a script gives it."""
        args, kwargs = list(given[0]), dict(given[1])
        spec = LAYERS.find(layer.kind)
        items = _by_port(spec, args, kwargs)
        masked = spec is not None and ATTENTION_MASK in spec.own and ATTENTION_MASK in kwargs
        if masked and items:
            items.append(kwargs.pop(ATTENTION_MASK))
        if args or not items:
            raise Refused(text("{layer}: give one tensor, or several in a list.", layer=layer.kind))
        tensors = self.tensors(layer.kind, items)
        if spec is not None:
            told = {name: kwargs.pop(name) for name in spec.in_call if name in kwargs}
            told = argument_values(told, layer.kind, self.tell)
            if issubclass(spec, Stated) and len(tensors) > 1:
                layer.params = _joined(spec, layer.params, {"initial_state": True})
            if masked:
                layer.params = _joined(spec, layer.params, {ATTENTION_MASK: True})
            self._tell_layer(layer, spec, told)
        for name, value in kwargs.items():
            if not any(value is usual for usual in _IN_A_CALL.get(name, ())):
                sentence = text(
                    "{layer}: “{name}” is not carried over.", layer=layer.kind, name=name
                )
                self.tell(sentence, "ignored")
        return self.apply_layer(layer, tensors, lines)

    def _tell_layer(self, layer: Layer, spec: type[LayerSpec], told: Params) -> None:
        """Remember what a call tells a layer besides tensors; here all calls tell the same."""
        for name, value in told.items():
            problem = spec.fields[name].check(value)
            if problem is not None:
                self.tell(problem, "error")
        told = spec.trim(told)
        if layer.told is None:
            layer.told = told
            layer.params = _joined(spec, layer.params, told)
        elif told != layer.told:
            sentence = text(
                "{layer} is told something else than in its first call: that is not carried over.",
                layer=layer.kind,
            )
            self.tell(sentence, "ignored")

    def tensors(self, kind: str, items: Sequence[Any]) -> list[Tensor]:
        """Return the tensors that something takes.

        Raises:
            Refused: Something else is among them.
        """
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

    def apply_layer(self, layer: Layer, tensors: Sequence[Tensor], lines: Lines) -> Any:
        """Call a layer with tensors; of a Lambda, follow the function, or call a held model."""
        if layer.function is None:
            return self.building.call(layer, tensors, lines)
        if isinstance(layer.function, Stepwise):
            return self.building.call_stepwise(layer, tensors, lines)
        start, told = len(self.building.calls), len(self.remarks)
        given = [tensors[0] if len(tensors) == 1 else list(tensors)]
        try:
            found = self._apply_function(layer.function, given, lines)
        except Refused as refused:
            if self.opaque is not None:
                raise
            found = Unknown(refused.message)
        if isinstance(found, Tensor) and not any(
            remark.severity == "error" for remark in self.remarks[told:]
        ):
            if found in tensors:
                found = self.building.call(Layer("Identity", {}, "", lines), [found], lines)
            self._name(layer, found, start)
            return found
        if self.opaque is not None:
            raise Refused(text("What this Lambda computes cannot be drawn: use layers instead."))
        del self.remarks[told:]
        self.building.forget_after(start)
        return self.building.call(
            Layer("Lambda", {}, layer.name, lines, opaque=True), tensors, lines
        )

    def _apply_function(self, function: Any, args: list[Any], lines: Lines) -> Any:
        if isinstance(function, Path):
            return self.call_path(function, lines, (args, {}))
        return self.call_function(function, (args, {}))

    def _name(self, layer: Layer, tensor: Tensor, start: int) -> None:
        """Give the last layer of a Lambda its name, the first time that it is called."""
        named = any(call.layer.name == layer.name for call in self.building.calls)
        last = self.building.calls[tensor.call].layer
        if layer.name and not named and tensor.call >= start and not last.name:
            last.name = layer.name

    def make_lambda(self, lines: Lines, given: Given) -> Layer | None:
        """Return a Lambda whose function can be followed, or None."""
        args, kwargs = list(given[0]), dict(given[1])
        function = args[0] if args else kwargs.pop("function", None)
        if not isinstance(function, (Function, Path)):
            return None
        if isinstance(function, Path) and not function_of(function.name)[1]:
            return None
        return self._calling("Lambda", function, kwargs, lines)

    def make_stepwise(self, lines: Lines, given: Given) -> Layer | None:
        """Return a TimeDistributed that holds a model of the script, or None for others."""
        args, kwargs = given
        held = args[0] if args else kwargs.get("layer")
        if isinstance(held, Model):
            return self._calling(WRAPPER, Stepwise(held), kwargs, lines)
        inner = held.function if isinstance(held, Layer) else None
        if isinstance(inner, Stepwise):
            return self._calling(WRAPPER, deeper(inner), kwargs, lines)
        return None

    def _calling(self, kind: str, function: Any, kwargs: Mapping[str, Any], lines: Lines) -> Layer:
        """Return a layer that calls something of the script's own."""
        named = {name: value for name, value in kwargs.items() if name in ("name", "input_shape")}
        layer = make_layer("Identity", (), named, lines, self.tell, self.opaque)
        return Layer(kind, {}, layer.name, lines, shape=layer.shape, function=function)

    # --- functions on tensors --------------------------------------------------------------

    def takes_formula(self, callee: Any) -> bool:
        """Return whether what is called can be part of a formula, as its arguments then can."""
        return isinstance(callee, Path) and is_formula(*function_of(callee.name))

    def settled(self, given: Given) -> Given:
        """Let all that is computed from tensors among arguments become layers."""
        return (
            [self.settle(value) for value in given[0]],
            {name: self.settle(value) for name, value in given[1].items()},
        )

    def call_on_tensors(self, path: Path, given: Given, node: ast.Call, lines: Lines) -> Any:
        """Call a function of tensors, or of numbers, that can be part of a formula.

        Returns:
            What it gives; None where it is another function, or is given something else.
        """
        if not self.takes_formula(path):
            return None
        parts = any(map(is_part, (*given[0], *given[1].values())))
        formed = None
        if parts or not path.name.startswith("builtins."):
            formed = self._formula(path, given, node, lines)
        if formed is None and parts:
            return self.operate_on(path, self.settled(given), lines)
        return formed

    def _formula(self, path: Path, given: Given, node: ast.Call, lines: Lines) -> Any:
        """Return the part of a formula that a call is, or None."""
        name = function_of(path.name)[1]
        values: list[Any] = list(given[0])
        nodes: list[ast.expr | None] = list(node.args)
        words = {word.arg: word.value for word in node.keywords}
        if name in REDUCING and given[1].keys() == {"axis"} and len(values) == 1:
            values.append(given[1]["axis"])
            nodes.append(words.get("axis"))
        elif given[1] or len(nodes) != len(values):
            return None
        counts = FUNCTIONS.get(name, (2,))
        if len(values) not in counts or not all(map(can_stand, values)):
            return None
        if name in REDUCING and len(values) == 2 and type(values[1]) is not int:
            return None
        make: Make = called(name) if name in FUNCTIONS else signed(SIGNS[name])

        def alone() -> Any:
            return self.operate_on(path, given, lines)

        single = stands_alone(name, given[0])
        return self.form(make, values, nodes, lines, alone if single else None)

    def operate_on(self, path: Path, given: Given, lines: Lines) -> Any:
        """Call a function of tensors as a layer.

        Raises:
            Refused: The catalog has none that computes the same.
        """
        module, name = function_of(path.name)
        args, kwargs = given
        kind = layer_of(module, name, args, kwargs)
        spec = operation_of(name, args, kwargs)
        if spec is not None and (module != "activations" or not kind):
            layer, items = make_operation(spec, module, args, kwargs, lines, self.tell)
            return self.building.call(layer, self.tensors(name, items), lines)
        if kind:
            params = {"activation": name} if kind == "Activation" else {}
            layer = make_layer(kind, (), params, lines, self.tell, self.opaque)
            return self.building.call(layer, self.tensors(name, args), lines)
        found = activation_of(name, args, kwargs)
        if found is not None:
            layer = make_layer(found[0], (), found[1], lines, self.tell, self.opaque)
            return self.building.call(layer, self.tensors(name, args[:1]), lines)
        raise Refused(text("“{name}” is no layer: use a layer of Keras instead.", name=path.name))


def _by_port(spec: type[LayerSpec] | None, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    """Take what stands for tensors out of a call's arguments, in the order of ports."""
    if spec is not None and spec.spread:
        found = [args.pop(0) for _ in _ATTENTION if args]
        for name in _ATTENTION[len(found) :]:
            if name in kwargs and len(found) == _ATTENTION.index(name):
                found.append(kwargs.pop(name))
        return found
    if not args:
        args += [kwargs.pop(name) for name in _FIRST if name in kwargs][:1]
    if not args:
        return []
    items = list(_flat([args.pop(0)], 1))
    if spec is not None and issubclass(spec, Stated):
        states = args.pop(0) if args else kwargs.pop("initial_state", None)
        items += _flat([states]) if states is not None else ()
    return items


def _flat(values: Sequence[Any], depth: int = 3) -> Iterator[Any]:
    """Yield what lists hold, and lists in them."""
    for value in values:
        if isinstance(value, (list, tuple)) and depth:
            yield from _flat(value, depth - 1)
        else:
            yield value


def _joined(spec: type[LayerSpec], params: Params, more: Params) -> Params:
    """Return parameters with further ones, in the order of the form."""
    both = {**params, **more}
    return {name: both[name] for name in (*spec.fields, *both) if name in both}
