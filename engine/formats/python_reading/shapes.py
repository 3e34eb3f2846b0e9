"""Shapes of tensors as far as a script tells them: of the layers that are most used."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from engine.errors import text
from engine.fields import Params
from engine.formats.python_reading.building import Building
from engine.formats.python_reading.things import Call, Tensor, Unknown
from engine.layers import LAYERS
from engine.layers.merging import ELEMENTWISE

# With the samples first; `Unknown` stands for lengths that Keras would have to work out.
Lengths = tuple[Any, ...]

# Layers that give what they take, but for its values.
_KEEPING = {
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout", "AlphaDropout"),
    *("GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D"),
    *("SpatialDropout3D", "BatchNormalization", "LayerNormalization", "GroupNormalization"),
    *("RMSNormalization", "UnitNormalization", "ActivityRegularization", "Identity", "Masking"),
}
_AXES = ("1D", "2D", "3D")
_WINDOWS = {f"{kind}{n}" for kind in ("Conv", "SeparableConv") for n in _AXES}
_POOLS = {f"{kind}Pooling{n}" for kind in ("Max", "Average") for n in _AXES}
_GLOBAL = {f"Global{kind}Pooling{n}" for kind in ("Max", "Average") for n in _AXES}
_RECURRENT = {"LSTM", "GRU", "SimpleRNN"}


def unclear() -> Unknown:
    """Return what stands for a length that no script tells."""
    return Unknown(text("the shape of a tensor is known only when Keras builds it."))


class Shapes:
    """The shapes of a network's tensors, each worked out once."""

    def __init__(self, building: Building) -> None:
        self._building = building
        self._known: dict[Call, Lengths | None] = {}

    def of(self, tensor: Tensor) -> Lengths | None:
        """Return the shape of a tensor, or None where even its rank is not told."""
        if tensor.index:
            return None
        calls, known = self._building.calls, self._known
        waiting = [tensor.call]
        while waiting:
            call = calls[waiting[-1]]
            missing = [place for place in call.sources if calls[place] not in known]
            if missing and call not in known:
                waiting += missing
                continue
            waiting.pop()
            if call not in known:
                known[call] = _given(call, [known[calls[place]] for place in call.sources])
        return known[calls[tensor.call]]


def _given(call: Call, taken: Sequence[Lengths | None]) -> Lengths | None:
    """Return the shape of what a call gives."""
    kind, spec = call.layer.kind, LAYERS.find(call.layer.kind)
    if spec is None or (kind != "Input" and (not taken or taken[0] is None)):
        return None
    params = spec.complete(call.layer.params)
    if params.get("data_format") == "channels_first":
        return None
    if kind == "Input":
        shape = params["shape"]
        return (None, *shape) if isinstance(shape, (list, tuple)) else None
    first = taken[0]
    assert first is not None
    if kind in _KEEPING or (kind in ELEMENTWISE and all(shape == first for shape in taken)):
        return first if not params.get("return_attention_scores") else None
    if kind == "Concatenate":
        return _joined(taken, params)
    work = _WORK.get(kind)
    return work(first, params) if work is not None else None


def _joined(taken: Sequence[Lengths | None], params: Params) -> Lengths | None:
    shapes = [shape for shape in taken if shape is not None]
    first = shapes[0]
    axis = params["axis"] % len(first) if -len(first) <= params["axis"] < len(first) else None
    if axis is None or any(len(shape) != len(first) for shape in shapes):
        return None
    found = [
        lengths[0] if all(length == lengths[0] for length in lengths) else unclear()
        for lengths in zip(*shapes, strict=True)
    ]
    lengths = [shape[axis] for shape in shapes]
    told = len(shapes) == len(taken) and all(type(length) is int for length in lengths)
    found[axis] = sum(lengths) if told else unclear()
    return tuple(found)


def _window(length: Any, size: int, stride: int, padding: str, dilation: int = 1) -> Any:
    """Return how often a window fits along an axis."""
    if type(length) is not int or padding not in ("same", "valid", "causal"):
        return length if length is None else unclear()
    room = length if padding != "valid" else length - dilation * (size - 1)
    return -(-room // stride) if room > 0 else unclear()


def _windows(taken: Lengths, params: Params) -> Lengths | None:
    sizes = params.get("kernel_size", params.get("pool_size"))
    strides, dilations = params.get("strides") or sizes, params.get("dilation_rate")
    axes = len(taken) - 2
    each = [_on_axes(value, axes) for value in (sizes, strides, dilations or 1)]
    if any(value is None for value in each):
        return None
    windows = zip(taken[1:-1], *(value or [] for value in each), strict=True)
    lengths = [
        _window(length, size, stride, params["padding"], dilation)
        for length, size, stride, dilation in windows
    ]
    return (taken[0], *lengths, params.get("filters", taken[-1]))


def _on_axes(value: Any, axes: int) -> list[int] | None:
    """Return a number for each axis."""
    numbers = list(value) if isinstance(value, (list, tuple)) else [value] * axes
    numbers = numbers * axes if len(numbers) == 1 else numbers
    sound = len(numbers) == axes and all(type(number) is int and number > 0 for number in numbers)
    return numbers if sound else None


def _flat(taken: Lengths, params: Params) -> Lengths:
    inner = taken[1:]
    told = all(type(length) is int for length in inner)
    return taken[0], math.prod(inner) if told else unclear()


def _reshaped(taken: Lengths, params: Params) -> Lengths | None:
    wanted = params["target_shape"]
    if not isinstance(wanted, (list, tuple)):
        return None
    return (taken[0], *(length if length > 0 else unclear() for length in wanted))


def _pooled(taken: Lengths, params: Params) -> Lengths | None:
    return None if params["keepdims"] else (taken[0], taken[-1])


def _recurrent(taken: Lengths, params: Params) -> Lengths | None:
    steps = taken[:2] if params["return_sequences"] else taken[:1]
    return (*steps, params["units"])


_WORK: dict[str, Callable[[Lengths, Params], Lengths | None]] = {
    "Dense": lambda taken, params: (*taken[:-1], params["units"]),
    "Embedding": lambda taken, params: (*taken, params["output_dim"]),
    "Flatten": _flat,
    "Reshape": _reshaped,
    **dict.fromkeys(_WINDOWS | _POOLS, _windows),
    **dict.fromkeys(_GLOBAL, _pooled),
    **dict.fromkeys(_RECURRENT, _recurrent),
}
