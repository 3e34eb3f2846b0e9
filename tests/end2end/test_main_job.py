"""A person draws a network with the mouse, trains it, stops it and exports it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.formats.keras_files.drawing import import_model
from engine.worker.data import DataStore

SCRIPT = Path(__file__).with_name("draw_train_export.py")


@pytest.mark.skipif(
    not (os.environ.get("DISPLAY") and shutil.which("xdotool")),
    reason="needs an X display and xdotool (make test brings both)",
)
def test_draw_wire_train_stop_export_reload(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    result = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-4000:]
    document = import_model(tmp_path / "drawn.h5").document
    assert set(document.network.nodes) == {"input", "flatten", "dense"}
    model = keras.models.load_model(tmp_path / "drawn.h5")
    data = DataStore().load(document.data)
    predicted = model.predict(data.x_test, verbose=0).argmax(axis=1)
    # One linear layer tells most digits; untrained weights would be right one time in ten.
    assert np.mean(predicted == data.y_test) > 0.5
