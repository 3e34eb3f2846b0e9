"""A file that makes its reader hang, die or take all memory is refused; the next one is read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import FileProblem
from engine.formats.apart import asking
from engine.formats.apart.asking import Crashed, Failed, Harmful, Readers, ask
from engine.formats.apart.packing import pack
from engine.formats.apart.serving import Question


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file; what is done with it is up to the functions of the other process."""
    made = tmp_path / "x.h5"
    made.write_bytes(b"first")
    return made


def place(name: str) -> str:
    return f"tests.helpers.misbehaving:{name}"


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    made = Readers()
    monkeypatch.setattr(asking, "READERS", made)
    yield made
    made.close()


def test_one_process_reads_file_after_file(path: Path) -> None:
    first, _ = ask(path, place("process"))
    assert first != os.getpid()
    assert ask(path, place("process")) == (first, b"")


def test_bytes_come_besides_the_value(path: Path) -> None:
    assert ask(path, place("echo"), 100_000) == (100_000, bytes(100_000))
    assert ask(path, place("echo"), 0) == (0, b"")


def test_a_crash_is_told_and_the_next_file_is_read(path: Path) -> None:
    with pytest.raises(Crashed, match="the process that read it crashed"):
        ask(path, place("die"))
    assert ask(path.with_name("y.h5"), place("echo"), 3) == (3, bytes(3))


def test_a_hang_is_ended(path: Path) -> None:
    with pytest.raises(Harmful, match="comes to no end"):
        ask(path, place("hang"), patience=1.0)
    assert ask(path.with_name("y.h5"), place("echo"), 3) == (3, bytes(3))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no computing")
def test_computing_in_circles_ends_sooner(path: Path) -> None:
    with pytest.raises(Harmful, match="comes to no end"):
        ask(path, place("circle"), patience=60.0)


def test_who_tells_that_it_works_may_take_long(path: Path) -> None:
    assert ask(path, place("dawdle"), patience=1.0)[0] == "done"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by Linux")
def test_memory_is_bounded_but_for_what_is_allowed(path: Path) -> None:
    with pytest.raises(Failed, match="MemoryError"):
        ask(path, place("fill"), 3 * 2**30)
    allowed = ask(path, place("fill"), 2**30, allowance=2**30, patience=60.0)
    assert allowed == (2**30, b"")


def test_refusals_stay_translatable(path: Path) -> None:
    with pytest.raises(FileProblem) as caught:
        ask(path, place("refuse"))
    assert caught.value.text.template == "“{path}” is refused."
    with pytest.raises(Failed, match="ZeroDivisionError: of all things"):
        ask(path, place("fail"))


def test_a_crash_that_an_earlier_file_has_led_to_is_not_told_of_this_one(path: Path) -> None:
    poisoned, _ = ask(path, place("poison"))
    fresh, _ = ask(path, place("process"))
    assert fresh != poisoned


def test_who_gives_up_ends_the_process(path: Path, readers: Readers) -> None:
    answers = readers.answers(path, Question(place("hang"), pack([])), 5.0)
    assert next(answers).going
    answers.close()
    assert not readers._idle


def test_several_answers_come_one_by_one(path: Path, readers: Readers) -> None:
    told = list(readers.answers(path, Question(place("count"), []), 5.0))
    assert [answer.value for answer in told if answer.raw] == [1, 2]
    assert not told[-1].going


def test_a_harmful_file_is_read_again_only_once_it_has_changed(path: Path) -> None:
    with pytest.raises(Crashed):
        ask(path, place("die"))
    with pytest.raises(Crashed):
        ask(path, place("echo"), 3)
    path.write_bytes(b"mended")
    assert ask(path, place("echo"), 3) == (3, bytes(3))
