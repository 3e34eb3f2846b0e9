"""What layers cost and how far they see, from their shapes and parameters.

FLOPs are counted for one sample of a forward pass, a multiplication and an addition as two, as
TensorFlow's profiler counts them for convolutions and matrix products; activations and other work
on single values count one each. Memory is that of the layer's output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Protocol

import msgspec

from engine.graph.analysis import topological
from engine.graph.calls import owner_of
from engine.graph.document import Network, Node
from engine.layers import LAYERS
from engine.layers.spec import held_layer

Shape = Sequence[int | None]

_BYTES = {"float16": 2, "bfloat16": 2, "float64": 8, "int64": 8, "uint8": 1, "bool": 1}


class Facts(Protocol):
    """What the engine tells of a node (`NodeFacts`)."""

    @property
    def shape(self) -> list[int | None] | None:
        """Shape of its output, batch axis first."""

    @property
    def dtype(self) -> str:
        """Type of its output's values."""

    @property
    def params(self) -> int:
        """Number of its weights; 0 where they are another node's."""


class Costs(msgspec.Struct, frozen=True):
    """What one node costs.

    Attributes:
        params: Number of its weights.
        flops: Operations on one sample.
        memory: Bytes of its output for one sample.
        field: Receptive field in pixels of the input, along each axis; None where the layer sees
            everything or has no place in an image.
    """

    params: int = 0
    flops: int = 0
    memory: int = 0
    field: tuple[int, ...] | None = None


def total(costs: Sequence[Costs]) -> Costs:
    """Return what several layers cost together; they see as far as the one that sees farthest."""
    fields = [cost.field for cost in costs if cost.field is not None]
    return Costs(
        sum(cost.params for cost in costs),
        sum(cost.flops for cost in costs),
        sum(cost.memory for cost in costs),
        max(fields, default=None),
    )


class _Sight(msgspec.Struct, frozen=True):
    """Receptive field and distance between neighbours, along each axis, in input pixels."""

    field: tuple[float, ...]
    step: tuple[float, ...]


def costs(network: Network, facts: Mapping[str, Facts]) -> dict[str, Costs]:
    """Return the costs of every node whose shape is known."""
    found: dict[str, Costs] = {}
    sights: dict[str, _Sight | None] = {}
    for node_id in topological(network)[0]:
        known = facts.get(node_id)
        sources = [edge.source for edge in network.inputs(node_id)]
        if known is None or known.shape is None:
            sights[node_id] = None
            continue
        node = owner_of(network, node_id)
        shapes = [fact.shape for fact in map(facts.get, sources) if fact and fact.shape]
        sight = sights[node_id] = _sight(node, known.shape, [sights.get(i) for i in sources])
        weights = facts[node.id].params if node.id in facts else known.params
        found[node_id] = Costs(
            params=known.params,
            flops=_flops(node, weights, shapes, known.shape),
            memory=_size(known.shape) * _BYTES.get(known.dtype, 4),
            field=tuple(round(size) for size in sight.field) if sight else None,
        )
    return found


def _size(shape: Shape) -> int:
    """Return the values of one sample; unknown axes count as one."""
    return prod(size or 1 for size in shape[1:])


def _places(shape: Shape, params: Mapping[str, Any]) -> int:
    """Return the places of an image or a sequence, channels left out."""
    first = params.get("data_format") == "channels_first"
    return prod(size or 1 for size in (shape[2:] if first else shape[1:-1]))


def _step(shape: Shape) -> list[int | None]:
    """Return the shape of one step of a sequence."""
    return [shape[0], *shape[2:]]


def _flops(node: Node, weights: int, inputs: Sequence[Shape], output: Shape) -> int:
    spec = LAYERS.find(node.layer)
    if spec is None or not inputs:
        return 0
    params, size = spec.complete(node.params), _size(output)
    extra = size if params.get("activation") not in (None, "linear") else 0
    bias = params.get("use_bias") is not False
    match spec.category:
        case "convolution":
            channels = output[1] if params.get("data_format") == "channels_first" else output[-1]
            kernel = weights - (channels or 0) * bias
            places = inputs[0] if "Transpose" in spec.key else output
            return 2 * kernel * _places(places, params) + size * bias + extra
        case "core" if spec.key == "Dense":
            return size * (2 * (inputs[0][-1] or 1) + bias) + extra
        case "recurrent" if spec.key == "TimeDistributed":
            held, inner = held_layer(params["layer"])
            if held is None:
                return 0
            each = Node(id=node.id, layer=held.key, params=inner)
            one = _flops(each, weights, [_step(shape) for shape in inputs], _step(output))
            return (inputs[0][1] or 1) * one
        case "recurrent":
            return 2 * weights * (inputs[0][1] or 1)
        case "pooling":
            window = params.get("pool_size")
            return _size(inputs[0]) if window is None else size * _product(window, len(output) - 2)
        case "merging":
            if spec.key == "Concatenate":
                return 0
            return 2 * _size(inputs[0]) if spec.key == "Dot" else size * (len(inputs) - 1)
        case "normalization":
            return 2 * size
        case "activation":
            return size
    return 0


def _product(value: Any, axes: int) -> int:
    return int(prod(_per_axis(value, axes)))


def _per_axis(value: Any, axes: int) -> list[int]:
    try:
        sizes = list(value) if isinstance(value, (list, tuple)) else [value] * axes
        sizes = [int(size) for size in sizes] or [1]
    except (TypeError, ValueError):  # A wrong value is told among the problems.
        return [1] * axes
    return (sizes * axes)[:axes]


def _sight(node: Node, output: Shape, before: Sequence[_Sight | None]) -> _Sight | None:
    """Follow the receptive field through a layer.

    A window of k places, s apart and d dilated, adds (k - 1) d steps and makes s of them one
    (Araujo, Norris and Sim, "Computing receptive fields", Distill 2019).
    """
    axes = len(output) - 2
    spec = LAYERS.find(node.layer)
    if spec is None or axes < 1:
        return None
    if spec.key == "Input":
        return _Sight((1.0,) * axes, (1.0,) * axes)
    seen = [sight for sight in before if sight is not None and len(sight.step) == axes]
    if not seen or len(seen) < len(before):
        return None
    field = tuple(max(sight.field[axis] for sight in seen) for axis in range(axes))
    step = seen[0].step
    params = spec.complete(node.params)
    if spec.category in ("convolution", "pooling"):
        window = params.get("kernel_size", params.get("pool_size"))
        if window is None:
            return None
        windows = _per_axis(window, axes)
        strides = _per_axis(params.get("strides") or window, axes)
        dilation = _per_axis(params.get("dilation_rate", 1), axes)
        if "Transpose" in spec.key:
            reach = [(k - 1) // s * j for k, s, j in zip(windows, strides, step, strict=True)]
            step = tuple(j / s for j, s in zip(step, strides, strict=True))
        else:
            pairs = zip(windows, dilation, step, strict=True)
            reach = [(k - 1) * d * j for k, d, j in pairs]
            step = tuple(j * s for j, s in zip(step, strides, strict=True))
        field = tuple(f + r for f, r in zip(field, reach, strict=True))
    elif spec.key.startswith("UpSampling"):
        factors = _per_axis(params.get("size", 1), axes)
        step = tuple(j / s for j, s in zip(step, factors, strict=True))
    elif spec.category in ("recurrent", "reshaping") and not spec.key.startswith(
        ("ZeroPadding", "Cropping")
    ):
        return None
    return _Sight(field, step)
