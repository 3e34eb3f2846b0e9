"""The whole job on a machine without a display: the real window, drawn into memory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.paths import TEMPLATES

BAR_WIDTH = 28
# A machine that cannot start TensorFlow in this time will not do it at all.
PATIENCE_SECONDS = 300


def run_demo(out: Path) -> int:
    """Train LeNet-5 on the embedded digits; write the model and a picture of the window.

    Args:
        out: Folder for `lenet5.h5` and `lenet5.png`.

    Returns:
        0, or 1 when something failed.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Qt must know its platform before it is imported for the first time.
    from gui.headless.demo_run import DemoRun

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"netloom: “{out}” cannot be made: {error.strerror}.", file=sys.stderr)
        return 1
    template = next(TEMPLATES.glob("*lenet-5.netloom"))
    demo = DemoRun(template, out / "lenet5.h5", out / "lenet5.png", draw_bar)
    problem = demo.run(PATIENCE_SECONDS)
    if problem:
        print(f"\nnetloom: {problem}", file=sys.stderr)
        return 1
    print(f"\nwrote {out / 'lenet5.h5'} (model) and {out / 'lenet5.png'} (the window)")
    print("For the window itself: run this on a machine with a display, over `ssh -X`, or")
    print("under a virtual one, such as `xvfb-run make run` with a VNC server.")
    return 0


def draw_bar(part: float, words: str) -> None:
    """Draw the progress bar over itself on a terminal; elsewhere a line at each tenth."""
    done = round(BAR_WIDTH * part)
    bar = "━" * done + "╌" * (BAR_WIDTH - done)
    if sys.stdout.isatty():
        print(f"\r{bar} {part:4.0%}  {words}\x1b[K", end="", flush=True)
    else:
        print(f"{bar} {part:4.0%}  {words}", flush=True)
