"""Training on a thread of the window's process, as a simple program would do it.

A bare window with one live plot; Keras with its defaults trains LeNet-5 on a thread. Prints how
late a 5 ms timer of the event loop comes.
"""

from __future__ import annotations

import json
import os
import sys
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from benchmarks.probe import Probe
from benchmarks.references.bare_keras import lenet


class Live(keras.callbacks.Callback):
    """Sends every batch's loss to the window."""

    def __init__(self, losses: list[float]) -> None:
        super().__init__()
        self._losses = losses

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Take the loss down."""
        self._losses.append((logs or {})["loss"])


class Bridge(QObject):
    """Tells the window that the thread is done."""

    done = Signal()


def main(path: str, epochs: int) -> None:
    """Run once and print one JSON object."""
    app = QApplication([])
    window = QMainWindow()
    plot = pg.PlotWidget()
    window.setCentralWidget(plot)
    window.resize(1280, 800)
    window.show()
    curve = plot.plot([], [])
    losses: list[float] = []
    redraw = QTimer()
    redraw.timeout.connect(lambda: curve.setData(losses))
    redraw.start(100)
    with np.load(path) as arrays:
        x, y = arrays["x_train"].astype("float32")[..., None] / 255, arrays["y_train"]
    bridge, probe = Bridge(), Probe()

    def train() -> None:
        model = lenet()
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(x, y, batch_size=32, epochs=epochs, verbose=0, callbacks=[Live(losses)])
        bridge.done.emit()

    bridge.done.connect(app.quit)
    probe.start()
    threading.Thread(target=train, daemon=True).start()
    app.exec()
    delays = probe.stop()
    print(json.dumps({"p99": float(np.percentile(delays, 99)), "max": float(delays.max())}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
