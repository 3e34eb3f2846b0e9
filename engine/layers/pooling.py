"""Pooling: summarises windows, or a whole image or sequence, by their largest or mean value."""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Bool, Choice, IntTuple, Params
from engine.layers.common import ImageFormat, size_text, stride_text
from engine.layers.spec import LAYERS, LayerSpec
from engine.layers.windows import IMAGE, STEPS, VOLUME

POOL_HELP = "Size of the window that becomes one value; 2 halves the size of the input."
STRIDES_HELP = "How far the window moves at a time; empty means by its own size."


class PoolPadding:
    """What happens at the borders."""

    padding = Choice(
        "valid",
        options=("valid", "same"),
        label="Padding",
        help="“same” also keeps windows that reach over the border; “valid” drops them.",
    )


class Window1D(PoolPadding):
    """A window over steps."""

    pool_size = IntTuple(2, length=1, axes=STEPS, unit="steps", label="Pool size", help=POOL_HELP)
    strides = IntTuple(
        None,
        length=1,
        optional=True,
        axes=STEPS,
        unit="steps",
        label="Strides",
        help=STRIDES_HELP,
    )


class Window2D(PoolPadding):
    """A window over rows and columns."""

    pool_size = IntTuple(
        [2, 2],
        length=2,
        axes=IMAGE,
        unit="px",
        label="Pool size",
        help=POOL_HELP,
    )
    strides = IntTuple(
        None,
        length=2,
        optional=True,
        axes=IMAGE,
        unit="px",
        label="Strides",
        help=STRIDES_HELP,
    )


class Window3D(PoolPadding):
    """A window over a volume."""

    pool_size = IntTuple(
        [2, 2, 2], length=3, axes=VOLUME, unit="px", label="Pool size", help=POOL_HELP
    )
    strides = IntTuple(
        None,
        length=3,
        optional=True,
        axes=VOLUME,
        unit="px",
        label="Strides",
        help=STRIDES_HELP,
    )


class KeepDims:
    """Whether the axes pooled away stay with size 1."""

    keepdims = Bool(
        False,
        advanced=True,
        label="Keep axes",
        help="Whether the pooled axes stay, with size 1, instead of disappearing.",
    )


class Pooling(LayerSpec):
    """What pooling over windows shares; no layer of its own."""

    category = "pooling"
    leading = ("pool_size",)

    @classmethod
    def summary(cls, params: Params) -> Text:
        axes = cls.ranks[0] - 2
        size = size_text(params["pool_size"], axes)
        if params["strides"] is None or size_text(params["strides"], axes) == size:
            return text("{size}", size=size)
        stride = stride_text(params["strides"], axes)
        return text("{size}, stride {stride}", size=size, stride=stride)


@LAYERS.register("MaxPooling1D")
class MaxPooling1D(Window1D, ImageFormat, Pooling):
    """Keeps the largest value of each window of a sequence."""

    title, ranks = "MaxPooling1D", (3,)
    search = ("maximum", "downsample", "shrink", "pool", "池化", "下采样", "最大池化")


@LAYERS.register("MaxPooling2D")
class MaxPooling2D(Window2D, ImageFormat, Pooling):
    """Keeps the largest value of each window of an image, channel by channel."""

    title, ranks = "MaxPooling2D", (4,)
    search = ("maximum", "downsample", "shrink", "pool", "池化", "下采样", "最大池化")


@LAYERS.register("MaxPooling3D")
class MaxPooling3D(Window3D, ImageFormat, Pooling):
    """Keeps the largest value of each window of a volume, channel by channel."""

    title, ranks = "MaxPooling3D", (5,)
    search = ("maximum", "downsample", "shrink", "pool", "volume", "池化", "下采样", "最大池化")


@LAYERS.register("AveragePooling1D")
class AveragePooling1D(Window1D, ImageFormat, Pooling):
    """Takes the mean of each window of a sequence."""

    title, ranks = "AveragePooling1D", (3,)
    search = ("mean", "downsample", "shrink", "pool", "池化", "下采样", "平均池化")


@LAYERS.register("AveragePooling2D")
class AveragePooling2D(Window2D, ImageFormat, Pooling):
    """Takes the mean of each window of an image, channel by channel."""

    title, ranks = "AveragePooling2D", (4,)
    search = ("mean", "downsample", "shrink", "pool", "池化", "下采样", "平均池化")


@LAYERS.register("AveragePooling3D")
class AveragePooling3D(Window3D, ImageFormat, Pooling):
    """Takes the mean of each window of a volume, channel by channel."""

    title, ranks = "AveragePooling3D", (5,)
    search = ("mean", "downsample", "shrink", "pool", "volume", "池化", "下采样", "平均池化")


@LAYERS.register("GlobalMaxPooling1D")
class GlobalMaxPooling1D(KeepDims, ImageFormat, LayerSpec):
    """Keeps the largest value of each channel of the whole sequence."""

    title, category, ranks = "GlobalMaxPooling1D", "pooling", (3,)
    search = ("maximum", "downsample", "pool", "全局池化", "下采样", "全局最大池化")


@LAYERS.register("GlobalMaxPooling2D")
class GlobalMaxPooling2D(KeepDims, ImageFormat, LayerSpec):
    """Keeps the largest value of each channel of the whole image."""

    title, category, ranks = "GlobalMaxPooling2D", "pooling", (4,)
    search = ("maximum", "downsample", "pool", "全局池化", "下采样", "全局最大池化")


@LAYERS.register("GlobalMaxPooling3D")
class GlobalMaxPooling3D(KeepDims, ImageFormat, LayerSpec):
    """Keeps the largest value of each channel of the whole volume."""

    title, category, ranks = "GlobalMaxPooling3D", "pooling", (5,)
    search = ("maximum", "downsample", "pool", "volume", "全局池化", "下采样", "全局最大池化")


@LAYERS.register("GlobalAveragePooling1D")
class GlobalAveragePooling1D(KeepDims, ImageFormat, LayerSpec):
    """Takes the mean of each channel of the whole sequence."""

    title, category, ranks = "GlobalAveragePooling1D", "pooling", (3,)
    search = ("mean", "downsample", "pool", "gap", "下采样", "全局池化", "全局平均池化")


@LAYERS.register("GlobalAveragePooling2D")
class GlobalAveragePooling2D(KeepDims, ImageFormat, LayerSpec):
    """Takes the mean of each channel of the whole image."""

    title, category, ranks = "GlobalAveragePooling2D", "pooling", (4,)
    search = ("mean", "downsample", "pool", "gap", "下采样", "全局池化", "全局平均池化")


@LAYERS.register("GlobalAveragePooling3D")
class GlobalAveragePooling3D(KeepDims, ImageFormat, LayerSpec):
    """Takes the mean of each channel of the whole volume."""

    title, category, ranks = "GlobalAveragePooling3D", "pooling", (5,)
    search = ("mean", "downsample", "pool", "gap", "volume", "下采样", "全局池化", "全局平均池化")
