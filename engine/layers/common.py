"""What many layers have in common: names in Keras's own words, and groups of fields.

A layer lists the groups it needs as base classes, in the order in which its form shows them.
The groups hold fields only; they are no layers.
"""

from __future__ import annotations

from typing import Any

from engine.errors import Text, text
from engine.fields import Bool, Choice, Int, Params
from engine.layers.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS, ObjectRef

ACTIVATIONS = (
    "relu",
    "sigmoid",
    "tanh",
    "softmax",
    "linear",
    "elu",
    "selu",
    "gelu",
    "silu",
    "leaky_relu",
    "relu6",
    "mish",
    "softplus",
    "softsign",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "exponential",
    "log_softmax",
    "log_sigmoid",
    "celu",
    "squareplus",
)


def activation_text(activation: str | None) -> str:
    """Return ", relu" for a card's line, or nothing where the activation is linear."""
    return f", {activation}" if activation not in (None, "linear") else ""


def size_text(value: Any, length: int) -> str:
    """Write a size the way people do, one number standing for every axis: 3×3."""
    sizes = value if isinstance(value, (list, tuple)) else [value] * length
    return "×".join(map(str, sizes))


def on_axes(value: Any, length: int) -> list[Any]:
    """Return one number an axis; a single number stands for every axis, as in Keras."""
    return list(value) if isinstance(value, (list, tuple)) else [value] * length


def stride_text(value: Any, length: int) -> str:
    """Write strides: one number where they are the same on every axis."""
    sizes = on_axes(value, length)
    return str(sizes[0]) if sizes and sizes == sizes[:1] * len(sizes) else size_text(value, length)


def batch_axis_problem(values: Params, name: str) -> dict[str, Text]:
    """Refuse axis 0 in a parameter that names axes: it counts the samples of a batch."""
    if 0 not in on_axes(values[name], 1):
        return {}
    return {name: text("Axis 0 counts the samples of a batch; name another, such as −1.")}


def initializer(default: str, label: str, help: str) -> ObjectRef:
    """Declare where weights start."""
    return ObjectRef(default, registry=INITIALIZERS, label=label, help=help, advanced=True)


def regularizer(label: str, help: str) -> ObjectRef:
    """Declare a penalty on weights or outputs."""
    return ObjectRef(
        None, registry=REGULARIZERS, optional=True, label=label, help=help, advanced=True
    )


def constraint(label: str, help: str) -> ObjectRef:
    """Declare what weights are held to after each step."""
    return ObjectRef(
        None, registry=CONSTRAINTS, optional=True, label=label, help=help, advanced=True
    )


def seed_field() -> Int:
    """Declare the seed of a layer's random numbers."""
    return Int(
        None,
        min=0,
        max=None,
        optional=True,
        advanced=True,
        label="Seed",
        help="Number that makes the layer's random values repeatable; empty for new ones.",
    )


class Activated:
    """A function applied to the layer's result."""

    activation = Choice(
        None,
        options=ACTIVATIONS,
        optional=True,
        label="Activation",
        help="Function applied to the result; none means linear.",
    )


class KernelWeights:
    """How the kernel starts and what holds it."""

    kernel_initializer = initializer(
        "glorot_uniform", "Kernel initializer", "How the kernel's weights are drawn at the start."
    )
    kernel_regularizer = regularizer(
        "Kernel regularizer",
        "Penalty on large kernel weights, added to the loss.",
    )
    kernel_constraint = constraint(
        "Kernel constraint", "What the kernel's weights are held to after each step."
    )


class BiasWeights:
    """Whether there is a bias, how it starts and what holds it."""

    use_bias = Bool(True, label="Bias", help="Whether to add a learned bias.", advanced=True)
    bias_initializer = initializer("zeros", "Bias initializer", "How the bias is set at the start.")
    bias_regularizer = regularizer(
        "Bias regularizer", "Penalty on a large bias, added to the loss."
    )
    bias_constraint = constraint("Bias constraint", "What the bias is held to after each step.")


class ActivityRegularized:
    """A penalty on the layer's output."""

    activity_regularizer = regularizer(
        "Activity regularizer",
        "Penalty on large outputs of the layer, added to the loss.",
    )


class ImageFormat:
    """Where the channels of an image are."""

    data_format = Choice(
        None,
        options=("channels_last", "channels_first"),
        optional=True,
        advanced=True,
        label="Data format",
        help="Whether channels are the last axis (Keras's default) or the first after the batch.",
    )
