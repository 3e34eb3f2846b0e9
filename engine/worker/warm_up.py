"""Pays TensorFlow's first-time costs before a person presses Train."""

from __future__ import annotations

import gc

import keras
import numpy as np

from engine.graph.document import Recipe
from engine.worker.compile import compile_model
from engine.worker.steps import Feed, Steps


def warm_up() -> None:
    """Train a tiny network for two steps.

    The first graph that a process traces and runs loads kernels and modules for a third of a
    second more than later ones; afterwards nothing of it is kept.
    """
    layers = keras.layers
    inputs = keras.Input((8, 8, 1))
    hidden = layers.Flatten()(layers.MaxPooling2D()(layers.Conv2D(2, 3, activation="relu")(inputs)))
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(hidden))
    compile_model(model, Recipe())
    feed = Feed([np.zeros((4, 8, 8, 1), np.float32)], [np.zeros(4, np.int64)], 2)
    Steps(model, feed, training=True).run(0, 2)


def keep_out_of_garbage() -> None:
    """Take what is there by now out of every later search for garbage.

    TensorFlow and Keras keep some hundred thousand objects for ever; looking through them holds
    all threads up for a fifth of a second, whenever it happens to be due.
    """
    gc.collect()
    gc.freeze()
