"""The networks and data that the training figures use, for our engine and for bare Keras."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.result import MNIST, ROOT
from engine.formats.project import read_project
from engine.graph.document import Document, Edge, Network, Node, Part, Recipe
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_X, GAP_Y

LENET = ROOT / "templates" / "4-lenet-5.netloom"


def lenet() -> Document:
    """LeNet-5 on 8,500 real digits, batch 32, 3 epochs."""
    document = read_project(LENET)
    if MNIST.exists():
        document.data = Part("npz", {"path": str(MNIST)})
    document.recipe = Recipe(epochs=3, validation_split=0.0)
    return document


VGG_BLOCKS = ((32, 2), (64, 2), (128, 2))


def vgg(folder: Path) -> Document:
    """A VGG-like network on 64×64 color images, bound by arithmetic; writes its data."""
    path = folder / "images.npz"
    random = np.random.default_rng(0)
    np.savez(
        path,
        x_train=random.integers(0, 255, (256, 64, 64, 3)).astype(np.uint8),
        y_train=np.arange(256) % 10,
        x_test=random.integers(0, 255, (10, 64, 64, 3)).astype(np.uint8),
        y_test=np.arange(10),
    )
    rows: list[tuple[str, str, dict[str, Any]]] = [("image", "Input", {"shape": [64, 64, 3]})]
    for block, (filters, count) in enumerate(VGG_BLOCKS):
        for number in range(count):
            params = {"filters": filters, "padding": "same", "activation": "relu"}
            rows.append((f"conv{block}_{number}", "Conv2D", params))
        rows.append((f"pool{block}", "MaxPooling2D", {}))
    rows += [
        ("flatten", "Flatten", {}),
        ("fc", "Dense", {"units": 128, "activation": "relu"}),
        ("kind", "Dense", {"units": 10, "activation": "softmax"}),
    ]
    return Document(
        chain(rows),
        title="VGG-like",
        data=Part("npz", {"path": str(path)}),
        recipe=Recipe(epochs=3, validation_split=0.0),
    )


def chain(rows: list[tuple[str, str, dict[str, Any]]]) -> Network:
    """Make a network of layers in a row."""
    nodes = [
        Node(id=name, layer=layer, params=params, at=(0.0, 104.0 * number), order=number)
        for number, (name, layer, params) in enumerate(rows)
    ]
    return Network(nodes, [Edge(first[0], second[0]) for first, second in pairwise(rows)])


def branches(count: int) -> Network:
    """A network of many layers with joins, in columns, so that all of it is seen at once."""
    kinds = ("Conv2D", "BatchNormalization", "Add")
    row, column = CARD_HEIGHT + GAP_Y, CARD_WIDTH + GAP_X
    rows = round((count * column / row / 1.6) ** 0.5)
    nodes = [
        Node(
            id=f"n{number}",
            layer=kinds[number % 3],
            at=(float(number // rows * column), float(number % rows * row)),
            order=number,
        )
        for number in range(count)
    ]
    network = Network(nodes)
    for number in range(1, count):
        before = number - 1 if number % 7 else max(0, number - 3)
        network.put_edge(Edge(f"n{before}", f"n{number}"))
        if number % 3 == 2 and number > 5:
            network.put_edge(Edge(f"n{number - 5}", f"n{number}", 1))
    return network
