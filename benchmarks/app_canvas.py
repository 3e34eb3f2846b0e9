"""The canvas with many nodes, 1600×1000 on an offscreen raster: `... NODES`.

Prints one JSON object: seconds to open a document to its first paint, milliseconds of frames and
edits, megabytes that the nodes take.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from benchmarks.networks import branches
from engine.errors import text
from engine.formats.project import fragment_from_json, fragment_to_json
from engine.graph import commands
from engine.graph.arrange import arrange
from engine.graph.copying import fragment
from engine.graph.document import Document, Network
from engine.graph.history import Edit
from engine.graph.inserting import insert_between
from engine.ipc import messages as m
from gui.bridge import Engine
from gui.canvas.gestures import Move
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme

FRAMES = 300


class Bench:
    """One document on one canvas."""

    def __init__(self, network: Network) -> None:
        self.app = QApplication.instance() or QApplication([])
        self.theme = Theme("light")
        self.theme.apply(self.app)
        memory = _memory()
        started = time.perf_counter()
        self.session = Session(Document(network, title="many"), Engine())
        for node_id in network.nodes:
            self.session.facts[node_id] = m.NodeFacts([None, 28, 28, 16], "float32", 1234, 1234)
        self.view = CanvasView(self.theme, self.session)
        self.view.resize(1600, 1000)
        self.view.show()
        self.view.fit()
        self.settle()
        self.opened = time.perf_counter() - started
        self.memory = _memory() - memory

    def settle(self) -> None:
        """Let everything that waits be done, painting included."""
        self.app.processEvents()

    def frames(self, zoom: float | None) -> float:
        """Return the slow hundredth of frames while the canvas is panned, in ms."""
        if zoom is None:
            self.view.fit()
        else:
            self.view.set_zoom(zoom)
            self.view.centerOn(self.view.network.network_rect().center())
        self.settle()
        times = []
        for number in range(FRAMES):
            way = QPointF(0, 11 if number % 60 < 30 else -11)
            times.append(_timed(lambda way=way: self._pan(way, whole=zoom is None)))
        return float(np.percentile(times, 99))

    def _pan(self, way: QPointF, *, whole: bool) -> None:
        """Pan as the mouse does; `whole` paints all of the frame, as zooming would."""
        self.view.pan(way)
        if whole:
            self.view.viewport().update()
        self.settle()

    def drag(self) -> float:
        """Return the slow hundredth of moves of one node with four wires, in ms."""
        network = self.session.document.network
        held = max(
            network.nodes, key=lambda i: min(4, len(network.inputs(i)) + len(network.outputs(i)))
        )
        self.view.set_zoom(1.0)
        item = self.view.network.nodes[held]
        self.view.centerOn(item)
        self.settle()
        self.session.select([held])
        start = item.pos() + QPointF(20, 20)
        gesture = Move(self.view, item.pos(), start, [held])
        times = []
        for number in range(FRAMES):
            point = start + QPointF(8 * (number % 40), 5 * (number % 25))
            times.append(_timed(lambda point=point: (gesture.move(point), self.settle())))
        gesture.cancel()
        self.settle()
        return float(np.percentile(times, 99))

    def edits(self) -> float:
        """Return the slow twentieth of random edits, each with its undo and both repaints."""
        draw = random.Random(0)
        document, times = self.session.document, []
        ids = list(document.network.nodes)
        self.view.fit()
        self.settle()

        def one() -> Edit:
            node = draw.choice(ids)
            kind = draw.randrange(5)
            if kind == 0:
                return commands.add_node(document, "Dense", (draw.random() * 999, 0.0))
            if kind == 1:
                return commands.remove(document, [node])
            if kind == 2:
                return commands.move(document, {node: (draw.random() * 999, 8.0)})
            if kind == 3:
                return commands.rename(document, node, f"renamed_{draw.random()}")
            return insert_between(document, "ReLU", draw.choice(document.network.edges()))

        for _ in range(100):
            edit = one()

            def there_and_back(edit: Edit = edit) -> None:
                self.session.do(edit)
                self.settle()
                self.session.undo()
                self.settle()

            times.append(_timed(there_and_back))
        return float(np.percentile(times, 95))

    def undo_paste(self) -> float:
        """Return the milliseconds of taking back a paste of 500 nodes."""
        network = self.session.document.network
        chosen = {node.id for node in network.ordered()[:500]}
        pasted = fragment_from_json(fragment_to_json(fragment(network, chosen)))
        self.session.do(
            commands.insert(self.session.document, pasted, text("Paste"), (4000.0, 0.0))
        )
        self.settle()
        return _timed(lambda: (self.session.undo(), self.settle()))


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _memory() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


def main(count: int) -> None:
    """Measure once and print one JSON object."""
    # What the first canvas loads is not the network's doing.
    warm = Bench(branches(5))
    warm.view.close()
    network = branches(count)
    layout = _timed(lambda: arrange(network))
    bench = Bench(network)
    # As the program does once its window is built.
    gc.collect()
    gc.freeze()
    result = {
        "open": bench.opened,
        "memory": bench.memory,
        "layout": layout / 1000,
        "overview": bench.frames(None),
        "pan": bench.frames(1.0),
        "drag": bench.drag(),
    }
    if count <= 1000:
        result |= {"edit": bench.edits(), "undo_paste": bench.undo_paste()}
    print(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
