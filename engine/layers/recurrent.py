"""Recurrent layers read a sequence step by step and remember; wrappers hold another layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Int, LayerRef, Params
from engine.layers.common import (
    ACTIVATIONS,
    ActivityRegularized,
    BiasWeights,
    KernelWeights,
    constraint,
    initializer,
    regularizer,
    seed_field,
)
from engine.layers.spec import LAYERS, LayerSpec, Weighted, held_layer, held_text

RECURRENT = ("LSTM", "GRU", "SimpleRNN")
STEPWISE = (
    "Dense",
    "EinsumDense",
    "Embedding",
    "Activation",
    "ReLU",
    "LeakyReLU",
    "PReLU",
    "ELU",
    "Softmax",
    "Dropout",
    *(f"SpatialDropout{axes}D" for axes in (1, 2, 3)),
    "AlphaDropout",
    "GaussianDropout",
    "GaussianNoise",
    "Flatten",
    "Reshape",
    "Permute",
    "RepeatVector",
    *(f"{kind}{axes}D" for kind in ("Conv", "MaxPooling", "AveragePooling") for axes in (1, 2, 3)),
    *(f"Conv{axes}DTranspose" for axes in (1, 2, 3)),
    *(f"{kind}Conv{axes}D" for kind in ("Separable", "Depthwise") for axes in (1, 2)),
    *(f"Global{kind}Pooling{axes}D" for kind in ("Max", "Average") for axes in (1, 2, 3)),
    *(f"{kind}{axes}D" for kind in ("UpSampling", "ZeroPadding", "Cropping") for axes in (1, 2, 3)),
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "UnitNormalization",
    "RMSNormalization",
    "Rescaling",
    "Resizing",
    "CenterCrop",
    *RECURRENT,
    "Bidirectional",
    "TimeDistributed",
)


class Sequences:
    """How a sequence is read and what is given out."""

    return_sequences = Bool(
        False,
        label="Return sequences",
        help="Whether every step is given out, as a further recurrent layer needs it, "
        "or only the last.",
    )
    go_backwards = Bool(
        False,
        advanced=True,
        label="Go backwards",
        help="Whether the sequence is read from its end to its beginning.",
    )


class ReturnState:
    """Whether the memory is given out too."""

    return_state = Bool(
        False,
        advanced=True,
        label="Return state",
        help="Whether the memory after the last step is given out too; Pick output layers take it.",
    )


class Reading(Sequences, ReturnState):
    """How a sequence of vectors is read."""

    unroll = Bool(
        False,
        advanced=True,
        label="Unroll",
        help="Whether steps are laid out one by one: faster for short sequences of known length.",
    )


class Units:
    """Size of a recurrent layer."""

    units = Int(
        64, min=1, label="Units", help="Size of the memory, and of the output of each step."
    )
    activation = Choice(
        "tanh",
        options=ACTIVATIONS,
        optional=True,
        label="Activation",
        help="Function applied to the new content of the memory; tanh runs fastest on a GPU.",
    )


class Gated:
    """The function of the gates."""

    recurrent_activation = Choice(
        "sigmoid",
        options=ACTIVATIONS,
        optional=True,
        advanced=True,
        label="Gate activation",
        help="Function of the gates that let content in and out.",
    )


class Memory:
    """How steps are read and what is dropped."""

    dropout = Float(
        0.0,
        min=0,
        max=1,
        open_max=True,
        label="Dropout",
        help="Part of the inputs set to zero while training.",
    )
    recurrent_dropout = Float(
        0.0,
        min=0,
        max=1,
        open_max=True,
        advanced=True,
        label="Recurrent dropout",
        help="Part of the memory set to zero while training; makes a GPU much slower.",
    )
    seed = seed_field()


class RecurrentWeights:
    """How the weights from step to step start and what holds them."""

    recurrent_initializer = initializer(
        "orthogonal",
        "Recurrent initializer",
        "How the weights from step to step are drawn at the start.",
    )
    recurrent_regularizer = regularizer(
        "Recurrent regularizer",
        "Penalty on large weights from step to step, added to the loss.",
    )
    recurrent_constraint = constraint(
        "Recurrent constraint", "What the weights from step to step are held to."
    )


class Stated(LayerSpec):
    """Layers with a memory that can be handed on; no layer of its own.

    Their first wire is the sequence; further ones, where asked for, are the memory to begin
    with, such as that of an encoder.
    """

    own = ("initial_state",)
    initial_state = Bool(
        False,
        advanced=True,
        label="Initial state",
        help="Whether further wires give the memory to begin with, such as that of an encoder.",
    )

    @classmethod
    def states(cls, params: Params) -> int:
        """Return how many tensors the memory consists of."""
        return 1

    @classmethod
    def outputs(cls, params: Params) -> int:
        return 1 + cls.states(params) if params["return_state"] else 1

    @classmethod
    def most_inputs(cls, params: Params) -> int | None:
        return 1 + cls.states(params) if params["initial_state"] else 1

    @classmethod
    def given(cls, tensors: Sequence[Any], params: Params) -> tuple[list[Any], dict[str, Any]]:
        states = cls.nested(tensors, params)[1:]
        return [tensors[0]], {"initial_state": states} if states else {}


class Recurrent(Stated, Weighted):
    """What recurrent layers share; no layer of its own."""

    category, ranks = "recurrent", (3,)
    leading = ("units",)

    @classmethod
    def summary(cls, params: Params) -> Text:
        if params["return_sequences"]:
            return text("{units} units, every step", units=params["units"])
        return text("{units} units", units=params["units"])


@LAYERS.register("SimpleRNN")
class SimpleRNN(
    Units,
    Reading,
    Memory,
    KernelWeights,
    RecurrentWeights,
    BiasWeights,
    ActivityRegularized,
    Recurrent,
):
    """The plainest recurrent layer: output = activation(input and last output, weighted)."""

    title = "SimpleRNN"
    search = ("recurrent", "sequence", "elman", "循环", "循环神经网络", "序列")


@LAYERS.register("LSTM")
class LSTM(
    Units,
    Gated,
    Reading,
    Memory,
    KernelWeights,
    RecurrentWeights,
    BiasWeights,
    ActivityRegularized,
    Recurrent,
):
    """Long short-term memory: gates decide what it remembers over many steps."""

    title = "LSTM"

    @classmethod
    def states(cls, params: Params) -> int:
        return 2

    search = ("recurrent", "sequence", "memory", "text", "循环", "长短期记忆", "序列")
    unit_forget_bias = Bool(
        True,
        advanced=True,
        label="Forget bias 1",
        help="Whether the forget gate's bias starts at 1, so that it remembers at first.",
    )


@LAYERS.register("GRU")
class GRU(
    Units,
    Gated,
    Reading,
    Memory,
    KernelWeights,
    RecurrentWeights,
    BiasWeights,
    ActivityRegularized,
    Recurrent,
):
    """Gated recurrent unit: remembers like an LSTM with fewer weights."""

    title = "GRU"
    search = ("recurrent", "sequence", "memory", "循环", "门控", "序列")
    reset_after = Bool(
        True,
        advanced=True,
        label="Reset after",
        help="Whether the reset gate acts after the multiplication, as fast GPU code needs it.",
    )


class Wrapper(Weighted):
    """A layer that holds another in its parameter `layer`; no layer of its own."""

    category = "recurrent"
    leading = ("layer",)

    @classmethod
    def summary(cls, params: Params) -> Text:
        return held_text(params["layer"])


@LAYERS.register("Bidirectional")
class Bidirectional(Stated, Wrapper):
    """Reads a sequence forwards and backwards with two copies of a recurrent layer."""

    title, ranks = "Bidirectional", (3,)
    search = ("bilstm", "both", "recurrent", "双向", "循环")
    layer = LayerRef(
        {"layer": "LSTM", "params": {}},
        options=(*RECURRENT, "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
        label="Layer",
        help="The recurrent layer of which there is one for each direction.",
    )
    merge_mode = Choice(
        "concat",
        options=("concat", "sum", "mul", "ave"),
        optional=True,
        label="Merge",
        help="How the two results become one: side by side, added, multiplied or averaged; none"
        " leaves two outputs.",
    )

    @classmethod
    def ranks_with(cls, params: Params) -> tuple[int, ...]:
        held, _ = held_layer(params["layer"])
        return held.ranks if held is not None else cls.ranks

    @classmethod
    def states(cls, params: Params) -> int:
        """Return how many tensors the memories of both directions consist of."""
        held, inner = held_layer(params["layer"])
        return 2 * held.states(inner) if held is not None and issubclass(held, Stated) else 2

    @classmethod
    def outputs(cls, params: Params) -> int:
        _, inner = held_layer(params["layer"])
        results = 2 if params["merge_mode"] is None else 1
        return results + (cls.states(params) if inner.get("return_state") is True else 0)


@LAYERS.register("TimeDistributed")
class TimeDistributed(Wrapper):
    """Applies one layer, with the same weights, to every step of a sequence."""

    title, ranks = "TimeDistributed", (3, 4, 5, 6)
    search = ("each step", "sequence", "wrapper", "video", "时间分布", "逐步")
    layer = LayerRef(
        {"layer": "Dense", "params": {}},
        options=STEPWISE,
        label="Layer",
        help="The layer that is applied to every step.",
    )
