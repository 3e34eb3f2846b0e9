"""One edit to shapes shown in a network of 200 layers, against building the Keras model anew."""

from __future__ import annotations

import random
import time

import numpy as np

from benchmarks.networks import chain
from benchmarks.result import report
from engine.graph import commands
from engine.graph.document import Document
from engine.graph.history import History

LAYERS = 200
EDITS = 60


def deep() -> Document:
    """A network of 200 layers: convolutions with their activations and normalization."""
    rows = [("image", "Input", {"shape": [64, 64, 3]})]
    for number in range((LAYERS - 3) // 4):
        rows += [
            (f"conv{number}", "Conv2D", {"filters": 8 + number % 9, "padding": "same"}),
            (f"norm{number}", "BatchNormalization", {}),
            (f"relu{number}", "ReLU", {}),
            (f"drop{number}", "Dropout", {"rate": 0.1}),
        ]
    rows += [("pool", "GlobalAveragePooling2D", {}), ("kind", "Dense", {"units": 10})]
    return Document(chain(rows))


def main() -> None:
    """Measure with the real window's session and engine process, edits all over the network."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from gui.bridge import Engine
    from gui.session import Session

    application = QApplication.instance() or QApplication([])
    engine = Engine()
    loop = QEventLoop()
    QTimer.singleShot(120_000, lambda: loop.exit(1))

    def wait() -> None:
        if loop.exec():
            raise TimeoutError("the engine did not answer")

    engine.ready.connect(loop.quit)
    engine.start()
    wait()
    session = Session(deep(), engine)
    session.facts_changed.connect(lambda changed: loop.quit() if changed else None)
    wait()
    numbers = random.Random(0)
    convolutions = [name for name in session.document.network.nodes if name.startswith("conv")]

    def edit(node: str, name: str, value: object) -> float:
        started = time.perf_counter()
        session.do(commands.set_param(session.document, [node], name, value))
        wait()
        return (time.perf_counter() - started) * 1000

    # Numbers of filters that no layer has yet: nothing is remembered from earlier edits.
    times = [edit(numbers.choice(convolutions), "filters", 100 + step) for step in range(EDITS)]
    # An edit of the input changes every shape of the network: the worst there is.
    everything = edit("image", "shape", [48, 48, 3])
    engine.close()
    application.processEvents()
    build = _build_times()
    p95 = float(np.percentile(times, 95))
    report(
        "one edit to shapes shown, 200 layers, p95",
        "ms",
        p95,
        reference=float(np.median(build)),
        bar="<= 50 ms and ratio <= 0.1",
        median=round(float(np.median(times)), 2),
        every_shape_changes=round(everything, 2),
        met=p95 <= 50 and p95 <= 0.1 * float(np.median(build)),
    )


def _build_times() -> list[float]:
    """Return the milliseconds of building the Keras model anew, a few times."""
    from engine.worker.compile import build_model, with_deep_stack

    document = deep()
    History(document)
    times = []
    for _ in range(4):
        started = time.perf_counter()
        with_deep_stack(lambda: build_model(document.network))
        times.append((time.perf_counter() - started) * 1000)
    return times[1:]


if __name__ == "__main__":
    main()
