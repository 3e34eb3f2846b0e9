"""Declarations: classes whose fields are their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.errors import Text
from engine.fields.field import Field, Params


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
