"""Runs a trusted script in a process of its own, under a time limit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from engine.errors import FileProblem, Text, text
from engine.paths import read_small, reason
from engine.trust import is_trusted
from engine.worker.children import child_environment

SECONDS = 60.0


def run_script(script: Path, target: Path, seconds: float = SECONDS) -> None:
    """Run a script up to its model.

    Args:
        script: The script. What is run is the content that was found to be trusted, not what
            the file may hold by then.
        target: The .keras file to write; a .json file beside it tells what went wrong.
        seconds: How long it may take.

    Raises:
        FileProblem: It is not trusted, takes too long, fails, or makes no model.
    """
    try:
        content = read_small(script)
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be opened: {reason}.", path=script, reason=reason(error)
        ) from error
    if not is_trusted(content, "script"):
        raise FileProblem("“{path}” is not trusted: read it and trust it first.", path=script.name)
    _run(script, content, target, seconds)
    told = target.with_suffix(".json")
    if not told.is_file():
        raise FileProblem(
            "“{path}” broke down while it ran: run it in a terminal to see why.", path=script.name
        )
    answer: dict[str, str] = json.loads(told.read_text(encoding="utf-8"))
    if answer["problem"] == "unread":
        raise FileProblem(
            "“{path}” uses “{other}” beside it, which has to be read and trusted too: use the"
            " command “netloom trust {other}”.",
            path=script.name,
            other=answer["detail"],
        )
    if answer["problem"]:
        raise FileProblem(
            "“{path}” came to no model: {reason}.", path=script.name, reason=_why(**answer)
        )


def _why(problem: str, detail: str) -> Text | str:
    """Return why there is no model, as a part of a sentence."""
    if problem == "nothing":
        return text("it makes no model that is built")
    words = detail.rstrip(".")[:300]
    return text("it ended by itself ({code})", code=words) if problem == "ended" else words


def _run(script: Path, content: bytes, target: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "engine.worker.scripts.child"]
    command += [str(script), str(target), str(len(content)), str(seconds)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        start_new_session=True,
    ) as child:
        try:
            assert child.stdin is not None
            with suppress(BrokenPipeError):  # It has broken down already: no answer tells so.
                child.stdin.write(content)
                child.stdin.flush()
            # The pipe stays open: its end tells the child that nobody waits any more.
            child.wait(seconds)
        except subprocess.TimeoutExpired as error:
            _end(child)
            raise FileProblem(
                "“{path}” did not come to its model within {seconds} seconds.",
                path=script.name,
                seconds=round(seconds),
            ) from error


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child and all that it has started."""
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()
