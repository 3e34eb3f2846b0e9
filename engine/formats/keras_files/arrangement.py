"""What is said of models whose inputs or outputs have names: here they are lists."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import Text, text


def inputs_by_name(names: Iterable[str]) -> Text:
    """Say in which order inputs with names stand here."""
    return text(
        "The model takes inputs by name; here they are a list in this order: {names}.",
        names=", ".join(sorted(names)),
    )


def outputs_by_name(names: Iterable[str]) -> Text:
    """Say in which order outputs with names stand here."""
    return text(
        "The model gives outputs by name; here they are a list in this order: {names}.",
        names=", ".join(sorted(names)),
    )
