"""Core layers: where data enters, the fully connected layer, vectors for words."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Int, Params, Shape, String
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
        options=("float32", "float16", "float64", "int32", "int64", "uint8", "bool", "string"),
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


class Vectors(Weighted):
    """What embeddings share; no layer of its own."""

    category, leading = "core", ("input_dim", "output_dim")
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


@LAYERS.register("Embedding")
class Embedding(Vectors):
    """Turns whole numbers, such as the numbers of words, into learned vectors."""

    title = "Embedding"
    search = ("word", "vector", "token", "lookup", "text", "嵌入", "词向量", "词嵌入")
    embeddings_initializer = initializer(
        "random_uniform", "Initializer", "How the vectors are drawn at the start."
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


@LAYERS.register("EinsumDense")
class EinsumDense(Activated, KernelWeights, Weighted):
    """Fully connected layer over axes of one's choice, written as an equation of einsum."""

    title, category = "EinsumDense", "core"
    leading = ("equation", "output_shape")
    search = ("einsum", "tensor", "linear", "projection", "张量", "全连接", "线性")
    equation = String(
        "...x,xy->...y",
        label="Equation",
        help="Letters for the axes of input, kernel and output; ... stands for any others.",
    )
    output_shape = Shape(
        [32],
        label="Output shape",
        help="Shape of the output without the batch axis; ? where the input tells.",
    )
    bias_axes = String(
        None,
        optional=True,
        label="Bias axes",
        help="Letters of the output's axes that have a bias; empty for none.",
    )
    bias_initializer = initializer("zeros", "Bias initializer", "How the bias is set at the start.")
    bias_regularizer = regularizer(
        "Bias regularizer", "Penalty on a large bias, added to the loss."
    )
    bias_constraint = constraint("Bias constraint", "What the bias is held to after each step.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{equation}", equation=params["equation"])

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        layer = super().make(keras, params, name)
        equation = cls.complete(params)["equation"].replace(" ", "")
        if "." in equation or "->" not in equation:
            return layer
        letters, ends = equation.split(",")[0], equation.split("->")[1]
        known = layer.compute_output_shape

        def compute_output_shape(input_shape: Any) -> tuple[int | None, ...]:
            # Keras leaves lengths open that the input tells.
            return tuple(
                input_shape[letters.index(letter)] if size is None and letter in letters else size
                for letter, size in zip(ends, known(input_shape), strict=True)
            )

        layer.compute_output_shape = compute_output_shape
        return layer


@LAYERS.register("ReversibleEmbedding")
class ReversibleEmbedding(Vectors):
    """Embedding that can also turn vectors back into scores of the words."""

    title = "ReversibleEmbedding"
    search = ("word", "vector", "token", "tied weights", "嵌入", "词向量", "权重共享")
    embeddings_initializer = initializer(
        "random_uniform", "Initializer", "How the vectors are drawn at the start."
    )
    tie_weights = Bool(
        True, label="Tie weights", help="Whether the way back uses the same vectors."
    )
    reverse_dtype = Choice(
        None,
        options=("float32", "float16", "bfloat16", "float64"),
        optional=True,
        advanced=True,
        label="Data type back",
        help="Type in which the scores are computed; empty for the layer's.",
    )
    logit_soft_cap = Float(
        None,
        min=0,
        open_min=True,
        optional=True,
        advanced=True,
        label="Soft cap",
        help="Largest score, approached by tanh; empty for none.",
    )
    reverse = Bool(
        False,
        label="Back to words",
        help="Whether this call turns vectors into scores of the words instead.",
    )
    in_call = ("reverse",)


@LAYERS.register("Identity")
class Identity(LayerSpec):
    """Passes its input through unchanged: a place to name, to probe or to join wires."""

    title, category = "Identity", "core"
    search = ("pass", "nothing", "no-op", "恒等", "直通")


@LAYERS.register("PickOutput")
class PickOutput(LayerSpec):
    """Takes one of the tensors of a layer that gives several, such as the state of an LSTM.

    It is no layer of Keras: code writes the tensors of such a layer as several variables.
    """

    title, category, own = "Pick output", "core", ("index",)
    search = ("state", "several", "index", "select", "选择输出", "状态")
    index = Int(
        1,
        min=0,
        max=10_000,
        label="Output",
        help="Number of the tensor, from 0; the first is what a wire takes without this layer.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("output {number}", number=params["index"])

    @classmethod
    def make(cls, keras: ModuleType, params: Params, name: str | None) -> Any:
        return keras.layers.Identity(name=name)
