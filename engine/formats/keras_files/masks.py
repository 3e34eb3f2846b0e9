"""Masks that Keras works out by itself: Keras 3 writes their operators down, as if drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.formats.keras_files.inbound import A_TENSOR, Inbound, Tensor

if TYPE_CHECKING:
    from engine.formats.keras_files.rows import Row

# Where the classes of operators are from.
OPERATORS = "keras.src.ops"
# Operators whose results are the same whatever is in the tensor.
EVEN = ("OnesLike", "ZerosLike")


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
    found, idle = _found_by_keras(rows), _idle(rows, ends)

    def told(call: Inbound) -> Inbound:
        if all(mask.layer in found for mask in call.masks):
            return call
        return replace(call, arguments={**call.arguments, "mask": A_TENSOR})

    kept = [row for row in rows if row.name not in idle]
    return [replace(row, calls=[told(call) for call in row.calls]) for row in kept]


def _found_by_keras(rows: Sequence[Row]) -> set[str]:
    """Return the operators that compute what Keras finds itself, masks of masks included."""
    masked = {
        tensor for row in rows if masks(row) for call in row.calls for tensor in call.tensors[:1]
    }
    # What joined tensors take for masks of those that have none.
    even = {row.name for row in rows if _is_operator(row) and row.kind in EVEN}
    found: set[str] = set()
    # How many of its tensors are not known to be such masks yet, and who takes them.
    missing: dict[str, int] = {}
    takers: defaultdict[str, list[str]] = defaultdict(list)
    ready: list[str] = []
    for row in filter(_is_operator, rows):
        taken = [tensor for tensor in _taken(row) if tensor.layer not in even]
        if row.kind == "NotEqual":
            if taken and all(tensor in masked for tensor in taken):
                ready.append(row.name)
            continue
        missing[row.name] = len(taken)
        for tensor in taken:
            takers[tensor.layer].append(row.name)
    while ready:
        name = ready.pop()
        found.add(name)
        for taker in takers[name]:
            missing[taker] -= 1
            if not missing[taker]:
                ready.append(taker)
    return found


def _idle(rows: Sequence[Row], ends: Sequence[Tensor]) -> set[str]:
    """Return the operators whose results go into masks alone."""
    operators = {row.name: row for row in rows if _is_operator(row)}
    uses = Counter(tensor.layer for row in rows for tensor in _taken(row))
    uses.update(end.layer for end in ends)
    idle: set[str] = set()
    unused = [mask.layer for row in rows for call in row.calls for mask in call.masks]
    while unused:
        name = unused.pop()
        if uses[name] or name in idle or name not in operators:
            continue
        idle.add(name)
        for tensor in _taken(operators[name]):
            uses[tensor.layer] -= 1
            unused.append(tensor.layer)
    return idle


def _is_operator(row: Row) -> bool:
    return row.module.startswith(OPERATORS)


def _taken(row: Row) -> list[Tensor]:
    return [tensor for call in row.calls for tensor in call.tensors]


def masks(row: Row) -> bool:
    """Return whether a layer tells those behind it which steps to pass over."""
    config = row.config if isinstance(row.config, dict) else {}
    return row.kind == "Masking" or (row.kind == "Embedding" and bool(config.get("mask_zero")))
