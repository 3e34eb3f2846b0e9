"""Operators between values: plain ones are computed, those on tensors become layers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from engine.errors import text
from engine.formats.python_reading import plain
from engine.formats.python_reading.arrays import Array, by_place
from engine.formats.python_reading.following import Following, lines_of
from engine.formats.python_reading.formulas import (
    Formed,
    Make,
    can_stand,
    form,
    is_part,
    joined,
)
from engine.formats.python_reading.things import Layer, Lines, Path, Refused, Tensor, Unknown
from engine.formula import Slices
from engine.layers import LAYERS

_LAYERS = {ast.Add: "Add", ast.Sub: "Subtract", ast.Mult: "Multiply"}
NEW_AXIS = ("tensorflow.newaxis", "numpy.newaxis")


def _of_unknown(left: Any, right: Any, *, followed: bool) -> Unknown:
    """Return what is computed with something unknown; of data, the shape may be followed."""
    first = left if isinstance(left, Unknown) else right
    if followed and isinstance(first, Array):
        return by_place(left, right)
    return Unknown(first.reason)


class Operators(Following):
    """Gives operators their values."""

    def form(
        self,
        make: Make,
        values: Sequence[Any],
        nodes: Sequence[ast.expr | None],
        lines: Lines,
        alone: Callable[[], Any] | None = None,
    ) -> Formed:
        """Join tensors, formulas and numbers into a formula.

        Raises:
            Refused: Something else is among them, or a formula cannot hold them.
        """
        for value in values:
            if isinstance(value, Unknown) and value.reason is None:
                raise Refused(None)
            if isinstance(value, Unknown):
                raise Refused(
                    text(
                        "What is computed with the tensor is not known: {reason}",
                        reason=value.reason,
                    )
                )
            if not can_stand(value):
                raise Refused(
                    text("Tensors are computed with tensors and numbers only: write a layer.")
                )
        formed = form(make, values, nodes, lines, alone)
        problem = formed.problem()
        grown = [value for value in values if isinstance(value, Formed) and value.tensors]
        if problem is not None and grown:
            longest = max(grown, key=lambda value: len(value.written()[0]))
            settled = [self.settle(value) if value is longest else value for value in values]
            return self.form(make, settled, nodes, lines, alone)
        if problem is not None:
            raise Refused(problem)
        return formed

    def _eval_binop(self, node: ast.BinOp) -> Any:
        left, right = self.operand(node.left), self.operand(node.right)
        return self.operate(node.op, left, right, lines_of(node), (node.left, node.right))

    def operate(
        self,
        kind: ast.operator,
        left: Any,
        right: Any,
        lines: Lines,
        nodes: Sequence[ast.expr | None] = (None, None),
    ) -> Any:
        """Return what an operator between two values gives: for tensors, a layer's."""
        if is_part(left) or is_part(right):
            alone: Callable[[], Any] | None = None
            if isinstance(left, Tensor) and isinstance(right, Tensor) and type(kind) in _LAYERS:
                layer = Layer(_LAYERS[type(kind)], {}, "", lines)

                def alone() -> Any:
                    return self.building.call(layer, [left, right], lines)

            return self.form(joined(kind), (left, right), nodes, lines, alone)
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return _of_unknown(left, right, followed=not isinstance(kind, ast.MatMult))
        return self.plainly(plain.arithmetic, kind, left, right)

    def _eval_unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.operand(node.operand)
        if isinstance(node.op, ast.Not):
            truth = self.truth(self.settle(value))
            return self.unknown() if truth is None else not truth
        if is_part(value):
            return self.form(joined(node.op), [value], [node.operand], lines_of(node))
        found = plain.unary(node.op, value)
        return self.unknown() if found is NotImplemented else found

    def _eval_compare(self, node: ast.Compare) -> Any:
        left, left_node = self.operand(node.left), node.left
        for kind, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.operand(right_node)
            if (is_part(left) and can_stand(right)) or (is_part(right) and can_stand(left)):
                if len(node.ops) > 1:
                    raise Refused(text("Compare two tensors at a time."))
                nodes = (left_node, right_node)
                return self.form(joined(kind), (left, right), nodes, lines_of(node))
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                return _of_unknown(left, right, followed=len(node.ops) == 1)
            if isinstance(left, Path) or isinstance(right, Path):
                return self.unknown()
            found = plain.compare(kind, left, right)
            if found is NotImplemented:
                return self.unknown()
            if not found:
                return False
            left, left_node = right, right_node
        return True

    def _eval_boolop(self, node: ast.BoolOp) -> Any:
        value: Any = None
        for item in node.values:
            value = self.evaluate(item)
            truth = self.truth(value)
            if truth is None:
                return self.unknown()
            if truth is isinstance(node.op, ast.Or):
                return value
        return value

    # --- parts of tensors ------------------------------------------------------------------

    def part_of(self, tensor: Tensor, node: ast.Subscript) -> Any:
        """Return what stands between brackets behind a tensor: a layer that selects."""
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        key: Any = tuple(self._selected(item) for item in items)
        words = Slices.write(key if isinstance(node.slice, ast.Tuple) else key[0])
        problem = Slices.problem(words)
        if problem is not None:
            raise Refused(problem)
        params = LAYERS.get("ops.get_item").trim({"key_text": words})
        layer = Layer("ops.get_item", params, "", lines_of(node))
        return self.building.call(layer, [tensor], lines_of(node))

    def _selected(self, node: ast.expr) -> Any:
        """Return a place or a range."""
        if isinstance(node, ast.Constant) and node.value is Ellipsis:
            return Ellipsis
        value = self.evaluate(node)
        if isinstance(value, Path) and value.name in NEW_AXIS:
            return None
        if isinstance(value, Unknown) and value.reason is None:
            raise Refused(None)
        if isinstance(value, Unknown):
            raise Refused(
                text(
                    "Which part of the tensor is meant is not known: {reason}", reason=value.reason
                )
            )
        if value is not None and type(value) is not int and not isinstance(value, slice):
            raise Refused(
                text("Parts of tensors are named by numbers and ranges, such as x[:, 0].")
            )
        return value
