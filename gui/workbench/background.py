"""Reading on a thread of its own: one question at a time, and a new one ends the one before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from PySide6.QtCore import QObject, Signal

from engine.errors import NetloomError, text
from engine.paths import reason
from engine.stopping import Step, Stopped
from gui.side_work import SideWork

# Given what to tell the share done, yields its answers one by one.
Work = Callable[[Step], Iterator[object]]


class Background(SideWork):
    """Answers questions beside the window's thread.

    Signals:
        answered: One answer of the present question.
        progressed: The share of it that is done, from 0 to 1.
        failed: It cannot be answered; carries the sentence.
        finished: All its answers have come, or it has failed.
    """

    answered = Signal(object)
    progressed = Signal(float)
    failed = Signal(object)
    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # No QRunnable: Qt deletes it, and PySide takes what lies there next for it.
        self._questions: SimpleQueue[tuple[int, Work] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether answers are still to come."""
        return self._busy

    def ask(self, work: Work) -> None:
        """Begin another question; of the one before nothing is told any more."""
        self._number += 1
        self._busy = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="workbench", daemon=True)
            self._thread.start()
        self._questions.put((self._number, work))

    def stop(self) -> None:
        """End the present question without an answer."""
        self._number += 1
        self._busy = False

    def close(self) -> None:
        """End everything and wait for the thread: it reads one block at most."""
        self.stop()
        if self._thread is not None:
            self._questions.put(None)
            self._thread.join()
            self._thread = None

    # --- on the other thread ---------------------------------------------------------------

    def _run(self) -> None:
        while (question := self._questions.get()) is not None:
            self._answer(*question)

    def _answer(self, number: int, work: Work) -> None:
        if number != self._number:
            return
        try:
            for answer in work(self._step(number)):
                self._tell(number, "answer", answer)
                if number != self._number:
                    return
        except Stopped:
            return
        except NetloomError as error:
            self._tell(number, "failure", error.text)
        except Exception as error:  # HDF5 and NumPy raise whatever a damaged file leads to.
            sentence = text("This part of the file cannot be read: {reason}.", reason=reason(error))
            self._tell(number, "failure", sentence)
        self._tell(number, "end", None)

    # --- on the window's thread ------------------------------------------------------------

    def _take(self, what: str, value: object) -> None:
        match what:
            case "answer":
                self.answered.emit(value)
            case "share":
                self.progressed.emit(value)
            case "failure":
                self.failed.emit(value)
            case _:
                self._busy = False
                self.finished.emit()
