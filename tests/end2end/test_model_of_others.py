"""A person opens a model of others, exports it as ONNX and gives it other weights, by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import onnxruntime
import pytest

SCRIPT = Path(__file__).with_name("open_look_export.py")


def build(seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((16, 16, 3), name="picture")
    x = keras.layers.Conv2D(8, 3, activation="relu", name="conv")(inputs)
    left = keras.layers.SeparableConv2D(8, 3, padding="same", name="left")(x)
    x = keras.layers.Add(name="sum")([left, x])
    x = keras.layers.GlobalAveragePooling2D(name="mean")(x)
    return keras.Model(inputs, keras.layers.Dense(3, activation="softmax", name="kind")(x))


@pytest.mark.skipif(
    not (os.environ.get("DISPLAY") and shutil.which("xdotool")),
    reason="needs an X display and xdotool (make test brings both)",
)
def test_open_look_export_and_load_weights(tmp_path: Path) -> None:
    model = build(1)
    model.save(tmp_path / "model.h5")
    build(2).save(tmp_path / "other.h5")
    result = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), "light"],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-4000:]
    samples = np.random.default_rng(0).random((4, 16, 16, 3), np.float32)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    (found,) = session.run(None, {session.get_inputs()[0].name: samples})
    np.testing.assert_allclose(found, model.predict(samples, verbose=0), atol=1e-5)
