"""Opens a model in the window with an engine that is ready: `... FILE`.

Prints the seconds to the canvas, to the first layer's kernels on screen, and to the end of the
import with all weights.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PATIENCE = 300.0


def main(path: Path) -> None:
    """Measure once and print one JSON object."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from gui.app import build

    app = build(theme_mode="light", language="en", start_engine=False)
    window = app.window
    window.resize(1600, 1000)
    window.show()

    def until(done: Callable[[], bool]) -> float:
        """Run events until something is so and painted; returns the time."""
        end = time.perf_counter() + PATIENCE
        while not done():
            if time.perf_counter() > end:
                raise TimeoutError(path)
            # Waiting, not spinning: the engine takes only what the window leaves.
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.processEvents()
        return time.perf_counter()

    tick = QTimer(interval=2)
    tick.start()
    app.engine.start()
    until(lambda: app.engine.info is not None)
    # As somebody finds it who has looked around: panels built, TensorFlow warm.
    end = time.perf_counter() + 5
    until(lambda: time.perf_counter() > end)
    started = time.perf_counter()
    session = window.open_path(path)
    if session is None:
        raise RuntimeError(window.messages.text)
    canvas = until(lambda: window.view is not None and window.view.isVisible())
    results = window.bottom.panel("results")
    kernels = until(lambda: any(row.isVisible() and len(row.values) for row in results.rows))
    weights = until(lambda: session.trained)
    found = {
        "canvas": canvas - started,
        "kernels": kernels - started,
        "weights": weights - started,
        "layers": len(session.document.network.nodes),
    }
    print(json.dumps(found), flush=True)
    app.engine.close()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
