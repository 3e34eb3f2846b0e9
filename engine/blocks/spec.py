"""What a built-in block declares about itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from engine.blocks.sketch import Plan, Sketch
from engine.fields import Params, Spec
from engine.registry import Registry

# Before the key of a block where keys of layers can stand, too.
PREFIX = "built-in:"
GROUPS = ("blocks", "applications")


class BlockSpec(Spec):
    """A block of layers that is drawn from a few parameters.

    On the canvas it is a block like any other: its layers can be edited one by one.

    Attributes:
        search: Further words by which the palette finds it.
        inputs: How many wires it takes.
        ranks: Ranks of input tensors it accepts, batch axis included; empty means any.
        group: Where the palette shows it: one of `GROUPS`.
        keeps_names: Whether its layers keep their names, by which files of weights know them.
        family: What it has in common with others of its group; "" for none.
        feeds: The parameter that is the shape of the Input before it, or "".
    """

    category: ClassVar[str] = "block"
    search: ClassVar[tuple[str, ...]] = ()
    inputs: ClassVar[int] = 1
    ranks: ClassVar[tuple[int, ...]] = ()
    group: ClassVar[str] = "blocks"
    keeps_names: ClassVar[bool] = False
    family: ClassVar[str] = ""
    feeds: ClassVar[str] = ""

    @classmethod
    def takes(cls, shape: Sequence[int | None] | None) -> bool:
        """Return whether it can be fed a tensor, as far as the rank tells.

        Args:
            shape: The tensor's shape, batch axis first; None where unknown.
        """
        return shape is None or not cls.ranks or len(shape) in cls.ranks

    @classmethod
    def fitting(cls, channels: int) -> Params:
        """Return the parameters that differ from the defaults behind so many channels."""
        return {}

    @classmethod
    def fitted(cls, shape: Sequence[int | None] | None) -> Params:
        """Return the parameters that differ from the defaults behind a tensor.

        Args:
            shape: The tensor's shape, batch axis first; None where unknown.
        """
        channels = shape[-1] if shape is not None and len(shape) > 1 else None
        found = cls.fitting(channels) if channels is not None and cls.takes(shape) else {}
        return {} if cls.check(found) else cls.trim(found)

    @classmethod
    def plan(cls, params: Mapping[str, Any]) -> Plan:
        """Return the layers that parameters make; missing ones have their defaults."""
        sketch = Sketch(cls.inputs)
        return sketch.plan(cls.draw(sketch, cls.complete(params)))

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        """Draw the block; returns the tensors that it gives.

        Args:
            sketch: Where to; its `inputs` are what the block takes.
            params: Complete parameters (every field present), all of them right.
        """
        raise NotImplementedError


BLOCKS: Registry[type[BlockSpec]] = Registry("block")
