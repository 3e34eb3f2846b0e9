"""Ctrl+C on a command that has not begun its work."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# As shells tell of Ctrl+C.
INTERRUPTED = 130
STOPPED = "netloom: stopped; no file was changed."


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """Let Ctrl+C end the program in one sentence, without a word of what was being imported.

    While TensorFlow is imported an exception would surface anywhere in its code, which takes
    some for its own.
    """
    try:
        handle = os.dup(sys.__stderr__.fileno()) if sys.__stderr__ is not None else -1
    except (OSError, ValueError):
        handle = -1
    if handle < 0 or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        # Standard error itself may be held back meanwhile.
        os.write(handle, f"{STOPPED}\n".encode())
        os._exit(INTERRUPTED)

    old = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, old)
        os.close(handle)
