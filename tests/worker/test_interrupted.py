"""Ctrl+C on a command ends it at once, in one sentence, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from engine.paths import ROOT

# Stands for an export that takes long: it has begun to write when it says so.
WAITING = """
import argparse, sys, threading
from pathlib import Path
from engine.paths import replacing
from engine.worker import command_line

def export(options):
    with replacing(options.to) as temporary:
        temporary.write_text("half")
        print("writing", flush=True)
        threading.Event().wait()

command_line.export = export
sys.exit(command_line.execute(argparse.Namespace(command="export", to=Path(sys.argv[1]))))
"""


def test_ctrl_c_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "model.h5"
    target.write_text("old")
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, str(target)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "writing\n"
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert errors.endswith("netloom: stopped; no file was changed.\n")
    assert "Traceback" not in errors
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("model.h5", "old")]
