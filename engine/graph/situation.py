"""A document with all that is known of it: what advice and ways out of problems depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.graph.analysis import Problem
from engine.graph.costs import Facts
from engine.graph.document import Document, Node


@dataclass(frozen=True)
class DataFacts:
    """What is known of the loaded data.

    Attributes:
        sample_shape: Shape of one sample.
        task: "classes" or "values".
        classes: Number of classes; 0 for values.
        target_size: Number of values to predict for each sample.
        samples: Number of samples to train on; 0 where unknown.
    """

    sample_shape: tuple[int, ...]
    task: str
    classes: int = 0
    target_size: int = 1
    samples: int = 0


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
