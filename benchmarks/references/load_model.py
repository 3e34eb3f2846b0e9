"""Plain Keras opens a model: `... FILE`, or writes VGG16 with random weights: `... --make FILE`."""

from __future__ import annotations

import json
import sys
import time

import keras


def main(arguments: list[str]) -> None:
    """Print the seconds of `keras.models.load_model`, libraries loaded and warm."""
    if arguments[0] == "--make":
        keras.applications.VGG16(weights=None).save(arguments[1])
        print(json.dumps({"made": arguments[1]}))
        return
    keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(8)])(keras.ops.zeros((1, 8)))
    started = time.perf_counter()
    model = keras.models.load_model(arguments[0], compile=False)
    print(json.dumps({"seconds": time.perf_counter() - started, "layers": len(model.layers)}))


if __name__ == "__main__":
    main(sys.argv[1:])
