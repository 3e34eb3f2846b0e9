"""What pieces of syntax hold, without anything being followed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence


def inside(body: Sequence[ast.stmt], *, loops: bool = True) -> Iterator[ast.AST]:
    """Yield all pieces of statements, but for what lies in functions and classes.

    Args:
        body: The statements.
        loops: Whether to go into loops.
    """
    apart: tuple[type[ast.AST], ...] = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
    if not loops:
        apart = (*apart, ast.For, ast.While)
    waiting: list[ast.AST] = list(body)
    while waiting:
        here = waiting.pop()
        yield here
        if not isinstance(here, apart):
            waiting += ast.iter_child_nodes(here)


def names_set(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements set."""
    for here in inside(body):
        if isinstance(here, ast.Name) and isinstance(here.ctx, ast.Store):
            yield here.id
        elif isinstance(here, (ast.FunctionDef, ast.ClassDef)):
            yield here.name


def dotted(node: ast.expr) -> str:
    """Return a name, or one of its attributes, as it is written; "" for other expressions."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
