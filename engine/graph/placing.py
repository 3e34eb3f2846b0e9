"""Third step of the layout: a horizontal position for each vertex."""

from __future__ import annotations

from itertools import pairwise

from engine.graph.geometry import GAP_X
from engine.graph.layering import Bend, Layers, Vertex

SWEEPS = 6
# Cards hold their place against skips, so that a main path stays straight beside them.
SKIP_WEIGHT = 0.001


def place(layers: Layers) -> dict[Vertex, float]:
    """Return the horizontal center of each vertex.

    Each sweep moves the vertices of a row as near as order and distance allow to the mean of
    their neighbours in the row before (least squares, exact). The last sweep goes down, so that
    chains hang straight below their head.
    """
    centers = _packed(layers)
    for _ in range(SWEEPS):
        for row in reversed(layers.rows[:-1]):
            _settle(layers, row, centers, layers.below)
        for row in layers.rows[1:]:
            _settle(layers, row, centers, layers.above)
    return centers


def _packed(layers: Layers) -> dict[Vertex, float]:
    centers: dict[Vertex, float] = {}
    for row in layers.rows:
        offsets = _offsets(layers, row)
        middle = offsets[-1] / 2
        centers.update(
            {vertex: offset - middle for vertex, offset in zip(row, offsets, strict=True)}
        )
    return centers


def _settle(
    layers: Layers,
    row: list[Vertex],
    centers: dict[Vertex, float],
    neighbours: dict[Vertex, list[Vertex]],
) -> None:
    """Move a row towards its neighbours, a vertex without any towards where it is."""
    wishes: list[float] = []
    weights: list[float] = []
    for vertex in row:
        others = neighbours[vertex]
        weight = _weight(vertex)
        if others:
            pulls = [_weight(other) for other in others]
            total = sum(pull * centers[other] for pull, other in zip(pulls, others, strict=True))
            wishes.append(total / sum(pulls))
        else:
            wishes.append(centers[vertex])
            weight *= SKIP_WEIGHT
        weights.append(weight)
    offsets = _offsets(layers, row)
    free = [wish - offset for wish, offset in zip(wishes, offsets, strict=True)]
    for vertex, value, offset in zip(row, _rising(free, weights), offsets, strict=True):
        centers[vertex] = value + offset


def _weight(vertex: Vertex) -> float:
    return SKIP_WEIGHT if isinstance(vertex, Bend) and vertex.skip else 1.0


def _offsets(layers: Layers, row: list[Vertex]) -> list[float]:
    """Return how far right of the first vertex each one lies at the least."""
    offsets = [0.0]
    for left, right in pairwise(row):
        widths = layers.size(left)[0] + layers.size(right)[0]
        offsets.append(offsets[-1] + widths / 2 + _gap(left, right))
    return offsets


def _gap(left: Vertex, right: Vertex) -> int:
    return GAP_X // 2 if isinstance(left, Bend) or isinstance(right, Bend) else GAP_X


def _rising(values: list[float], weights: list[float]) -> list[float]:
    """Return the rising sequence nearest to `values` by weighted squares.

    Pooling of adjacent violators: neighbours in the wrong order share their weighted mean.
    """
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        count = 1
        while pools and pools[-1][0] > value:
            before, heavy, number = pools.pop()
            value = (before * heavy + value * weight) / (heavy + weight)
            weight += heavy
            count += number
        pools.append((value, weight, count))
    return [value for value, _, count in pools for _ in range(count)]
