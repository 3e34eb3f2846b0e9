"""Fetching a file on a thread of its own, one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import NetloomError
from engine.stopping import Step, Stopped
from gui.side_work import SideWork


class Fetching(SideWork):
    """Fetches beside the window's thread; a new file ends the one before.

    Signals:
        progressed: The share that is done, from 0 to 1.
        fetched: The file is there; carries its path.
        failed: It cannot be fetched; carries the sentence.
    """

    progressed = Signal(float)
    fetched = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.busy = False

    def start(self, fetch: Callable[[Step], Path]) -> None:
        """Begin to fetch; what was under way is given up."""
        self._number += 1
        self.busy = True
        work = threading.Thread(target=self._run, args=(self._number, fetch), daemon=True)
        work.start()

    def stop(self) -> None:
        """Give up what is under way."""
        self._number += 1
        self.busy = False

    # --- on the other thread ---------------------------------------------------------------

    def _run(self, number: int, fetch: Callable[[Step], Path]) -> None:
        step = self._step(number)
        try:
            self._tell(number, "path", fetch(step))
        except Stopped:
            return
        except NetloomError as error:
            self._tell(number, "failure", error.text)

    # --- on the window's thread ------------------------------------------------------------

    def _take(self, what: str, value: object) -> None:
        if what == "share":
            self.progressed.emit(value)
            return
        self.busy = False
        (self.fetched if what == "path" else self.failed).emit(value)
