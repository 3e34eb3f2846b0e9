"""Recurrent convolutions: read films, or grids of measurements, frame by frame."""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Bool, Choice, Params
from engine.layers.common import (
    ACTIVATIONS,
    ActivityRegularized,
    BiasWeights,
    ImageFormat,
    KernelWeights,
    on_axes,
    size_text,
)
from engine.layers.recurrent import Gated, Memory, RecurrentWeights, ReturnState, Sequences, Stated
from engine.layers.spec import LAYERS, Weighted
from engine.layers.windows import (
    Dilated1D,
    Dilated2D,
    Dilated3D,
    Filters,
    Padded,
    Window1D,
    Window2D,
    Window3D,
)


class ConvMemory:
    """The memory of a recurrent convolution."""

    activation = Choice(
        "tanh",
        options=ACTIVATIONS,
        optional=True,
        label="Activation",
        help="Function applied to the new content of the memory.",
    )
    unit_forget_bias = Bool(
        True,
        advanced=True,
        label="Forget bias 1",
        help="Whether the forget gate's bias starts at 1, so that it remembers at first.",
    )


class ConvRecurrent(Stated, Weighted):
    """What recurrent convolutions share; no layer of its own."""

    category = "recurrent"
    leading = ("filters", "kernel_size")

    @classmethod
    def states(cls, params: Params) -> int:
        return 2

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text(
            "{filters} filters, {size}{activation}",
            filters=params["filters"],
            size=size_text(params["kernel_size"], cls.ranks[0] - 3),
            activation="",
        )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        axes = cls.ranks[0] - 3
        strided = max(on_axes(values["strides"], axes)) > 1
        if strided and max(on_axes(values["dilation_rate"], axes)) > 1:
            message = text("Dilation above 1 works only with strides of 1; set one of them to 1.")
            return {"dilation_rate": message}
        return {}


@LAYERS.register("ConvLSTM1D")
class ConvLSTM1D(
    Filters,
    Window1D,
    Padded,
    ConvMemory,
    Gated,
    Dilated1D,
    Sequences,
    ReturnState,
    Memory,
    ImageFormat,
    KernelWeights,
    RecurrentWeights,
    BiasWeights,
    ActivityRegularized,
    ConvRecurrent,
):
    """An LSTM that convolves instead of multiplying, for rows of values such as sensors in line.

    Convolutional LSTM Network, Shi et al., 2015.
    """

    title, ranks = "ConvLSTM1D", (4,)
    search = ("recurrent", "convolution", "video", "forecast", "循环", "卷积", "序列")


@LAYERS.register("ConvLSTM2D")
class ConvLSTM2D(
    Filters,
    Window2D,
    Padded,
    ConvMemory,
    Gated,
    Dilated2D,
    Sequences,
    ReturnState,
    Memory,
    ImageFormat,
    KernelWeights,
    RecurrentWeights,
    BiasWeights,
    ActivityRegularized,
    ConvRecurrent,
):
    """An LSTM that convolves instead of multiplying, for pictures: films, radar, weather.

    Convolutional LSTM Network, Shi et al., 2015.
    """

    title, ranks = "ConvLSTM2D", (5,)
    search = ("recurrent", "convolution", "video", "forecast", "循环", "卷积", "视频")


@LAYERS.register("ConvLSTM3D")
class ConvLSTM3D(
    Filters,
    Window3D,
    Padded,
    ConvMemory,
    Gated,
    Dilated3D,
    Sequences,
    ReturnState,
    Memory,
    ImageFormat,
    KernelWeights,
    RecurrentWeights,
    BiasWeights,
    ActivityRegularized,
    ConvRecurrent,
):
    """An LSTM that convolves instead of multiplying, for volumes.

    Convolutional LSTM Network, Shi et al., 2015.
    """

    title, ranks = "ConvLSTM3D", (6,)
    search = ("recurrent", "convolution", "video", "forecast", "循环", "卷积", "体积")
