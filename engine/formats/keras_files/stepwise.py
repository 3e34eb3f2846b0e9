"""Models that are applied to each step of a sequence: each of their layers is, one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.formats.keras_files.inbound import Inbound
from engine.formats.keras_files.legacy import modern
from engine.formats.keras_files.masks import masks
from engine.formats.keras_files.operator_names import ACTIVATIONS, LAYERS_TOO
from engine.formats.keras_files.rows import MODELS, Model, Row, read_model
from engine.formats.keras_files.understanding import says_nothing_in_a_call
from engine.layers.merging import ELEMENTWISE
from engine.layers.recurrent import STEPWISE

WRAPPER = "TimeDistributed"


def step_by_step(row: Row, where: str, depth: int) -> Model | None:
    """Return a model whose layers are applied to each step, as the model that a row holds is.

    That is the same function: no layer sees another step, and each is called on every step with
    the same weights. Masks are the exception, which TimeDistributed does not hand on from step to
    step; and so are layers that take several tensors and count axes or keep the first apart.

    Args:
        row: A layer of a description.
        where: Name of the file, for messages.
        depth: How many models it is nested in.

    Returns:
        The model; None where the row holds none, or one of which this is not true.

    Raises:
        FileProblem: The model's description is damaged.
    """
    config = row.config if isinstance(row.config, dict) else {}
    held = config.get("layer")
    if row.kind != WRAPPER or not isinstance(held, dict) or any(_more(c) for c in row.calls):
        return None
    kind, inner = str(held.get("class_name")), held.get("config")
    model: Model | None = None
    if kind == WRAPPER:  # Steps of steps.
        model = step_by_step(replace(row, config=inner), where, depth + 1)
    elif kind in MODELS:
        model = read_model(kind, inner, where, depth)
    if model is None or len(model.inputs) != 1 or len(model.outputs) != 1:
        return None
    rows = [_stepwise(inner) for inner in model.rows]
    wrapped = [inner for inner in rows if inner is not None]
    return replace(model, rows=wrapped) if len(wrapped) == len(rows) else None


def _more(call: Inbound) -> bool:
    """Return whether a call is given more than one tensor."""
    given = any(not says_nothing_in_a_call(*item) for item in call.arguments.items())
    return given or bool(call.masks) or len(call.tensors) != 1


def _stepwise(row: Row) -> Row | None:
    """Return a layer that does to each step what this one does to a sample, or None."""
    config = row.config if isinstance(row.config, dict) else {}
    if row.kind == "InputLayer":
        return row
    if ".ops" in row.module:
        return row if _is_indifferent(row, config) else None
    kind = modern(row.kind, config)[0]
    if kind in ELEMENTWISE:
        return row
    if kind == "Concatenate":
        axis = one_axis_on(config.get("axis", -1))
        return None if axis is None else replace(row, config={**config, "axis": axis})
    if any(_more(call) for call in row.calls) or masks(row):
        return None
    if kind in MODELS or kind in STEPWISE:
        held = {"class_name": row.kind, "config": row.config}
        return replace(row, kind=WRAPPER, module="", config={"name": row.name, "layer": held})
    return row if kind == "Identity" else None


def _is_indifferent(row: Row, config: dict[str, Any]) -> bool:
    """Return whether an operator does the same to all steps at once."""
    known = row.kind in ACTIVATIONS or row.kind in LAYERS_TOO.values()
    axis = config.get("axis", -1)
    from_end = type(axis) is int and axis < 0
    return known and from_end and not any(call.arguments for call in row.calls)


def one_axis_on(axis: Any) -> int | None:
    """Return the axis of a Concatenate behind that of the steps; None where it is no sample's."""
    if type(axis) is not int or axis == 0:
        return None
    return axis + 1 if axis > 0 else axis
