"""What the window knows of a training run: state, curve, history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.ipc.messages import EpochEnded, Progress, RunEnded, RunStarted

RunState = Literal["idle", "starting", "running", "paused", "stopping"]


@dataclass
class RunRecord:
    """One run as it is shown; kept when the engine dies.

    Attributes:
        state: What the run is doing; "idle" once it is over.
        started: Its sizes and metric names, once training begins.
        progress: The latest message, for the progress line.
        steps: Number of the last step of each entry of `losses`.
        epochs: One entry a finished epoch.
        points: Step and averages over the epoch so far, of each message with progress.
        ended: How it ended.
    """

    run: str = ""
    state: RunState = "idle"
    started: RunStarted | None = None
    progress: Progress | None = None
    epochs: list[EpochEnded] = field(default_factory=list)
    points: list[tuple[int, dict[str, float]]] = field(default_factory=list)
    ended: RunEnded | None = None
    _losses: npt.NDArray[np.float32] = field(default_factory=lambda: np.empty(1024, np.float32))
    _count: int = 0

    @property
    def losses(self) -> npt.NDArray[np.float32]:
        """Loss of every batch so far, shape (steps,), in the order trained."""
        return self._losses[: self._count]

    def add(self, progress: Progress) -> None:
        """Take in new steps."""
        self.progress = progress
        self.points.append((progress.step, progress.metrics))
        new = progress.losses.numpy()
        needed = self._count + len(new)
        if needed > len(self._losses):
            grown = np.empty(max(needed, 2 * len(self._losses)), np.float32)
            grown[: self._count] = self.losses
            self._losses = grown
        self._losses[self._count : needed] = new
        self._count = needed
