"""Core layers: where data enters, and the fully connected layer."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from engine.errors import Text, text
from engine.fields import Bool, Choice, Int, Params, Shape
from engine.layers.common import (
    ACTIVATIONS,
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
    activation_text,
)
from engine.layers.spec import LAYERS, LayerSpec, times


@LAYERS.register("Input")
class Input(LayerSpec):
    """Where samples enter the network: gives the shape of one sample."""

    title, category = "Input", "core"
    min_inputs = max_inputs = 0
    search = ("data", "placeholder", "source")
    shape = Shape(
        [28, 28, 1],
        label="Shape",
        help="Shape of one sample, without the batch axis; ? for an axis of any length.",
    )
    dtype = Choice(
        None,
        options=("float32", "float16", "float64", "int32", "int64", "uint8", "bool"),
        optional=True,
        advanced=True,
        label="Data type",
        help="Type of the values; Keras's default is float32.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        sizes = ["?" if size is None else size for size in params["shape"]]
        return text("{shape}", shape=times(sizes))

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        values = cls.complete(params)
        return keras.layers.InputLayer(
            shape=tuple(values["shape"]), dtype=values["dtype"], name=name
        )


@LAYERS.register("Dense")
class Dense(LayerSpec):
    """Fully connected layer: activation(inputs @ kernel + bias)."""

    title, category, weighted = "Dense", "core", True
    search = ("fully connected", "linear", "fc", "perceptron")
    units = Int(32, min=1, label="Units", help="Size of the output.")
    activation = Choice(
        None,
        options=ACTIVATIONS,
        optional=True,
        label="Activation",
        help="Function applied to the result; none means linear.",
    )
    use_bias = Bool(True, label="Bias", help="Whether to add a learned bias.", advanced=True)
    kernel_initializer = Choice(
        "glorot_uniform", options=INITIALIZERS, label="Kernel initializer", advanced=True
    )
    bias_initializer = Choice(
        "zeros", options=INITIALIZERS, label="Bias initializer", advanced=True
    )
    kernel_regularizer = Choice(
        None, options=REGULARIZERS, optional=True, label="Kernel regularizer", advanced=True
    )
    kernel_constraint = Choice(
        None, options=CONSTRAINTS, optional=True, label="Kernel constraint", advanced=True
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text(
            "{units} units{activation}",
            units=params["units"],
            activation=activation_text(params["activation"]),
        )
