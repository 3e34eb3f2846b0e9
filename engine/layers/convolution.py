"""Convolutions: a small window of learned weights slides over a sequence or an image."""

from __future__ import annotations

from typing import ClassVar

from engine.errors import Text, text
from engine.fields import IntTuple, Params
from engine.layers.common import (
    Activated,
    ActivityRegularized,
    BiasWeights,
    ImageFormat,
    KernelWeights,
    activation_text,
    on_axes,
    size_text,
    stride_text,
)
from engine.layers.spec import LAYERS, Weighted
from engine.layers.windows import (
    IMAGE,
    OUTPUT_PADDING_HELP,
    STEPS,
    VOLUME,
    DepthwiseWeights,
    Dilated1D,
    Dilated2D,
    Dilated3D,
    Filters,
    Grouped,
    Padded,
    PaddedInTime,
    PointwiseWeights,
    Window1D,
    Window2D,
    Window3D,
)


class Convolution(Weighted):
    """What all convolutions share; no layer of its own."""

    category = "convolution"
    leading: ClassVar[tuple[str, ...]] = ("filters", "kernel_size")

    @classmethod
    def summary(cls, params: Params) -> Text:
        axes = cls.ranks[0] - 2
        values = {
            "filters": params.get("filters", 0),
            "size": size_text(params["kernel_size"], axes),
            "activation": activation_text(params["activation"]),
        }
        stride = stride_text(params["strides"], axes)
        if stride == "1":
            if "filters" in params:
                return text("{filters} filters, {size}{activation}", **values)
            return text("{size}{activation}", **values)
        values["stride"] = stride
        if "filters" in params:
            return text("{filters} filters, {size}, stride {stride}{activation}", **values)
        return text("{size}, stride {stride}{activation}", **values)


class Undilated(Convolution):
    """Convolutions that cannot skip steps and look apart at the same time."""

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        axes = cls.ranks[0] - 2
        strided = max(on_axes(values["strides"], axes)) > 1
        if strided and max(on_axes(values["dilation_rate"], axes)) > 1:
            message = text("Dilation above 1 works only with strides of 1; set one of them to 1.")
            return {"dilation_rate": message}
        if values["filters"] % values.get("groups", 1):
            message = text(
                "{filters} filters cannot be split into {groups} equal groups.",
                filters=values["filters"],
                groups=values["groups"],
            )
            return {"groups": message}
        return {}


class Transposed(Undilated):
    """Convolutions that enlarge."""

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if values["output_padding"] is not None:
            axes = cls.ranks[0] - 2
            extra = on_axes(values["output_padding"], axes)
            if any(
                more >= stride
                for more, stride in zip(extra, on_axes(values["strides"], axes), strict=True)
            ):
                message = text("Output padding must be smaller than the stride on every axis.")
                return {"output_padding": message}
        return super().check_together(values)


@LAYERS.register("Conv1D")
class Conv1D(
    Filters,
    Window1D,
    PaddedInTime,
    Activated,
    Dilated1D,
    Grouped,
    ImageFormat,
    KernelWeights,
    BiasWeights,
    ActivityRegularized,
    Undilated,
):
    """Convolution over a sequence: finds short patterns wherever they occur."""

    title, ranks = "Conv1D", (3,)
    search = (
        "convolution",
        "sequence",
        "time series",
        "text",
        "signal",
        "卷积",
        "一维卷积",
        "downsample",
        "下采样",
    )


@LAYERS.register("Conv2D")
class Conv2D(
    Filters,
    Window2D,
    Padded,
    Activated,
    Dilated2D,
    Grouped,
    ImageFormat,
    KernelWeights,
    BiasWeights,
    ActivityRegularized,
    Undilated,
):
    """Convolution over an image: finds edges, corners and textures wherever they occur."""

    title, ranks = "Conv2D", (4,)
    search = (
        "convolution",
        "image",
        "cnn",
        "filter",
        "kernel",
        "卷积",
        "二维卷积",
        "图像",
        "downsample",
        "下采样",
    )


@LAYERS.register("Conv3D")
class Conv3D(
    Filters,
    Window3D,
    Padded,
    Activated,
    Dilated3D,
    Grouped,
    ImageFormat,
    KernelWeights,
    BiasWeights,
    ActivityRegularized,
    Undilated,
):
    """Convolution over a volume or a film: finds patterns in space, or in space and time."""

    title, ranks = "Conv3D", (5,)
    search = ("convolution", "volume", "video", "medical", "卷积", "三维卷积", "视频", "体积")


