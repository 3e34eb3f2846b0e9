"""Cells: one step of a recurrent layer; they stand inside RNN, which reads the sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Int, LayerRef, LayerRefs, Params
from engine.layers.common import (
    ACTIVATIONS,
    BiasWeights,
    KernelWeights,
    seed_field,
)
from engine.layers.recurrent import Gated, Reading, RecurrentWeights, Stated
from engine.layers.spec import LAYERS, LayerSpec, Weighted, held_text

CELLS = ("SimpleRNNCell", "GRUCell", "LSTMCell")


class CellUnits:
    """Size and function of a cell."""

    units = Int(64, min=1, label="Units", help="Size of the memory, and of the output.")
    activation = Choice(
        "tanh",
        options=ACTIVATIONS,
        optional=True,
        label="Activation",
        help="Function applied to the new content of the memory.",
    )


class Dropped:
    """What is dropped while training."""

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
        help="Part of the memory set to zero while training.",
    )
    seed = seed_field()


class Cell(Weighted):
    """What cells share; no layer of its own."""

    category, held, leading = "recurrent", True, ("units",)

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{units} units", units=params["units"])


@LAYERS.register("SimpleRNNCell")
class SimpleRNNCell(CellUnits, Dropped, KernelWeights, RecurrentWeights, BiasWeights, Cell):
    """One step of a SimpleRNN."""

    title = "SimpleRNNCell"


@LAYERS.register("LSTMCell")
class LSTMCell(CellUnits, Gated, Dropped, KernelWeights, RecurrentWeights, BiasWeights, Cell):
    """One step of an LSTM."""

    title = "LSTMCell"
    unit_forget_bias = Bool(
        True,
        advanced=True,
        label="Forget bias 1",
        help="Whether the forget gate's bias starts at 1, so that it remembers at first.",
    )


@LAYERS.register("GRUCell")
class GRUCell(CellUnits, Gated, Dropped, KernelWeights, RecurrentWeights, BiasWeights, Cell):
    """One step of a GRU."""

    title = "GRUCell"
    reset_after = Bool(
        True,
        advanced=True,
        label="Reset after",
        help="Whether the reset gate acts after the multiplication.",
    )


@LAYERS.register("StackedRNNCells")
class StackedRNNCells(Weighted):
    """Several cells, one on top of the other, as one."""

    title, category, held, leading = "StackedRNNCells", "recurrent", True, ("cells",)
    cells = LayerRefs(
        [{"layer": "LSTMCell", "params": {}}, {"layer": "LSTMCell", "params": {}}],
        options=CELLS,
        label="Cells",
        help="The cells from the lowest to the highest.",
    )


STACKED = "StackedRNNCells"


def state_counts(value: object) -> list[int]:
    """Return how many tensors the memory of each cell is: two of an LSTM's, one of others'."""
    held = value if isinstance(value, dict) else {}
    params = held.get("params", {})
    if held.get("layer") != STACKED or not isinstance(params, dict):
        return [2 if held.get("layer") == "LSTMCell" else 1]
    cells = StackedRNNCells.complete(params)["cells"]
    return [sum(state_counts(cell)) for cell in cells] if isinstance(cells, (list, tuple)) else [1]


@LAYERS.register("RNN")
class RNN(Reading, Stated, LayerSpec):
    """Reads a sequence with a cell, or several on top of each other, of one's choice."""

    title, category, ranks, leading = "RNN", "recurrent", (3,), ("cell",)
    weighted = True
    search = ("recurrent", "sequence", "cell", "stacked", "循环", "循环神经网络", "单元")
    cell = LayerRef(
        {"layer": "LSTMCell", "params": {}},
        options=(*CELLS, "StackedRNNCells"),
        label="Cell",
        help="What is done at each step.",
    )
    zero_output_for_mask = Bool(
        False,
        advanced=True,
        label="Zeros where masked",
        help="Whether steps that are padding give zeros instead of the step before.",
    )
    trainable = Weighted.fields["trainable"]

    @classmethod
    def states(cls, params: Params) -> int:
        return sum(state_counts(params["cell"]))

    @classmethod
    def nested(cls, results: Sequence[Any], params: Params) -> list[Any]:
        """Return the result and the memory; of several cells, lists where one has several."""
        counts = state_counts(params["cell"])
        stacked = isinstance(params["cell"], dict) and params["cell"].get("layer") == STACKED
        if not stacked or len(results) != 1 + sum(counts):
            return list(results)
        rest = iter(results[1:])
        states = ([next(rest) for _ in range(count)] for count in counts)
        return [results[0], *(state[0] if len(state) == 1 else state for state in states)]

    @classmethod
    def summary(cls, params: Params) -> Text:
        return held_text(params["cell"])
