"""Bytecode that computes in a straight line, written as a formula."""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.foreign.bytecode import Decoded
from engine.formula import FUNCTIONS, INPUTS, problem_of

# Where functions of tensors live, by the names that scripts give these places.
ROOTS = ("K", "ops", "tf", "keras", "tensorflow", "backend")
PLACES = ("keras", "ops", "backend", "math", "nn", "activations", "experimental", "numpy")
# What other libraries call functions of `keras.ops`.
SAME = {
    "reduce_mean": "mean",
    "reduce_sum": "sum",
    "reduce_max": "max",
    "reduce_min": "min",
    "reduce_prod": "prod",
    "pow": "power",
    "swish": "silu",
    "absolute": "abs",
    "negative": "-",
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "matmul": "matmul",
    "dot": "",
}
SIGNS = ("+", "-", "*", "/", "//", "%", "**", "@")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
REDUCING = ("mean", "sum", "max", "min", "prod", "std", "var", "softmax")
# From 3.12 on LOAD_ATTR tells by a bit whether what it loads is going to be called.
METHODS_BY_BIT = sys.version_info >= (3, 12)
SKIPPED = ("RESUME", "NOP", "PRECALL", "COPY_FREE_VARS", "CACHE")


class NotStraight(Exception):
    """The code does something that no formula can."""


@dataclass(frozen=True)
class _Place:
    """A module, a function in it, or a method that is not called yet."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class _Inputs:
    """The list of several inputs."""


_NULL = object()


def formula_of(
    decoded: Decoded,
    inputs: int,
    given: Mapping[str, Any],
    free: Sequence[Any] = (),
) -> str | None:
    """Return the formula that a function computes, or None.

    Args:
        decoded: The function.
        inputs: How many tensors its layer takes.
        given: Values of arguments besides the first.
        free: Values of what it takes from around it, in the order of `decoded.free`.
    """
    if not decoded.suits or not decoded.steps or not decoded.arguments:
        return None
    work = _Walk(decoded, inputs, given, dict(zip(decoded.free, free, strict=False)))
    try:
        found = work.walk()
    except (NotStraight, IndexError):
        return None
    # Without the brackets that arithmetic does not need.
    return ast.unparse(ast.parse(found, mode="eval")) if problem_of(found) is None else None


class _Walk:
    """Follows instructions with texts in the place of values."""

    def __init__(
        self, decoded: Decoded, inputs: int, given: Mapping[str, Any], free: Mapping[str, Any]
    ) -> None:
        self._steps = decoded.steps
        first = decoded.arguments[0]
        self._values: dict[str, Any] = {
            name: _number(given[name]) for name in decoded.arguments[1:] if name in given
        }
        self._values[first] = INPUTS[0] if inputs == 1 else _Inputs()
        self._free = free
        self._inputs = inputs
        self._stack: list[Any] = []
        self._words: tuple[str, ...] = ()

    def walk(self) -> str:
        """Return the formula."""
        for name, argument, value, spelling in self._steps:
            if name in SKIPPED:
                continue
            if name == "RETURN_VALUE":
                return self._text(self._stack.pop())
            self._step(name, argument, value, spelling)
        raise NotStraight

    def _step(self, name: str, argument: int | None, value: Any, spelling: str) -> None:
        stack = self._stack
        if name in ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_BORROW"):
            stack.append(self._local(value))
        elif name == "STORE_FAST":
            self._values[str(value)] = stack.pop()
        elif name in ("LOAD_CONST", "LOAD_SMALL_INT"):
            stack.append(_number(value, strict=False))
        elif name == "LOAD_DEREF":
            stack.append(_number(self._free.get(str(value))))
        elif name == "BINARY_OP" and spelling == "[]":
            self._index()
        elif name == "BINARY_OP":
            self._join(spelling, SIGNS)
        elif name == "COMPARE_OP":
            self._join(str(value), COMPARISONS)
        elif name == "BINARY_SUBSCR":
            self._index()
        elif name == "UNARY_NEGATIVE":
            stack.append(f"(-{self._text(stack.pop())})")
        else:
            self._step_of_call(name, argument, value)

    def _step_of_call(self, name: str, argument: int | None, value: Any) -> None:
        stack = self._stack
        if name == "PUSH_NULL":
            stack.append(_NULL)
        elif name == "LOAD_GLOBAL":
            # How a call is told from a value has changed with each version.
            place = _Place((str(value),))
            stack += [_NULL, place] if (argument or 0) & 1 else [place]
        elif name in ("LOAD_ATTR", "LOAD_METHOD"):
            holder = stack.pop()
            if not isinstance(holder, _Place):
                raise NotStraight
            place = _Place((*holder.words, str(value)))
            method = name == "LOAD_METHOD" or (METHODS_BY_BIT and bool((argument or 0) & 1))
            stack += [_NULL, place] if method else [place]
        elif name == "KW_NAMES":
            self._words = _names(value)
        elif name in ("CALL", "CALL_KW"):
            if name == "CALL_KW":
                self._words = _names(self._stack.pop())
            self._call(argument or 0)
        else:
            raise NotStraight

    def _local(self, name: Any) -> Any:
        if name not in self._values:
            raise NotStraight
        return self._values[name]

    def _join(self, sign: str, known: Sequence[str]) -> None:
        right, left = self._text(self._stack.pop()), self._text(self._stack.pop())
        if sign not in known:
            raise NotStraight
        self._stack.append(f"({left} {sign} {right})")

    def _index(self) -> None:
        place, holder = self._stack.pop(), self._stack.pop()
        if not isinstance(holder, _Inputs) or not str(place).strip("()-").isdigit():
            raise NotStraight
        number = int(str(place).strip("()"))
        if not -self._inputs <= number < self._inputs <= len(INPUTS):
            raise NotStraight
        self._stack.append(INPUTS[number % self._inputs])

    def _call(self, count: int) -> None:
        stack = self._stack
        items = [stack.pop() for _ in range(count)][::-1]
        words, self._words = self._words, ()
        pair = [stack.pop(), stack.pop()]
        callee = next((item for item in pair if isinstance(item, _Place)), None)
        if callee is None or not any(item is _NULL for item in pair):
            raise NotStraight
        by_name = dict(zip(words, items[len(items) - len(words) :], strict=True))
        by_place = [self._text(item) for item in items[: len(items) - len(words)]]
        stack.append(_called(_function(callee.words), by_place, by_name))

    @staticmethod
    def _text(value: Any) -> str:
        if not isinstance(value, str):
            raise NotStraight
        return value


def _number(value: Any, *, strict: bool = True) -> Any:
    """Return a number as a formula has it; other constants stay what they are."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        if strict:
            raise NotStraight
        return {"constant": value}
    return repr(value) if value >= 0 else f"({value!r})"


