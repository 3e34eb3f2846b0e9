"""Activations that are functions of `keras.ops` alone, or take parameters there only."""

from __future__ import annotations

from engine.fields import Bool, Float
from engine.layers.operation import Operation, Row, declare
from engine.layers.operations_reduction import one_axis

PLAIN: tuple[Row, ...] = (
    ("tanh_shrink", "Each value minus its tanh.", ("activation", "激活")),
    ("sparse_plus", "0 below −1, the value above 1, a parabola between.", ("activation", "激活")),
    ("sparse_sigmoid", "0 below −1, 1 above 1, a line between.", ("activation", "激活")),
)
for _row in PLAIN:
    declare(_row[0], Operation, *_row[1:])

declare(
    "gelu",
    Operation,
    "Each value weighted by the normal distribution up to it.",
    ("activation", "gaussian", "transformer", "激活", "高斯"),
    places=("approximate",),
    approximate=Bool(
        True, label="Approximate", help="Whether it is computed by tanh, which is quicker."
    ),
)
declare(
    "celu",
    Operation,
    "Keeps positive values and bends negative ones smoothly towards −alpha.",
    ("activation", "exponential", "激活", "指数线性"),
    places=("alpha",),
    alpha=Float(1.0, label="Alpha", help="Negative values approach minus this number."),
)
declare(
    "squareplus",
    Operation,
    "A smooth relu: half the value plus half the root of its square plus b.",
    ("activation", "softplus", "激活"),
    places=("b",),
    b=Float(4, min=0, label="Smoothness", help="b of the formula; 0 makes it relu."),
)
declare(
    "threshold",
    Operation,
    "Keeps values above a threshold and puts a fixed value in the place of others.",
    ("activation", "cut", "激活", "阈值"),
    places=("threshold", "default_value"),
    leading=("threshold", "default_value"),
    threshold=Float(0.0, label="Threshold", help="Values must be greater to be kept."),
    default_value=Float(0.0, label="Otherwise", help="What other values become."),
)
for _name, _help in (
    ("soft_shrink", "Draws values towards 0 by the threshold; nearer ones become 0."),
    ("hard_shrink", "Keeps values farther from 0 than the threshold; others become 0."),
):
    declare(
        _name,
        Operation,
        _help,
        ("activation", "sparse", "激活", "收缩"),
        places=("threshold",),
        threshold=Float(0.5, min=0, label="Threshold", help="Distance from 0."),
    )
declare(
    "glu",
    Operation,
    "Half of the values of an axis, each times the sigmoid of one of the other half.",
    ("activation", "gated linear unit", "激活", "门控"),
    places=("axis",),
    axis=one_axis(-1, "Axis that is halved; −1 is the last."),
)
