"""What a document consists of: frozen, typed, plain data."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a layer.

    Attributes:
        id: Permanent identity inside the document; file and edges refer to it.
        layer: Key in the catalog of layers.
        params: Parameters that differ from the catalog's defaults, and unknown ones.
        name: Keras name of the layer where it is not the id.
        shares: Id of the node whose layer (and weights) this node calls again, or "".
        at: Position of the card's top left corner on the canvas, in pixels at 100 %.
        block: Id of the innermost block that the node belongs to, or "".
        role: What the node is in its linked block; its counterparts have the same. "" elsewhere.
        part: What the node is in the block that its parameters made, such as "conv1"; "" elsewhere.
        locked: Whether it is protected from edits.
        order: Place in the file; kept through undo so that saved bytes come back exactly.
        extra: Keys of the file that this version does not know.
    """

    id: str
    layer: str
    params: dict[str, Any] = {}
    name: str = ""
    shares: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    block: str = ""
    role: str = ""
    part: str = ""
    locked: bool = False
    order: int = 0
    extra: dict[str, Any] = {}

    @property
    def title(self) -> str:
        """Name of the layer in Keras."""
        return self.name or self.id


class Edge(msgspec.Struct, frozen=True, order=True):
    """A wire from a node's output to an input port of another.

    Attributes:
        source: Id of the node that gives the tensor.
        target: Id of the node that takes it.
        port: Number of the input port, from 0; only the order of ports matters.
    """

    source: str
    target: str
    port: int = 0


class Port(msgspec.Struct, frozen=True):
    """One input of a block: the input ports inside it that one wire feeds.

    Attributes:
        ends: Pairs of a node inside and its input port.
    """

    ends: tuple[tuple[str, int], ...]


class Part(msgspec.Struct, frozen=True, tag="part"):
    """A chosen declaration with its parameters: a data source, an optimizer, a loss.

    Attributes:
        kind: Key in the registry of its kind.
        params: Parameters that differ from the declaration's defaults, and unknown ones.
    """

    kind: str
    params: dict[str, Any] = {}


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A named part of the network that can be shown as one card.

    Its nodes stay nodes of the network, so that shapes, training, weights and code know nothing
    of blocks.

    Attributes:
        id: Permanent identity inside the document, never that of a node.
        title: Name shown to people.
        parent: Id of the block around it, or "".
        collapsed: Whether it is shown as one card.
        link: Blocks with the same link are kept equal inside; "" for a block of its own.
        row: Whether it is a row of equal blocks, as repeating makes.
        inputs: Its inputs in order. Wires that cross into it elsewhere add further ones.
        outputs: Ids of nodes whose tensors leave it, in order. Crossing wires add further ones.
        made: Key and parameters of the built-in block that it was made as, or None.
        order: Place in the file.
        extra: Keys of the file that this version does not know.
    """

    id: str
    title: str
    parent: str = ""
    collapsed: bool = True
    link: str = ""
    row: bool = False
    inputs: tuple[Port, ...] = ()
    outputs: tuple[str, ...] = ()
    made: Part | None = None
    order: int = 0
    extra: dict[str, Any] = {}


MarkKind = Literal["note", "frame", "bookmark"]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Something on the canvas that is not part of the network.

    Attributes:
        id: Permanent identity inside the document.
        kind: "note" is text on a sheet, "frame" a titled colored ground, "bookmark" a place to
            come back to.
        text: What it says.
        at: Its top left corner, in pixels at 100 %.
        size: Its width and height, in pixels at 100 %.
        color: One of `MARK_COLORS`.
        order: Place in the file.
        extra: Keys of the file that this version does not know.
    """

    id: str
    kind: MarkKind
    text: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float] = (208.0, 96.0)
    color: str = "yellow"
    order: int = 0
    extra: dict[str, Any] = {}


MARK_COLORS = ("yellow", "green", "blue", "purple", "red", "gray")


class Recipe(msgspec.Struct, frozen=True, kw_only=True, tag="recipe"):
    """How to train. Fields and their ranges are declared in `engine.training.recipe`.

    Attributes:
        optimizer: Key and parameters in the registry of optimizers.
        loss: Key in the registry of losses.
        metrics: Keys in the registry of metrics.
        batch_size: Samples in one step of the optimizer.
        epochs: Passes over the training samples.
        validation_split: Part of the training samples held back, from 0 to below 1.
        shuffle: Whether samples are drawn in a new order each epoch.
        seed: Seed of initial weights and of the order of samples.
        device: "auto", "cpu" or a device's name such as "GPU:0".
        extra: Keys of the file that this version does not know.
    """

    optimizer: Part = Part("adam")
    loss: str = "sparse_categorical_crossentropy"
    metrics: tuple[str, ...] = ("accuracy",)
    batch_size: int = 32
    epochs: int = 5
    validation_split: float = 0.1
    shuffle: bool = True
    seed: int = 0
    device: str = "auto"
    extra: dict[str, Any] = {}
