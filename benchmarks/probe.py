"""How late a timer of 5 ms comes: what a person feels as stutter."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt, QTimer

INTERVAL = 5.0


class Probe(QObject):
    """Records the lateness of each tick in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._times: list[float] = []

    def start(self) -> None:
        """Begin."""
        self._times = [time.perf_counter()]
        self._timer.start(int(INTERVAL))

    def stop(self) -> npt.NDArray[np.float64]:
        """End and return how much later than 5 ms each tick came, never below 0."""
        self._timer.stop()
        gaps = np.diff(np.array(self._times)) * 1000
        return np.maximum(gaps - INTERVAL, 0.0)

    def _tick(self) -> None:
        self._times.append(time.perf_counter())
