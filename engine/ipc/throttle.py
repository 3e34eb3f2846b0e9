"""Keeps a fast training from flooding the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.ipc.messages import AnyReply

Join = Callable[[AnyReply, AnyReply], AnyReply]


class Outbox:
    """Sends messages; those posted under a key at most `per_second` times a second.

    A posted message that has not gone out yet is joined with its successor. Everything waiting
    goes out before any message that is sent, so the order of what a person sees is kept.
    """

    def __init__(self, send: Callable[[AnyReply], None], per_second: float = 20.0) -> None:
        self._send = send
        self._interval = 1.0 / per_second
        self._waiting: dict[str, AnyReply] = {}
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def send(self, message: AnyReply) -> None:
        """Send what waits, then this message."""
        with self._lock:
            self._flush()
            self._send(message)

    def post(self, key: str, message: AnyReply, join: Join) -> None:
        """Send a message unless one of the same key went out just now.

        Args:
            key: What the message is about.
            message: The message.
            join: Makes one message of a waiting one and its successor.
        """
        with self._lock:
            waiting = self._waiting.pop(key, None)
            joined = join(waiting, message) if waiting is not None else message
            now = time.monotonic()
            if now - self._last.get(key, 0.0) < self._interval:
                self._waiting[key] = joined
            else:
                self._last[key] = now
                self._send(joined)

    def _flush(self) -> None:
        for message in self._waiting.values():
            self._send(message)
        self._waiting.clear()
