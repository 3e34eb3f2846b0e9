"""Layers and other objects of Keras from the arguments that a script gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.errors import Text, text
from engine.fields import Params
from engine.foreign.source import write_arguments
from engine.formats.keras_files.legacy import CLASSES, modern
from engine.formats.keras_files.values import known_object, parameters, policy, says_nothing
from engine.formats.python_custom import CUSTOM
from engine.formats.python_reading.names import member
from engine.formats.python_reading.signatures import positional
from engine.formats.python_reading.things import (
    Layer,
    Lines,
    Made,
    Path,
    Refused,
    Severity,
    Unknown,
)
from engine.graph.calls import PICK
from engine.graph.commands import name_problem
from engine.graph.document import Network
from engine.layers import LAYERS
from engine.layers.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS

Tell = Callable[[Text, Severity], None]

REGISTRIES = {
    "initializers": INITIALIZERS,
    "regularizers": REGULARIZERS,
    "constraints": CONSTRAINTS,
}
# What changes the learning rate while training, with its first arguments.
SCHEDULES: dict[str, tuple[str, ...]] = {
    "ExponentialDecay": ("initial_learning_rate", "decay_steps", "decay_rate", "staircase"),
    "InverseTimeDecay": ("initial_learning_rate", "decay_steps", "decay_rate", "staircase"),
    "PolynomialDecay": (
        *("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle"),
    ),
    "PiecewiseConstantDecay": ("boundaries", "values"),
    "CosineDecay": ("initial_learning_rate", "decay_steps", "alpha"),
    "CosineDecayRestarts": (
        *("initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha"),
    ),
}
# No argument of a layer has more numbers than this.
LARGEST_VALUE = 1000
# Layers that activations can be given as, with what makes them equal to the function.
_AS_ACTIVATION = {
    "ReLU": "relu",
    "ELU": "elu",
    "Softmax": "softmax",
    "PReLU": "",
}
_SHAPES = ("input_shape", "batch_input_shape", "batch_shape")
# What no drawing knows, whatever its value.
_LEFT_OUT = ("dtype", "return_state", "stateful", "sparse", "weights")


def make_layer(
    kind: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    lines: Lines,
    tell: Tell,
    opaque: Mapping[str, str] | None,
) -> Layer:
    """Make a layer of a class and its arguments.

    Args:
        kind: The class as the script names it.
        args: Arguments without names.
        kwargs: Arguments with names.
        lines: Where it is made.
        tell: Takes what does not fit.
        opaque: Classes that are kept though the catalog does not know them, with the keys of
            their nodes; None keeps any.
    """
    key = CLASSES.get(kind, kind)
    spec = LAYERS.find(key)
    if spec is None or spec.function or spec.hidden or spec.key == PICK:
        return unknown_layer(kind, kwargs, lines, tell, opaque)
    config = named(kind, positional(kind, key), args, kwargs)
    name = layer_name(config.pop("name", None), tell)
    values = argument_values(config, kind, tell)
    shape = _sample_shape(spec.key, values)
    if spec.key == "GRU":
        values.setdefault("reset_after", True)
    if spec.key == "RNN" and isinstance(values.get("cell"), list):
        cells = {"cells": values["cell"]}
        values["cell"] = {"class_name": "StackedRNNCells", "config": cells}
    old, values = modern(kind, values)
    for argument in (*spec.own, *spec.in_call):
        if values.pop(argument, None) is not None:
            unheard = text("{layer} has no parameter “{name}”.", layer=spec.key, name=argument)
            tell(unheard, "error")
    params, left = parameters(spec, values, (), exact=True)
    for argument, value in left.items():
        if argument not in _LEFT_OUT:
            unheard = text("{layer} has no parameter “{name}”.", layer=spec.key, name=argument)
            tell(unheard, "error")
            continue
        sentence = text(
            "{layer}: {name} = {value} has no counterpart here and is left out.",
            layer=spec.key,
            name=argument,
            value=str(value)[:60],
        )
        tell(sentence, "ignored")
    for problem in spec.check(params).values():
        tell(problem, "error")
    return Layer(spec.key, params, name, lines, {"class_name": old, "config": values}, shape)


def make_input(args: Sequence[Any], kwargs: Mapping[str, Any], lines: Lines, tell: Tell) -> Layer:
    """Make an Input of its arguments."""
    config = named("Input", ("shape", "batch_size"), args, kwargs)
    name = layer_name(config.pop("name", None), tell)
    values = argument_values(config, "Input", tell)
    shape = values.get("shape", values.get("input_shape"))
    if shape is None and config.keys() - values.keys():
        shape = []  # It is there, and has been told to be unknown.
    for argument in ("batch_shape", "batch_input_shape"):
        if isinstance(values.get(argument), list):
            shape = values[argument][1:]
    spec = LAYERS.get("Input")
    params: Params = {"shape": shape}
    dtype = policy(values.get("dtype"))
    if dtype is not None:
        params["dtype"] = dtype
    for argument in values:
        if argument not in (*_SHAPES, "shape", "batch_size", "dtype", "sparse", "ragged"):
            raise Refused(text("{layer} has no parameter “{name}”.", layer="Input", name=argument))
    for problem in spec.check(params).values():
        tell(problem, "error")
    return Layer("Input", spec.trim(params), name, lines, shape=shape)


def make_object(module: str, kind: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Made:
    """Make an object of Keras that is no layer."""
    registry = REGISTRIES.get(module)
    if registry is None:
        names = SCHEDULES.get(kind, ("learning_rate",)) if module == "optimizers" else ()
        return Made(module, kind, named(kind, names, args, kwargs))
    key = known_object(registry, kind)
    if key is None:
        raise Refused(text("There is no {kind} called “{key}”.", kind=registry.kind, key=kind))
    spec = registry.get(key)
    config = named(kind, tuple(spec.fields), args, kwargs)
    for name in config:
        if name not in (*spec.fields, "name"):
            raise Refused(text("{layer} has no parameter “{name}”.", layer=kind, name=name))
    return Made(module, spec.keras, config)


def argument_values(config: Mapping[str, Any], of: str, tell: Tell) -> dict[str, Any]:
    """Return arguments as files of Keras have them; what is not known is told and left out."""
    found: dict[str, Any] = {}
    for name, value in config.items():
        try:
            found[name] = keras_value(value, name, of)
        except Refused as refused:
            if refused.message is not None:
                tell(refused.message, "error")
    return found


def keras_value(value: Any, name: str, of: str) -> Any:
    """Return an argument as files of Keras have it.

    Args:
        value: What the script gives.
        name: Name of the argument.
        of: What it is given to, for sentences.

    Raises:
        Refused: Only running the script would show it.
    """
    if isinstance(value, Path):
        module, last = member(value.name)
        if module in ("activations", *REGISTRIES):
            return last
    elif isinstance(value, Made):
        config = {key: keras_value(item, key, value.kind) for key, item in value.config.items()}
        return {"class_name": value.kind, "config": config}
    elif isinstance(value, Layer):
        return _held(value, name)
    elif isinstance(value, (list, tuple)):
        if _weight(value) <= LARGEST_VALUE:
            return [keras_value(item, name, of) for item in value]
    elif value is None or isinstance(value, (bool, int, float, str)):
        return value
    elif isinstance(value, Unknown) and value.reason is None:
        raise Refused(None)
    reason = value.reason if isinstance(value, Unknown) else None
    raise Refused(
        text("{layer}: {name} is not known: {reason}", layer=of, name=name, reason=reason)
        if reason is not None
        else text("{layer}: {name} is nothing that can be read.", layer=of, name=name)
    )


def _held(layer: Layer, name: str) -> Any:
    """Return a layer that is an argument of another."""
    if name.endswith("activation"):
        if layer.kind == "Activation" and layer.params.keys() <= {"activation"}:
            return layer.params.get("activation", "relu")
        if layer.kind in _AS_ACTIVATION and not layer.params:
            return _AS_ACTIVATION[layer.kind] or layer.kind
        raise Refused(
            text("{layer} is no function: let it follow as a layer of its own.", layer=layer.kind)
        )
    if layer.function is not None:
        raise Refused(
            text(
                "{layer} cannot be held by another layer here: use a layer of Keras instead.",
                layer=layer.kind,
            )
        )
    return layer.config


def _weight(value: Any, most: int = LARGEST_VALUE) -> int:
    """Return how many items nested lists hold, or a little more than the most."""
    count, waiting = 0, [value]
    while waiting and count <= most:
        count += 1
        here = waiting.pop()
        if isinstance(here, (list, tuple)):
            if len(here) > most:
                return most + 1
            waiting += here
    return count


def named(
    kind: str, names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all arguments by name.

    Args:
        kind: What is called, for sentences.
        names: Its arguments, as far as they may come without names.
        args: Those that come so.
        kwargs: The others.

    Raises:
        Refused: More come without names than have one here, or one is given twice.
    """
    if len(args) > len(names):
        raise Refused(
            text(
                "{layer}: give argument {number} with its name, as it is not clear which it is.",
                layer=kind,
                number=len(names) + 1,
            )
        )
    given = dict(zip(names, args, strict=False))
    for name in kwargs:
        if name in given:
            raise Refused(text("{layer}: “{name}” is given twice.", layer=kind, name=name))
    return {**given, **kwargs}


