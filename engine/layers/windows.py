"""Fields of convolutions: filters, windows over steps or pixels, weights by channel."""

from __future__ import annotations

from engine.fields import Choice, Int, IntTuple
from engine.layers.common import constraint, initializer, regularizer

KERNEL_HELP = "Size of the window that slides over the input."
STRIDES_HELP = "How far the window moves at a time; 2 halves the size of the output."
DILATION_HELP = "Distance between the values that the window looks at; 1 is a solid window."
PADDING_HELP = "“same” surrounds the input with zeros so that its size stays; “valid” does not."
OUTPUT_PADDING_HELP = (
    "Size added at one end of the output; smaller than the stride; empty for none."
)
IMAGE = ("Height", "Width")
STEPS = ("Steps",)
VOLUME = ("Depth", "Height", "Width")


class Filters:
    """How many patterns are learned."""

    filters = Int(
        32,
        min=1,
        label="Filters",
        help="Number of patterns to learn: the number of channels of the output.",
    )


class Window1D:
    """A window over steps."""

    kernel_size = IntTuple(
        3, length=1, axes=STEPS, unit="steps", label="Kernel size", help=KERNEL_HELP
    )
    strides = IntTuple(1, length=1, axes=STEPS, unit="steps", label="Strides", help=STRIDES_HELP)


class Window2D:
    """A window over rows and columns."""

    kernel_size = IntTuple(
        [3, 3], length=2, axes=IMAGE, unit="px", label="Kernel size", help=KERNEL_HELP
    )
    strides = IntTuple([1, 1], length=2, axes=IMAGE, unit="px", label="Strides", help=STRIDES_HELP)


class Window3D:
    """A window over the layers, rows and columns of a volume."""

    kernel_size = IntTuple(
        [3, 3, 3], length=3, axes=VOLUME, unit="px", label="Kernel size", help=KERNEL_HELP
    )
    strides = IntTuple(
        [1, 1, 1], length=3, axes=VOLUME, unit="px", label="Strides", help=STRIDES_HELP
    )


class Dilated1D:
    """A window with gaps, over steps."""

    dilation_rate = IntTuple(
        1, length=1, axes=STEPS, label="Dilation", help=DILATION_HELP, advanced=True
    )


class Dilated2D:
    """A window with gaps, over rows and columns."""

    dilation_rate = IntTuple(
        [1, 1], length=2, axes=IMAGE, label="Dilation", help=DILATION_HELP, advanced=True
    )


class Dilated3D:
    """A window with gaps, in a volume."""

    dilation_rate = IntTuple(
        [1, 1, 1], length=3, axes=VOLUME, label="Dilation", help=DILATION_HELP, advanced=True
    )


class Padded:
    """What happens at the borders."""

    padding = Choice("valid", options=("valid", "same"), label="Padding", help=PADDING_HELP)


class PaddedInTime:
    """What happens at the ends of a sequence."""

    padding = Choice(
        "valid",
        options=("valid", "same", "causal"),
        label="Padding",
        help="“same” keeps the length; “causal” too, and looks only at earlier steps.",
    )


class Grouped:
    """Channels convolved in separate groups."""

    groups = Int(
        1,
        min=1,
        advanced=True,
        label="Groups",
        help="Channels are split into this many groups, each with filters of its own.",
    )


class DepthwiseWeights:
    """One or more kernels for each input channel."""

    depth_multiplier = Int(
        1,
        min=1,
        advanced=True,
        label="Depth multiplier",
        help="Number of kernels for each input channel.",
    )
    depthwise_initializer = initializer(
        "glorot_uniform",
        "Depthwise initializer",
        "How the kernels of the single channels are drawn at the start.",
    )
    depthwise_regularizer = regularizer(
        "Depthwise regularizer",
        "Penalty on large depthwise weights, added to the loss.",
    )
    depthwise_constraint = constraint(
        "Depthwise constraint", "What the depthwise weights are held to after each step."
    )


class PointwiseWeights:
    """A 1×1 kernel that mixes channels."""

    pointwise_initializer = initializer(
        "glorot_uniform",
        "Pointwise initializer",
        "How the weights that mix the channels are drawn at the start.",
    )
    pointwise_regularizer = regularizer(
        "Pointwise regularizer",
        "Penalty on large pointwise weights, added to the loss.",
    )
    pointwise_constraint = constraint(
        "Pointwise constraint", "What the pointwise weights are held to after each step."
    )
