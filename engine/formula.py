"""Formulas that people type, read without ever being executed as Python.

`Formula` is arithmetic on tensors, such as `a * sigmoid(b) + 1`; `Slices` is what stands between
the brackets of `x[:, 0, 1:3]`. Both are parsed, checked against a short list of what is allowed,
and then walked.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from engine.errors import NetloomError, Text, text

LONGEST = 1_000
MOST_PARTS = 300
# The inputs by their ports; x is another name of the first.
INPUTS = "abcdefghijklmnopqrstuvw"

_OPERATORS: dict[type[ast.AST], tuple[str, Callable[..., Any]]] = {
    ast.Add: ("add", operator.add),
    ast.Sub: ("subtract", operator.sub),
    ast.Mult: ("multiply", operator.mul),
    ast.Div: ("divide", operator.truediv),
    ast.FloorDiv: ("floor_divide", operator.floordiv),
    ast.Mod: ("mod", operator.mod),
    ast.Pow: ("power", operator.pow),
    ast.MatMult: ("matmul", operator.matmul),
    ast.Gt: ("greater", operator.gt),
    ast.GtE: ("greater_equal", operator.ge),
    ast.Lt: ("less", operator.lt),
    ast.LtE: ("less_equal", operator.le),
    ast.Eq: ("equal", operator.eq),
    ast.NotEq: ("not_equal", operator.ne),
}
# Functions of keras.ops by how many arguments they take.
FUNCTIONS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(
        (
            "abs", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "square",
            "reciprocal", "sign", "floor", "ceil", "round", "sin", "cos", "tan", "arcsin",
            "arccos", "arctan", "sinh", "cosh", "erf", "relu", "sigmoid", "tanh", "softplus",
            "softsign", "silu", "gelu", "elu", "selu", "relu6", "hard_sigmoid", "isnan",
            "stop_gradient",
        ),
        (1,),
    ),
    **dict.fromkeys(("mean", "sum", "max", "min", "prod", "std", "var", "softmax"), (1, 2)),
    **dict.fromkeys(("maximum", "minimum", "arctan2", "matmul", "power"), (2,)),
    **dict.fromkeys(("clip", "where"), (3,)),
}  # fmt: skip
# Of these the second argument is an axis, which is no tensor.
REDUCING = ("mean", "sum", "max", "min", "prod", "std", "var", "softmax")
_CONSTANTS = {"pi": 3.141592653589793, "e_": 2.718281828459045}
# Python would take minutes, and gigabytes, for 9 ** 9 ** 9.
_LARGEST = 1e30


class FormulaProblem(NetloomError):
    """A formula cannot be read, or not be computed with these inputs."""


@dataclass(frozen=True)
class Formula:
    """A formula that has been read and found harmless.

    Attributes:
        tree: Its expression.
        names: The inputs that it uses, in the order of their ports.
    """

    tree: ast.expr
    names: tuple[str, ...]

    @classmethod
    def parse(cls, words: str) -> Formula:
        """Read a formula.

        Raises:
            FormulaProblem: It is none, or uses what is not allowed.
        """
        tree = _expression(words)
        used: set[str] = set()
        _check(tree, used)
        return cls(tree, tuple(name for name in INPUTS if name in used))

    def inputs(self) -> int:
        """Return how many inputs it needs."""
        return INPUTS.index(self.names[-1]) + 1 if self.names else 0

    def apply(self, keras: ModuleType, tensors: Sequence[Any]) -> Any:
        """Compute it.

        Args:
            keras: The module, handed in.
            tensors: One for each input, in the order of ports.

        Raises:
            FormulaProblem: It needs more inputs.
        """
        if self.inputs() > len(tensors):
            raise FormulaProblem(
                "The formula uses “{name}”, but there are only {count} inputs.",
                name=self.names[-1],
                count=len(tensors),
            )
        values = dict(zip(INPUTS, tensors, strict=False))
        return _compute(self.tree, values, keras)

    def code(self, names: Sequence[str]) -> str:
        """Write it as Python code with `keras.ops`, with other names for its inputs."""
        renamed = _Written(dict(zip(INPUTS, names, strict=False))).visit(
            ast.parse(ast.unparse(self.tree), mode="eval")
        )
        return ast.unparse(renamed)


def problem_of(words: Any) -> Text | None:
    """Return what is wrong with a formula, or None."""
    try:
        found = Formula.parse(words)
    except FormulaProblem as error:
        return error.text
    return None if found.names else text("The formula uses no input: name one, such as a.")


def _expression(words: Any) -> ast.expr:
    if not isinstance(words, str) or not words.strip() or len(words) > LONGEST:
        raise FormulaProblem("Type a formula of up to {most} signs.", most=LONGEST)
    try:
        tree = ast.parse(words.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaProblem(
            "“{formula}” is no formula: write it as in Python, such as a * 2 + 1.",
            formula=words[:60],
        ) from error
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS:
        raise FormulaProblem("The formula is too long: split it over several Expression layers.")
    return tree


def _check(tree: ast.expr, used: set[str]) -> None:
    """Refuse everything but arithmetic; collects the inputs that are used."""
    match tree:
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS:
            _check(left, used)
            _check(right, used)
            _folded(tree)
        case ast.UnaryOp(ast.USub() | ast.UAdd(), operand):
            _check(operand, used)
        case ast.Compare(left, [op], [right]) if type(op) in _OPERATORS:
            _check(left, used)
            _check(right, used)
        case ast.Constant(int() | float() as value) if abs(value) < _LARGEST:
            pass
        case ast.Name(name) if name in INPUTS or name in ("x", *_CONSTANTS):
            if name not in _CONSTANTS:
                used.add("a" if name == "x" else name)
        case ast.Call(ast.Name(name), arguments, []) if name in FUNCTIONS:
            _check_call(name, arguments, used)
        case ast.Call(ast.Name(name), _, _) if name not in FUNCTIONS:
            raise FormulaProblem(
                "There is no function “{name}” in formulas; there are {known}.",
                name=name,
                known=", ".join(FUNCTIONS),
            )
        case _:
            raise FormulaProblem(
                "“{part}” does not belong in a formula: use numbers, the inputs a, b, c …,"
                " + - * / **, comparisons and functions.",
                part=ast.unparse(tree)[:60],
            )


def _check_call(name: str, arguments: list[ast.expr], used: set[str]) -> None:
    if len(arguments) not in FUNCTIONS[name]:
        raise FormulaProblem(
            "{name} takes {count} arguments.",
            name=name,
            count=" / ".join(map(str, FUNCTIONS[name])),
        )
    if name in REDUCING and len(arguments) == 2:
        if not isinstance(_number(arguments[1]), int):
            raise FormulaProblem(
                "{name}: the second argument is an axis, a whole number.", name=name
            )
        arguments = arguments[:1]
    for argument in arguments:
        _check(argument, used)


def _number(tree: ast.expr) -> float | int | None:
    """Return a number, with or without a sign, or None."""
    match tree:
        case ast.Constant(value) if type(value) in (int, float):
            return value  # type: ignore[return-value]
        case ast.UnaryOp(ast.USub(), ast.Constant(value)) if type(value) in (int, float):
            return -value  # type: ignore[operator, return-value]
    return None


def _compute(tree: ast.expr, values: Mapping[str, Any], keras: ModuleType) -> Any:
    match tree:
        case ast.BinOp(left, op, right) | ast.Compare(left, [op], [right]):
            pair = _compute(left, values, keras), _compute(right, values, keras)
            name, plain = _OPERATORS[type(op)]
            if all(isinstance(value, (int, float)) for value in pair):
                return _plain(plain, *pair)
            return getattr(keras.ops, name)(*pair)
        case ast.UnaryOp(op, operand):
            value = _compute(operand, values, keras)
            return -value if isinstance(op, ast.USub) else value
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return _CONSTANTS[name] if name in _CONSTANTS else values["a" if name == "x" else name]
        case ast.Call(ast.Name(name), arguments):
            given = [_compute(argument, values, keras) for argument in arguments]
            return getattr(keras.ops, name)(*given)
    raise AssertionError("checked before")  # pragma: no cover


def _plain(function: Callable[..., Any], left: float, right: float) -> float:
    """Compute with numbers alone; floats do not grow without end."""
    try:
        result: Any = function(float(left), float(right))
    except (ArithmeticError, TypeError, ValueError) as error:
        raise FormulaProblem("The numbers of the formula cannot be computed.") from error
    # A root of a negative number is complex.
    if not isinstance(result, (int, float)) or not math.isfinite(result):
        raise FormulaProblem("The numbers of the formula cannot be computed.")
    return float(result)


def _folded(tree: ast.expr) -> float | None:
    """Return what numbers alone come to; None where inputs or functions take part.

    Raises:
        FormulaProblem: They cannot be computed.
    """
    match tree:
        case ast.BinOp(left, op, right):
            pair = _folded(left), _folded(right)
            return None if None in pair else _plain(_OPERATORS[type(op)][1], *pair)  # type: ignore[arg-type]
        case ast.UnaryOp(op, operand):
            value = _folded(operand)
            return -value if value is not None and isinstance(op, ast.USub) else value
        case ast.Constant(int() | float() as value):
            return value
        case ast.Name(name):
            return _CONSTANTS.get(name)
    return None


class _Written(ast.NodeTransformer):
    """Puts variables in the place of inputs, and `keras.ops` before functions.

    Powers of numbers alone are written as the number that they are here: Python, which computes
    with whole numbers of any length, might come to no end.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        value = _folded(node) if isinstance(node.op, ast.Pow) else None
        if value is None:
            return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))
        number = ast.Constant(abs(value))
        return number if value >= 0 else ast.UnaryOp(ast.USub(), number)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in _CONSTANTS:
            return ast.Constant(_CONSTANTS[node.id])
        name = "a" if node.id == "x" else node.id
        return ast.Name(self._names.get(name, name))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        function = ast.Attribute(ast.Attribute(ast.Name("keras"), "ops"), node.func.id)
        return ast.Call(function, [self.visit(argument) for argument in node.args], [])


