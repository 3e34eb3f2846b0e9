"""Arithmetic on tensors that a script writes out: it grows into one formula."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Text, text
from engine.formats.python_reading.plain import is_number
from engine.formats.python_reading.things import Lines, Tensor
from engine.formula import INPUTS, LONGEST, MOST_PARTS, Formula, FormulaProblem

Make = Callable[[list[ast.expr]], ast.expr]
_NAMES = {math.pi: "pi", math.e: "e_"}
_SIGNS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub, ast.UAdd)
_COMPARED = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq)
_PLAIN = (ast.BinOp, ast.UnaryOp, *_SIGNS, *_COMPARED)
_ALLOWED = (*_SIGNS, *_COMPARED, ast.MatMult)
# No formula holds numbers of more digits without being looked at.
_LARGE = 1e15
_TENSOR = re.compile(r"\btensor_\d+_\d+\b")


@dataclass(frozen=True, eq=False)
class Formed:
    """Arithmetic that may still grow; it becomes a layer where nothing more is computed with it.

    Attributes:
        tree: The formula, with a placeholder for each tensor.
        tensors: The tensors by their placeholders; none where it is a function of numbers alone.
        lines: Where it stands.
        alone: Makes the layer that it is by itself; None where only a formula says it.
        parts: How many parts its syntax has.
        length: How many signs it has at most.
    """

    tree: ast.expr
    tensors: Mapping[str, Tensor]
    lines: Lines
    alone: Callable[[], Any] | None = None
    parts: int = 0
    length: int = 0

    def written(self) -> tuple[str, list[Tensor]]:
        """Return the formula with its inputs a, b, c in the order in which they occur."""
        words = ast.unparse(self.tree)
        found = list(dict.fromkeys(_TENSOR.findall(words)))
        letters = dict(zip(found, INPUTS, strict=False))
        renamed = _TENSOR.sub(lambda name: letters.get(name[0], name[0]), words)
        return renamed, [self.tensors[name] for name in found]

    def problem(self) -> Text | None:
        """Return why it cannot be one formula, or None.

        It is written and read only where its size leaves that open: it grows step by step.
        """
        if len(self.tensors) > len(INPUTS):
            return text("A formula takes no more than {count} tensors.", count=len(INPUTS))
        if self.parts > MOST_PARTS:
            return text("This is too long for one formula: compute it in several lines.")
        if self.length <= LONGEST:
            return None
        try:
            Formula.parse(self.written()[0])
        except FormulaProblem as problem:
            return problem.text
        return None


class _Named(ast.NodeTransformer):
    """Writes numbers that have names in formulas by these."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return _number(node.value, None)


def is_part(value: Any) -> bool:
    """Return whether a value is a tensor, or computed from tensors."""
    return isinstance(value, (Tensor, Formed))


def can_stand(value: Any) -> bool:
    """Return whether a value can stand in a formula."""
    return is_part(value) or is_number(value)


def form(
    make: Make,
    values: Sequence[Any],
    nodes: Sequence[ast.expr | None],
    lines: Lines,
    alone: Callable[[], Any] | None,
) -> Formed:
    """Join values into a formula.

    Args:
        make: Makes the expression of its parts.
        values: Tensors, formulas and numbers.
        nodes: How the script writes them, so that numbers stay as they are written.
        lines: Where it stands.
        alone: Makes the layer that it is by itself.
    """
    tensors: dict[str, Tensor] = {}
    parts: list[ast.expr] = []
    count = length = 0
    for value, node in zip(values, nodes, strict=True):
        if isinstance(value, Formed):
            tensors |= value.tensors
            parts.append(value.tree)
            count, length = count + value.parts, length + value.length
        elif isinstance(value, Tensor):
            name = f"tensor_{value.call}_{value.index}"
            tensors[name] = value
            parts.append(ast.Name(name, ast.Load()))
            count, length = count + 2, length + 1
        else:
            number = _number(value, node)
            parts.append(number)
            single = isinstance(number, ast.Constant)
            count += 1 if single else sum(1 for _ in ast.walk(number))
            written = repr(value) if single else ast.unparse(number)
            length += len(written) if abs(value) < _LARGE else LONGEST
    tree = make(parts)
    return Formed(tree, tensors, lines, alone, count + _own_parts(tree), length + _own_length(tree))


def _own_parts(tree: ast.expr) -> int:
    """Return how many parts an expression has besides those that it joins."""
    return 3 if isinstance(tree, ast.Call) else 2


def _own_length(tree: ast.expr) -> int:
    """Return how many signs an expression has at most besides those that it joins."""
    if isinstance(tree, ast.Call):
        return len(ast.unparse(tree.func)) + 2 * len(tree.args) + 2
    kinds = (*getattr(tree, "ops", ()), getattr(tree, "op", None))
    known = any(isinstance(kind, _ALLOWED) for kind in kinds)
    return len(" == ()") if known else LONGEST


def joined(kind: ast.AST) -> Make:
    """Return what joins two parts by an operator, or changes one by its sign."""

    def make(parts: list[ast.expr]) -> ast.expr:
        if isinstance(kind, ast.operator):
            return ast.BinOp(parts[0], kind, parts[1])
        if isinstance(kind, ast.cmpop):
            return ast.Compare(parts[0], [kind], [parts[1]])
        assert isinstance(kind, ast.unaryop)
        return ast.UnaryOp(kind, parts[0])

    return make


def signed(sign: str) -> Make:
    """Return what joins two parts by a sign such as "+"."""
    tree = ast.parse(f"a {sign} b", mode="eval").body
    assert isinstance(tree, (ast.BinOp, ast.Compare))
    return joined(tree.op if isinstance(tree, ast.BinOp) else tree.ops[0])


def called(name: str) -> Make:
    """Return what puts parts into a function of formulas."""
    return lambda parts: ast.Call(ast.Name(name, ast.Load()), parts, [])


def _number(value: Any, node: ast.expr | None) -> ast.expr:
    """Return a number as the script writes it, unless names or functions lead to it."""
    if isinstance(node, ast.Constant) and node.value not in _NAMES:
        return node
    if node is not None and _is_plain(node):
        named: ast.expr = _Named().visit(ast.parse(ast.unparse(node), mode="eval").body)
        return named
    if isinstance(value, float) and value in _NAMES:
        return ast.Name(_NAMES[value], ast.Load())
    if value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def _is_plain(node: ast.expr) -> bool:
    """Return whether an expression is numbers and the arithmetic of formulas alone."""
    for part in ast.walk(node):
        single = isinstance(part, ast.Compare) and len(part.ops) == 1
        number = isinstance(part, ast.Constant) and is_number(part.value)
        if not (single or number or isinstance(part, _PLAIN)):
            return False
    return True
