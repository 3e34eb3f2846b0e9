"""First code of the engine process."""

from __future__ import annotations

import importlib
import os
import signal
from multiprocessing.connection import Connection

from engine.native_output import quiet_start


def run_child(pipe: Connection, service: str) -> None:
    """Serve requests until the pipe ends.

    Args:
        pipe: The engine's end of the pipe.
        service: "module:function" of the service, imported only here so that the process that
            starts the engine never imports what it imports.
    """
    # Ctrl+C in a terminal reaches both processes: the window decides, the engine follows it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    module, function = service.split(":")
    with quiet_start():
        serve = getattr(importlib.import_module(module), function)
    serve(pipe)
