"""Core layers: where data enters, the fully connected layer, vectors for words."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Int, Params, Shape
from engine.layers.common import (
    Activated,
    ActivityRegularized,
    BiasWeights,
    KernelWeights,
    activation_text,
    constraint,
    initializer,
    on_axes,
    regularizer,
)
from engine.layers.spec import LAYERS, LayerSpec, Weighted, times


@LAYERS.register("Input")
class Input(LayerSpec):
    """Where samples enter the network: gives the shape of one sample."""

    title, category = "Input", "core"
    min_inputs = max_inputs = 0
    search = ("data", "placeholder", "source", "输入", "数据")
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
        sizes = ["?" if size is None else size for size in on_axes(params["shape"], 1)]
        return text("{shape}", shape=times(sizes))

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        values = cls.complete(params)
        return keras.layers.InputLayer(
            shape=tuple(values["shape"]), dtype=values["dtype"], name=name
        )


@LAYERS.register("Dense")
class Dense(Activated, KernelWeights, BiasWeights, ActivityRegularized, Weighted):
    """Fully connected layer: activation(inputs @ kernel + bias)."""

    title, category = "Dense", "core"
    leading = ("units",)
    search = ("fully connected", "linear", "fc", "perceptron", "mlp", "全连接", "线性", "感知机")
    units = Int(32, min=1, label="Units", help="Size of the output: one number a unit.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text(
            "{units} units{activation}",
            units=params["units"],
            activation=activation_text(params["activation"]),
        )


@LAYERS.register("Embedding")
class Embedding(Weighted):
    """Turns whole numbers, such as the numbers of words, into learned vectors."""

    title, category = "Embedding", "core"
    leading = ("input_dim", "output_dim")
    search = ("word", "vector", "token", "lookup", "text", "嵌入", "词向量", "词嵌入")
    input_dim = Int(
        10000,
        min=1,
        label="Vocabulary size",
        help="How many different numbers can come in: 0 up to one less than this.",
    )
    output_dim = Int(64, min=1, label="Vector size", help="Length of each learned vector.")
    mask_zero = Bool(
        False,
        label="Mask zero",
        help="Whether 0 is padding that recurrent layers behind this one skip.",
    )
    embeddings_initializer = initializer(
        "random_uniform", "Initializer", "How the vectors are drawn at the start."
    )
    embeddings_regularizer = regularizer(
        "Regularizer", "Penalty on large vectors, added to the loss."
    )
    embeddings_constraint = constraint(
        "Constraint", "What the vectors are held to after each step."
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text(
            "{words} words, vectors of {size}",
            words=params["input_dim"],
            size=params["output_dim"],
        )


@LAYERS.register("Masking")
class Masking(LayerSpec):
    """Marks the steps of a sequence that are padding, so that layers behind skip them."""

    title, category, ranks = "Masking", "core", (3,)
    search = ("padding", "sequence", "skip", "掩码", "遮蔽")
    mask_value = Float(
        0.0, label="Mask value", help="A step whose values all equal this number is skipped."
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("skips {value}", value=params["mask_value"])
