"""Processes of the engine's own that compute with Keras."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence

from engine.paths import ROOT

_running: set[subprocess.Popen[bytes]] = set()


@contextlib.contextmanager
def child(command: Sequence[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that says nothing; it ends with the block, and with `end_children`."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        _running.add(process)
        try:
            yield process
        finally:
            process.kill()
            _running.discard(process)


def end_children() -> None:
    """End all children: for a program that ends at once."""
    for process in tuple(_running):
        process.kill()
        # Until then it may write what is to be removed next.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)


def child_environment() -> dict[str, str]:
    """Return the environment in which a child finds Netloom and TensorFlow keeps quiet.

    Python takes modules from the current folder for an empty place among others, and where it is
    not told to be safe: that folder may hold anything under the name of any module.
    """
    places = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONSAFEPATH": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
