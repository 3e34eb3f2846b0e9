"""Fields that hold other layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Text, text
from engine.fields.field import Field


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


class LayerRefs(Field):
    """Several layers held by this one, in order: each as in `LayerRef`.

    Attributes:
        options: Keys of the layers that can be held.
    """

    MOST = 100

    def __init__(self, default: Any, *, options: Sequence[str], **common: Any) -> None:
        super().__init__(default, **common)
        self.options = tuple(options)
        self._one = LayerRef(None, options=options, **common)

    def check_value(self, value: Any) -> Text | None:
        if not isinstance(value, (list, tuple)) or not value or len(value) > self.MOST:
            return text("{label} must be a list of at least one layer.", label=self.label)
        return next((problem for item in value if (problem := self._one.check(item))), None)
