"""Normalization: brings values to a common scale so that deep networks learn faster."""

from __future__ import annotations

from typing import Any

from engine.errors import Text, text
from engine.fields import Bool, Float, Floats, Int, IntTuple, LayerRef, Params
from engine.layers.common import (
    batch_axis_problem,
    constraint,
    initializer,
    regularizer,
)
from engine.layers.spec import LAYERS, LayerSpec, Weighted, held_text

KERNELS = (
    "Dense",
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "Conv1DTranspose",
    "Conv2DTranspose",
    "Conv3DTranspose",
    "EinsumDense",
    "Embedding",
)
AXES_HELP = "Axis, or axes, whose values are brought to one scale; −1 is the last."


class Centered:
    """Learned shift (beta) and scale (gamma) behind the normalization."""

    epsilon = Float(
        0.001,
        min=0,
        open_min=True,
        advanced=True,
        label="Epsilon",
        help="Small number added to the variance, so that nothing is divided by zero.",
    )
    center = Bool(True, advanced=True, label="Shift", help="Whether to learn a shift (beta).")
    scale = Bool(True, advanced=True, label="Scale", help="Whether to learn a scale (gamma).")
    beta_initializer = initializer(
        "zeros", "Shift initializer", "How the shift (beta) is set at the start."
    )
    gamma_initializer = initializer(
        "ones", "Scale initializer", "How the scale (gamma) is set at the start."
    )
    beta_regularizer = regularizer(
        "Shift regularizer", "Penalty on a large shift, added to the loss."
    )
    gamma_regularizer = regularizer(
        "Scale regularizer", "Penalty on a large scale, added to the loss."
    )
    beta_constraint = constraint("Shift constraint", "What the shift is held to after each step.")
    gamma_constraint = constraint("Scale constraint", "What the scale is held to after each step.")


class Normalization(LayerSpec):
    """What normalizing layers share; no layer of its own."""

    category = "normalization"

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        return batch_axis_problem(values, "axis")


@LAYERS.register("BatchNormalization")
class BatchNormalization(Centered, Normalization, Weighted):
    """Brings each channel to mean 0 and variance 1 over the batch; then scales and shifts it."""

    title = "BatchNormalization"
    search = ("bn", "batch norm", "批归一化", "批标准化", "归一化")
    momentum = Float(
        0.99,
        min=0,
        max=1,
        label="Momentum",
        help="Share of the old moving mean and variance kept at each step; used for prediction.",
    )
    axis = Int(
        -1,
        min=-7,
        max=7,
        advanced=True,
        label="Axis",
        help="Axis of the channels, each normalized by itself; −1 is the last.",
    )
    moving_mean_initializer = initializer(
        "zeros", "Moving mean initializer", "How the moving mean is set at the start."
    )
    moving_variance_initializer = initializer(
        "ones", "Moving variance initializer", "How the moving variance is set at the start."
    )
    renorm = Bool(
        False,
        advanced=True,
        label="Renormalization",
        help="Whether to train with the moving statistics too; helps with very small batches.",
    )
    renorm_momentum = Float(
        0.99,
        min=0,
        max=1,
        advanced=True,
        label="Renormalization momentum",
        help="Share of the old statistics of the renormalization kept at each step.",
    )
    synchronized = Bool(
        False,
        advanced=True,
        label="Synchronized",
        help="Whether several devices share the statistics of the batch.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("momentum {momentum}", momentum=params["momentum"])


@LAYERS.register("LayerNormalization")
class LayerNormalization(Centered, Normalization, Weighted):
    """Brings the values of each sample to mean 0 and variance 1; then scales and shifts them."""

    title = "LayerNormalization"
    search = ("ln", "layer norm", "transformer", "层归一化", "层标准化", "归一化")
    axis = IntTuple(-1, length=None, min=-7, max=7, label="Axes", help=AXES_HELP)


@LAYERS.register("GroupNormalization")
class GroupNormalization(Centered, Normalization, Weighted):
    """Normalizes groups of channels of each sample; does not depend on the batch."""

    title, leading = "GroupNormalization", ("groups",)
    search = ("gn", "group norm", "instance", "组归一化", "归一化")
    groups = Int(
        32,
        min=-1,
        label="Groups",
        help="Number of groups; it must divide the channels. −1: each channel by itself.",
    )
    axis = Int(
        -1, min=-7, max=7, advanced=True, label="Axis", help="Axis of the channels; −1 is the last."
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{groups} groups", groups=params["groups"])

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if values["groups"] == 0:
            return {"groups": text("Groups cannot be 0; −1 treats each channel by itself.")}
        return super().check_together(values)


@LAYERS.register("UnitNormalization")
class UnitNormalization(Normalization):
    """Scales each vector to length 1."""

    title = "UnitNormalization"
    search = ("l2", "normalize", "length", "单位归一化", "归一化")
    axis = IntTuple(-1, length=None, min=-7, max=7, label="Axes", help=AXES_HELP)


@LAYERS.register("Rescaling")
class Rescaling(LayerSpec):
    """Multiplies by a factor and adds an offset, such as 1/255 for the bytes of an image."""

    title, category, leading = "Rescaling", "normalization", ("scale",)
    search = ("scale", "normalize", "255", "缩放", "归一化")
    scale = Floats(
        0.00392156862745098,
        label="Scale",
        help="Factor for every value, or with commas one for each channel; 1/255 = 0.00392 brings"
        " the bytes of an image to 0–1.",
    )
    offset = Floats(
        0.0,
        label="Offset",
        help="Number added to every value afterwards, or with commas one for each channel.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        scale, offset = params["scale"], params["offset"]
        factor = ", ".join(f"{one:.4g}" for one in _numbers(scale)) or str(scale)
        if not any(_numbers(offset)):
            return text("×{factor}", factor=factor)
        added = ", ".join(f"{one:.4g}" for one in _numbers(offset))
        return text("×{factor} + {offset}", factor=factor, offset=added)


def _numbers(value: Any) -> list[float]:
    """Return one number or several as a list, without what is none."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return [item for item in items if isinstance(item, (int, float))]


@LAYERS.register("RMSNormalization")
class RMSNormalization(Normalization, Weighted):
    """Divides by the root of the mean square, and scales: the normalization of Llama.

    Root Mean Square Layer Normalization, Zhang and Sennrich, 2019.
    """

    title = "RMSNormalization"
    search = ("rms norm", "transformer", "llama", "均方根归一化", "归一化")
    axis = IntTuple(-1, length=None, min=-7, max=7, label="Axes", help=AXES_HELP)
    epsilon = Float(
        0.000001,
        min=0,
        open_min=True,
        advanced=True,
        label="Epsilon",
        help="Small number added to the mean square, so that nothing is divided by zero.",
    )


@LAYERS.register("SpectralNormalization")
class SpectralNormalization(Weighted):
    """Holds another layer's kernel to spectral norm 1: steadies the discriminators of GANs.

    Spectral Normalization for Generative Adversarial Networks, Miyato et al., 2018.
    """

    title, category, leading = "SpectralNormalization", "normalization", ("layer",)
    search = ("gan", "lipschitz", "wrapper", "谱归一化", "归一化")
    layer = LayerRef(
        {"layer": "Conv2D", "params": {}},
        options=KERNELS,
        label="Layer",
        help="The layer whose kernel is normalized.",
    )
    power_iterations = Int(
        1, min=1, max=1000, label="Iterations", help="Steps of power iteration at each batch."
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return held_text(params["layer"])
