"""Shapes of tensors that a script tells, and activations with arguments."""

from __future__ import annotations

from typing import Any

import pytest

from engine.formats.python_reading.reading import read_python

START = (
    "import keras\nimport tensorflow as tf\nfrom keras import layers, ops\n"
    "i = keras.Input((28, 28, 3))\nt = keras.Input((12, 6))\nn = keras.Input((9,))\n"
)
SHAPES: list[tuple[str, tuple[int, ...]]] = [
    ("i", (28, 28, 3)),
    ("layers.Dense(5)(t)", (12, 5)),
    ("layers.Conv2D(8, 3)(i)", (26, 26, 8)),
    ("layers.Conv2D(8, 3, strides=2, padding='same')(i)", (14, 14, 8)),
    ("layers.Conv2D(8, 3, strides=2, dilation_rate=1)(i)", (13, 13, 8)),
    ("layers.Conv2D(8, (3, 5), dilation_rate=(2, 1))(i)", (24, 24, 8)),
    ("layers.SeparableConv2D(8, 3)(i)", (26, 26, 8)),
    ("layers.Conv1D(4, 3, padding='causal')(t)", (12, 4)),
    ("layers.MaxPooling2D()(i)", (14, 14, 3)),
    ("layers.AveragePooling2D(3, strides=2, padding='same')(i)", (14, 14, 3)),
    ("layers.GlobalAveragePooling2D()(i)", (3,)),
    ("layers.Flatten()(layers.MaxPooling2D(4)(i))", (147,)),
    ("layers.Reshape((2, 6, 6))(t)", (2, 6, 6)),
    ("layers.LSTM(7)(t)", (7,)),
    ("layers.GRU(7, return_sequences=True)(t)", (12, 7)),
    ("layers.Embedding(30, 4)(n)", (9, 4)),
    ("layers.BatchNormalization()(layers.Activation('relu')(i))", (28, 28, 3)),
    ("layers.Add()([t, layers.Dense(6)(t)])", (12, 6)),
    ("layers.Concatenate()([t, layers.Dense(4)(t)])", (12, 10)),
    ("layers.Concatenate(axis=1)([t, t])", (24, 6)),
]


def told(call: str, value: str) -> tuple[list[Any], list[str]]:
    """Return the parameters of the last layer of a script that uses a shape, and its remarks."""
    reading = read_python(f"{START}x = {call}\ny = layers.Reshape({value})(x)\n")
    params = reading.calls[-1].layer.params if reading.calls else {}
    return params.get("target_shape", []), [str(remark.message) for remark in reading.remarks]


@pytest.mark.parametrize(("call", "shape"), SHAPES)
def test_shapes_that_a_script_tells_are_known(call: str, shape: tuple[int, ...]) -> None:
    assert told(call, "x.shape[1:]") == (list(shape), [])


@pytest.mark.parametrize(
    "value",
    [
        "[x.shape[-1]]",
        "[keras.backend.int_shape(x)[-1]]",
        "[ops.shape(x)[-1]]",
        "[tf.shape(x)[-1]]",
        "[x.get_shape().as_list()[-1]]",
        "[len(x.shape) + 2]",
        "[keras.backend.ndim(x) + 2]",
    ],
)
def test_every_way_to_ask_for_a_shape(value: str) -> None:
    assert told("layers.Dense(5)(t)", value) == ([5], [])


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("layers.Dense(5)(t)", "[tf.shape(x)[0]]"),
        ("layers.Conv2DTranspose(5, 3)(i)", "[x.shape[-1]]"),
        ("layers.Conv2D(5, 3, data_format='channels_first')(i)", "[x.shape[-1]]"),
        ("layers.GlobalAveragePooling2D(keepdims=True)(i)", "[x.shape[-1]]"),
        ("layers.Add()([t, layers.Dense(1)(t)])", "[x.shape[-1]]"),
        ("t + 1", "[x.shape[-1]]"),
    ],
)
def test_other_shapes_are_not_known(call: str, value: str) -> None:
    assert any("known only when Keras builds it" in message for message in told(call, value)[1])


@pytest.mark.parametrize(
    ("call", "kind", "params"),
    [
        ("ops.elu(t, alpha=0.5)", "ELU", {"alpha": 0.5}),
        ("keras.activations.elu(t, 0.5)", "ELU", {"alpha": 0.5}),
        ("keras.activations.relu(t, max_value=6)", "ReLU", {"max_value": 6}),
        ("keras.activations.relu(t, 0.1)", "ReLU", {"negative_slope": 0.1}),
        ("keras.activations.relu(t, alpha=0.1)", "ReLU", {"negative_slope": 0.1}),
        (
            "keras.activations.leaky_relu(t, negative_slope=0.1)",
            "LeakyReLU",
            {"negative_slope": 0.1},
        ),
        ("tf.nn.leaky_relu(t, alpha=0.1)", "LeakyReLU", {"negative_slope": 0.1}),
        ("tf.nn.leaky_relu(t, name='a')", "LeakyReLU", {"negative_slope": 0.2}),
        ("keras.activations.swish(t)", "Activation", {"activation": "silu"}),
    ],
)
def test_activations_with_arguments_are_layers(
    call: str, kind: str, params: dict[str, Any]
) -> None:
    reading = read_python(f"{START}x = {call}\n", {})
    assert [str(remark.message) for remark in reading.remarks] == []
    layer = reading.calls[-1].layer
    assert (layer.kind, layer.params) == (kind, params)


def test_other_arguments_of_activations_are_refused() -> None:
    reading = read_python(f"{START}x = keras.activations.elu(t, beta=0.5)\n", {})
    assert reading.error is not None
