"""Opens a model of `keras.applications` as a document whose layers can be edited: `... MODEL`.

Prints the seconds from the wish to the first paint: as it opens, with its inner blocks closed, and
with every block open, so that each layer is a card.
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

    from engine.blocks import BLOCKS
    from engine.blocks.architectures import read_variant
    from engine.blocks.opening import open_application
    from engine.graph.arranging import lay_out
    from engine.graph.blocks import set_collapsed
    from engine.graph.commands import move
    from gui.app import build

    class Paints(QObject):
        """Notices that a canvas has been painted."""

        seen = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            self.seen |= event.type() == QEvent.Type.Paint
            return False

    app = build(theme_mode="light", language="en", start_engine=False)
    window = app.window
    window.resize(1600, 1000)
    window.show()
    window.new_document()
    # As somebody finds it who has looked around: all panels are built.
    end = time.perf_counter() + 2
    while time.perf_counter() < end:
        QApplication.processEvents()

    def painted() -> int:
        """Wait until the document in front is painted; returns how many cards it has."""
        view = window.view
        if view is None:
            raise RuntimeError(model)
        paints = Paints()
        view.viewport().installEventFilter(paints)
        while not paints.seen:
            QApplication.processEvents()
        # The view scrolls to the beginning once its tab has been laid out.
        QApplication.processEvents()
        return len(view.network.nodes)

    started = time.perf_counter()
    window.open_application(model)
    cards = painted()
    seconds = time.perf_counter() - started
    read_variant.cache_clear()
    started = time.perf_counter()
    document = open_application(BLOCKS.get(model))
    for block in document.network.blocks:
        document.apply(set_collapsed(document, block, False).changes)
    document.apply(move(document, lay_out(document.network)).changes)
    window.add_document(document)
    found = {"cards": cards, "all_cards": painted(), "layers": len(document.network.nodes)}
    times = {"seconds": seconds, "all_shown": time.perf_counter() - started}
    print(json.dumps(found | times), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
