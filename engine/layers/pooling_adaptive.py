"""Adaptive pooling: the size of the output is given, and the windows follow from the input."""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import IntTuple, Params
from engine.layers.common import ImageFormat, size_text
from engine.layers.spec import LAYERS, LayerSpec
from engine.layers.windows import IMAGE, STEPS, VOLUME

SIZE_HELP = "Size of the output, whatever the size of the input."


class Size1D:
    """Length of the output."""

    output_size = IntTuple(
        4, length=1, axes=STEPS, unit="steps", label="Output size", help=SIZE_HELP
    )


class Size2D:
    """Height and width of the output."""

    output_size = IntTuple(
        [4, 4], length=2, axes=IMAGE, unit="px", label="Output size", help=SIZE_HELP
    )


class Size3D:
    """Depth, height and width of the output."""

    output_size = IntTuple(
        [4, 4, 4], length=3, axes=VOLUME, unit="px", label="Output size", help=SIZE_HELP
    )


class Adaptive(LayerSpec):
    """What adaptive pooling shares; no layer of its own."""

    category, leading = "pooling", ("output_size",)

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("to {shape}", shape=size_text(params["output_size"], cls.ranks[0] - 2))


@LAYERS.register("AdaptiveAveragePooling1D")
class AdaptiveAveragePooling1D(Size1D, ImageFormat, Adaptive):
    """Takes the mean of windows of a sequence so that the output has a given size."""

    title, ranks = "AdaptiveAveragePooling1D", (3,)
    search = ("mean", "adaptive", "downsample", "pool", "自适应池化", "平均池化")


@LAYERS.register("AdaptiveAveragePooling2D")
class AdaptiveAveragePooling2D(Size2D, ImageFormat, Adaptive):
    """Takes the mean of windows of an image so that the output has a given size."""

    title, ranks = "AdaptiveAveragePooling2D", (4,)
    search = ("mean", "adaptive", "downsample", "pool", "自适应池化", "平均池化")


@LAYERS.register("AdaptiveAveragePooling3D")
class AdaptiveAveragePooling3D(Size3D, ImageFormat, Adaptive):
    """Takes the mean of windows of a volume so that the output has a given size."""

    title, ranks = "AdaptiveAveragePooling3D", (5,)
    search = ("mean", "adaptive", "downsample", "pool", "自适应池化", "平均池化")


@LAYERS.register("AdaptiveMaxPooling1D")
class AdaptiveMaxPooling1D(Size1D, ImageFormat, Adaptive):
    """Keeps the largest value of windows of a sequence so that the output has a given size."""

    title, ranks = "AdaptiveMaxPooling1D", (3,)
    search = ("maximum", "adaptive", "downsample", "pool", "自适应池化", "最大池化")


@LAYERS.register("AdaptiveMaxPooling2D")
class AdaptiveMaxPooling2D(Size2D, ImageFormat, Adaptive):
    """Keeps the largest value of windows of an image so that the output has a given size."""

    title, ranks = "AdaptiveMaxPooling2D", (4,)
    search = ("maximum", "adaptive", "downsample", "pool", "自适应池化", "最大池化")


@LAYERS.register("AdaptiveMaxPooling3D")
class AdaptiveMaxPooling3D(Size3D, ImageFormat, Adaptive):
    """Keeps the largest value of windows of a volume so that the output has a given size."""

    title, ranks = "AdaptiveMaxPooling3D", (5,)
    search = ("maximum", "adaptive", "downsample", "pool", "自适应池化", "最大池化")
