"""Built-in functions and methods that are followed, on plain values only."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.errors import text
from engine.formats.python_reading.changing import changed
from engine.formats.python_reading.plain import (
    LARGEST_NUMBER,
    Scalar,
    arithmetic,
    bounded,
    check_length,
    is_number,
    is_short,
    items,
)
from engine.formats.python_reading.things import Refused

_FIELD = re.compile(r"\{\w{0,20}(?::0?\d{0,2}[dsf]?)?\}")


def _format(template: str, *args: Any, **kwargs: Any) -> Any:
    """Return `"conv{}".format(3)`."""
    bare = _FIELD.sub("", template)
    given = [*args, *kwargs.values()]
    if "{" in bare or "}" in bare or not is_short([template, *given]):
        return NotImplemented
    try:
        return template.format(*args, **kwargs)
    except (ValueError, TypeError, IndexError, KeyError, OverflowError):
        return NotImplemented


def _whole(value: Any = 0) -> Any:
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"\s*-?\d{1,18}\s*", value) else NotImplemented
    return int(value) if is_number(value) else NotImplemented


def _real(value: Any = 0.0) -> Any:
    if isinstance(value, str):
        return float(value) if len(value) <= 40 else NotImplemented
    return float(value) if is_number(value) else NotImplemented


def _of_numbers(work: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def compute(*given: Any) -> Any:
        found = items(given[0]) if len(given) == 1 else list(given)
        return work(found) if found and all(map(is_number, found)) else NotImplemented

    return compute


def _enumerate(value: Any, start: Any = 0) -> list[Any]:
    return [tuple(pair) for pair in enumerate(items(value), start)]


def _zip(*values: Any) -> list[Any]:
    return list(zip(*map(items, values), strict=False))


def _sorted(value: Any, *, key: Any = None, reverse: Any = False) -> Any:
    found = items(value)
    plain = all(map(is_number, found)) or all(isinstance(item, str) for item in found)
    return sorted(found, reverse=bool(reverse)) if plain and key is None else NotImplemented


def _range(*given: Any) -> Any:
    if not all(isinstance(value, int) for value in given):
        return NotImplemented
    numbers = range(*given)
    # Python counts no further: `len` of a longer one would fail wherever it is asked.
    if numbers and (numbers[-1] - numbers[0]) // numbers.step >= LARGEST_NUMBER:
        raise OverflowError
    return numbers


def _round(value: Any, digits: Any = None) -> Any:
    # Other digits take a power of ten as long as they say.
    if not is_number(value) or not (digits is None or digits in range(-20, 21)):
        return NotImplemented
    return round(value, digits)


def _string(value: Any = "") -> Any:
    return str(value) if isinstance(value, Scalar) else NotImplemented


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, (str, list, tuple, dict, range, set)) else NotImplemented


def _set(value: Any = ()) -> Any:
    found = items(value)
    return set(found) if all(isinstance(item, Scalar) for item in found) else NotImplemented


def _power(base: Any, exponent: Any) -> Any:
    return arithmetic(ast.Pow(), base, exponent)


def _of_text(work: Callable[..., Any]) -> Callable[..., Any]:
    def compute(*given: Any) -> Any:
        return work(*given) if is_short(given) else NotImplemented

    return compute


def _join(between: str, parts: Any) -> Any:
    found = items(parts)
    if not all(isinstance(part, str) for part in found):
        return NotImplemented
    check_length(sum(len(part) + len(between) for part in found))
    return between.join(found)


def _dict(**kwargs: Any) -> dict[str, Any]:
    return kwargs


def _number(work: Callable[..., Any]) -> Callable[..., Any]:
    def compute(*given: Any) -> Any:
        return work(*given) if all(map(is_number, given)) else NotImplemented

    return compute


BUILTINS: dict[str, Callable[..., Any]] = {
    "range": _range,
    "len": _length,
    "int": _whole,
    "float": _real,
    "str": _string,
    "bool": lambda value=False: bool(value),
    "abs": _number(abs),
    "round": _round,
    "min": _of_numbers(min),
    "max": _of_numbers(max),
    "sum": _of_numbers(sum),
    "list": lambda value=(): items(value),
    "tuple": lambda value=(): tuple(items(value)),
    "sorted": _sorted,
    "reversed": lambda value: items(value)[::-1],
    "enumerate": _enumerate,
    "zip": _zip,
    "dict": _dict,
    "set": _set,
    "pow": _power,
    "print": lambda *given, **options: None,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f"math.{name}": _number(getattr(math, name)) for name in ("sqrt", "log2", "ceil", "floor")},
    "math.prod": _of_numbers(math.prod),
    "numpy.prod": _of_numbers(math.prod),
    "numpy.sqrt": _number(math.sqrt),
    "numpy.log2": _number(math.log2),
    "numpy.float32": _real,
    "numpy.float64": _real,
}


def function(name: str) -> Callable[..., Any] | None:
    """Return what a function does that is followed, by its full name; None for others."""
    start, _, last = name.partition(".")
    return BUILTINS.get(last) if start == "builtins" else FUNCTIONS.get(name)


_METHODS: dict[tuple[type, str], Callable[..., Any]] = {
    (str, "format"): _format,
    (str, "lower"): str.lower,
    (str, "upper"): str.upper,
    (str, "join"): _join,
    **{
        (str, name): _of_text(getattr(str, name))
        for name in (
            *("split", "strip", "lstrip", "rstrip", "replace", "startswith", "endswith"),
            *("title", "capitalize", "removeprefix", "removesuffix", "isdigit"),
        )
    },
    (dict, "items"): lambda value: [tuple(pair) for pair in value.items()],
    (dict, "keys"): lambda value: list(value),
    (dict, "values"): lambda value: list(value.values()),
    (dict, "get"): lambda value, key, default=None: value.get(key, default),
}

# Methods that leave a list or a dictionary as it is, whatever they are given.
LOOKING = frozenset({"items", "keys", "values", "get", "copy", "index", "count"})


def method(value: Any, name: str, args: Iterable[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a method of a plain value; `NotImplemented` where that is not known here."""
    args = list(args)
    work = _METHODS.get((type(value), name))
    if work is None:
        return changed(value, name, args, kwargs)
    return run(work, value, *args, **kwargs)


def run(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call one of the functions above with values of a script.

    Returns:
        What it gives; `NotImplemented` where it takes other arguments.

    Raises:
        Refused: There is no such value, or it is too large.
    """
    try:
        value = work(*args, **kwargs)
    except (TypeError, LookupError):
        return NotImplemented
    except (ArithmeticError, ValueError) as error:
        raise Refused(text("This number cannot be computed, or is too large.")) from error
    return bounded(lambda: value) if is_number(value) else value
