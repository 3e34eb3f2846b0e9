"""Fields of numbers."""

from __future__ import annotations

import math
from typing import Any

from engine.errors import Text, text
from engine.fields.field import Field


def is_int(value: Any) -> bool:
    """Return whether a value is a whole number; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_real(value: Any) -> bool:
    """Return whether a value is a finite number."""
    try:
        return (is_int(value) or isinstance(value, float)) and math.isfinite(value)
    except OverflowError:  # A whole number larger than any other.
        return False


def span_text(low: float | None, high: float | None, low_open: bool, high_open: bool) -> str:
    """Write a range compactly: ≥ 1."""
    under, over = "<" if low_open else "≤", "<" if high_open else "≤"
    if low is not None and high is not None:
        return f"{_plain(low)} {under} x {over} {_plain(high)}"
    if low is not None:
        return f"{'>' if low_open else '≥'} {_plain(low)}"
    if high is not None:
        return f"{over} {_plain(high)}"
    return ""


def _plain(value: Any) -> str:
    """Write a number as a person reads it: large whole ones with all their digits."""
    if is_int(value) and abs(value) < 10**15:
        return f"{value:,}"
    return f"{value:g}" if is_real(value) else str(value)


class Number(Field):
    """A number in a range; the base of `Int` and `Float`."""

    def __init__(
        self,
        default: Any,
        *,
        min: float | None = None,
        max: float | None = None,
        open_min: bool = False,
        open_max: bool = False,
        **common: Any,
    ) -> None:
        super().__init__(default, **common)
        self.min, self.max = min, max
        self.open_min, self.open_max = open_min, open_max

    def range_text(self) -> str:
        return span_text(self.min, self.max, self.open_min, self.open_max)

    def in_range(self, value: float) -> bool:
        """Return whether a number lies in the declared range."""
        if self.min is not None and (value < self.min or (self.open_min and value == self.min)):
            return False
        return self.max is None or not (value > self.max or (self.open_max and value == self.max))

    def check_range(self, value: float) -> Text | None:
        """Return the sentence for a number out of range, or None."""
        if self.in_range(value):
            return None
        allowed = self.range_text()
        if self.max == LARGEST_INT and value > LARGEST_INT:
            allowed = span_text(None, LARGEST_INT, False, False)  # Not part of the usual text.
        return text(
            "{label} must be {range}; {value} is not.",
            label=self.label,
            range=allowed,
            value=_plain(value),
        )


# Keras allocates whatever it is asked for: a slip of the keyboard must not eat the memory.
LARGEST_INT = 10_000_000


class Int(Number):
    """A whole number."""

    def __init__(self, default: Any, *, max: float | None = LARGEST_INT, **common: Any) -> None:
        super().__init__(default, max=max, **common)

    def range_text(self) -> str:
        high = None if self.max == LARGEST_INT else self.max
        return span_text(self.min, high, self.open_min, self.open_max)

    def check_value(self, value: Any) -> Text | None:
        if not is_int(value):
            return text(
                "{label} must be a whole number; “{value}” is not.", label=self.label, value=value
            )
        return self.check_range(value)


class Float(Number):
    """A real number."""

    def check_value(self, value: Any) -> Text | None:
        if not is_real(value):
            return text(
                "{label} must be a number; “{value}” is not.", label=self.label, value=value
            )
        return self.check_range(value)


class Floats(Number):
    """A real number, or several: a range of values, one number a channel.

    Attributes:
        lengths: How many numbers a list may have; empty means any.
        single: Whether one number without a list is a value too.
    """

    def __init__(
        self, default: Any, *, lengths: tuple[int, ...] = (), single: bool = True, **common: Any
    ) -> None:
        super().__init__(default, **common)
        self.lengths = lengths
        self.single = single

    def check_value(self, value: Any) -> Text | None:
        several = isinstance(value, (list, tuple))
        if not several and not self.single:
            return text("{label} must be a list of numbers.", label=self.label)
        items = value if several else [value]
        if not items or not all(map(is_real, items)):
            return text(
                "{label} must be numbers, such as 0.1, 0.5; “{value}” is not.",
                label=self.label,
                value=value,
            )
        if several and self.lengths and len(items) not in self.lengths:
            return text(
                "{label} needs {length} numbers; {count} are given.",
                label=self.label,
                length=" / ".join(map(str, self.lengths)),
                count=len(items),
            )
        return next((problem for item in items if (problem := self.check_range(item))), None)
