"""The engine's threads: none dies of what it is given, and none waits for what it does not need."""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.networks import iris_classifier

from engine.datasets import DATASETS, Dataset
from engine.datasets.tables import Iris
from engine.graph.document import Part
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.worker import service
from engine.worker.data import DataStore
from engine.worker.documents import Followed
from engine.worker.preparation import Ahead, prepare_run
from engine.worker.runs import Runs
from engine.worker.service import Service
from engine.worker.training import Control

PATIENCE = 60


def ends(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, first: object) -> None:
    """Let an attribute be there when it is read first, and be gone when it is read again."""
    values = iter([first])
    gone = property(lambda _: next(values, None), lambda *_: None)
    monkeypatch.setattr(owner, name, gone, raising=False)


@pytest.mark.parametrize("action", ["pause", "resume", "stop"])
def test_a_run_that_ends_while_it_is_controlled(
    action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(Outbox(lambda _: None), between=lambda: None)
    ends(monkeypatch, Runs, "_control", Control())
    getattr(runs, action)()


def test_a_preparation_that_is_taken_while_another_is_considered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document, data = iris_classifier(), DataStore()
    ahead, ready = Ahead(), prepare_run(document, data)
    ends(monkeypatch, Ahead, "_ready", ready)
    assert not ahead.wanted(document, data, parameters=100)


@pytest.mark.parametrize("is_file", [Path.is_file, lambda _: True])
def test_a_file_that_goes_while_it_is_looked_at(
    is_file: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "is_file", is_file)
    assert DataStore.key(Part("npz", {"path": str(tmp_path / "gone.npz")}))
    assert DataStore.key(Part("npz", {"path": "nul\0"}))


# --- jobs that fail ------------------------------------------------------------------------


class Engine:
    """A service on threads of this process, without the loop that reads its pipe."""

    def __init__(self) -> None:
        ours, self._theirs = multiprocessing.Pipe()
        self.seen: queue.Queue[m.AnyReply] = queue.Queue()
        self.service = Service(ours)
        self.service.outbox = Outbox(self.seen.put)

    def start(self, work: Any) -> threading.Thread:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread


@pytest.fixture
def engine() -> Iterator[Engine]:
    yield Engine()


def fail(*_: object) -> None:
    raise ZeroDivisionError("of all things")


def test_a_thread_outlives_a_job_that_nobody_asked_for(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs: queue.SimpleQueue[service.Job] = queue.SimpleQueue()
    done = threading.Event()
    jobs.put(fail)
    jobs.put(done.set)
    engine.start(lambda: engine.service._work(jobs))
    assert done.wait(PATIENCE)
    assert "of all things" in capsys.readouterr().err


def test_questions_are_answered_after_a_preparation_that_failed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, done = threading.Event(), threading.Event()

    def prepare() -> None:
        tried.set()
        fail()

    monkeypatch.setattr(engine.service, "_prepare_ahead", prepare)
    monkeypatch.setattr(service, "SETTLED_SECONDS", 0.01)
    engine.service._questions._changed = Followed("d", iris_classifier())
    engine.start(engine.service._answer)
    assert tried.wait(PATIENCE)
    engine.service._asked.put(done.set)
    assert done.wait(PATIENCE)


# --- data ----------------------------------------------------------------------------------


class Slow(Iris):
    """A source that comes when it is let."""

    begun, let = threading.Event(), threading.Event()
    times = 0

    @classmethod
    def load(cls, params: dict[str, Any], context: object = None) -> Dataset:
        cls.times += 1
        cls.begun.set()
        assert cls.let.wait(PATIENCE)
        return Iris.load(Iris.complete({}), context)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Part]:
    Slow.begun.clear()
    Slow.let.clear()
    Slow.times = 0
    find = DATASETS.find
    monkeypatch.setattr(
        type(DATASETS), "find", lambda self, key: Slow if key == "slow" else find(key)
    )
    yield Part("slow", {})
    Slow.let.set()


def test_data_that_takes_long_holds_up_no_other(slow: Part) -> None:
    store = DataStore()
    found: queue.Queue[Dataset] = queue.Queue()
    threads = [
        threading.Thread(target=lambda: found.put(store.load(slow)), daemon=True) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert Slow.begun.wait(PATIENCE)
    assert store.known(slow) is None
    other = threading.Thread(target=lambda: found.put(store.load(Part("iris", {}))), daemon=True)
    other.start()
    assert found.get(timeout=PATIENCE).title == "Iris"
    Slow.let.set()
    assert found.get(timeout=PATIENCE) is found.get(timeout=PATIENCE)
    assert Slow.times == 1


def test_data_does_not_wait_for_a_script(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    let = threading.Event()

    def run_script(*_: object) -> None:
        assert let.wait(PATIENCE / 2)

    monkeypatch.setattr(service, "run_script", run_script)
    engine.service._dispatch(m.RunScript(path="x.py", target="x.keras"))
    engine.service._loading.put(let.set)
    engine.start(lambda: engine.service._work(engine.service._scripts))
    engine.start(lambda: engine.service._work(engine.service._loading))
    assert isinstance(engine.seen.get(timeout=PATIENCE), m.ScriptRun)
