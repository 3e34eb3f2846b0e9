"""Work beside the window's thread: what it tells counts until something newer begins."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QObject, Signal

from engine.stopping import Step

# Smaller steps than this are not told.
TOLD = 0.01


class SideWork(QObject):
    """Numbers pieces of work, and passes on to the window's thread what the newest one tells."""

    _told = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._told.connect(self._pass_on)

    def _step(self, number: int) -> Step:
        """Return what a piece of work calls with its share; False says that it shall end."""
        last = 0.0

        def step(share: float) -> bool:
            nonlocal last
            if share - last >= TOLD:
                last = share
                self._tell(number, "share", share)
            return number == self._number

        return step

    def _tell(self, number: int, what: str, value: object) -> None:
        """Tell something from any thread."""
        # The window may be gone by now.
        with contextlib.suppress(RuntimeError):
            self._told.emit(number, what, value)

    def _pass_on(self, number: int, what: str, value: object) -> None:
        if number == self._number:
            self._take(what, value)

    def _take(self, what: str, value: object) -> None:
        """Take what the newest work has told, on the window's thread."""
        raise NotImplementedError
