"""Arithmetic and built-in functions on plain values, bounded so that no script can run away."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.errors import text
from engine.formats.python_reading.things import Refused

LARGEST_NUMBER = 2**62
LONGEST = 10_000
LONGEST_WORD = 200
Scalar = (bool, int, float, str, type(None))

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FIELD = re.compile(r"\{\w{0,20}(?::0?\d{0,2}[dsf]?)?\}")
_SPEC = re.compile(r"0?\d{0,2}(?:\.\d{1,2}f|[dsf])?")
_PERCENT = re.compile(r"%0?\d{0,2}[dsi]")


def is_number(value: Any) -> bool:
    """Return whether a value is a plain number."""
    return isinstance(value, (bool, int, float))


def arithmetic(kind: ast.operator, left: Any, right: Any) -> Any:
    """Compute with plain values; `NotImplemented` where that is not known here.

    Raises:
        Refused: The result would be too large, or there is none.
    """
    if is_number(left) and is_number(right):
        return _bounded(lambda: _numbers(kind, left, right))
    both = type(left) is type(right) and isinstance(left, (str, list, tuple))
    if isinstance(kind, ast.Add) and both:
        _check_length(len(left) + len(right))
        return left + right
    if isinstance(kind, ast.Mult):
        if isinstance(right, (str, list, tuple)):
            left, right = right, left
        if isinstance(left, (str, list, tuple)) and isinstance(right, int):
            _check_length(len(left) * max(right, 0))
            return left * right
    if isinstance(kind, ast.Mod) and isinstance(left, str):
        return percent(left, right)
    return NotImplemented


def _numbers(kind: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(kind, ast.Pow):
        if abs(right) > 64 and abs(left) > 1 and isinstance(left, int):
            raise OverflowError
        return left**right
    if isinstance(kind, (ast.LShift, ast.RShift)):
        if not 0 <= right <= 64:
            raise OverflowError
        return left << right if isinstance(kind, ast.LShift) else left >> right
    work = _ARITHMETIC.get(type(kind))
    return work(left, right) if work is not None else NotImplemented


def _bounded(work: Callable[[], Any]) -> Any:
    """Return a number that is not too large."""
    try:
        value = work()
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Refused(text("This number cannot be computed, or is too large.")) from error
    if isinstance(value, complex) or (isinstance(value, int) and abs(value) > LARGEST_NUMBER):
        raise Refused(text("This number cannot be computed, or is too large."))
    return value


def _check_length(length: int) -> None:
    if length > LONGEST:
        raise Refused(text("This list or text is longer than {count}.", count=f"{LONGEST:,}"))


def unary(kind: ast.unaryop, value: Any) -> Any:
    """Return a value with its sign changed, or negated."""
    if isinstance(kind, ast.Not):
        return not value
    if not is_number(value) or isinstance(kind, ast.Invert):
        return NotImplemented
    return -value if isinstance(kind, ast.USub) else +value


def compare(kind: ast.cmpop, left: Any, right: Any) -> Any:
    """Compare plain values; `NotImplemented` where that is not known here."""
    if isinstance(kind, (ast.Is, ast.IsNot)):
        same = left is right if left is None or right is None else NotImplemented
        return same if same is NotImplemented or isinstance(kind, ast.Is) else not same
    if isinstance(kind, (ast.In, ast.NotIn)):
        return _contains(left, right, wanted=isinstance(kind, ast.In))
    if not _comparable(left) or not _comparable(right):
        return NotImplemented
    try:
        return _COMPARISONS[type(kind)](left, right)
    except TypeError:
        return NotImplemented


def _comparable(value: Any) -> bool:
    """Return whether comparing costs next to nothing: no lists in lists."""
    if isinstance(value, (list, tuple)):
        return len(value) <= LONGEST and all(isinstance(item, Scalar) for item in value)
    return isinstance(value, Scalar)


def _contains(item: Any, among: Any, *, wanted: bool) -> Any:
    if isinstance(among, str) and isinstance(item, str):
        return (item in among) is wanted
    if isinstance(among, range) and isinstance(item, int):
        return (item in among) is wanted
    if isinstance(item, Scalar) and isinstance(among, (list, tuple, dict)):
        return any(isinstance(other, Scalar) and other == item for other in among) is wanted
    return NotImplemented


def items(value: Any) -> list[Any]:
    """Return what a loop goes through.

    Raises:
        Refused: It is too long, or nothing that a loop can go through.
    """
    if isinstance(value, (list, tuple, str, range)):
        _check_length(len(value))
        return list(value)
    if isinstance(value, Mapping):
        return list(value)
    raise Refused(text("What the loop goes through cannot be read."))


def _short(values: Iterable[Any]) -> bool:
    """Return whether texts made of some values cannot become long."""
    return all(
        isinstance(value, Scalar) and (not isinstance(value, str) or len(value) <= LONGEST_WORD)
        for value in values
    )


def formatted(value: Any, spec: str) -> Any:
    """Return a value as an f-string shows it; `NotImplemented` where that is not known here."""
    if not _short([value]) or not _SPEC.fullmatch(spec):
        return NotImplemented
    try:
        return format(value, spec)
    except (ValueError, TypeError, OverflowError):
        return NotImplemented


def percent(template: str, value: Any) -> Any:
    """Return `"conv%d" % 3`."""
    given = value if isinstance(value, tuple) else (value,)
    if "%" in _PERCENT.sub("", template) or not _short([template, *given]):
        return NotImplemented
    try:
        return template % given
    except (TypeError, ValueError, OverflowError):
        return NotImplemented


def _format(template: str, *args: Any, **kwargs: Any) -> Any:
    """Return `"conv{}".format(3)`."""
    bare = _FIELD.sub("", template)
    given = [*args, *kwargs.values()]
    if "{" in bare or "}" in bare or not _short([template, *given]):
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


def _sorted(value: Any) -> Any:
    found = items(value)
    if all(map(is_number, found)) or all(isinstance(item, str) for item in found):
        return sorted(found)
    return NotImplemented


def _string(value: Any = "") -> Any:
    return str(value) if isinstance(value, Scalar) else NotImplemented


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, (str, list, tuple, dict, range)) else NotImplemented


def _dict(**kwargs: Any) -> dict[str, Any]:
    return kwargs


def _number(work: Callable[..., Any]) -> Callable[..., Any]:
    def compute(*given: Any) -> Any:
        return work(*given) if all(map(is_number, given)) else NotImplemented

    return compute


BUILTINS: dict[str, Callable[..., Any]] = {
    "range": lambda *given: range(*given),
    "len": _length,
    "int": _whole,
    "float": _real,
    "str": _string,
    "bool": lambda value=False: bool(value),
    "abs": _number(abs),
    "round": _number(round),
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
    "print": lambda *given, **options: None,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f"math.{name}": _number(getattr(math, name)) for name in ("sqrt", "log2", "ceil", "floor")},
    "math.prod": _of_numbers(math.prod),
    "numpy.prod": _of_numbers(math.prod),
    "numpy.sqrt": _number(math.sqrt),
    "numpy.log2": _number(math.log2),
}


def function(name: str) -> Callable[..., Any] | None:
    """Return what a function does that is followed, by its full name; None for others."""
    start, _, last = name.partition(".")
    return BUILTINS.get(last) if start == "builtins" else FUNCTIONS.get(name)


_METHODS: dict[tuple[type, str], Callable[..., Any]] = {
    (str, "format"): _format,
    (str, "lower"): str.lower,
    (str, "upper"): str.upper,
    (dict, "items"): lambda value: [tuple(pair) for pair in value.items()],
    (dict, "keys"): lambda value: list(value),
    (dict, "values"): lambda value: list(value.values()),
    (dict, "get"): lambda value, key, default=None: value.get(key, default),
}


def method(value: Any, name: str, args: Iterable[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a method of a plain value; `NotImplemented` where that is not known here."""
    args = list(args)
    if isinstance(value, list) and not kwargs:
        if name == "append" and len(args) == 1:
            _check_length(len(value) + 1)
            value.append(args[0])
            return None
        if name == "extend" and len(args) == 1:
            more = items(args[0])
            _check_length(len(value) + len(more))
            value.extend(more)
            return None
        if name == "pop" and not args and value:
            return value.pop()
    work = _METHODS.get((type(value), name))
    return run(work, value, *args, **kwargs) if work is not None else NotImplemented


def run(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call one of the functions above with values of a script.

    Raises:
        Refused: They do not suit it.
    """
    try:
        value = work(*args, **kwargs)
    except Refused:
        raise
    except Exception as error:
        raise Refused(text("This number cannot be computed, or is too large.")) from error
    return _bounded(lambda: value) if is_number(value) else value
