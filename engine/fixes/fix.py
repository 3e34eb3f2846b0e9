"""What a fix is, and where those of a problem are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.errors import EditRefused, Text
from engine.graph.analysis import Problem
from engine.graph.history import Edit
from engine.graph.situation import Situation

NO_EDIT = Edit(Text(""), ())


@dataclass(frozen=True)
class Fix:
    """One way out of a problem.

    Attributes:
        label: What it does, short enough for a button: "Insert Flatten".
        edit: The edit that does it; without changes where a person must do something first.
        asks: What that is: "trust" to read code and trust it, "file" to choose a file with code;
            "" where the edit does it.
    """

    label: Text
    edit: Edit = NO_EDIT
    asks: str = ""


Finder = Callable[[Situation, Problem], Iterator[Fix]]
_FINDERS: dict[str, Finder] = {}


def fixes_for(*codes: str) -> Callable[[Finder], Finder]:
    """Register a function that finds fixes for problems with these codes."""

    def register(finder: Finder) -> Finder:
        for code in codes:
            _FINDERS[code] = finder
        return finder

    return register


def fixes(situation: Situation, problem: Problem) -> list[Fix]:
    """Return the ways out of a problem, the best first; none where only a person can know."""
    # Registering happens when they are imported.
    from engine.fixes import of_advice, of_code, of_network, of_recipe  # noqa: F401

    finder = _FINDERS.get(problem.code)
    gone = problem.node and problem.node not in situation.document.network.nodes
    if finder is None or gone:
        return []
    try:
        return [fix for fix in finder(situation, problem) if fix.edit.changes or fix.asks]
    except EditRefused:  # The document has moved on since the problem was told.
        return []
