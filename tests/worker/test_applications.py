"""Models drawn from data compute what `keras.applications` computes, with the same weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving import legacy_h5_format

from engine.blocks import BLOCKS
from engine.blocks.applications import Application
from engine.blocks.opening import open_application
from engine.graph.document import Document
from engine.worker.compile import build_model
from engine.worker.weights import load_weights

APPLICATIONS = [spec.key for spec in BLOCKS if issubclass(spec, Application)]
# One of each kind that wants something of its own; all others with `make soak`.
FAST = ("ResNet50", "MobileNetV2", "InceptionV3", "EfficientNetB0", "ConvNeXtTiny")
# Odd and even, so that paddings differ.
SMALL = (97, 80, 3)


def drawn(key: str, params: dict[str, Any]) -> Document:
    spec = BLOCKS.get(key)
    assert issubclass(spec, Application)
    return open_application(spec, params=params)


def by_keras(key: str, **params: Any) -> keras.Model:
    """Build Keras's own, with statistics and offsets that are not all zero."""
    model = getattr(keras.applications, key)(weights=None, **params)
    numbers = np.random.default_rng(1)
    for weight in model.weights:
        if weight.name in ("moving_mean", "beta", "bias"):
            weight.assign(numbers.normal(0, 0.1, weight.shape))
    return model


def write_old(model: keras.Model, path: Path) -> None:
    """Write weights as the files of `keras.applications` hold them."""
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def same(key: str, params: dict[str, Any], folder: Path, *, old: bool) -> None:
    expected = by_keras(key, **params)
    document = drawn(key, {**params, "input_shape": list(params["input_shape"])})
    model = build_model(document.network)
    assert model.output_shape == expected.output_shape
    assert model.count_params() == expected.count_params()
    path = folder / ("w.h5" if old else "w.weights.h5")
    if old:
        write_old(expected, path)
    else:
        expected.save_weights(path)
    table = load_weights(model, document.network, path)
    assert {row.how for row in table} <= {"name", "order"}
    pictures = np.random.default_rng(0).uniform(0, 255, (2, *params["input_shape"]))
    found, wanted = (m(pictures.astype("float32")).numpy() for m in (model, expected))
    np.testing.assert_allclose(found, wanted, atol=1e-4, rtol=1e-4)
    assert np.ptp(wanted) > 0


def test_all_models_of_keras_are_there() -> None:
    names = {name for name in dir(keras.applications) if name[0].isupper()}
    assert set(APPLICATIONS) == names
    assert len(names) == 40


@pytest.mark.parametrize("key", FAST)
def test_a_model_computes_what_keras_computes(key: str, tmp_path: Path) -> None:
    # Files hold names of either kind; half of the models have a classifier.
    place = FAST.index(key)
    params: dict[str, Any] = {"input_shape": SMALL}
    params |= {"classes": 9} if place % 2 else {"include_top": False, "pooling": "avg"}
    same(key, params, tmp_path, old=place % 4 < 2)


@pytest.mark.soak
@pytest.mark.parametrize("top", [True, False])
@pytest.mark.parametrize("key", APPLICATIONS)
def test_every_model_computes_what_keras_computes(key: str, top: bool, tmp_path: Path) -> None:
    spec = BLOCKS.get(key)
    assert issubclass(spec, Application)
    size = spec.size if top else 96
    params = {"input_shape": (size, size, 3), "include_top": top}
    same(key, params, tmp_path, old=top)
    keras.backend.clear_session()


def test_a_file_whose_layers_keras_has_numbered_otherwise(tmp_path: Path) -> None:
    """Names such as conv2d_17 say nothing where other models were built before."""
    params: dict[str, Any] = {"input_shape": SMALL, "include_top": False}
    keras.backend.clear_session()
    keras.layers.Conv2D(1, 1)
    keras.layers.Conv2D(1, 1)
    same("InceptionV3", params, tmp_path, old=True)
    same("InceptionV3", params, tmp_path, old=False)


def test_lengths_of_pictures_are_known_behind_scaled_layers(tmp_path: Path) -> None:
    params: dict[str, Any] = {"input_shape": SMALL, "include_top": False}
    same("ConvNeXtTiny", params, tmp_path, old=False)


def test_a_head_of_ones_own_keeps_its_weights(tmp_path: Path) -> None:
    write_old(by_keras("MobileNet", input_shape=(96, 96, 3)), tmp_path / "w.h5")
    document = drawn("MobileNet", {"input_shape": [96, 96, 3], "classes": 3})
    model = build_model(document.network)
    table = load_weights(model, document.network, tmp_path / "w.h5", partly=True)
    assert [row.node for row in table if row.node and not row.how] == ["conv_preds"]