def layer_name(value: Any, tell: Tell) -> str:
    """Return the name that a script gives a layer; what is wrong with it is told.

    Raises:
        Refused: It is no text.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(text("The name of a layer must be a text that can be read here."))
    problem = name_problem(Network(), "", value)
    if problem is not None:
        tell(problem, "error")
    return value


def _sample_shape(key: str, values: dict[str, Any]) -> list[Any] | None:
    """Take what old scripts tell of the shape of samples out of the first layer's arguments."""
    shape: list[Any] | None = None
    for name in _SHAPES:
        given = values.pop(name, None)
        if isinstance(given, list):
            shape = given if name == "input_shape" else given[1:]
    length = values.pop("input_length", None)
    if key == "Embedding":
        return shape if shape is not None or length is None else [length]
    width = values.pop("input_dim", None)
    if shape is None and width is not None:
        recurrent = key in ("LSTM", "GRU", "SimpleRNN") or key.endswith("1D")
        shape = [length, width] if recurrent or length is not None else [width]
    return shape


def unknown_layer(
    kind: str, config: Mapping[str, Any], lines: Lines, tell: Tell, opaque: Mapping[str, str] | None
) -> Layer:
    """Keep a layer that the catalog does not know, where that is wanted.

    Args:
        kind: The class as the script names it.
        config: Its arguments, all with names.
        lines: Where it is made.
        tell: Takes what does not fit.
        opaque: As in `make_layer`.

    Raises:
        Refused: It is not wanted.
    """
    if opaque is not None and kind not in opaque:
        raise Refused(text("This version does not know the layer “{layer}”.", layer=kind))
    params: Params = {}
    for argument, value in config.items():
        try:
            params[argument] = keras_value(value, argument, kind)
        except Refused:
            continue  # Functions and the like, which no drawing can hold.
    name = layer_name(params.pop("name", None), tell)
    kept = {key: value for key, value in params.items() if not says_nothing(key, value)}
    key = kind if opaque is None else opaque[kind]
    if key == CUSTOM:
        kept = {"kwargs": write_arguments(kept)} if kept else {}
    return Layer(key, kept, name, lines, opaque=True)
