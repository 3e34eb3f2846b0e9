"""Small documents for tests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.paths import TEMPLATES

Row = tuple[str, str, dict[str, Any]]


def network(rows: list[Row], edges: list[tuple[Any, ...]] | None = None) -> Network:
    """Make a network of (id, layer, params); a chain where no edges are given."""
    nodes = [
        Node(id=name, layer=layer, params=params, at=(0.0, 104.0 * number), order=number)
        for number, (name, layer, params) in enumerate(rows)
    ]
    if edges is None:
        edges = [(first[0], second[0]) for first, second in pairwise(rows)]
    return Network(nodes, [Edge(*edge) for edge in edges])


def chain(layers: int, units: int = 8) -> Network:
    """Make a chain of Dense layers behind an Input."""
    rows: list[Row] = [("input", "Input", {"shape": [units]})]
    rows += [(f"dense_{number}", "Dense", {"units": units}) for number in range(layers)]
    return network(rows)


def iris_classifier(**recipe: Any) -> Document:
    """Make a small classifier of real flowers that trains in a moment."""
    rows: list[Row] = [
        ("flower", "Input", {"shape": [4]}),
        ("hidden", "Dense", {"units": 8, "activation": "relu"}),
        ("kind", "Dense", {"units": 3, "activation": "softmax"}),
    ]
    values = {"epochs": 2, "batch_size": 16, **recipe}
    return Document(network(rows), title="Iris", data=Part("iris"), recipe=Recipe(**values))


def template(name: str) -> Document:
    """Open a template by a part of its file name."""
    from engine.formats.project import read_project

    return read_project(next(path for path in TEMPLATES.glob("*.netloom") if name in path.name))
