"""The least window with a plot: a QMainWindow and one pyqtgraph plot, until it can be used."""

from __future__ import annotations

import json
import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Run once and print the seconds since the start of the process."""
    import pyqtgraph as pg
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    plot = pg.PlotWidget()
    plot.plot([1, 3, 2])
    window.setCentralWidget(plot)
    window.resize(1280, 800)
    window.show()
    loop = QEventLoop()
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, loop.quit))
    loop.exec()
    import psutil

    seconds = time.time() - psutil.Process().create_time()
    print(json.dumps({"seconds": seconds}), flush=True)
    app.processEvents()
    os._exit(0)


if __name__ == "__main__":
    main()
