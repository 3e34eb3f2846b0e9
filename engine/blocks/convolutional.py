"""Blocks of well known convolutional networks."""

from __future__ import annotations

from collections.abc import Sequence

from engine.blocks.residual import (
    FEWEST_CHANNELS,
    convolution,
    filters_field,
    normalization,
    relu,
    stride_field,
)
from engine.blocks.sketch import Sketch
from engine.blocks.spec import BLOCKS, BlockSpec
from engine.errors import Text, text
from engine.fields import Bool, Int, Params


def branch_field(default: int, label: str, help: str) -> Int:
    """Return the field of the width of one branch."""
    return Int(default, min=1, max=65_536, label=label, help=help)


@BLOCKS.register("inception")
class Inception(BlockSpec):
    """Convolutions of 1×1, 3×3 and 5×5 and pooling side by side, joined, as in GoogLeNet.

    Going Deeper with Convolutions, Szegedy et al., 2014, figure 2b. The defaults are those of its
    module 3a.
    """

    title, ranks = "Inception module", (4,)
    search = ("googlenet", "parallel", "branches", "并行", "多分支")
    direct = branch_field(64, "1×1 filters", "Feature maps of the branch with one 1×1 convolution.")
    reduced_3 = branch_field(96, "3×3 reduced", "Feature maps before the 3×3 convolution.")
    filters_3 = branch_field(128, "3×3 filters", "Feature maps of the 3×3 convolution.")
    reduced_5 = branch_field(16, "5×5 reduced", "Feature maps before the 5×5 convolution.")
    filters_5 = branch_field(32, "5×5 filters", "Feature maps of the 5×5 convolution.")
    pooled = branch_field(32, "Pooled filters", "Feature maps behind the pooling.")

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs

        def branch(source: str, *steps: tuple[str, int, int]) -> str:
            for part, filters, size in steps:
                _, layer, given = convolution(part, filters, size, bias=True)
                source = sketch.add(part, layer, source, activation="relu", **given)
            return source

        same = {"pool_size": [3, 3], "strides": [1, 1], "padding": "same"}
        branches = [
            branch(entry, ("direct", params["direct"], 1)),
            branch(entry, ("reduce3", params["reduced_3"], 1), ("conv3", params["filters_3"], 3)),
            branch(entry, ("reduce5", params["reduced_5"], 1), ("conv5", params["filters_5"], 5)),
            branch(
                sketch.add("pool", "MaxPooling2D", entry, **same),
                ("pool_conv", params["pooled"], 1),
            ),
        ]
        return [sketch.add("join", "Concatenate", *branches)]


@BLOCKS.register("dense_block")
class DenseBlock(BlockSpec):
    """Each layer sees the outputs of all layers before it, as in DenseNet.

    Densely Connected Convolutional Networks, Huang et al., 2016.
    """

    title, ranks = "Dense block", (4,)
    search = ("densenet", "growth", "concatenate", "稠密块", "密集连接")
    layers = Int(4, min=1, max=64, label="Layers", help="Number of layers in the block.")
    growth = Int(
        32, min=1, max=4096, label="Growth rate", help="Feature maps that each layer adds."
    )
    bottleneck = Bool(
        True,
        label="Bottleneck",
        help="Whether a 1×1 convolution comes before each 3×3 convolution, which saves weights.",
    )

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (source,) = sketch.inputs
        growth = params["growth"]
        for number in range(1, params["layers"] + 1):
            inner = sketch.chain(source, normalization(f"norm{number}"), relu(f"relu{number}"))
            if params["bottleneck"]:
                inner = sketch.chain(
                    inner,
                    convolution(f"bottleneck{number}", 4 * growth, 1),
                    normalization(f"bottleneck{number}_norm"),
                    relu(f"bottleneck{number}_relu"),
                )
            inner = sketch.chain(inner, convolution(f"conv{number}", growth, 3))
            source = sketch.add(f"join{number}", "Concatenate", source, inner)
        return [source]


