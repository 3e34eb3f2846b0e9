"""Calls of models in models, which Keras numbers in more than one way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.formats.keras_files.inbound import Inbound, Tensor

if TYPE_CHECKING:
    from engine.formats.keras_files.rows import Row

FUNCTIONAL = ("Functional", "Model")


def counted_from_zero(
    rows: Sequence[Row], ends: Sequence[Tensor], *, modern: bool
) -> tuple[list[Row], list[Tensor]]:
    """Return layers and outputs whose tensors number the calls of nested models from 0.

    A functional model begins with a call of its own, from its inputs to its outputs, that files
    do not hold. Keras 3 counts it among the outputs of the model around (`output_layers`) and not
    among the tensors that layers take; Keras 2 counts it in both.

    Args:
        rows: The layers of a model, calls and all.
        ends: What the model gives.
        modern: Whether Keras 3 wrote it.
    """
    models = {row.name: row for row in rows if _is_model(row, modern)}
    if not models:
        return list(rows), list(ends)
    taken = [tensor for row in rows for call in row.calls for tensor in call.tensors]
    beyond = {
        tensor.layer
        for tensor in (*taken, *ends)
        if tensor.layer in models and tensor.call >= len(models[tensor.layer].calls)
    }

    def lowered(tensor: Tensor, layers: set[str]) -> Tensor:
        earlier = tensor.layer in layers and tensor.call > 0
        return replace(tensor, call=tensor.call - 1) if earlier else tensor

    def counted(call: Inbound) -> Inbound:
        return replace(call, tensors=[lowered(tensor, beyond) for tensor in call.tensors])

    if modern:
        return list(rows), [lowered(end, {*models}) for end in ends]
    counted_rows = [replace(row, calls=[counted(call) for call in row.calls]) for row in rows]
    return counted_rows, [lowered(end, beyond) for end in ends]


def _is_model(row: Row, modern: bool) -> bool:
    return row.kind in FUNCTIONAL or (row.kind == "Sequential" and not modern)
