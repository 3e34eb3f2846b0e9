"""Every gesture of the canvas works in a real window, and can be taken back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("canvas_gestures.py")


@pytest.mark.skipif(
    not (os.environ.get("DISPLAY") and shutil.which("xdotool")),
    reason="needs an X display and xdotool (make test brings both)",
)
def test_gestures_in_a_real_window(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "NETLOOM_CONFIG": str(tmp_path / "config"),
        "NETLOOM_DATA": str(tmp_path / "data"),
    }
    result = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr[-3000:]
    named = re.search(r"GESTURES = \((.*?)\)", SCRIPT.read_text(encoding="utf-8"), re.DOTALL)
    assert named is not None
    assert result.stdout.split() == re.findall(r"\w+", named.group(1))
