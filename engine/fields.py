"""Typed fields: one declaration drives form, check, help, file, compile and code export.

A declaration is a subclass of `Spec` whose class attributes are fields, named as Keras names
the argument. Values are plain JSON data (None, bool, int, float, str, list, dict).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from engine.errors import Text, text

Params = dict[str, Any]


class Field:
    """One parameter of a declaration.

    Attributes:
        name: The argument's name in Keras, set by the class that holds the field.
        default: Value used when a document does not name the parameter.
        label: Short name shown to people (English source text).
        help: One or two sentences that explain it (English source text).
        unit: Unit of measure shown beside the value, such as "px", or "".
        optional: Whether None is a value.
        advanced: Whether the form shows it only on request.
    """

    def __init__(
        self,
        default: Any,
        *,
        label: str,
        help: str = "",
        unit: str = "",
        optional: bool = False,
        advanced: bool = False,
    ) -> None:
        self.name = ""
        self.default = default
        self.label = label
        self.help = help
        self.unit = unit
        self.optional = optional
        self.advanced = advanced

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def check(self, value: Any) -> Text | None:
        """Return what is wrong with a value, or None."""
        if value is None:
            return None if self.optional else text("{label} needs a value.", label=self.label)
        return self.check_value(value)

    def check_value(self, value: Any) -> Text | None:
        """Return what is wrong with a value that is not None, or None."""
        return None

    def range_text(self) -> str:
        """Return the allowed range in compact notation, such as "≥ 1", or ""."""
        return ""


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _range_text(low: float | None, high: float | None, low_open: bool, high_open: bool) -> str:
    if low is not None and high is not None:
        return f"{low:g} {'<' if low_open else '≤'} x {'<' if high_open else '≤'} {high:g}"
    if low is not None:
        return f"{'>' if low_open else '≥'} {low:g}"
    if high is not None:
        return f"{'<' if high_open else '≤'} {high:g}"
    return ""


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
        return _range_text(self.min, self.max, self.open_min, self.open_max)

    def in_range(self, value: float) -> bool:
        """Return whether a number lies in the declared range."""
        if self.min is not None and (value < self.min or (self.open_min and value == self.min)):
            return False
        return self.max is None or not (value > self.max or (self.open_max and value == self.max))

    def check_range(self, value: float) -> Text | None:
        """Return the sentence for a number out of range, or None."""
        if self.in_range(value):
            return None
        return text(
            "{label} must be {range}; {value} is not.",
            label=self.label,
            range=self.range_text(),
            value=f"{value:g}",
        )


# Keras allocates whatever it is asked for: a slip of the keyboard must not eat the memory.
LARGEST_INT = 10_000_000


class Int(Number):
    """A whole number."""

    def __init__(self, default: Any, *, max: float | None = LARGEST_INT, **common: Any) -> None:
        super().__init__(default, max=max, **common)

    def range_text(self) -> str:
        high = None if self.max == LARGEST_INT else self.max
        return _range_text(self.min, high, self.open_min, self.open_max)

    def check_value(self, value: Any) -> Text | None:
        if not _is_int(value):
            return text(
                "{label} must be a whole number; “{value}” is not.", label=self.label, value=value
            )
        return self.check_range(value)


class Float(Number):
    """A real number."""

    def check_value(self, value: Any) -> Text | None:
        if not (_is_int(value) or isinstance(value, float)) or not math.isfinite(value):
            return text(
                "{label} must be a number; “{value}” is not.", label=self.label, value=value
            )
        return self.check_range(value)


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
        return _range_text(self.min, high, self.open_min, self.open_max)

    def check_value(self, value: Any) -> Text | None:
        items = value if isinstance(value, (list, tuple)) else [value] * (self.length or 1)
        if not items or not all(_is_int(item) for item in items):
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

    Accepts what Keras accepts: one number, one number an axis, or a pair an axis.
    """

    def __init__(self, default: Any, *, length: int, **common: Any) -> None:
        super().__init__(default, **common)
        self.length = length

    def check_value(self, value: Any) -> Text | None:
        wrong = text(
            "{label} must be {length} pairs of whole numbers ≥ 0; “{value}” is not.",
            label=self.label,
            length=self.length,
            value=value,
        )
        if _is_int(value):
            return None if 0 <= value <= LARGEST_INT else wrong
        if not isinstance(value, (list, tuple)) or len(value) != self.length:
            return wrong
        for pair in value:
            numbers = [pair, pair] if _is_int(pair) else pair
            if not isinstance(numbers, (list, tuple)) or len(numbers) != 2:
                return wrong
            if not all(_is_int(item) and 0 <= item <= LARGEST_INT for item in numbers):
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
            if not _is_int(size) or not 1 <= size <= LARGEST_INT:
                return text(
                    "{label}: every size must be a whole number ≥ 1; “{value}” is not.",
                    label=self.label,
                    value="?" if size is None else size,
                )
        if inferred > 1:
            return text("{label}: only one size can be −1.", label=self.label)
        return None


class LayerRef(Field):
    """Another layer held by this one, as `{"layer": key, "params": {...}}` (wrappers).

    Attributes:
        options: Keys of the layers that can be held.
    """

    def __init__(self, default: Any, *, options: Sequence[str], **common: Any) -> None:
        super().__init__(default, **common)
        self.options = tuple(options)

    def check_value(self, value: Any) -> Text | None:
        if not isinstance(value, Mapping) or not isinstance(value.get("params", {}), Mapping):
            return text("{label} must be a layer.", label=self.label)
        if value.get("layer") in self.options:
            return None
        return text(
            "{label} must be one of {options}; “{value}” is not.",
            label=self.label,
            options=", ".join(self.options),
            value=value.get("layer"),
        )


class Spec:
    """A declaration: a class whose fields are its parameters. Never instantiated.

    Attributes:
        key: Permanent key, set by the registry.
        title: Name shown to people.
        fields: The declared fields by name: own before inherited, plain before advanced.
    """

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    fields: ClassVar[dict[str, Field]] = {}

    def __init_subclass__(cls) -> None:
        found: dict[str, Field] = {}
        for base in cls.__mro__:
            for name, item in vars(base).items():
                if isinstance(item, Field):
                    found.setdefault(name, item)
        cls.fields = dict(sorted(found.items(), key=lambda entry: entry[1].advanced))

    @classmethod
    def help(cls) -> str:
        """Return the first paragraph of the class's docstring on one line."""
        return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())

    @classmethod
    def defaults(cls) -> Params:
        """Return every field's default."""
        return {name: item.default for name, item in cls.fields.items()}

    @classmethod
    def complete(cls, params: Mapping[str, Any]) -> Params:
        """Return the declared parameters with defaults filled in; unknown keys are left out."""
        return {name: params.get(name, item.default) for name, item in cls.fields.items()}

    @classmethod
    def trim(cls, params: Mapping[str, Any]) -> Params:
        """Return parameters without those that equal their default; unknown keys are kept."""
        return {
            name: value
            for name, value in params.items()
            if name not in cls.fields or not same_value(value, cls.fields[name].default)
        }

    @classmethod
    def check(cls, params: Mapping[str, Any]) -> dict[str, Text]:
        """Return what is wrong, by field name; an empty dict when all is well."""
        values = cls.complete(params)
        found = {
            name: problem
            for name, item in cls.fields.items()
            if (problem := item.check(values[name])) is not None
        }
        return found or cls.check_together(values)

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        """Return what is wrong with values that are right one by one; for subclasses."""
        return {}


def same_value(left: Any, right: Any) -> bool:
    """Return whether two parameter values are the same to Keras: 3 and True are not."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(same_value, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
