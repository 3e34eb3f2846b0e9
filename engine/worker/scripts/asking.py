"""Runs a trusted script in a process of its own, under a time limit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.errors import FileProblem
from engine.paths import reason
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
        content = script.read_bytes()
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
    found = json.loads(told.read_text(encoding="utf-8"))
    problem = found["problem"]
    if problem and found["unread"]:
        raise FileProblem(
            "“{path}” uses “{other}” beside it, which has to be read and trusted too: use the"
            " command “netloom trust {other}”.",
            path=script.name,
            other=found["unread"],
        )
    if problem:
        raise FileProblem(
            "“{path}” came to no model: {reason}.",
            path=script.name,
            reason=str(problem).rstrip(".")[:300],
        )


def _run(script: Path, content: bytes, target: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "engine.worker.scripts.running", str(script), str(target)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        start_new_session=True,
    ) as child:
        try:
            child.communicate(content, timeout=seconds)
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
