"""Writes Python the way a formatter would: values, calls, line breaks at 100 columns."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Sequence
from typing import Any

WIDTH = 100
INDENT = "    "


def literal(value: Any) -> str:
    """Write a plain value as Python: tuples for lists, double quotes for text."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        items = ", ".join(map(literal, value))
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, dict):
        items = ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items())
        return f"{{{items}}}"
    return repr(value)


def call(start: str, arguments: Sequence[str], end: str = "") -> str:
    """Write a call, broken into lines where it is too long for one.

    Args:
        start: Everything before the bracket, such as "x = layers.Dense".
        arguments: The arguments as code.
        end: What follows the closing bracket, such as "(x)".
    """
    line = f"{start}({', '.join(arguments)}){end}"
    if len(line) <= WIDTH or not arguments:
        return line
    inner = f"{INDENT}{', '.join(arguments)}"
    if len(inner) > WIDTH or "\n" in inner:
        inner = "\n".join(
            f"{INDENT}{argument},".replace("\n", "\n" + INDENT) for argument in arguments
        )
    return f"{start}(\n{inner}\n){end}"


def sequence(items: Iterable[str]) -> str:
    """Write a list of code, or its only item by itself."""
    found = list(items)
    return found[0] if len(found) == 1 else f"[{', '.join(found)}]"


class Names:
    """Gives out variable names that are free and legal.

    Attributes:
        taken: Names in use.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = {*taken, *keyword.kwlist}

    def take(self, wish: str) -> str:
        """Return a free name that is as near to a wish as Python allows."""
        base = re.sub(r"\W+", "_", wish).strip("_").lower() or "tensor"
        base = base if base.isidentifier() else f"tensor_{base}"
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name


def comment(sentence: str) -> str:
    """Write a comment on one line."""
    return "# " + " ".join(sentence.split())
