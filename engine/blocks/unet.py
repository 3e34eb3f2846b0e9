"""The two sides of a U-Net.

U-Net: Convolutional Networks for Biomedical Image Segmentation, Ronneberger et al., 2015. As is
usual today the convolutions keep height and width, so that nothing has to be cropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from engine.blocks.residual import convolution, filters_field, normalization, relu
from engine.blocks.sketch import Sketch
from engine.blocks.spec import BLOCKS, BlockSpec
from engine.fields import Bool, Choice, Float, Params


class Side(BlockSpec):
    """What both sides share; no block of its own."""

    ranks = (4,)
    search: ClassVar[tuple[str, ...]] = ("unet", "u-net", "segmentation", "分割", "图像分割")
    filters = filters_field(64)
    normalized = Bool(
        False,
        label="Normalization",
        help="Whether a batch normalization follows each convolution.",
    )

    @classmethod
    def convolutions(cls, sketch: Sketch, source: str, params: Params) -> str:
        """Draw the two convolutions that both sides have."""
        for number in (1, 2):
            steps = [convolution(f"conv{number}", params["filters"], 3, bias=True)]
            if params["normalized"]:
                steps.append(normalization(f"norm{number}"))
            source = sketch.chain(source, *steps, relu(f"relu{number}"))
        return source


@BLOCKS.register("unet_down")
class UnetDown(Side):
    """Two convolutions, then pooling; what comes before the pooling leaves as well.

    The second output leads across to the block that goes up again.
    """

    title = "U-Net down"
    search = (*Side.search, "encoder", "downsample", "下采样", "编码")
    dropout = Float(
        0.0,
        min=0,
        max=1,
        open_max=True,
        label="Dropout",
        help="Part of the values set to zero while training; 0 for none.",
    )

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        (entry,) = sketch.inputs
        across = cls.convolutions(sketch, entry, params)
        if params["dropout"]:
            across = sketch.add("dropout", "Dropout", across, rate=params["dropout"])
        return [sketch.add("pool", "MaxPooling2D", across), across]


@BLOCKS.register("unet_up")
class UnetUp(Side):
    """Doubles height and width, joins what comes across, then two convolutions.

    The first input comes from below, the second from the block that went down.
    """

    title, inputs = "U-Net up", 2
    search = (*Side.search, "decoder", "upsample", "上采样", "解码")
    enlarging = Choice(
        "transposed",
        options=("transposed", "upsampling"),
        label="Enlarging",
        help="By a transposed convolution, or by repeating pixels and a convolution.",
    )

    @classmethod
    def draw(cls, sketch: Sketch, params: Params) -> Sequence[str]:
        below, across = sketch.inputs
        filters = params["filters"]
        if params["enlarging"] == "transposed":
            enlarged = sketch.add(
                "transposed",
                "Conv2DTranspose",
                below,
                filters=filters,
                kernel_size=[2, 2],
                strides=[2, 2],
                padding="same",
            )
        else:
            larger = sketch.add("enlarge", "UpSampling2D", below)
            enlarged = sketch.chain(larger, convolution("enlarge_conv", filters, 2, bias=True))
        joined = sketch.add("join", "Concatenate", across, enlarged)
        return [cls.convolutions(sketch, joined, params)]
