"""Edits that bring cards into line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from engine.errors import text
from engine.graph.commands import move
from engine.graph.document import Document
from engine.graph.geometry import GRID
from engine.graph.history import Edit

Side = Literal["left", "center", "right", "top", "middle", "bottom"]
Way = Literal["across", "down"]


def align(document: Document, ids: Sequence[str], side: Side) -> Edit:
    """Bring cards to a common edge, or to the middle between the outermost ones.

    All cards are of one size, so the left edge of the rightmost one stands for "right".
    """
    nodes = [document.network.nodes[node_id] for node_id in ids]
    axis = 0 if side in ("left", "center", "right") else 1
    values = [node.at[axis] for node in nodes]
    if len(values) < 2:
        return Edit(text("Align"), ())
    line = {"left": min, "top": min, "right": max, "bottom": max}.get(side, _middle)(values)
    places = {node.id: (line, node.at[1]) if axis == 0 else (node.at[0], line) for node in nodes}
    return Edit(text("Align"), move(document, places).changes)


def distribute(document: Document, ids: Sequence[str], way: Way) -> Edit:
    """Make the steps between cards equal; the outermost two stay."""
    axis = 0 if way == "across" else 1
    nodes = sorted(
        (document.network.nodes[node_id] for node_id in ids), key=lambda node: node.at[axis]
    )
    if len(nodes) < 3:
        return Edit(text("Distribute"), ())
    first, last = nodes[0].at[axis], nodes[-1].at[axis]
    step = (last - first) / (len(nodes) - 1)
    places = {}
    for number, node in enumerate(nodes):
        value = last if number == len(nodes) - 1 else _snap(first + number * step)
        places[node.id] = (value, node.at[1]) if axis == 0 else (node.at[0], value)
    return Edit(text("Distribute"), move(document, places).changes)


def _middle(values: list[float]) -> float:
    return _snap((min(values) + max(values)) / 2)


def _snap(value: float) -> float:
    return float(round(value / GRID) * GRID)
