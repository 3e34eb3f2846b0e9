"""Sentences for people, and the errors that carry them."""

from __future__ import annotations

from typing import Any

import msgspec

# Signs of a value in a sentence, and how many of its start and end are shown of a longer one.
LONGEST_VALUE, START, END = 400, 280, 100


class Text(msgspec.Struct, frozen=True):
    """An English sentence with named placeholders, translated where it is shown.

    Attributes:
        template: English source text, the key of the translation catalogs.
        values: What the placeholders stand for; a sentence inside a sentence is a `Text` too.
    """

    template: str
    values: dict[str, str | int | float | Text] = {}

    def __str__(self) -> str:
        return self.template.format(**self.values)


def text(template: str, **values: Any) -> Text:
    """Make a `Text`; values that are neither texts nor numbers are shown as strings.

    Of long ones, which files of others may hold, the middle is left out.
    """
    return Text(template, {key: _shown(value) for key, value in values.items()})


def _shown(value: Any) -> str | int | float | Text:
    if isinstance(value, (float, Text)) or (isinstance(value, int) and abs(value) < 2**63):
        return value
    try:
        words = str(value)
    except ValueError:  # Python writes no number of more than some thousand digits.
        return "…"
    return words if len(words) <= LONGEST_VALUE else f"{words[:START]}…{words[-END:]}"


class NetloomError(Exception):
    """Something a person can understand and act on: what happened, where, what to do."""

    def __init__(self, template: str, **values: Any) -> None:
        self.text = text(template, **values)
        super().__init__(str(self.text))


class EditRefused(NetloomError):
    """An edit that would make no sense; the document is unchanged."""


class FileProblem(NetloomError):
    """A file that cannot be read or written; nothing has been overwritten."""


class WeightsAlone(FileProblem):
    """A file of weights was to be opened, which belong to a network that it does not hold."""


class DataProblem(NetloomError):
    """A data set that cannot be loaded or does not fit the network."""


class CompileProblem(NetloomError):
    """A network that cannot become a Keras model."""


class ExportProblem(NetloomError):
    """A model that cannot be exported as asked."""
