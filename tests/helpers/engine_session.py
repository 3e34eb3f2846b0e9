"""A real engine process for tests, driven through the client."""

from __future__ import annotations

import queue
from typing import TypeVar

from engine.graph.document import Change, Document
from engine.graph.history import History
from engine.ipc import messages as m
from engine.ipc.client import SERVICE, EngineClient, EngineDied

T = TypeVar("T")

# TensorFlow's import on a busy machine of two cores.
PATIENCE = 120.0


class EngineSession:
    """Sends requests and waits for messages of given kinds; everything seen is kept."""

    def __init__(self, service: str = SERVICE) -> None:
        self._queue: queue.Queue[m.AnyReply | EngineDied] = queue.Queue()
        self.seen: list[m.AnyReply | EngineDied] = []
        self.client = EngineClient(self._queue.put, service)
        self.client.start()

    def wait(self, *kinds: type[T]) -> T:
        """Return the next message of one of these kinds."""
        while True:
            message = self._queue.get(timeout=PATIENCE)
            self.seen.append(message)
            if isinstance(message, kinds):
                return message

    def follow(self, document: Document, name: str = "d") -> History:
        """Let the engine follow a document; edits through the history are passed on."""
        history = History(document)
        revision = 0

        def pass_on(changes: tuple[Change, ...]) -> None:
            nonlocal revision
            revision += 1
            self.client.send(
                m.EditDocument(document=name, revision=revision, changes=list(changes))
            )

        history.changed.connect(pass_on)
        self.client.send(m.OpenDocument(document=name, state=m.DocumentState.of(document)))
        self.wait(m.Shapes)
        return history
