"""Drives the real window with a real mouse and keyboard (xdotool), from a thread of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

T = TypeVar("T")
PATIENCE = 30.0


class Driver(QObject):
    """Runs a scenario beside the event loop.

    `ask` runs a function on the window's thread; mouse and keys come from outside, as a person's
    do, so that drag and drop and dialogs run their own event loops undisturbed.
    """

    _asked = Signal(object)
    finished = Signal()

    def __init__(self, scenario: Callable[[Driver], None]) -> None:
        super().__init__()
        self._scenario = scenario
        self.failure = ""
        self._pulse = threading.Event()
        self._asked.connect(lambda job: job(), Qt.ConnectionType.QueuedConnection)

    def play(self, app: Any, out: Path) -> int:
        """Run the application until the scenario has ended, and return 1 if something went wrong.

        Args:
            app: The application, `gui.app.Application`.
            out: Where a picture of the screen goes then.
        """
        sys.excepthook = self._raised
        # Not quit(): the window would ask about its unsaved document first.
        self.finished.connect(lambda: app.qt.exit(0), Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._run, daemon=True).start()
        app.qt.exec()
        if self.failure:
            app.window.screen().grabWindow(0).save(str(out / "failure.png"))
            print(self.failure, file=sys.stderr)
        app.engine.close()
        return 1 if self.failure else 0

    def _raised(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """Note what was raised in a slot: Qt only prints it and goes on."""
        self.failure += "".join(traceback.format_exception(kind, error, trace))

    def _run(self) -> None:
        try:
            self._scenario(self)
        except BaseException:
            self.failure += traceback.format_exc()
        self.finished.emit()

    def ask(self, function: Callable[[], T]) -> T:
        """Run a function on the window's thread and return what it returns."""
        done = threading.Event()
        results: list[Any] = []

        def job() -> None:
            try:
                results.append(function())
            except BaseException as error:
                results.append(error)
            done.set()

        self._asked.emit(job)
        if not done.wait(PATIENCE):
            raise TimeoutError("the window does not answer")
        if isinstance(results[0], BaseException):
            raise results[0]
        return results[0]  # type: ignore[no-any-return]

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until something holds on the window's thread."""
        end = time.monotonic() + PATIENCE
        while not self.ask(condition):
            if time.monotonic() > end:
                raise TimeoutError(f"never happened: {what}")
            self._pulse.wait(0.02)

    def place(self, widget: QWidget, point: QPoint | None = None) -> tuple[int, int]:
        """Return where a point of a widget (its middle) lies on the screen."""

        def where() -> tuple[int, int]:
            spot = widget.mapToGlobal(point if point is not None else widget.rect().center())
            return spot.x(), spot.y()

        return self.ask(where)

    def click(self, spot: tuple[int, int], times: int = 1) -> None:
        """Click with the left button."""
        xdotool("mousemove", *spot, "click", "--repeat", times, "--delay", 60, 1)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press, move in steps and release."""
        xdotool("mousemove", *start, "mousedown", 1)
        for step in range(1, 9):
            x = start[0] + (end[0] - start[0]) * step // 8
            y = start[1] + (end[1] - start[1]) * step // 8
            xdotool("mousemove", "--sync", x, y) if step < 8 else xdotool("mousemove", x, y)
        xdotool("mousemove", end[0] + 1, end[1], "mouseup", 1)

    def type(self, words: str) -> None:
        """Replace what a field holds."""
        xdotool("key", "ctrl+a")
        self.write(words)

    def write(self, words: str) -> None:
        """Press the keys of some words."""
        xdotool("type", "--delay", 15, words)

    def key(self, name: str) -> None:
        """Press a key."""
        xdotool("key", name)


def xdotool(*arguments: object) -> None:
    """Send input to the screen."""
    subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=20)
