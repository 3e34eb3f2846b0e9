"""Writes Python the way a formatter would: values, calls, line breaks at 100 columns."""

from __future__ import annotations

import builtins
import json
import keyword
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

WIDTH = 100
INDENT = "    "
LONGEST_NAME = 32
# Signs that control a terminal or a printer, and halves of signs, which no encoding knows.
_UNFIT = ("Cc", "Cs")
_HALVES = re.compile("[\ud800-\udfff]")


def literal(value: Any) -> str:
    """Write a plain value as Python: tuples for lists, double quotes for text."""
    if isinstance(value, str):
        return _HALVES.sub(
            lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False)
        )
    if isinstance(value, (list, tuple)):
        items = ", ".join(map(literal, value))
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, dict):
        items = ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items())
        return f"{{{items}}}"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def bracketed(start: str, items: Sequence[str], end: str, offset: int = 0) -> str:
    """Write items between brackets, broken into lines where they do not fit into one.

    Args:
        start: Everything before the items, opening bracket included.
        items: Code of the items; an item may be several lines itself.
        end: Closing bracket and what follows it.
        offset: Columns that something around takes from the line.
    """
    line = f"{start}{', '.join(items)}{end}"
    if not items or (len(line) + offset <= WIDTH and "\n" not in line):
        return line
    inner = f"{INDENT}{', '.join(items)}"
    if len(inner) + offset > WIDTH or "\n" in inner:
        inner = "\n".join(indented(f"{item},") for item in items)
    return f"{start}\n{inner}\n{end}"


def call(start: str, arguments: Sequence[str], offset: int = 0) -> str:
    """Write a call; `start` is everything before the bracket, such as "x = layers.Dense"."""
    return bracketed(f"{start}(", arguments, ")", offset)


def listing(items: Sequence[str], offset: int = 0) -> str:
    """Write a list, or its only item by itself."""
    return items[0] if len(items) == 1 else bracketed("[", items, "]", offset)


def indented(code: str) -> str:
    """Move code one step to the right."""
    return INDENT + code.replace("\n", "\n" + INDENT)


def comment(sentence: str) -> str:
    """Write a comment on one line."""
    return "# " + legible(" ".join(sentence.split()))


def legible(words: str) -> str:
    """Return words without signs that no Python file may hold, or that would end a line of it."""
    return "".join(sign for sign in words if unicodedata.category(sign) not in _UNFIT)


def identifier(wish: str, prefix: str) -> str:
    """Return a legal name that is as near to a wish as Python allows."""
    # Python knows more letters than "a" to "z", but fewer than str.isalnum().
    letters = unicodedata.normalize("NFKC", wish)
    kept = "".join(mark if f"a{mark}".isidentifier() else "_" for mark in letters)
    name = kept.strip("_")
    return name if is_name(name) else f"{prefix}_{name}".rstrip("_")


def is_name(wish: str) -> bool:
    """Return whether a text can be an argument's name."""
    return wish.isidentifier() and not keyword.iskeyword(wish)


class Names:
    """Gives out variable names that are free and legal.

    Attributes:
        taken: Names in use.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = {*taken, *keyword.kwlist}

    def take(self, wish: str) -> str:
        """Return a free name that is as near to a wish as Python allows."""
        base = identifier(wish.lower()[:LONGEST_NAME], "tensor")
        if base == "input":
            base = "inputs"
        elif hasattr(builtins, base):
            base = f"{base}_"
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name
