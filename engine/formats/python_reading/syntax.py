"""What pieces of syntax hold, without anything being followed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

# Methods that change a list or a dictionary.
_CHANGING = ("append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault")


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


def names_changed(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names of what statements change if it is a list or a dictionary."""
    for here in inside(body):
        holder: ast.expr | None = None
        if isinstance(here, ast.Subscript) and isinstance(here.ctx, ast.Store):
            holder = here.value
        elif isinstance(here, ast.Call) and isinstance(here.func, ast.Attribute):
            holder = here.func.value if here.func.attr in _CHANGING else None
        if isinstance(holder, ast.Name):
            yield holder.id


def dotted(node: ast.expr) -> str:
    """Return a name, or one of its attributes, as it is written; "" for other expressions."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
