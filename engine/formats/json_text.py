"""JSON of strangers: never nested so deeply that reading it overflows the stack.

What could not be written again is changed, or a drawing made of it could not be saved: numbers
without end become the texts that stand for them, and half characters are marked.
"""

from __future__ import annotations

import json
import math
import re
import sys
from typing import Any

# Models of models of models are some dozens deep.
DEEPEST = 500
USUAL_LIMIT = 2_000
# Strings are skipped: what they hold does not nest.
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)

# Values in a text: 20,000 layers have fewer, and a million of the largest kind take 250 MB.
MOST_VALUES = 2_500_000
# Half of a character beyond 65,535, as JSON escapes it.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class Vast(ValueError):
    """JSON of far more values than a network has."""


def parse(content: str) -> Any:
    """Read JSON.

    Raises:
        ValueError: It is no JSON, nested too deeply, or holds too many values.
    """
    refuse_deep(content)
    refuse_vast(content)
    try:
        found = json.loads(content, parse_constant=str, parse_float=_number)
        return _whole(found) if _HALF.search(content) or not _is_whole(content) else found
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _number(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _is_whole(words: str) -> bool:
    """Return whether a text has no half characters."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: Any) -> Any:
    """Mark half characters in all texts of a value."""
    if isinstance(value, str):
        return value if _is_whole(value) else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


def refuse_deep(content: str) -> None:
    """Refuse JSON that would overflow the stack of whoever reads it.

    Python's limit of recursion stops readers in time, but a process that builds deep models has
    raised it.

    Raises:
        ValueError: It is nested too deeply.
    """
    if sys.getrecursionlimit() > USUAL_LIMIT and depth(content) > DEEPEST:
        raise ValueError("nested too deeply")


def refuse_vast(content: str) -> None:
    """Refuse JSON whose values would take far more memory than its text.

    Raises:
        Vast: It has too many of them.
    """
    if sum(map(content.count, ",[{")) > MOST_VALUES:
        raise Vast("more values than a network has")


def depth(content: str) -> int:
    """Return how deeply lists and objects stand inside each other, at most `DEEPEST` + 1."""
    now = most = 0
    for match in _TOKENS.finditer(content):
        sign = match.group()
        if sign in "[{":
            now += 1
            most = max(most, now)
            if most > DEEPEST:
                return most
        elif sign in "]}":
            now -= 1
    return most
