"""Fields whose values are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import Text, text
from engine.fields.field import Field


class Bool(Field):
    """Yes or no."""

    def check_value(self, value: Any) -> Text | None:
        if isinstance(value, bool):
            return None
        return text(
            "{label} must be on or off; “{value}” is neither.", label=self.label, value=value
        )


class Choice(Field):
    """One of a few named values."""

    def __init__(self, default: Any, *, options: Sequence[str], **common: Any) -> None:
        super().__init__(default, **common)
        self.options = tuple(options)

    def check_value(self, value: Any) -> Text | None:
        if value in self.options:
            return None
        return text(
            "{label} must be one of {options}; “{value}” is not.",
            label=self.label,
            options=", ".join(self.options),
            value=value,
        )


class Choices(Choice):
    """Any number of named values, as a list without repeats."""

    def check_value(self, value: Any) -> Text | None:
        if not isinstance(value, (list, tuple)):
            return text("{label} must be a list.", label=self.label)
        for item in value:
            if problem := super().check_value(item):
                return problem
        if len(set(value)) < len(value):
            return text("{label} names a value twice.", label=self.label)
        return None
