"""Starts the program with a template open and leaves when it can be used.

Prints the seconds from the start of the process to the first event loop turn after the first
paint, and the memory of the window's process then and when all panels are built.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Run once and print one JSON object."""
    from PySide6.QtCore import QEventLoop, QTimer

    from gui.app import build

    app = build(theme_mode="light", language="en", start_engine=False)
    template = next((_root() / "templates").glob("*lenet-5.netloom"))
    app.window.open_template(template)
    loop = QEventLoop()
    # Behind all that is queued by showing the window: it has painted and takes input.
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, loop.quit))
    loop.exec()
    usable = time.time() - _process_start()
    QTimer.singleShot(6000, loop.quit)
    app.engine.start()
    loop.exec()
    import json

    import psutil

    memory = psutil.Process().memory_info().rss / 2**20
    print(json.dumps({"seconds": usable, "memory": memory}), flush=True)
    app.engine.close()
    os._exit(0)


def _process_start() -> float:
    import psutil

    return psutil.Process().create_time()


def _root():  # type: ignore[no-untyped-def]
    from benchmarks.result import ROOT

    return ROOT


if __name__ == "__main__":
    main()
