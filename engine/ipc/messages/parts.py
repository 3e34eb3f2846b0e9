"""What messages between the window and the engine are made of."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from engine.graph.document import (
    Block,
    Document,
    Edge,
    Mark,
    Network,
    Node,
    Part,
    Recipe,
)
from engine.graph.geometry import Flow


class Array(msgspec.Struct, frozen=True):
    """A NumPy array as a raw buffer.

    Attributes:
        dtype: NumPy's name of the type, such as "<f4".
        shape: Sizes of the axes.
        data: The values in C order.
    """

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, values: npt.ArrayLike) -> Array:
        """Pack an array."""
        array = np.ascontiguousarray(values)
        if array.dtype.hasobject:
            raise TypeError("only plain numbers can travel")
        return cls(array.dtype.str, array.shape, array.tobytes())

    def numpy(self) -> npt.NDArray[Any]:
        """Unpack the array; it is read-only."""
        return np.frombuffer(self.data, np.dtype(self.dtype)).reshape(self.shape)


class DocumentState(msgspec.Struct, frozen=True):
    """A whole document as data."""

    nodes: list[Node]
    edges: list[Edge]
    blocks: list[Block]
    marks: list[Mark]
    title: str
    notes: str
    flow: Flow
    data: Part
    recipe: Recipe
    extra: dict[str, Any]

    @classmethod
    def of(cls, document: Document) -> DocumentState:
        """Take down a document."""
        return cls(
            list(document.network.ordered()),
            document.network.edges(),
            list(document.network.blocks.values()),
            list(document.marks.values()),
            document.title,
            document.notes,
            document.flow,
            document.data,
            document.recipe,
            document.extra,
        )

    def document(self) -> Document:
        """Make a document; it shares nothing that an edit would change."""
        return Document(
            Network(self.nodes, self.edges, self.blocks),
            title=self.title,
            notes=self.notes,
            flow=self.flow,
            marks=self.marks,
            data=self.data,
            recipe=self.recipe,
            extra=dict(self.extra),
        )


class NodeFacts(msgspec.Struct, frozen=True):
    """What Keras says about one node.

    Attributes:
        shape: Shape of the output, batch axis first as None; None where it is unknown.
        dtype: Type of the output's values.
        params: Number of trainable and non-trainable weights of the layer; 0 where the node
            shares another node's layer.
        trainable: Number of trainable weights among them.
    """

    shape: list[int | None] | None = None
    dtype: str = ""
    params: int = 0
    trainable: int = 0


class Device(msgspec.Struct, frozen=True):
    """A device to train on: `name` such as "GPU:0" or "CPU", `title` for people."""

    name: str
    title: str


class DataInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a loaded data source holds.

    Attributes:
        title: Name for people.
        train, test: Numbers of samples; `test` 0 where the source has no test part.
        sample_shape: Shape of one sample, such as [28, 28, 1].
        task: "classes" for labels 0..n-1, "values" for real targets.
        classes: Names of the classes; empty for values.
        class_counts: Training samples of each class.
        features: Names of the columns of a table; empty for images.
        target_shape: Shape of one target for values.
        source: Where it came from, such as a path.
    """

    title: str
    train: int
    test: int
    sample_shape: list[int]
    task: str
    classes: list[str] = []
    class_counts: list[int] = []
    features: list[str] = []
    target_shape: list[int] = []
    source: str = ""


class Stored(msgspec.Struct, frozen=True):
    """A layer in a file: its path there, and the shapes of its weights."""

    path: str
    shapes: list[tuple[int, ...]]


class ProbePicture(msgspec.Struct, frozen=True):
    """One part of a probe's result: a stack of pictures or a curve with a caption.

    Attributes:
        title: Caption, such as the layer's name.
        node: Id of the node it belongs to, or "".
        kind: "grid" (n, height, width) or (n, height, width, 3); "bars" (n,) one number a
            unit; "image" (height, width[, 3]).
        values: The numbers as computed; the window chooses colors.
    """

    title: str
    node: str
    kind: str
    values: Array
