"""The process that reads: one question after the other, each under limits."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import signal
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from engine.errors import NetloomError, Text
from engine.formats.apart.packing import pack, unpacker

# Beyond what the process itself takes; reading one large array is allowed more.
MEMORY = 2**30
# Seconds that it may compute between two words, and bytes of one array that it unpacks in one.
SECONDS, PACE = 3, 50 * 2**20
# Between two words on how far it is.
PAUSE = 0.05
LENGTH = struct.Struct("<Q")
_UNPACK = unpacker({})
# What the first question needs mostly; imported while nobody waits yet.
READY = "engine.formats.keras_files.raw_h5"


class Question(msgspec.Struct):
    """What to do.

    Attributes:
        function: "module:function" of Netloom's own.
        arguments: Its arguments.
        allowance: Bytes of memory that it may take beyond `MEMORY`.
    """

    function: str
    arguments: list[Any]
    allowance: int = 0


class Answer(msgspec.Struct, omit_defaults=True):
    """What came of it; a frame with the function's bytes follows where it gives any.

    Attributes:
        value: What the function returned.
        refusal: Why it would not, as a sentence for people.
        failure: What it raised instead.
        going: It is still at work; another answer follows.
        raw: Whether bytes follow; where `going`, whether `value` is one of several answers.
        share: The share that is done, where `going`.
        content: Those bytes, once they are here.
    """

    value: Any = None
    refusal: Text | None = None
    failure: str = ""
    going: bool = False
    raw: bool = False
    share: float = 0.0
    content: bytes = b""


class Raw(msgspec.Struct):
    """What a function returns that gives bytes besides plain values."""

    value: Any
    content: memoryview | bytes


def send(stream: IO[bytes], content: bytes | memoryview) -> None:
    """Write a frame."""
    size = content.nbytes if isinstance(content, memoryview) else len(content)
    stream.write(LENGTH.pack(size))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read a frame, or return None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size: int = LENGTH.unpack(head)[0]
    content = stream.read(size)
    return content if len(content) == size else None


def main() -> None:
    """Answer until the asker is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What libraries print is no answer.
    importlib.import_module(READY)
    with contextlib.suppress(BrokenPipeError):
        while (content := receive(questions)) is not None:
            question = msgspec.msgpack.decode(content, type=Question)
            answer, raw = _answer(question, _Beat(answers))
            send(answers, answer)
            if raw is not None:
                send(answers, raw)


class _Beat:
    """Tells the asker now and then that something is still done, and how much of it."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers, self._last = answers, time.monotonic()
        self.seconds = SECONDS

    def __call__(self, share: float = 0.0) -> bool:
        if time.monotonic() > self._last + PAUSE:
            self._last = time.monotonic()
            limit_time(self.seconds)
            send(self._answers, msgspec.msgpack.encode(Answer(going=True, share=share)))
        return True  # As a step that nobody stops: who no longer asks ends the process.

    def tell(self, value: Any) -> None:
        """Send one of several answers."""
        send(self._answers, msgspec.msgpack.encode(Answer(pack(value), going=True, raw=True)))


def _answer(question: Question, beat: _Beat) -> tuple[bytes, memoryview | bytes | None]:
    raw: memoryview | bytes | None = None
    try:
        module, name = question.function.split(":")
        function = getattr(importlib.import_module(module), name)
        _limit_memory(question.allowance)
        beat.seconds = SECONDS + question.allowance // PACE
        limit_time(beat.seconds)
        value = function(*_UNPACK(question.arguments), beat)
        if isinstance(value, Iterator):
            for one in value:
                beat.tell(one)
            value = None
        elif isinstance(value, Raw):
            value, raw = value.value, value.content
        answer = Answer(value, raw=raw is not None)
    except NetloomError as error:
        answer = Answer(refusal=error.text)
    except Exception as error:  # HDF5 raises whatever a damaged file leads to.
        answer = Answer(failure=f"{type(error).__name__}: {error}"[:500])
    return msgspec.msgpack.encode(answer), raw


def limit_time(seconds: int) -> None:
    """Let the system end this process after so much more computing, where it can.

    Time that passes while a slow disk is waited for does not count: that is for the asker to see.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        end = math.ceil(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (end, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_memory(allowance: int) -> None:
    """Bound the memory that one answer takes, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        space = pages * resource.getpagesize() + MEMORY + allowance
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (space, most))
