"""Models applied to each step of a sequence compute the same once their layers are."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from engine.formats.keras_files.drawing import Imported, import_model
from engine.worker.compile import build_model
from engine.worker.weights import load_weights

RANDOM = np.random.default_rng(0)
VIDEOS = RANDOM.normal(size=(2, 3, 6, 6, 3)).astype("float32")
ENDINGS = pytest.mark.parametrize("ending", [".keras", ".h5"])


def row() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            layers.Conv2D(4, 3, name="sees"),
            layers.BatchNormalization(),
            layers.SpatialDropout2D(0.2),
            layers.Flatten(),
        ],
        name="row",
    )


def row_without_input() -> keras.Model:
    return keras.Sequential([layers.Conv2D(4, 3, activation="relu"), layers.GlobalMaxPooling2D()])


def residual() -> keras.Model:
    picture = keras.Input((6, 6, 3))
    x = layers.Conv2D(3, 3, padding="same")(picture)
    x = keras.ops.relu(x)
    x = layers.Add()([x, picture]) + picture
    x = layers.Concatenate(axis=3)([x, picture])
    x = layers.Concatenate(axis=-1)([x, picture])
    return keras.Model(picture, layers.GlobalAveragePooling2D()(x), name="residual")


def nested() -> keras.Model:
    picture = keras.Input((6, 6, 3))
    x = row()(picture)
    return keras.Model(picture, layers.Dense(2)(x), name="outer")


def recurrent() -> keras.Model:
    picture = keras.Input((6, 6, 3))
    x = layers.Reshape((6, 18))(picture)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.TimeDistributed(keras.Sequential([layers.Dense(4), layers.ReLU()]))(x)
    return keras.Model(picture, layers.GRU(2)(x), name="reader")


def saved(model: keras.Model, path: Path) -> tuple[Imported, keras.Model]:
    model.save(path)
    found = import_model(path)
    ours = build_model(found.document.network)
    table = load_weights(ours, found.document.network, path)
    assert all(match.how == "name" for match in table), table
    return found, ours


@ENDINGS
@pytest.mark.parametrize("inner", [row, row_without_input, residual, nested, recurrent])
def test_predictions_are_those_of_keras(inner, ending: str, tmp_path: Path) -> None:
    videos = keras.Input((3, 6, 6, 3))
    each = layers.TimeDistributed(inner(), name="each")
    x = layers.LSTM(4)(each(videos))
    # Called again, its layers share their weights.
    x = layers.Concatenate()([x, layers.GRU(2)(each(videos * 2))])
    model = keras.Model(videos, layers.Dense(2)(x))
    for weight in model.weights:
        if "moving" in weight.path:
            weight.assign(RANDOM.random(weight.shape) + 0.5)
    found, ours = saved(model, tmp_path / f"model{ending}")
    assert not any(remark.opaque for remark in found.remarks)
    assert "“each”" in str(found.remarks[0].message)
    assert ours.count_params() == model.count_params()
    np.testing.assert_allclose(
        ours.predict(VIDEOS, verbose=0), model.predict(VIDEOS, verbose=0), atol=1e-6
    )


def masking() -> keras.Model:
    return keras.Sequential([layers.Embedding(9, 4, mask_zero=True), layers.LSTM(2)])


def in_two() -> keras.Model:
    row = keras.Input((4,))
    return keras.Model(row, layers.Dot(1)([layers.Dense(2)(row), layers.Dense(2)(row)]))


@ENDINGS
@pytest.mark.parametrize("inner", [masking, in_two])
def test_what_steps_make_a_difference_to_is_kept_unread(inner, ending: str, tmp_path: Path) -> None:
    steps = keras.Input((3, 4))
    keras.Model(steps, layers.TimeDistributed(inner(), name="each")(steps)).save(
        tmp_path / f"model{ending}"
    )
    (remark,) = import_model(tmp_path / f"model{ending}").remarks
    assert remark.opaque and "each" in str(remark.message)
