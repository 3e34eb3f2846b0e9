"""Trains in the real program and prints what it took: `... KIND FOLDER [at-once]`.

Measures, with live plots on an offscreen screen of 1280×800: seconds from pressing Train to the
end of the last epoch, seconds to the first batch plotted, and how late a 5 ms timer of the
window's event loop comes while that trains.

The person looks at the drawing for a moment before pressing Train, which the engine uses to
prepare the run; with `at-once` an edit comes right before Train, so that nothing is prepared.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, Qt, QTimer

from benchmarks.networks import lenet, vgg
from benchmarks.probe import Probe
from engine.graph import commands


def main(kind: str, folder: Path, at_once: bool = False) -> None:
    """Run once and print one JSON object."""
    from gui.app import build

    os.environ["NETLOOM_CONFIG"] = os.environ["NETLOOM_DATA"] = str(folder)
    app = build(theme_mode="light", language="en")
    loop = QEventLoop()
    QTimer.singleShot(300_000, lambda: loop.exit(1))

    def wait() -> None:
        if loop.exec():
            raise TimeoutError("the program did not get there")

    session = app.window.add_document(lenet() if kind == "lenet" else vgg(folder))
    settled = QTimer(singleShot=True)
    settled.timeout.connect(loop.quit)

    def settle() -> None:
        if session.can_train and session.data is not None:
            settled.start(2500)

    app.engine.ready.connect(settle)
    session.data_changed.connect(settle)
    wait()
    probe = Probe()
    marks: dict[str, float] = {}

    def progressed(_: object) -> None:
        # The plot draws this message within its own rhythm: the next paint is what one sees.
        marks.setdefault("first", time.perf_counter())
        marks["updates"] = marks.get("updates", 0) + 1

    def epoch_ended(message: object) -> None:
        if message.epoch == session.run.started.epochs:  # type: ignore[attr-defined, union-attr]
            marks["trained"] = time.perf_counter()

    session.progressed.connect(progressed)
    session.epoch_ended.connect(epoch_ended)
    session.trained_changed.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
    if at_once:
        recipe = session.document.recipe
        other = replace(recipe, seed=recipe.seed + 1)
        session.do(commands.set_plan(session.document, "recipe", other))
    probe.start()
    started = time.perf_counter()
    app.window.train()
    wait()
    delays = probe.stop()
    result = {
        "seconds": marks["trained"] - started,
        "first_batch": marks["first"] - started,
        "loss": session.run.epochs[-1].logs["loss"],
        "p99": float(np.percentile(delays, 99)),
        "max": float(delays.max()),
        "updates_per_second": marks["updates"] / (marks["trained"] - marks["first"]),
    }
    app.close()
    print(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:] == ["at-once"])
