"""Asks a process of its own to read a file, and outlives it."""

from __future__ import annotations

import atexit
import contextlib
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import FileProblem
from engine.formats.apart.packing import pack
from engine.formats.apart.serving import Answer, Question, receive, send
from engine.paths import ROOT, reason

# A process that says nothing for so long hangs; one at work tells so every second.
PATIENCE = 8.0
# What a process leaves that the system has ended because it computed for too long.
OUT_OF_TIME = -int(getattr(signal, "SIGXCPU", 10**6))
# Between two looks whether the answer is still wanted.
TICK = 0.1
# So many stay for further files: the window's tree and what is selected in it.
KEPT = 2
# Not even `sys` is looked for in the current folder, which may hold a module of any name.
CODE = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from engine.formats.apart.serving import main; main()"
)


class Failed(Exception):
    """What the function raised there."""


class Harmful(FileProblem):
    """A file that makes those who read it hang or die."""

    def again(self) -> Harmful:
        """Return the same problem, to be raised anew."""
        return type(self)(self.text.template, **self.text.values)


class Crashed(Harmful):
    """A file that makes those who read it die."""


class Reader:
    """A process that reads; it ends with whoever started it.

    Attributes:
        used: Whether it has read before: what a damaged file did to its memory may show later.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-P", "-c", CODE, str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._busy = self.used = False
        self._frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        # Waiting for a pipe with a limit is not possible everywhere; for a queue it is.
        self._thread = threading.Thread(target=self._listen, name="reader", daemon=True)
        self._thread.start()

    def answers(self, path: Path, question: Question, patience: float) -> Iterator[Answer]:
        """Let it do something with a file.

        Yields what it tells, and that it still tells nothing, so that whoever asks can give up;
        the result comes last. One who gives up ends the process.

        Raises:
            FileProblem: The function refuses the file.
            Harmful: The file made it hang or die.
            Failed: The function raised something else.
        """
        assert self._process.stdin is not None
        self._busy = True
        try:
            send(self._process.stdin, msgspec.msgpack.encode(question))
            while True:
                frame = yield from self._awaited(patience)
                answer = msgspec.msgpack.decode(frame, type=Answer)
                if not answer.going:
                    break
                yield answer
            content = self._frames.get(timeout=patience) if answer.raw else b""
            if content is None:
                raise EOFError
        except queue.Empty:
            raise _endless(path) from None
        except (EOFError, OSError, msgspec.MsgspecError) as error:
            self.end()
            if self._process.returncode == OUT_OF_TIME:
                raise _endless(path) from error
            raise Crashed(
                "“{path}” is damaged: the process that read it crashed. Restore it from a copy.",
                path=path.name,
            ) from error
        self._busy, self.used = False, True
        if answer.refusal is not None:
            raise FileProblem(answer.refusal.template, **answer.refusal.values)
        if answer.failure:
            raise Failed(answer.failure)
        yield Answer(answer.value, content=content)

    @property
    def free(self) -> bool:
        """Whether it can be asked more: it lives, and has nothing left to tell."""
        return not self._busy and self._process.poll() is None

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def _awaited(self, patience: float) -> Generator[Answer, None, bytes]:
        """Return the next frame; until it is there, yield that nothing is."""
        end = time.monotonic() + patience
        while True:
            try:
                frame = self._frames.get(timeout=TICK)
            except queue.Empty:
                if time.monotonic() > end:
                    raise
                yield Answer(going=True, share=-1.0)
                continue
            if frame is None:
                raise EOFError
            return frame

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError, MemoryError):
            while (frame := receive(self._process.stdout)) is not None:
                self._frames.put(frame)
        self._frames.put(None)


def _endless(path: Path) -> Harmful:
    return Harmful(
        "“{path}” is damaged: reading it comes to no end. Restore it from a copy.", path=path.name
    )


class Readers:
    """The processes of this one: started when needed, some are kept for the next file.

    Attributes:
        harmful: Why files are not read again, by path, time of change and size.
    """

    def __init__(self) -> None:
        self.harmful: dict[tuple[Path, int, int], Harmful] = {}
        self._idle: list[Reader] = []
        self._lock = threading.Lock()
        atexit.register(self.close)

    def take(self) -> Reader:
        """Return a process that nobody else asks."""
        with self._lock:
            while self._idle:
                reader = self._idle.pop()
                if reader.free:
                    return reader
                reader.end()
        return Reader()

    def give_back(self, reader: Reader) -> None:
        """Keep a process for others, or end it."""
        with self._lock:
            if reader.free and len(self._idle) < KEPT:
                self._idle.append(reader)
                return
        reader.end()

    def warm_up(self) -> None:
        """Start a process ahead of the first file; returns at once."""
        with self._lock:
            if not self._idle:
                self._idle.append(Reader())

    def answers(
        self, path: Path, question: Question, patience: float
    ) -> Generator[Answer, None, None]:
        """Let any of them do something with a file, as `Reader.answers`.

        Raises:
            FileProblem: The function refuses the file, or the file made the process hang or die.
            Failed: The function raised something else.
        """
        told = False
        while True:
            try:
                reader = self.take()
            except OSError as error:
                raise FileProblem(
                    "“{path}” cannot be opened: {reason}.", path=path, reason=reason(error)
                ) from error
            used = reader.used
            try:
                for answer in reader.answers(path, question, patience):
                    told = told or answer.raw
                    yield answer
                return
            except Crashed:
                if told or not used:
                    raise  # Else a file read before may have done it: this one gets a new process.
            finally:
                self.give_back(reader)

    def close(self) -> None:
        """End all processes that nobody asks."""
        with self._lock:
            for reader in self._idle:
                reader.end()
            self._idle.clear()


READERS = Readers()


def ask(
    path: Path,
    function: str,
    *arguments: Any,
    allowance: int = 0,
    patience: float = PATIENCE,
) -> tuple[Any, bytes]:
    """Let a function read a file in another process.

    Args:
        path: The file, for sentences.
        function: "module:function"; besides its arguments it is given something to call now and
            then, to tell that it is still at work.
        arguments: Its arguments, plain values.
        allowance: Bytes of memory it may take for what it reads.
        patience: For how many seconds it may say nothing.

    Returns:
        What the function returned, and the bytes that it gave besides.

    Raises:
        FileProblem: The function refuses the file, or the file made the process hang or die.
        Failed: The function raised something else.
    """
    state = _state(path)
    if state in READERS.harmful:
        # A model is asked about several times over; one wait is enough.
        raise READERS.harmful[state].again()
    question = Question(function, pack([*arguments]), allowance)
    try:
        *_, last = READERS.answers(path, question, patience)
    except Harmful as error:
        READERS.harmful[state] = error
        raise
    return last.value, last.content


def _state(path: Path) -> tuple[Path, int, int]:
    """Return what tells a file from one that is written in its place later."""
    try:
        found = path.stat()
    except OSError:
        return path.absolute(), 0, 0
    return path.absolute(), found.st_mtime_ns, found.st_size
