"""The shapes that scripts tell without Keras are those that Keras works out."""

from __future__ import annotations

from typing import Any

import pytest

from engine.formats.python_reading.reading import read_python

START = (
    "import keras\nfrom keras import layers\n"
    "i = keras.Input((28, 28, 3))\nt = keras.Input((12, 6))\nn = keras.Input((9,))\n"
)


@pytest.mark.parametrize(
    "call",
    [
        "layers.Dense(5)(t)",
        "layers.Conv2D(8, 3, strides=2)(i)",
        "layers.Conv2D(8, 5, strides=3, padding='same')(i)",
        "layers.Conv2D(8, (3, 5), dilation_rate=(2, 1))(i)",
        "layers.Conv1D(4, 3, padding='causal', dilation_rate=2)(t)",
        "layers.MaxPooling2D(3)(i)",
        "layers.MaxPooling2D(3, strides=2)(i)",
        "layers.AveragePooling1D(5, strides=2, padding='same')(t)",
        "layers.Flatten()(layers.MaxPooling2D(4)(i))",
        "layers.Reshape((2, 6, 6))(t)",
        "layers.GRU(7, return_sequences=True)(t)",
        "layers.Embedding(30, 4)(n)",
        "layers.Multiply()([t, layers.Dense(6)(t)])",
        "layers.Concatenate()([t, layers.Dense(4)(t)])",
        "layers.Concatenate(axis=1)([t, t])",
        "layers.GlobalMaxPooling2D()(i)",
    ],
)
def test_keras_says_the_same(call: str) -> None:
    names: dict[str, Any] = {}
    exec(f"{START}x = {call}\n", names)
    reading = read_python(f"{START}x = {call}\ny = layers.Reshape(x.shape[1:])(x)\n")
    assert reading.remarks == []
    assert reading.calls[-1].layer.params["target_shape"] == list(names["x"].shape[1:])
