"""Opens a model of `keras.applications` in the window, as layers that can be edited: `... MODEL`.

Prints the seconds from the choice in the palette to the first paint, with the engine off.
"""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main(model: str) -> None:
    """Measure once and print one JSON object."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    from engine.blocks import PREFIX
    from gui.app import build

    class Paints(QObject):
        """Counts how often something is painted."""

        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.count += event.type() == QEvent.Type.Paint
            return False

    app = build(theme_mode="light", language="en", start_engine=False)
    window = app.window
    window.resize(1600, 1000)
    window.show()
    session = window.new_document()
    view = window.view
    if view is None:
        raise RuntimeError("there is no canvas")
    # As somebody finds it who has looked around: all panels are built.
    end = time.perf_counter() + 2
    while time.perf_counter() < end:
        QApplication.processEvents()
    paints = Paints()
    view.viewport().installEventFilter(paints)
    started = time.perf_counter()
    window.palette_panel.layer_activated.emit(PREFIX + model)
    while not paints.count:
        QApplication.processEvents()
    closed = time.perf_counter()
    network = session.document.network
    for block in tuple(network.blocks):
        view.blocks.expand(block)
    paints.count = 0
    while not paints.count:
        QApplication.processEvents()
    found = {
        "seconds": closed - started,
        "all_shown": time.perf_counter() - started,
        "layers": len(network.nodes),
        "cards": len(view.network.nodes),
    }
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
