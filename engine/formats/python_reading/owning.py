"""Classes of a script's own that build on no others: their attributes, objects and methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from engine.errors import text
from engine.formats.python_reading.applying import Applying, Given
from engine.formats.python_reading.things import MISSING, Function, Own, Partial, Refused

WAYS = ("property", "staticmethod", "classmethod")


class Owning(Applying):
    """Gives attributes of such classes and objects their values, and makes objects."""

    def attribute_of(self, holder: Own, node: ast.Attribute) -> Any:
        """Return an attribute of a class or an object; a method belongs to its object."""
        found = holder.names.get(node.attr, MISSING)
        kind = holder.kind or holder
        if found is MISSING:
            found = kind.names.get(node.attr, MISSING)
        elif holder.kind is not None:
            return found
        if found is MISSING:
            return self.unknown(node)
        way = kind.ways.get(node.attr)
        if way == "classmethod":
            return Partial(found, (kind,))
        if holder.kind is None or way == "staticmethod" or not isinstance(found, Function):
            return found
        return self.call_function(found, ([holder], {})) if way else Partial(found, (holder,))

    def make_own(self, kind: Own, given: Given) -> Own:
        """Make an object of a class.

        Raises:
            Refused: The class takes other arguments.
        """
        made = Own(kind.title, {}, kind=kind)
        args, kwargs = given
        begin = kind.names.get("__init__")
        if isinstance(begin, Function):
            self.call_function(begin, ([made, *args], kwargs))
            return made
        made.names |= {**dict(zip(kind.fields, args, strict=False)), **kwargs}
        missing = [name for name in kind.fields if name not in {**kind.names, **made.names}]
        if len(args) > len(kind.fields) or not made.names.keys() <= set(kind.fields) or missing:
            raise Refused(
                text("“{name}” is called with other arguments than it takes.", name=kind.title)
            )
        behind = kind.names.get("__post_init__")
        if isinstance(behind, Function):
            self.call_function(behind, ([made], {}))
        return made


def decorated(statement: ast.FunctionDef) -> str | None:
    """Return how a method is decorated, "" where it is not; None for ways that are not known."""
    names = [item.id if isinstance(item, ast.Name) else "" for item in statement.decorator_list]
    if not names:
        return ""
    return names[0] if len(names) == 1 and names[0] in WAYS else None


def fields_of(statement: ast.ClassDef) -> tuple[str, ...]:
    """Return what objects of a dataclass are given."""
    return tuple(
        item.target.id
        for item in statement.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    )


def is_plain(statement: ast.ClassDef) -> bool:
    """Return whether a class has nothing about it that only running the script would show."""
    found = (node.id for node in ast.walk(statement) if isinstance(node, ast.Name))
    return not statement.keywords and "super" not in set(found)


def attributes_set(body: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield the attributes of names that statements set, in loops and branches too."""
    for node in (inner for statement in body for inner in ast.walk(statement)):
        stored = isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        if stored and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr
