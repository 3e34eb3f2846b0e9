"""Questions are answered on another thread, one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import FileProblem
from engine.stopping import Step, Stopped
from gui.workbench.background import Background, Work


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def yielding(*answers: object) -> Work:
    def work(step: Step) -> Iterator[object]:
        yield from answers

    return work


def test_answers_come_in_order(background: Background, qtbot: QtBot) -> None:
    found: list[object] = []
    background.answered.connect(found.append)
    with qtbot.waitSignal(background.finished):
        background.ask(yielding(1, "two", None))
    assert found == [1, "two", None]
    assert not background.busy


def test_a_new_question_ends_the_one_before(background: Background, qtbot: QtBot) -> None:
    found: list[object] = []
    begun, ended = threading.Event(), threading.Event()
    background.answered.connect(found.append)

    def endless(step: Step) -> Iterator[object]:
        begun.set()
        while step(0.5):
            pass
        ended.set()
        raise Stopped("Stopped.")
        yield

    background.ask(endless)
    assert begun.wait(5)
    with qtbot.waitSignal(background.finished):
        background.ask(yielding("new"))
    assert ended.is_set()
    assert found == ["new"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FileProblem("“{path}” is damaged.", path="x"), "“x” is damaged."),
        (ValueError("odd"), "This part of the file cannot be read: odd."),
    ],
)
def test_failures_are_told_and_the_next_question_is_answered(
    background: Background, qtbot: QtBot, error: Exception, sentence: str
) -> None:
    def failing(step: Step) -> Iterator[object]:
        yield "first"
        raise error

    with qtbot.waitSignal(background.failed) as told, qtbot.waitSignal(background.finished):
        background.ask(failing)
    assert str(told.args[0]) == sentence
    with qtbot.waitSignal(background.answered) as answer:
        background.ask(yielding("still here"))
    assert answer.args == ["still here"]


def test_progress_is_told_now_and_then(background: Background, qtbot: QtBot) -> None:
    shares: list[float] = []
    background.progressed.connect(shares.append)

    def counting(step: Step) -> Iterator[object]:
        for number in range(10_000):
            step(number / 10_000)
        yield "done"

    with qtbot.waitSignal(background.finished):
        background.ask(counting)
    assert 50 < len(shares) <= 100
    assert shares == sorted(shares)


def test_closing_ends_what_is_read(background: Background, qtbot: QtBot) -> None:
    begun = threading.Event()

    def endless(step: Step) -> Iterator[object]:
        begun.set()
        while step(0.0):
            pass
        raise Stopped("Stopped.")
        yield

    background.ask(endless)
    assert begun.wait(5)
    background.close()
    assert not background.busy
    assert not [thread for thread in threading.enumerate() if thread.name == "workbench"]