class Slices:
    """Places and ranges between the brackets of `x[:, 0, 1:3]`."""

    @staticmethod
    def parse(words: Any) -> Any:
        """Return what Python would make of it.

        Raises:
            FormulaProblem: It is something else than numbers and ranges.
        """
        tree = _expression(f"x[{words}]" if isinstance(words, str) else words)
        # “0] + x[1” would close the bracket itself, and “0] # ” hide the one that is put there.
        if not isinstance(tree, ast.Subscript) or not isinstance(tree.value, ast.Name):
            raise _no_slices(words)
        if "#" in words or "\n" in words:
            raise _no_slices(words)
        items = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        found = tuple(_slice(item, words) for item in items)
        return found if isinstance(tree.slice, ast.Tuple) else found[0]

    @classmethod
    def problem(cls, words: Any) -> Text | None:
        """Return what is wrong, or None."""
        try:
            cls.parse(words)
        except FormulaProblem as error:
            return error.text
        return None

    @classmethod
    def write(cls, key: Any) -> str:
        """Write places and ranges as people type them; the reverse of `parse`."""
        if isinstance(key, (list, tuple)):
            items = ", ".join(map(cls.write, key))
            return items if len(key) != 1 else f"{items},"
        if isinstance(key, slice):
            ends = f"{_end(key.start)}:{_end(key.stop)}"
            return ends if key.step is None else f"{ends}:{key.step}"
        return "..." if key is Ellipsis else str(key)


def _end(value: int | None) -> str:
    return "" if value is None else str(value)


def _slice(tree: ast.expr, words: str) -> Any:
    match tree:
        case ast.Slice(lower, upper, step):
            return slice(*(_place(end, words) for end in (lower, upper, step)))
        case ast.Constant(value) if value is Ellipsis:
            return Ellipsis
    return _place(tree, words)


def _place(tree: ast.expr | None, words: str) -> int | None:
    if tree is None or (isinstance(tree, ast.Constant) and tree.value is None):
        return None
    number = _number(tree)
    if not isinstance(number, int) or abs(number) > 2**31:
        raise _no_slices(words)
    return number


def _no_slices(words: Any) -> FormulaProblem:
    return FormulaProblem(
        "“{places}” names no places: write numbers and ranges with commas, such as :, 0, 1:3.",
        places=str(words)[:60],
    )
