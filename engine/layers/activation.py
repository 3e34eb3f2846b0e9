"""Activations as layers of their own."""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Choice, Float, IntTuple, Params
from engine.layers.common import (
    ACTIVATIONS,
    batch_axis_problem,
    constraint,
    initializer,
    regularizer,
)
from engine.layers.spec import LAYERS, LayerSpec, Weighted

SLOPE_HELP = "Slope for values below zero; 0 cuts them off."


@LAYERS.register("Activation")
class Activation(LayerSpec):
    """Applies a function to every value."""

    title, category, leading = "Activation", "activation", ("activation",)
    search = ("function", "relu", "sigmoid", "tanh", "激活", "激活函数")
    activation = Choice(
        "relu", options=ACTIVATIONS, label="Function", help="The function to apply."
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{activation}", activation=params["activation"])


@LAYERS.register("ReLU")
class ReLU(LayerSpec):
    """Keeps positive values and cuts off negative ones: max(0, x)."""

    title, category = "ReLU", "activation"
    search = ("rectified", "relu6", "激活", "线性整流")
    max_value = Float(
        None, min=0, optional=True, label="Largest value", help="Cap of the output; empty for none."
    )
    negative_slope = Float(0.0, min=0, label="Negative slope", help=SLOPE_HELP)
    threshold = Float(
        0.0,
        min=0,
        advanced=True,
        label="Threshold",
        help="Values below it are treated as negative.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        if params["max_value"] is None:
            return text("")
        return text("up to {most}", most=params["max_value"])


@LAYERS.register("LeakyReLU")
class LeakyReLU(LayerSpec):
    """Keeps positive values and shrinks negative ones."""

    title, category = "LeakyReLU", "activation"
    search = ("rectified", "leak", "激活", "带泄漏")
    negative_slope = Float(0.3, min=0, label="Negative slope", help=SLOPE_HELP)

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("slope {slope}", slope=params["negative_slope"])


@LAYERS.register("PReLU")
class PReLU(Weighted):
    """Keeps positive values and shrinks negative ones by slopes that it learns."""

    title, category = "PReLU", "activation"
    search = ("rectified", "parametric", "激活", "参数化")
    shared_axes = IntTuple(
        None,
        length=None,
        min=1,
        max=7,
        optional=True,
        label="Shared axes",
        help="Axes that share one slope: 1, 2 gives an image one slope a channel.",
    )
    alpha_initializer = initializer(
        "zeros", "Slope initializer", "How the slopes are set at the start."
    )
    alpha_regularizer = regularizer(
        "Slope regularizer", "Penalty on large slopes, added to the loss."
    )
    alpha_constraint = constraint(
        "Slope constraint", "What the slopes are held to after each step."
    )


@LAYERS.register("ELU")
class ELU(LayerSpec):
    """Keeps positive values and bends negative ones smoothly towards −alpha."""

    title, category = "ELU", "activation"
    search = ("exponential", "激活", "指数线性")
    alpha = Float(1.0, label="Alpha", help="Negative values approach minus this number.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("alpha {alpha}", alpha=params["alpha"])


@LAYERS.register("Softmax")
class Softmax(LayerSpec):
    """Turns values into probabilities that add up to 1."""

    title, category = "Softmax", "activation"
    search = ("probability", "classes", "激活", "概率")
    axis = IntTuple(
        -1,
        length=None,
        min=-7,
        max=7,
        advanced=True,
        label="Axis",
        help="Axis, or axes, along which they add up to 1; −1 is the last.",
    )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        return batch_axis_problem(values, "axis")
