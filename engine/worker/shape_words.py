"""Why a layer cannot take a tensor, in plain words with the shapes involved."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from engine.errors import Text, text
from engine.graph.document import Node
from engine.layers import LayerSpec
from engine.layers.merging import ELEMENTWISE
from engine.layers.spec import times

Shape = tuple[int | None, ...]

_RANK_WORDS = {
    2: text("one vector a sample (features)"),
    3: text("sequences (steps × features)"),
    4: text("images (height × width × channels)"),
    5: text("volumes (depth × height × width × channels)"),
}


def shape_text(shape: Sequence[int | None]) -> str:
    """Write a shape without its batch axis: 28×28×1, ? for an axis of any length."""
    return times(["?" if size is None else size for size in shape[1:]]) or "1"


def refuse(spec: type[LayerSpec], params: dict[str, Any], shapes: list[Shape]) -> Text | None:
    """Return why a layer cannot take inputs that Keras would let pass or explain badly."""
    ranks = spec.ranks_with(spec.complete(params))
    if ranks:
        for shape in shapes[: _ranked(params, len(shapes))]:
            if len(shape) not in ranks:
                return _wrong_rank(spec, ranks, shape)
    if spec.key == "Concatenate":
        return _refuse_concatenate(spec.complete(params)["axis"], shapes)
    if spec.key in ELEMENTWISE:
        return _refuse_elementwise(spec, shapes)
    if spec.key == "Reshape":
        return _refuse_reshape(spec.complete(params)["target_shape"], shapes[0])
    return None


def _ranked(params: dict[str, Any], count: int) -> int:
    """Return of how many inputs the rank is told: states and masks come behind, with others."""
    if params.get("initial_state"):
        return 1
    return count - 1 if params.get("attention_mask") else count


def too_few_outputs(number: int, count: int) -> Text:
    """Return why a tensor of a layer cannot be picked."""
    return text(
        "The layer before gives {count} tensors, numbered from 0; there is no output {number}."
        " A recurrent layer gives its state where “Return state” is on.",
        count=count,
        number=number,
    )


def _wrong_rank(spec: type[LayerSpec], ranks: Sequence[int], shape: Shape) -> Text:
    least, most = min(ranks), max(ranks)
    wanted = _RANK_WORDS.get(least)
    if len(shape) > most:
        return text(
            "{layer} takes {wanted}, but gets {shape}: insert Flatten, Reshape or a global"
            " pooling layer before it.",
            layer=spec.title,
            wanted=wanted or least,
            shape=shape_text(shape),
        )
    return text(
        "{layer} takes {wanted}, but gets {shape}: insert Reshape before it, or wire it to an"
        " earlier layer.",
        layer=spec.title,
        wanted=wanted or least,
        shape=shape_text(shape),
    )


def _joined(shapes: list[Shape]) -> str:
    return ", ".join(map(shape_text, shapes))


def _refuse_concatenate(axis: Any, shapes: list[Shape]) -> Text | None:
    ranks = {len(shape) for shape in shapes}
    rank = len(shapes[0])
    if len(ranks) > 1:
        return text(
            "Concatenate needs inputs with equally many axes, but gets {shapes}.",
            shapes=_joined(shapes),
        )
    if not isinstance(axis, int) or not -rank <= axis < rank or axis % rank == 0:
        return text(
            "Concatenate cannot join {shapes} along axis {axis}: choose −1 for the last axis or"
            " one from 1 to {last}.",
            shapes=_joined(shapes),
            axis=axis if isinstance(axis, int) else str(axis),
            last=rank - 1,
        )
    for place in range(1, rank):
        sizes = {shape[place] for shape in shapes} - {None}
        if place != axis % rank and len(sizes) > 1:
            return text(
                "Concatenate needs shapes that agree on every axis but axis {axis}; {shapes} do"
                " not.",
                axis=axis,
                shapes=_joined(shapes),
            )
    return None


def _refuse_elementwise(spec: type[LayerSpec], shapes: list[Shape]) -> Text | None:
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape[1:] for shape in shapes]
    for sizes in zip(*padded, strict=True):
        if len({size for size in sizes if size not in (None, 1)}) > 1:
            return text(
                "{layer} needs inputs of the same shape, but gets {shapes}.",
                layer=spec.title,
                shapes=_joined(shapes),
            )
    return None


def _refuse_reshape(target: Any, shape: Shape) -> Text | None:
    sizes = shape[1:]
    if None in sizes or -1 in target:
        return None
    values, wanted = math.prod(size for size in sizes if size is not None), math.prod(target)
    if values == wanted:
        return None
    return text(
        "Reshape cannot turn {shape} ({values} values) into {target} ({wanted} values).",
        shape=shape_text(shape),
        values=values,
        target=times(target) or "1",
        wanted=wanted,
    )


def explain(spec: type[LayerSpec], shapes: list[Shape], error: Exception) -> Text:
    """Turn Keras's error into a sentence with a way out."""
    words = " ".join(str(error).split())
    if spec.foreign:
        return text(
            "The code of the layer cannot take {shape}: {reason}.",
            shape=_joined(shapes),
            reason=_own_words(words)[:300].rstrip(".") or type(error).__name__,
        )
    if "fully-defined" in words or "should be defined" in words:
        return text(
            "{layer} must know the size of its last axis, but gets {shape}: give the Input a"
            " fixed shape.",
            layer=spec.title,
            shape=_joined(shapes),
        )
    if "zero or negative" in words or "negative dimension" in words:
        return text(
            "{layer} does not fit into {shape}: its window is larger than its input. Use a"
            " smaller window or padding “same”.",
            layer=spec.title,
            shape=_joined(shapes),
        )
    if "incompatible with the layer" in words and "expected" in words:
        return text(
            "{layer} cannot take {shape}: {reason}.",
            layer=spec.title,
            shape=_joined(shapes),
            reason=words.split("incompatible with the layer: ")[-1].split(". ")[0],
        )
    return text(
        "{layer} cannot take {shape}: {reason}.",
        layer=spec.title,
        shape=_joined(shapes),
        reason=(words.split(". ")[0] or type(error).__name__)[:300].rstrip("."),
    )


def _own_words(words: str) -> str:
    """Return what the code itself has raised, of what Keras makes of it."""
    plain = re.sub("\x1b\\[[0-9;]*m", "", words)
    inner = re.sub(r"^Exception encountered when calling \S+ ?", "", plain)
    return inner.partition(" Arguments received by ")[0].strip()


def share_conflict(owner: Node, inputs: list[tuple[Shape, str]]) -> Text:
    """Say that a shared layer's weights do not fit another input."""
    return text(
        "The weights of “{owner}” do not fit {shape}: a shared layer needs inputs of the same"
        " size.",
        owner=owner.title,
        shape=_joined([shape for shape, _ in inputs]),
    )
