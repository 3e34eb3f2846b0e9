"""The engine as Qt sees it: messages become signals on the window's thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import Text, text
from engine.ipc.client import EngineClient, EngineDied
from engine.ipc.messages import AnyReply, AnyRequest, Failed, Ready

Answer = Callable[[AnyReply], None]


class Engine(QObject):
    """Sends requests and delivers answers; never waits.

    Signals:
        received: An event or an answer that nobody waits for, as a message struct.
        ready: The engine answers from now on; carries `Ready`.
        died: The engine process ended by itself; carries `EngineDied`.
    """

    received = Signal(object)
    ready = Signal(object)
    died = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.info: Ready | None = None
        self._waiting: dict[int, Answer] = {}
        self._client = EngineClient(self._arrived.emit)
        # Messages come on the reader thread; only the window's thread may touch widgets.
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the engine process; returns at once."""
        self._client.start()

    def close(self) -> None:
        """End the engine process."""
        self._arrived.disconnect(self._deliver)
        self._client.close()

    @property
    def pid(self) -> int | None:
        """Process id of the engine, or None while there is none."""
        return self._client.pid

    def send(self, request: AnyRequest, answer: Answer | None = None) -> None:
        """Send a request.

        Args:
            request: What the engine shall do.
            answer: Called with the first answer; with `Failed` where the engine dies before.
        """
        number = self._client.send(request)
        if answer is not None:
            self._waiting[number] = answer

    def _deliver(self, message: AnyReply | EngineDied) -> None:
        if isinstance(message, EngineDied):
            self._end_waiting(message)
            return
        if isinstance(message, Ready):
            self.info = message
            self.ready.emit(message)
            return
        answer = self._waiting.pop(message.number, None)
        if answer is not None:
            answer(message)
        else:
            self.received.emit(message)

    def _end_waiting(self, died: EngineDied) -> None:
        """Tell everybody that the engine is gone, and those who wait that nothing comes."""
        self.info = None
        waiting, self._waiting = self._waiting, {}
        # Who knows more of what was under way says so first.
        self.died.emit(died)
        for number, answer in waiting.items():
            answer(Failed(number=number, message=_why(died)))


def _why(died: EngineDied) -> Text:
    if died.restarting:
        return text("The engine ended unexpectedly before this was done: try again in a moment.")
    return text("The engine cannot start. Your drawings are safe: save them and restart.")
