"""The documents that the engine follows: drawing, shapes, trained model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import keras

from engine.errors import CompileProblem, NetloomError
from engine.graph.analysis import Problem
from engine.graph.document import (
    Change,
    Document,
    Edge,
    EdgeChange,
    Network,
    Node,
    NodeChange,
    Part,
    Recipe,
)
from engine.ipc.messages import DocumentState, Shapes
from engine.layers import LAYERS
from engine.worker.shapes import ShapeBook

if TYPE_CHECKING:
    from engine.worker.grafts import Graft
    from engine.worker.preparation import Preparation

# What makes two networks the same to Keras: layers, names, weights shared, wires; not places.
Structure = tuple[frozenset[tuple[object, ...]], frozenset[Edge]]


@dataclass
class Trained:
    """A model with the drawing it was built from.

    Attributes:
        model: The compiled model.
        structure: What was drawn then.
        data: The data it was trained on.
        recipe: The recipe it was compiled with.
        epochs: Epochs trained so far.
        prepared: What it was trained with; None where its weights came from a file.
    """

    model: keras.Model
    structure: Structure
    data: Part
    recipe: Recipe
    epochs: int = 0
    prepared: Preparation | None = None


@dataclass
class Followed:
    """One document as the engine knows it.

    Attributes:
        name: What the window calls it.
        document: The drawing.
        revision: Number of the last edit followed.
        book: Shapes and weights of its layers.
        trained: Its model, once there is one.
        waiting: The file whose weights the model is going to have.
        grafts: Weights that chosen layers have got from files, by the names of these steps.
    """

    name: str
    document: Document
    revision: int = 0
    book: ShapeBook = field(default_factory=ShapeBook)
    trained: Trained | None = None
    waiting: Path | None = None
    grafts: dict[str, Graft] = field(default_factory=dict)

    @classmethod
    def open(cls, name: str, state: DocumentState) -> Followed:
        """Begin to follow a document."""
        return cls(name, state.document())

    def edit(self, changes: Iterable[Change]) -> set[str]:
        """Follow an edit and return the ids of the nodes whose shapes it may change."""
        changes = list(changes)
        self.document.apply(changes)
        dirty: set[str] = set()
        for change in changes:
            if isinstance(change, EdgeChange):
                dirty.add(change.edge.target)
            elif isinstance(change, NodeChange) and not _only_moved(change):
                dirty.add(change.id)
        return dirty

    def shapes(self, dirty: Iterable[str], number: int = 0) -> Shapes:
        """Bring the shapes up to date and return what changed."""
        network = self.document.network
        changed, removed = self.book.update(network, dirty)
        total, trainable = self.book.totals()
        return Shapes(
            number=number,
            document=self.name,
            revision=self.revision,
            facts={node_id: self.book.facts[node_id] for node_id in changed},
            removed=removed,
            problems=self.book.problems(network),
            total=total,
            trainable=trainable,
        )

    def model_for(self, document: Document | None = None) -> Trained:
        """Return the trained model.

        Args:
            document: The drawing that it has to be built from; as it is now for None.

        Raises:
            CompileProblem: There is none, or the drawing is no longer the one it was built from.
        """
        if self.trained is None:
            raise CompileProblem("Nothing is trained yet: press Train first.")
        if self.trained.structure != structure((document or self.document).network):
            raise CompileProblem(
                "The network has changed since it was trained: train it again, or undo the changes."
            )
        return self.trained


def refuse_errors(found: Iterable[Problem]) -> None:
    """Raise the first error of a document, if it has one."""
    for problem in found:
        if problem.severity == "error":
            raise NetloomError(
                "“{node}”: {reason}" if problem.node else "{reason}",
                node=problem.node,
                reason=problem.message,
            )


def structure(network: Network) -> Structure:
    """Return what Keras makes of a network, positions and order in the file left out."""
    nodes = frozenset(
        (node.id, node.layer, node.title, node.shares, _frozen(node.params), _stamp(node))
        for node in network.nodes.values()
    )
    return nodes, frozenset(network.edges())


def _stamp(node: Node) -> str:
    """Return what tells whether code of others is still the same, and still trusted."""
    spec = LAYERS.find(node.layer)
    return spec.stamp(node.params) if spec is not None else ""


def _frozen(params: dict[str, object]) -> str:
    return repr(sorted(params.items()))


def _only_moved(change: NodeChange) -> bool:
    before, after = change.before, change.after
    return before is not None and after is not None and _keras_part(before) == _keras_part(after)


def _keras_part(node: Node) -> tuple[object, ...]:
    return node.layer, node.params, node.shares
