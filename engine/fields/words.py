"""Fields of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.errors import Text, text
from engine.fields.field import Field, Params


class String(Field):
    """A line of text."""

    def check_value(self, value: Any) -> Text | None:
        if isinstance(value, str) and len(value) <= 4096:
            return None
        return text("{label} must be a line of text.", label=self.label)


class Path(String):
    """A file on this machine; `pattern` is a glob such as "*.npz"."""

    def __init__(self, default: Any, *, pattern: str, **common: Any) -> None:
        super().__init__(default, **common)
        self.pattern = pattern


class Suggested(String):
    """A line of text for which the other parameters offer values.

    Attributes:
        suggest: Returns the values that are offered, given all parameters.
    """

    def __init__(
        self, default: Any, *, suggest: Callable[[Params], list[str]], **common: Any
    ) -> None:
        super().__init__(default, **common)
        self.suggest = suggest


LONGEST_LIST = 1_000_000


class Strings(Field):
    """A list of words, such as a vocabulary."""

    def check_value(self, value: Any) -> Text | None:
        if not isinstance(value, (list, tuple)) or len(value) > LONGEST_LIST:
            return text("{label} must be a list of words.", label=self.label)
        if all(isinstance(item, str) for item in value):
            return None
        return text("{label} must be a list of words.", label=self.label)
