"""A run of training, told as the engine tells it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.errors import text
from engine.graph.document import Document
from engine.ipc import messages as m
from gui.bridge import Engine
from gui.facts.run_record import RunRecord
from gui.session import Session
from gui.theme import Theme

_numbers = itertools.count()


class FakeRun:
    """Plays the engine's part in a run, through a real session."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self.session, self.engine = session, engine
        self.step = 0
        self.batches = 20

    def begin(self, *, epochs: int = 3, metrics: tuple[str, ...] = ("accuracy",)) -> FakeRun:
        self.step = 0
        self.session.run = RunRecord(run=f"run {next(_numbers)}", state="starting")
        self.session.run_changed.emit()
        self._send(
            m.RunStarted(
                document=self.session.id,
                run=self.session.run.run,
                epochs=epochs,
                first_epoch=1,
                batches=self.batches,
                batch_size=32,
                samples=640,
                metrics=list(metrics),
                device="auto",
            )
        )
        return self

    def train(self, count: int, loss: float | None = None) -> FakeRun:
        losses = [1.0 / (self.step + k + 1) if loss is None else loss for k in range(count)]
        self.step += count
        self._send(
            m.Progress(
                run=self.session.run.run,
                epoch=1 + (self.step - 1) // self.batches,
                batch=1 + (self.step - 1) % self.batches,
                step=self.step,
                losses=m.Array.of(np.array(losses, np.float32)),
                metrics={"loss": losses[-1], "accuracy": 0.5, "mae": 0.1},
                samples_per_second=1234.0,
                eta=12.3,
            )
        )
        return self

    def end_epoch(self, **logs: float) -> FakeRun:
        self._send(
            m.EpochEnded(
                run=self.session.run.run,
                epoch=self.step // self.batches,
                step=self.step,
                logs=logs,
                seconds=1.0,
            )
        )
        return self

    def end(self, status: str = "finished", sentence: str = "Training finished.") -> None:
        logs = [epoch.logs for epoch in self.session.run.epochs]
        history = {name: [log[name] for log in logs] for name in (logs[0] if logs else {})}
        self._send(
            m.RunEnded(
                run=self.session.run.run,
                document=self.session.id,
                status=status,
                message=text(sentence),
                epochs=len(logs),
                seconds=12.5,
                test={"accuracy": 0.9631, "loss": 0.121} if status == "finished" else {},
                history=history,
            )
        )

    def _send(self, message: m.AnyReply) -> None:
        self.engine.received.emit(message)


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    return Theme("light")


@pytest.fixture
def engine(qtbot: QtBot) -> Engine:
    return Engine()


@pytest.fixture
def session(engine: Engine) -> Session:
    return Session(Document(title="Test"), engine)


@pytest.fixture
def run(session: Session, engine: Engine) -> FakeRun:
    return FakeRun(session, engine)


@pytest.fixture
def new_run(engine: Engine) -> Iterator[Callable[[Session], FakeRun]]:
    yield lambda session: FakeRun(session, engine)
