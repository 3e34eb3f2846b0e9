"""What a fix is, and where those of a problem are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import EditRefused, Text
from engine.graph.analysis import Problem
from engine.graph.costs import Facts
from engine.graph.document import Document, Node
from engine.graph.history import Edit


@dataclass(frozen=True)
class Fix:
    """One way out of a problem.

    Attributes:
        label: What it does, short enough for a button: "Insert Flatten".
        edit: The edit that does it.
    """

    label: Text
    edit: Edit


@dataclass(frozen=True)
class DataFacts:
    """What fixes need to know of the data.

    Attributes:
        sample_shape: Shape of one sample.
        task: "classes" or "values".
        classes: Number of classes; 0 for values.
        target_size: Number of values to predict for each sample.
    """

    sample_shape: tuple[int, ...]
    task: str
    classes: int = 0
    target_size: int = 1


@dataclass(frozen=True)
class Situation:
    """Where a problem has arisen.

    Attributes:
        document: The document.
        facts: What the engine has told of the nodes.
        data: The loaded data, where there is any.
    """

    document: Document
    facts: Mapping[str, Facts]
    data: DataFacts | None = None

    def node(self, problem: Problem) -> Node | None:
        """Return the node that a problem is about."""
        return self.document.network.nodes.get(problem.node)

    def rank(self, node_id: str) -> int | None:
        """Return the rank of a node's output, batch axis included."""
        fact = self.facts.get(node_id)
        return len(fact.shape) if fact is not None and fact.shape is not None else None


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
    from engine.fixes import of_network, of_recipe  # noqa: F401

    finder = _FINDERS.get(problem.code)
    gone = problem.node and problem.node not in situation.document.network.nodes
    if finder is None or gone:
        return []
    try:
        return [fix for fix in finder(situation, problem) if fix.edit.changes]
    except EditRefused:  # The document has moved on since the problem was told.
        return []


def known_codes() -> set[str]:
    """Return the codes of all problems that have fixes."""
    from engine.fixes import of_network, of_recipe  # noqa: F401

    return set(_FINDERS)
