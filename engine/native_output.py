"""Keeps a native library's start-up chatter off the terminal."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """Hold back what native code writes to standard error; replay it if the block fails.

    TensorFlow reports missing GPU drivers and its build flags on every import, below the reach
    of Python's logging.
    """
    try:
        handle = sys.__stderr__.fileno() if sys.__stderr__ is not None else -1
        kept = os.dup(handle)
    except (OSError, ValueError):
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), handle)
        try:
            yield
        except BaseException:
            os.dup2(kept, handle)
            held.seek(0)
            os.write(handle, held.read())
            raise
        finally:
            os.dup2(kept, handle)
            os.close(kept)
