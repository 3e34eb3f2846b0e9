"""Blocks with a way past their layers, which let networks become deep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from engine.blocks.sketch import Sketch
from engine.blocks.spec import BLOCKS, BlockSpec
from engine.errors import Text, text
from engine.fields import Bool, Int, Params

# Fewer channels than these are those of a picture, not of a network.
FEWEST_CHANNELS = 16

Step = tuple[str, str, dict[str, Any]]


def filters_field(default: int) -> Int:
    """Return the field of a block's width."""
    return Int(default, min=1, max=65_536, label="Filters", help="Number of feature maps.")


def stride_field() -> Int:
    """Return the field of a block's stride."""
    return Int(
        1,
        min=1,
        max=16,
        label="Stride",
        help="Steps of the first convolution; 2 halves height and width.",
    )


def convolution(part: str, filters: int, size: int, stride: int = 1, *, bias: bool = False) -> Step:
    """Return a convolution that keeps height and width, unless the stride makes them smaller."""
    params = {"filters": filters, "kernel_size": [size, size], "padding": "same", "use_bias": bias}
    if stride > 1:
        params["strides"] = [stride, stride]
    return part, "Conv2D", params


def normalization(part: str) -> Step:
    """Return a batch normalization."""
    return part, "BatchNormalization", {}


def relu(part: str) -> Step:
    """Return the usual activation."""
    return part, "Activation", {"activation": "relu"}


class Residual(BlockSpec):
    """What residual blocks share; no block of its own."""

    ranks = (4,)
    search: ClassVar[tuple[str, ...]] = (
        "resnet",
        "skip connection",
        "shortcut",
        "残差",
        "残差块",
        "跳跃连接",
    )
    filters = filters_field(64)
    stride = stride_field()
    projection = Bool(
        True,
        label="Projection",
        help="Whether a 1×1 convolution brings the way past to the shape of the other; needed"
        " where the number of channels or the stride changes.",
    )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if values["stride"] == 1 or values["projection"]:
            return {}
        return {"projection": text("A stride above 1 needs the projection.")}

    @classmethod
    def fitting(cls, channels: int) -> Params:
        if channels < FEWEST_CHANNELS:
            return {}
        return {"filters": channels, "projection": False}


@BLOCKS.register("residual_basic")
class ResidualBasic(Residual):
    """Two 3×3 convolutions and a way past them, as in ResNet-18 and ResNet-34.

    Deep Residual Learning for Image Recognition, He et al., 2015, figure 5 left.
    """

    title = "Residual block"

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        filters, stride = params["filters"], params["stride"]
        last = sketch.chain(
            entry,
            convolution("conv1", filters, 3, stride),
            normalization("norm1"),
            relu("relu1"),
            convolution("conv2", filters, 3),
            normalization("norm2"),
        )
        past = entry
        if params["projection"]:
            steps = convolution("projection", filters, 1, stride), normalization("projection_norm")
            past = sketch.chain(entry, *steps)
        joined = sketch.add("add", "Add", last, past)
        return [sketch.chain(joined, relu("relu2"))]


@BLOCKS.register("residual_bottleneck")
class ResidualBottleneck(Residual):
    """A narrow 3×3 convolution between two of 1×1, and a way past them, as in ResNet-50.

    Deep Residual Learning for Image Recognition, He et al., 2015, figure 5 right. The stride is
    that of the first convolution, as in Keras's ResNet50.
    """

    title = "Residual bottleneck"
    search = (*Residual.search, "瓶颈")
    expansion = Int(
        4,
        min=1,
        max=64,
        label="Expansion",
        help="How many times as many channels come out as the narrow part has.",
    )

    @classmethod
    def fitting(cls, channels: int) -> Params:
        if channels < 4 * FEWEST_CHANNELS or channels % 4:
            return {}
        return {"filters": channels // 4, "projection": False}

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        filters, stride = params["filters"], params["stride"]
        wide = filters * params["expansion"]
        last = sketch.chain(
            entry,
            convolution("conv1", filters, 1, stride),
            normalization("norm1"),
            relu("relu1"),
            convolution("conv2", filters, 3),
            normalization("norm2"),
            relu("relu2"),
            convolution("conv3", wide, 1),
            normalization("norm3"),
        )
        past = entry
        if params["projection"]:
            steps = convolution("projection", wide, 1, stride), normalization("projection_norm")
            past = sketch.chain(entry, *steps)
        joined = sketch.add("add", "Add", last, past)
        return [sketch.chain(joined, relu("relu3"))]


@BLOCKS.register("residual_v2")
class ResidualV2(Residual):
    """Normalization and activation before each convolution, so that the way past stays free.

    Identity Mappings in Deep Residual Networks, He et al., 2016, figure 1b.
    """

    title = "Residual block v2"
    search = (*Residual.search, "pre-activation", "预激活")

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        filters, stride = params["filters"], params["stride"]
        first = sketch.chain(entry, normalization("norm1"), relu("relu1"))
        last = sketch.chain(
            first,
            convolution("conv1", filters, 3, stride),
            normalization("norm2"),
            relu("relu2"),
            convolution("conv2", filters, 3, bias=True),
        )
        past = entry
        if params["projection"]:
            past = sketch.chain(first, convolution("projection", filters, 1, stride, bias=True))
        return [sketch.add("add", "Add", last, past)]
