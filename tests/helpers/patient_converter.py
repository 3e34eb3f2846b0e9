"""An engine whose converter tells its process id through a pipe, and then comes to no end."""

from __future__ import annotations

import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

from engine.worker import service
from engine.worker.exports import apart

# Where it tells its id: a named pipe.
TOLD = "NETLOOM_TEST_TOLD"
SCRIPT = """#!{python}
import os, sys, threading
with open(sys.argv[5], "w") as path:
    path.write("half")
with open(os.environ["{told}"], "w") as told:
    told.write(str(os.getpid()))
threading.Event().wait()
"""


def serve(pipe: Connection) -> None:
    """Serve with that converter."""
    program = Path(os.environ[TOLD]).with_name("converter")
    program.write_text(SCRIPT.format(python=sys.executable, told=TOLD))
    program.chmod(0o755)
    apart.sys = SimpleNamespace(executable=str(program))  # type: ignore[attr-defined]
    service.serve(pipe)
