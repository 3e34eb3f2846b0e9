"""The window's end of the pipe: starts the engine process and starts it anew when it dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec

from engine.ipc.child import run_child
from engine.ipc.messages import AnyReply, AnyRequest, Ready, Shutdown, decode_reply, encode

SAFE = "PYTHONSAFEPATH"
SERVICE = "engine.worker.service:serve"


class EngineDied(msgspec.Struct, frozen=True):
    """The engine process has ended without being asked to.

    Attributes:
        restarting: Whether a new one is on its way.
    """

    restarting: bool


@contextlib.contextmanager
def _safe_start() -> Iterator[None]:
    """Keep a process that starts from taking modules out of the current folder.

    Python tells it where modules are only once it has imported some.
    """
    before = os.environ.get(SAFE)
    os.environ[SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(SAFE, None)
        else:
            os.environ[SAFE] = before


class EngineClient:
    """Sends requests to the engine process and hands its messages to a listener.

    The listener is called on the client's reader thread: it must only pass the message on.
    """

    # An engine that dies this often before it was ready will not come up by itself.
    MOST_FAILED_STARTS = 3

    def __init__(
        self, listener: Callable[[AnyReply | EngineDied], None], service: str = SERVICE
    ) -> None:
        self._listener = listener
        self._service = service
        self._number = 0
        self._failed_starts = 0
        self._closing = False
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the engine process; returns at once."""
        self._thread = threading.Thread(target=self._run, name="engine reader", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Process id of the engine, or None while there is none."""
        process = self._process
        return process.pid if process is not None else None

    def send(self, request: AnyRequest) -> int:
        """Send a request and return its number.

        A request sent while the engine is down is dropped: whoever follows `Ready` sends anew
        what the engine must know.
        """
        with self._lock:
            self._number += 1
            numbered = msgspec.structs.replace(request, number=self._number)
            if self._pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    self._pipe.send_bytes(encode(numbered))
            return self._number

    def close(self, patience: float = 2.0) -> None:
        """End the engine process; kills it if it does not end in `patience` seconds."""
        self._closing = True
        self.send(Shutdown())
        process, thread = self._process, self._thread
        if process is not None:
            process.join(patience)
            if process.is_alive():
                process.kill()
        if thread is not None and thread is not threading.current_thread():
            thread.join(patience)

    def _run(self) -> None:
        while not self._closing:
            pipe = self._spawn()
            self._read(pipe)
            self._end(pipe)

    def _spawn(self) -> Connection:
        context: Any = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=run_child, args=(theirs, self._service), name="netloom engine", daemon=True
        )
        with _safe_start():
            process.start()
        # With our copy left open a dead child would never show as the end of the pipe.
        theirs.close()
        with self._lock:
            self._process, self._pipe = process, ours
        pipe: Connection = ours
        return pipe

    def _read(self, pipe: Connection) -> None:
        while True:
            try:
                message = decode_reply(pipe.recv_bytes())
            except (EOFError, OSError, msgspec.DecodeError):
                return
            if isinstance(message, Ready):
                self._failed_starts = 0
            self._listener(message)

    def _end(self, pipe: Connection) -> None:
        with self._lock:
            process, self._process, self._pipe = self._process, None, None
            pipe.close()
        assert process is not None
        process.join(2.0)
        if process.is_alive():
            process.kill()
            process.join()
        if self._closing:
            return
        self._failed_starts += 1
        again = self._failed_starts < self.MOST_FAILED_STARTS
        self._closing = not again
        self._listener(EngineDied(again))
        if self._failed_starts > 1:
            time.sleep(0.5)
