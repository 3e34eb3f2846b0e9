"""The child that runs a script: `... SCRIPT TARGET BYTES SECONDS`, the text on standard input.

It ends with its parent, or once its time is over, whatever the script does: nobody else may be
left who could end it.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
from pathlib import Path


def main() -> None:
    """Run the script named first; write its model, and beside it what went wrong."""
    script, target = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    size, seconds = int(sys.argv[3]), float(sys.argv[4])
    # A thread of C's, which waits for no turn of Python's: a script may never give it one.
    faulthandler.dump_traceback_later(seconds, exit=True)
    source = sys.stdin.buffer.read(size)
    _watch_parent()
    # Only now: the parent shall not wait for Keras until the text is taken.
    from engine.worker.scripts.running import run

    problem, detail = run(source, script, target)
    told = {"problem": problem, "detail": detail}
    target.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")


def _watch_parent() -> None:
    """End this process once nobody holds the other end of its standard input."""
    pipe = os.dup(sys.stdin.fileno())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())  # The script itself gets no input.
    os.close(nothing)
    threading.Thread(target=_end_after, args=(pipe,), daemon=True).start()


def _end_after(pipe: int) -> None:
    """Wait for the end of a pipe; then end this process and what it has started."""
    while os.read(pipe, 1024):
        pass
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
