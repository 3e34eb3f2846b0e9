"""Builds and compiles a network of 300 layers from its drawing, and from the same code by hand.

Prints the median seconds of both, made in turn.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import keras

from engine.graph.document import Edge, Network, Node, Recipe
from engine.worker.compile import build_model, compile_model

# Each has a convolution, its normalization and a sum: with head and tail, 301 layers.
BLOCKS = 99
REPEATS = 7


def drawing() -> Network:
    """Return 99 residual blocks between an input, a first convolution and a head."""
    same = {"filters": 8, "kernel_size": [3, 3], "padding": "same"}
    nodes = [
        Node(id="image", layer="Input", params={"shape": [16, 16, 3]}),
        Node(id="first", layer="Conv2D", params=same, order=1),
    ]
    edges = [Edge("image", "first")]
    last = "first"
    for number in range(BLOCKS):
        conv, norm, add = (f"{name}{number}" for name in ("conv", "norm", "add"))
        at = 3 * number + 2
        nodes += [
            Node(id=conv, layer="Conv2D", params=same | {"activation": "relu"}, order=at),
            Node(id=norm, layer="BatchNormalization", order=at + 1),
            Node(id=add, layer="Add", order=at + 2),
        ]
        edges += [Edge(last, conv), Edge(conv, norm), Edge(norm, add), Edge(last, add, 1)]
        last = add
    nodes += [
        Node(id="pool", layer="GlobalAveragePooling2D", order=1000),
        Node(id="kind", layer="Dense", params={"units": 10, "activation": "softmax"}, order=1001),
    ]
    return Network(nodes, [*edges, Edge(last, "pool"), Edge("pool", "kind")])


def by_hand() -> keras.Model:
    """Return the same as somebody would write it."""
    layers = keras.layers
    image = keras.Input((16, 16, 3))
    tensor: Any = layers.Conv2D(8, 3, padding="same", name="first")(image)
    for number in range(BLOCKS):
        inner = layers.Conv2D(8, 3, padding="same", activation="relu", name=f"conv{number}")(tensor)
        inner = layers.BatchNormalization(name=f"norm{number}")(inner)
        tensor = layers.Add(name=f"add{number}")([inner, tensor])
    tensor = layers.GlobalAveragePooling2D(name="pool")(tensor)
    model = keras.Model(image, layers.Dense(10, activation="softmax", name="kind")(tensor))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main() -> None:
    """Measure and print one JSON object."""
    network, recipe = drawing(), Recipe()

    def drawn() -> keras.Model:
        model = build_model(network, "deep")
        compile_model(model, recipe)
        return model

    ours, theirs = drawn(), by_hand()
    assert [w.shape for w in ours.weights] == [w.shape for w in theirs.weights]
    times: dict[str, list[float]] = {"ours": [], "reference": []}
    for _ in range(REPEATS):
        times["ours"].append(_timed(drawn))
        times["reference"].append(_timed(by_hand))
    found = {name: statistics.median(values) for name, values in times.items()}
    print(json.dumps(found | {"layers": len(ours.layers)}))


def _timed(make: Callable[[], object]) -> float:
    keras.backend.clear_session()
    started = time.perf_counter()
    make()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
