"""What a damaged file can make of the process that reads it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from engine.errors import FileProblem
from engine.formats.apart.serving import Raw

Beat = Callable[..., bool]


def die(*_: object) -> None:
    """End as the C library ends a process whose memory is spoiled."""
    os.abort()


def hang(beat: Beat) -> None:
    """Come to no end."""
    while True:
        time.sleep(60)


def circle(beat: Beat) -> None:
    """Compute without end."""
    while True:
        pass


def fill(size: int, beat: Beat) -> int:
    """Take memory."""
    return len(bytearray(size))


def fail(beat: Beat) -> None:
    """Raise what nobody foresaw."""
    raise ZeroDivisionError("of all things")


def refuse(beat: Beat) -> None:
    """Refuse a file."""
    raise FileProblem("“{path}” is refused.", path="x.h5")


def dawdle(beat: Beat) -> str:
    """Take long, and tell that it is at work."""
    for _ in range(15):
        time.sleep(0.1)
        beat()
    return "done"


def count(beat: Beat) -> Iterator[int]:
    """Answer piece by piece."""
    yield from (1, 2)


def process(beat: Beat) -> int:
    """Tell the process."""
    return os.getpid()


def poison(beat: Beat) -> int:
    """Die of the next question."""
    import engine.formats.apart.serving as serving

    serving.limit_time = die
    return os.getpid()


def echo(size: int, beat: Beat) -> Raw:
    """Return bytes besides a value."""
    return Raw(size, memoryview(bytes(size)))
