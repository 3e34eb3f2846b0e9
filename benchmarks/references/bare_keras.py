"""A bare Keras script with Keras's defaults: `python -m benchmarks.references.bare_keras KIND`.

Prints the seconds from building the model to the end of `fit`; the import and the data are not
counted, as the engine process is warm too.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

layers = keras.layers


def lenet() -> Any:
    """Return LeNet-5, compiled."""
    inputs = x = keras.Input((28, 28, 1))
    x = layers.Conv2D(6, 5, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(16, 5, activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(120, activation="relu")(x)
    x = layers.Dense(84, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def vgg(blocks: tuple[tuple[int, int], ...]) -> Any:
    """Return a VGG-like network."""
    inputs = x = keras.Input((64, 64, 3))
    for filters, count in blocks:
        for _ in range(count):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def main(kind: str, path: str, epochs: int) -> None:
    """Train and print the time."""
    with np.load(path) as arrays:
        x, y = arrays["x_train"].astype("float32") / 255, arrays["y_train"].astype("int64")
    if x.ndim == 3:
        x = x[..., None]
    started = time.perf_counter()
    keras.utils.set_random_seed(0)
    model = lenet() if kind == "lenet" else vgg(((32, 2), (64, 2), (128, 2)))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "loss": history.history["loss"][-1]}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
