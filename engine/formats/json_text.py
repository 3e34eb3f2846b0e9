"""JSON of strangers: never nested so deeply that reading it overflows the stack."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

# Models of models of models are some dozens deep.
DEEPEST = 500
USUAL_LIMIT = 2_000
# Strings are skipped: what they hold does not nest.
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


def parse(content: str) -> Any:
    """Read JSON.

    Raises:
        ValueError: It is no JSON, or nested too deeply.
    """
    refuse_deep(content)
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def refuse_deep(content: str) -> None:
    """Refuse JSON that would overflow the stack of whoever reads it.

    Python's limit of recursion stops readers in time, but a process that builds deep models has
    raised it.

    Raises:
        ValueError: It is nested too deeply.
    """
    if sys.getrecursionlimit() > USUAL_LIMIT and depth(content) > DEEPEST:
        raise ValueError("nested too deeply")


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
