"""Masks that Keras works out by itself: Keras 3 writes their operators down, as if drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.formats.keras_files.inbound import DEEPEST, Inbound, Tensor

if TYPE_CHECKING:
    from engine.formats.keras_files.rows import Row

_OPERATORS = "keras.src.ops"
# What stands for a mask that somebody has given by hand, in the arguments of a call.
BY_HAND = "a tensor"


def without_masks(rows: Sequence[Row], ends: Sequence[Tensor]) -> list[Row]:
    """Return the layers of a model without operators that only compute masks.

    A layer that masks (Embedding with `mask_zero`, Masking) computes `not_equal` of what it
    takes, which Keras records among the model's operators and hands to the layers behind as
    `mask`. Called again, they find the mask themselves. A mask given by hand stays among the
    arguments of its call, where it is told as what cannot be kept.

    Args:
        rows: The layers, calls and all.
        ends: What the model gives.
    """
    if not any(call.masks for row in rows for call in row.calls):
        return list(rows)
    kinds = {row.name: row for row in rows}
    masked = {
        tensor for row in rows if _masks(row) for call in row.calls for tensor in call.tensors[:1]
    }

    known: dict[tuple[str, int], bool] = {}

    def found_by_keras(tensor: Tensor, depth: int = 0) -> bool:
        key = tensor.layer, depth
        if key not in known:
            known[key] = look(kinds.get(tensor.layer), depth)
        return known[key]

    def look(row: Row | None, depth: int) -> bool:
        if row is None or not row.module.startswith(_OPERATORS) or depth > DEEPEST:
            return False
        taken = [one for call in row.calls for one in call.tensors]
        if row.kind == "NotEqual":
            return bool(taken) and all(one in masked for one in taken)
        return bool(taken) and all(found_by_keras(one, depth + 1) for one in taken)

    def told(call: Inbound) -> Inbound:
        if all(map(found_by_keras, call.masks)):
            return call
        return replace(call, arguments={**call.arguments, "mask": BY_HAND})

    kept = [replace(row, calls=[told(call) for call in row.calls]) for row in rows]
    leading = {tensor.layer for row in rows for call in row.calls for tensor in call.masks}
    while True:
        used = {end.layer for end in ends}
        used |= {tensor.layer for row in kept for call in row.calls for tensor in call.tensors}
        idle = {
            row.name
            for row in kept
            if row.name in leading and row.name not in used and row.module.startswith(_OPERATORS)
        }
        if not idle:
            return kept
        gone = [row for row in kept if row.name in idle]
        leading |= {one.layer for row in gone for call in row.calls for one in call.tensors}
        kept = [row for row in kept if row.name not in idle]


def _masks(row: Row) -> bool:
    """Return whether a layer tells those behind it what to pass over."""
    config = row.config if isinstance(row.config, dict) else {}
    return row.kind == "Masking" or (row.kind == "Embedding" and bool(config.get("mask_zero")))
