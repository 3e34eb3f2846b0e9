"""Operators of a file as operations of the catalog, or as a formula where numbers take part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.fields import Params
from engine.formats.keras_files.inbound import Inbound
from engine.formats.keras_files.operator_names import NAMES, SIGNS
from engine.formats.keras_files.rows import saved_name
from engine.formats.keras_files.values import ARRAYS, plain
from engine.formula import FUNCTIONS, INPUTS, Slices, problem_of
from engine.layers import LAYERS
from engine.layers.operation import PREFIX, Operation

# Functions that take places either as a tensor or as numbers, which are operations of their own.
CONSTANT_PLACES = {"take": "take_places"}

# What a layer does with a number for each channel.
_RESCALING = ("add", "subtract", "multiply", "divide")
_ONE_WAY = ("subtract", "divide")


def operation(kind: str, config: Params, call: Inbound, inputs: int) -> tuple[str, Params] | None:
    """Return the catalog's key and the parameters of an operator, or None.

    Args:
        kind: The operator's class in Keras, such as "Mean".
        config: Its arguments that are told with the class.
        call: What it is called with.
        inputs: How many of these are tensors.
    """
    name = saved_name(kind)
    name = NAMES.get(name, name)
    if name == "get_item":
        return _get_item(call)
    call = _with_numbers(call)
    rescaled = _rescaling(name, call) if inputs == 1 else None
    if rescaled is not None:
        return rescaled
    numbers = _numbers(call)
    if numbers and (name in SIGNS or name in FUNCTIONS):
        return _formula(name, numbers, inputs)
    spec = LAYERS.find(PREFIX + (CONSTANT_PLACES.get(name, name) if inputs == 1 else name))
    if spec is None or not issubclass(spec, Operation) or not _fits(spec, inputs):
        return None
    given = {**spec.always, **config}
    given.pop("name", None)
    for key, value in call.arguments.items():
        place = _place(key)
        if place is None:
            given[key] = value
        elif 0 <= place - inputs < len(spec.places):
            given[spec.places[place - inputs]] = value
        elif place < len(spec.before):
            given[spec.before[place]] = value
        else:
            return None
    params = {key: plain(value) for key, value in given.items() if key in spec.fields}
    left = {key: value for key, value in given.items() if key not in spec.fields}
    if any(value is not None and value is not False for value in left.values()):
        return None
    params = spec.trim(params)
    return None if spec.check(params) else (spec.key, params)


def _with_numbers(call: Inbound) -> Inbound:
    """Return a call in which arrays of one number are numbers."""
    given: dict[str, Any] = {}
    for key, value in call.arguments.items():
        held = _array(value)
        given[key] = value if held is None or isinstance(held, list) else held
    return replace(call, arguments=given)


def _rescaling(name: str, call: Inbound) -> tuple[str, Params] | None:
    """Return a sum, difference or product with a number for each channel as a layer."""
    if name not in _RESCALING or len(call.arguments) != 1:
        return None
    ((place, value),) = call.arguments.items()
    numbers = _array(value)
    # A constant comes first in sums and products alone.
    if not isinstance(numbers, list) or (place == "argument 1" and name in _ONE_WAY):
        return None
    spec = LAYERS.get("Rescaling")
    if name == "multiply":
        params: Params = {"scale": numbers, "offset": 0.0}
    elif name == "divide":
        if not all(numbers):
            return None
        params = {"scale": [1 / number for number in numbers], "offset": 0.0}
    else:
        sign = -1 if name == "subtract" else 1
        params = {"scale": 1.0, "offset": [sign * number for number in numbers]}
    return None if spec.check(params) else (spec.key, spec.trim(params))


def _array(value: Any) -> float | list[float] | None:
    """Return an array that a file holds, if it is a number or has one for each channel."""
    held = value.get("config") if isinstance(value, Mapping) else None
    if not isinstance(held, Mapping) or value.get("class_name") not in ARRAYS:
        return None
    numbers = held.get("value")
    while isinstance(numbers, list) and len(numbers) == 1 and isinstance(numbers[0], list):
        numbers = numbers[0]
    if isinstance(numbers, list):
        return numbers if numbers and all(map(_is_number, numbers)) else None
    return numbers if _is_number(numbers) else None


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _fits(spec: type[Operation], inputs: int) -> bool:
    return spec.min_inputs <= inputs and (spec.max_inputs is None or inputs <= spec.max_inputs)


def _place(key: str) -> int | None:
    found = re.fullmatch(r"argument (\d+)", key)
    return int(found.group(1)) - 1 if found else None


def _numbers(call: Inbound) -> dict[int, float]:
    """Return the numbers among the arguments by their places, if there is nothing else."""
    found: dict[int, float] = {}
    for key, value in call.arguments.items():
        place = _place(key)
        if place is None or type(value) not in (int, float):
            return {}
        found[place] = value
    return found


def _formula(name: str, numbers: Mapping[int, float], inputs: int) -> tuple[str, Params] | None:
    letters = iter(INPUTS)
    count = len(numbers) + inputs
    given = [_written(numbers[at]) if at in numbers else next(letters) for at in range(count)]
    if name in SIGNS and count == 2:
        formula = f"{given[0]} {SIGNS[name]} {given[1]}"
    else:
        formula = f"{name}({', '.join(given)})"
    return None if problem_of(formula) else ("Expression", {"formula": formula})


def _written(number: float) -> str:
    return f"({number})" if number < 0 else str(number)


def _get_item(call: Inbound) -> tuple[str, Params] | None:
    key = call.arguments.get("argument 2", call.arguments.get("key"))
    try:
        found = _unwrapped(key)
        # Keras takes a range only among others, if only as “0:2,”.
        words = Slices.write([found] if isinstance(found, slice) else found)
    except ValueError:
        return None
    if Slices.problem(words):
        return None
    return "ops.get_item", LAYERS.get("ops.get_item").trim({"key_text": words})


def _unwrapped(key: Any) -> Any:
    """Return places and ranges, which Keras 3 wraps.

    Raises:
        ValueError: It is something else, such as a tensor.
    """
    if isinstance(key, list):
        return [_unwrapped(item) for item in key]
    if isinstance(key, dict):
        config = key.get("config", {})
        if key.get("class_name") == "__slice__" and isinstance(config, dict):
            return slice(*(config.get(end) for end in ("start", "stop", "step")))
        if key.get("class_name") == "__ellipsis__":
            return Ellipsis
        if {*key} == {"start", "stop", "step"}:  # Of Keras 2.
            return slice(key["start"], key["stop"], key["step"])
        raise ValueError("no places")
    if key is None or type(key) is int:
        return key
    raise ValueError("no places")
