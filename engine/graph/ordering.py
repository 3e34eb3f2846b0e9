"""Second step of the layout: order each layer so that few wires cross."""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import pairwise

from engine.graph.layering import Layers, Vertex

MOST_SWEEPS = 12
PATIENCE = 3


def reduce_crossings(layers: Layers) -> None:
    """Reorder the rows by barycenter sweeps, down and up in turn, and keep the best order."""
    best = [list(row) for row in layers.rows]
    fewest = crossings(layers)
    idle = 0
    for sweep in range(MOST_SWEEPS):
        if fewest == 0 or idle == PATIENCE:
            break
        _sweep(layers, down=sweep % 2 == 0)
        count = crossings(layers)
        idle = 0 if count < fewest else idle + 1
        if count < fewest:
            fewest, best = count, [list(row) for row in layers.rows]
    layers.rows[:] = best


def crossings(layers: Layers) -> int:
    """Return how many pairs of wires between neighbouring layers cross."""
    total = 0
    for upper, lower in pairwise(layers.rows):
        place = {vertex: number for number, vertex in enumerate(lower)}
        seen: list[float] = []
        for vertex in upper:
            ends = sorted(
                place[other] + layers.port[vertex, other] for other in layers.below[vertex]
            )
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _sweep(layers: Layers, *, down: bool) -> None:
    rows = layers.rows
    numbers = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
    for number in numbers:
        fixed = rows[number - 1 if down else number + 1]
        place = {vertex: index for index, vertex in enumerate(fixed)}
        rows[number] = _by_barycenter(layers, rows[number], place, down=down)


def _by_barycenter(
    layers: Layers, row: list[Vertex], place: dict[Vertex, int], *, down: bool
) -> list[Vertex]:
    """Sort a row by the mean place of each vertex's neighbours; those without any stay."""
    keys: dict[Vertex, float] = {}
    for index, vertex in enumerate(row):
        if down:
            ends = [float(place[other]) for other in layers.above[vertex]]
        else:
            ends = [place[other] + layers.port[vertex, other] for other in layers.below[vertex]]
        keys[vertex] = sum(ends) / len(ends) if ends else float(index)
    return sorted(row, key=keys.__getitem__)
