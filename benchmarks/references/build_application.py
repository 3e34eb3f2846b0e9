"""Plain Keras builds a model of `keras.applications`: `... MODEL`."""

from __future__ import annotations

import json
import sys
import time

import keras


def main(model: str) -> None:
    """Print the seconds that it takes without weights, libraries loaded and warm."""
    keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(8)])(keras.ops.zeros((1, 8)))
    started = time.perf_counter()
    made = getattr(keras.applications, model)(weights=None)
    print(json.dumps({"seconds": time.perf_counter() - started, "layers": len(made.layers)}))


if __name__ == "__main__":
    main(sys.argv[1])