@BLOCKS.register("inverted_residual")
class InvertedResidual(BlockSpec):
    """Widens, filters each channel for itself and narrows again, as in MobileNetV2.

    MobileNetV2: Inverted Residuals and Linear Bottlenecks, Sandler et al., 2018.
    """

    title, ranks = "Inverted residual", (4,)
    search = ("mobilenet", "depthwise", "mobile", "倒残差", "深度可分离")
    filters = filters_field(24)
    expanded = Int(
        144,
        min=1,
        max=65_536,
        label="Expanded",
        help="Feature maps in the middle; usually six times as many as come in.",
    )
    stride = stride_field()
    skip = Bool(
        False,
        label="Way past",
        help="Whether the input is added at the end; it needs as many channels as come out.",
    )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if values["stride"] == 1 or not values["skip"]:
            return {}
        return {"skip": text("A way past needs the stride 1.")}

    @classmethod
    def fitting(cls, channels: int) -> Params:
        if channels < FEWEST_CHANNELS:
            return {}
        return {"filters": channels, "expanded": 6 * channels, "skip": True}

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        depthwise = {"kernel_size": [3, 3], "padding": "same", "use_bias": False}
        if params["stride"] > 1:
            depthwise["strides"] = [params["stride"]] * 2
        capped = {"max_value": 6.0}
        last = sketch.chain(
            entry,
            convolution("expand", params["expanded"], 1),
            normalization("expand_norm"),
            ("expand_relu", "ReLU", capped),
            ("depthwise", "DepthwiseConv2D", depthwise),
            normalization("depthwise_norm"),
            ("depthwise_relu", "ReLU", capped),
            convolution("project", params["filters"], 1),
            normalization("project_norm"),
        )
        return [sketch.add("add", "Add", entry, last) if params["skip"] else last]


@BLOCKS.register("squeeze_excite")
class SqueezeExcite(BlockSpec):
    """Weighs the channels by what the whole picture shows.

    Squeeze-and-Excitation Networks, Hu et al., 2017.
    """

    title, ranks = "Squeeze and excite", (4,)
    search = ("senet", "channel attention", "通道注意力", "压缩激励")
    channels = branch_field(64, "Channels", "As many as come in.")
    ratio = Int(
        16, min=1, max=1024, label="Ratio", help="How many times fewer there are in the middle."
    )

    @classmethod
    def fitting(cls, channels: int) -> Params:
        return {"channels": channels}

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        channels = params["channels"]
        narrow = max(1, channels // params["ratio"])
        weights = sketch.chain(
            entry,
            ("squeeze", "GlobalAveragePooling2D", {"keepdims": True}),
            ("reduce", "Dense", {"units": narrow, "activation": "relu"}),
            ("excite", "Dense", {"units": channels, "activation": "sigmoid"}),
        )
        return [sketch.add("scale", "Multiply", entry, weights)]


@BLOCKS.register("xception")
class Xception(BlockSpec):
    """Two separable convolutions and a pooling, and a 1×1 convolution past them.

    Xception: Deep Learning with Depthwise Separable Convolutions, Chollet, 2016, entry flow of
    figure 5.
    """

    title, ranks = "Xception module", (4,)
    search = ("separable", "depthwise", "可分离卷积")
    filters = filters_field(128)
    pooling = Bool(True, label="Pooling", help="Whether height and width are halved at the end.")

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        filters = params["filters"]
        separable = {
            "filters": filters,
            "kernel_size": [3, 3],
            "padding": "same",
            "use_bias": False,
        }
        last = sketch.chain(
            entry,
            relu("relu1"),
            ("separable1", "SeparableConv2D", separable),
            normalization("norm1"),
            relu("relu2"),
            ("separable2", "SeparableConv2D", separable),
            normalization("norm2"),
        )
        if params["pooling"]:
            same = {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"}
            last = sketch.add("pool", "MaxPooling2D", last, **same)
        stride = 2 if params["pooling"] else 1
        past = sketch.chain(
            entry,
            convolution("projection", filters, 1, stride),
            normalization("projection_norm"),
        )
        return [sketch.add("add", "Add", last, past)]
