"""Fields of whole numbers, one or more for each axis."""

from __future__ import annotations

from typing import Any

from engine.errors import Text, text
from engine.fields.field import Field
from engine.fields.numbers import LARGEST_INT, Number, is_int, span_text


class IntTuple(Number):
    """Whole numbers, one for each axis: a kernel size, strides, a pool size.

    A single whole number stands for the same number on every axis, as in Keras.

    Attributes:
        length: Number of axes, or None where any number will do.
        axes: Names of the axes for the form, such as ("Height", "Width").
    """

    def __init__(
        self,
        default: Any,
        *,
        length: int | None,
        axes: tuple[str, ...] = (),
        min: float | None = 1,
        max: float | None = LARGEST_INT,
        **common: Any,
    ) -> None:
        super().__init__(default, min=min, max=max, **common)
        self.length = length
        self.axes = axes

    def range_text(self) -> str:
        high = None if self.max == LARGEST_INT else self.max
        return span_text(self.min, high, self.open_min, self.open_max)

    def check_value(self, value: Any) -> Text | None:
        items = value if isinstance(value, (list, tuple)) else [value] * (self.length or 1)
        if not items or not all(is_int(item) for item in items):
            return text(
                "{label} must be whole numbers; “{value}” is not.", label=self.label, value=value
            )
        if self.length is not None and len(items) != self.length:
            return text(
                "{label} needs {length} numbers; {count} are given.",
                label=self.label,
                length=self.length,
                count=len(items),
            )
        return next((problem for item in items if (problem := self.check_range(item))), None)


class Pairs(Field):
    """Whole numbers before and after each axis, as for padding and cropping.

    Accepts what Keras accepts: one number, one number an axis, or a pair an axis. Length None
    means any number of axes.
    """

    def __init__(self, default: Any, *, length: int | None, **common: Any) -> None:
        super().__init__(default, **common)
        self.length = length

    def check_value(self, value: Any) -> Text | None:
        wrong = text(
            "{label} must be {length} pairs of whole numbers ≥ 0; “{value}” is not.",
            label=self.label,
            length=self.length or "",
            value=value,
        )
        if is_int(value):
            return None if 0 <= value <= LARGEST_INT else wrong
        if not isinstance(value, (list, tuple)) or len(value) != (self.length or len(value)):
            return wrong
        for pair in value:
            numbers = [pair, pair] if is_int(pair) else pair
            if not isinstance(numbers, (list, tuple)) or len(numbers) != 2:
                return wrong
            if not all(is_int(item) and 0 <= item <= LARGEST_INT for item in numbers):
                return wrong
        return None


class Shape(Field):
    """A tensor shape without the batch axis; None stands for an axis of any length.

    `allow_any` is False where the shape must be known; `allow_infer` allows one -1 (Reshape).
    """

    def __init__(
        self, default: Any, *, allow_any: bool = True, allow_infer: bool = False, **common: Any
    ) -> None:
        super().__init__(default, **common)
        self.allow_any = allow_any
        self.allow_infer = allow_infer

    def check_value(self, value: Any) -> Text | None:
        if not isinstance(value, (list, tuple)) or len(value) > 8:
            return text(
                "{label} must be sizes such as 28, 28, 1; “{value}” is not.",
                label=self.label,
                value=value,
            )
        inferred = 0
        for size in value:
            if size is None and self.allow_any:
                continue
            if self.allow_infer and size == -1:
                inferred += 1
                continue
            if not is_int(size) or not 1 <= size <= LARGEST_INT:
                return text(
                    "{label}: every size must be a whole number ≥ 1; “{value}” is not.",
                    label=self.label,
                    value="?" if size is None else size,
                )
        if inferred > 1:
            return text("{label}: only one size can be −1.", label=self.label)
        return None
