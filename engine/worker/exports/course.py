"""How an export goes: what it is at, and whether it shall go on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.errors import ExportProblem, text
from engine.ipc.messages.replies import Stage


class ExportCancelled(ExportProblem):
    """Nobody wants the file any more."""

    def __init__(self) -> None:
        super().__init__(text("The export was cancelled: nothing was written.").template)


class Course:
    """Told by an export what it is at; another thread may cancel it.

    Args:
        tell: Called with each stage that begins.
    """

    def __init__(self, tell: Callable[[Stage], object] = lambda _: None) -> None:
        self._tell = tell
        self._stage: Stage | None = None
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Let the export end at its next step."""
        self._cancelled.set()

    def check(self) -> None:
        """Go on, unless the export has been cancelled.

        Raises:
            ExportCancelled: It has been.
        """
        if self._cancelled.is_set():
            raise ExportCancelled

    def begin(self, stage: Stage) -> None:
        """Begin a stage.

        Raises:
            ExportCancelled: The export has been cancelled.
        """
        self.check()
        if stage != self._stage:
            self._stage = stage
            self._tell(stage)
