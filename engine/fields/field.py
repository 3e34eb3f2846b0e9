"""What all fields share."""

from __future__ import annotations

from typing import Any

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