@LAYERS.register("Conv1DTranspose")
class Conv1DTranspose(
    Filters,
    Window1D,
    Padded,
    Activated,
    Dilated1D,
    ImageFormat,
    KernelWeights,
    BiasWeights,
    ActivityRegularized,
    Transposed,
):
    """Convolution that lengthens a sequence: the way back from a Conv1D with strides."""

    title, ranks = "Conv1DTranspose", (3,)
    search = ("deconvolution", "upsample", "decoder", "转置卷积", "反卷积")
    output_padding = IntTuple(
        None,
        length=1,
        min=0,
        optional=True,
        advanced=True,
        axes=STEPS,
        unit="steps",
        label="Output padding",
        help=OUTPUT_PADDING_HELP,
    )


@LAYERS.register("Conv2DTranspose")
class Conv2DTranspose(
    Filters,
    Window2D,
    Padded,
    Activated,
    Dilated2D,
    ImageFormat,
    KernelWeights,
    BiasWeights,
    ActivityRegularized,
    Transposed,
):
    """Convolution that enlarges an image: used in decoders and generators."""

    title, ranks = "Conv2DTranspose", (4,)
    search = ("deconvolution", "upsample", "decoder", "generator", "转置卷积", "反卷积")
    output_padding = IntTuple(
        None,
        length=2,
        min=0,
        optional=True,
        advanced=True,
        axes=IMAGE,
        unit="px",
        label="Output padding",
        help=OUTPUT_PADDING_HELP,
    )


@LAYERS.register("Conv3DTranspose")
class Conv3DTranspose(
    Filters,
    Window3D,
    Padded,
    Activated,
    Dilated3D,
    ImageFormat,
    KernelWeights,
    BiasWeights,
    ActivityRegularized,
    Transposed,
):
    """Convolution that enlarges a volume: the way back from a Conv3D with strides."""

    title, ranks = "Conv3DTranspose", (5,)
    search = ("deconvolution", "upsample", "decoder", "volume", "转置卷积", "反卷积")
    output_padding = IntTuple(
        None,
        length=3,
        min=0,
        optional=True,
        advanced=True,
        axes=VOLUME,
        unit="px",
        label="Output padding",
        help=OUTPUT_PADDING_HELP,
    )


@LAYERS.register("SeparableConv1D")
class SeparableConv1D(
    Filters,
    Window1D,
    Padded,
    Activated,
    Dilated1D,
    ImageFormat,
    DepthwiseWeights,
    PointwiseWeights,
    BiasWeights,
    ActivityRegularized,
    Convolution,
):
    """Convolution of each channel of a sequence by itself, then a mix of the channels."""

    title, ranks = "SeparableConv1D", (3,)
    search = ("convolution", "depthwise", "light", "可分离卷积", "downsample", "下采样")


@LAYERS.register("SeparableConv2D")
class SeparableConv2D(
    Filters,
    Window2D,
    Padded,
    Activated,
    Dilated2D,
    ImageFormat,
    DepthwiseWeights,
    PointwiseWeights,
    BiasWeights,
    ActivityRegularized,
    Convolution,
):
    """Convolution of each channel by itself, then a mix of them: far fewer weights."""

    title, ranks = "SeparableConv2D", (4,)
    search = (
        "convolution",
        "depthwise",
        "xception",
        "mobilenet",
        "可分离卷积",
        "downsample",
        "下采样",
    )


@LAYERS.register("DepthwiseConv1D")
class DepthwiseConv1D(
    Window1D,
    Padded,
    Activated,
    Dilated1D,
    ImageFormat,
    DepthwiseWeights,
    BiasWeights,
    ActivityRegularized,
    Convolution,
):
    """Convolution of each channel of a sequence by itself; channels do not mix."""

    title, ranks = "DepthwiseConv1D", (3,)
    leading = ("kernel_size",)
    search = ("convolution", "channel", "深度卷积", "逐通道卷积", "downsample", "下采样")


@LAYERS.register("DepthwiseConv2D")
class DepthwiseConv2D(
    Window2D,
    Padded,
    Activated,
    Dilated2D,
    ImageFormat,
    DepthwiseWeights,
    BiasWeights,
    ActivityRegularized,
    Convolution,
):
    """Convolution of each channel of an image by itself; channels do not mix."""

    title, ranks = "DepthwiseConv2D", (4,)
    leading = ("kernel_size",)
    search = (
        "convolution",
        "mobilenet",
        "channel",
        "深度卷积",
        "逐通道卷积",
        "downsample",
        "下采样",
    )
