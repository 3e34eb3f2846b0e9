"""Arithmetic and texts of plain values, bounded so that no script can run away."""

from __future__ import annotations

import ast
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
        return bounded(lambda: _numbers(kind, left, right))
    both = type(left) is type(right) and isinstance(left, (str, list, tuple))
    if isinstance(kind, ast.Add) and both:
        check_length(len(left) + len(right))
        return left + right
    if isinstance(kind, ast.Mult):
        if isinstance(right, (str, list, tuple)):
            left, right = right, left
        if isinstance(left, (str, list, tuple)) and isinstance(right, int):
            check_length(len(left) * max(right, 0))
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


def bounded(work: Callable[[], Any]) -> Any:
    """Return a number that is not too large."""
    try:
        value = work()
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Refused(text("This number cannot be computed, or is too large.")) from error
    if isinstance(value, complex) or (isinstance(value, int) and abs(value) > LARGEST_NUMBER):
        raise Refused(text("This number cannot be computed, or is too large."))
    return value


def check_length(length: int) -> None:
    """Refuse what is too long to be followed."""
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
    if isinstance(item, Scalar) and isinstance(among, (list, tuple, dict, set)):
        return any(isinstance(other, Scalar) and other == item for other in among) is wanted
    return NotImplemented


def items(value: Any) -> list[Any]:
    """Return what a loop goes through.

    Raises:
        Refused: It is too long, or nothing that a loop can go through.
    """
    if isinstance(value, (list, tuple, str, range)):
        check_length(len(value))
        return list(value)
    if isinstance(value, Mapping):
        return list(value)
    raise Refused(text("What the loop goes through cannot be read."))


def is_short(values: Iterable[Any]) -> bool:
    """Return whether texts made of some values cannot become long."""
    return all(
        isinstance(value, Scalar) and (not isinstance(value, str) or len(value) <= LONGEST_WORD)
        for value in values
    )


def formatted(value: Any, spec: str) -> Any:
    """Return a value as an f-string shows it; `NotImplemented` where that is not known here."""
    if not is_short([value]) or not _SPEC.fullmatch(spec):
        return NotImplemented
    try:
        return format(value, spec)
    except (ValueError, TypeError, OverflowError):
        return NotImplemented


def percent(template: str, value: Any) -> Any:
    """Return `"conv%d" % 3`."""
    given = value if isinstance(value, tuple) else (value,)
    if "%" in _PERCENT.sub("", template) or not is_short([template, *given]):
        return NotImplemented
    try:
        return template % given
    except (TypeError, ValueError, OverflowError):
        return NotImplemented
