"""A plain QGraphicsScene with an item a node and a wire, 1600×1000 offscreen: `... NODES`.

What anybody would write first; prints the slow hundredth of overview and pan frames in ms.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
)

from benchmarks.networks import branches
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH

FRAMES = 150


class Card(QGraphicsItem):
    """A rounded rectangle with two lines of text."""

    def __init__(self, title: str, x: float, y: float) -> None:
        super().__init__()
        self._title = title
        self.setPos(x, y)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        painter.setPen(QColor("#c6ccd6"))
        painter.setBrush(QColor("#ffffff"))
        painter.drawRoundedRect(self.boundingRect(), 7, 7)
        painter.setPen(QColor("#1b2130"))
        painter.drawText(20, 22, self._title)
        painter.drawText(20, 42, "64 filters, 3×3")


def main(count: int) -> None:
    """Measure once and print one JSON object."""
    app = QApplication([])
    network = branches(count)
    scene = QGraphicsScene()
    for edge in network.edges():
        (x1, y1), (x2, y2) = network.nodes[edge.source].at, network.nodes[edge.target].at
        path = QPainterPath()
        path.moveTo(x1 + CARD_WIDTH / 2, y1 + CARD_HEIGHT)
        path.cubicTo(x1 + 96, y1 + 120, x2 + 96, y2 - 64, x2 + CARD_WIDTH / 2, y2)
        scene.addItem(QGraphicsPathItem(path))
    for node in network.ordered():
        scene.addItem(Card(node.layer, *node.at))
    view = QGraphicsView(scene)
    view.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
    view.resize(1600, 1000)
    view.show()
    app.processEvents()

    def frames(*, whole: bool) -> float:
        times = []
        for number in range(FRAMES):
            started = time.perf_counter()
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() + (11 if number % 60 < 30 else -11))
            if whole:
                view.viewport().update()
            app.processEvents()
            times.append((time.perf_counter() - started) * 1000)
        return float(np.percentile(times, 99))

    view.centerOn(scene.itemsBoundingRect().center())
    app.processEvents()
    pan = frames(whole=False)
    view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    app.processEvents()
    overview = frames(whole=True)
    print(json.dumps({"pan": pan, "overview": overview}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