def _names(value: Any) -> tuple[str, ...]:
    """Return the names of arguments of a call."""
    held = value.get("constant", value) if isinstance(value, dict) else value
    if isinstance(held, dict) and isinstance(held.get("tuple"), list):
        return tuple(map(str, held["tuple"]))
    raise NotStraight


def _function(words: tuple[str, ...]) -> str:
    """Return the name in `keras.ops` of a function of any library."""
    if words == ("abs",):
        return "abs"
    if len(words) < 2 or words[0] not in ROOTS or any(w not in PLACES for w in words[1:-1]):
        raise NotStraight
    return SAME.get(words[-1], words[-1])


def _called(name: str, given: list[str], named: dict[str, Any]) -> str:
    if name in SIGNS and not named:
        if len(given) == 2:
            return f"({given[0]} {name} {given[1]})"
        if len(given) == 1 and name == "-":
            return f"(-{given[0]})"
    axis = named.pop("axis", None)
    if isinstance(axis, str) and name in REDUCING and len(given) == 1:
        given = [*given, axis.strip("()")]
    elif axis is not None:
        raise NotStraight
    if name == "softmax" and len(given) == 1:
        given = [*given, "-1"]
    if named or name not in FUNCTIONS or len(given) not in FUNCTIONS[name]:
        raise NotStraight
    return f"{name}({', '.join(given)})"
