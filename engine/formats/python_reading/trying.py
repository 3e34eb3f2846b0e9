"""What `try` and `except` in a script say without being run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Any

from engine.formats.python_reading.names import is_keras
from engine.formats.python_reading.syntax import inside

_ENDING = ("exit", "quit", "_exit", "abort")


def may_fail(body: Sequence[ast.stmt]) -> bool:
    """Return whether statements may fail where the script's network can be made at all."""
    return not all(_is_safe(statement) for statement in body)


def _is_safe(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return all(_is_there(alias.name) for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and _is_there(statement.module or "")
    value = statement.value if isinstance(statement, (ast.Assign, ast.Expr)) else None
    return isinstance(statement, ast.Pass) or isinstance(value, (ast.Constant, ast.Name))


def _is_there(module: str) -> bool:
    first = module.partition(".")[0]
    return is_keras(module) or first == "numpy" or first in sys.stdlib_module_names


def ends(body: Sequence[ast.stmt]) -> bool:
    """Return whether the script ends behind statements that handle an error."""
    last = body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        called = last.value.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return name in _ENDING
    return isinstance(last, ast.Raise)


def returns(body: Sequence[ast.stmt]) -> bool:
    """Return whether statements may leave their function with a value."""
    return any(isinstance(part, ast.Return) and part.value is not None for part in inside(body))


def constants(body: Sequence[ast.stmt]) -> dict[str, Any]:
    """Return what names are set to as plain constants."""
    found: dict[str, Any] = {}
    for statement in body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = statement.value.value
    return found
