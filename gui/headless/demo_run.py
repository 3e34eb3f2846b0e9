"""Opens a template in the real window, presses Train, exports and takes a picture."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)

from engine.errors import Text
from engine.ipc import messages as m
from gui.app import build
from gui.i18n import tr_text
from gui.main_window import MainWindow

Draw = Callable[[float, str], None]


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Print Qt's messages but the one about window managers, of which there is none here."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


class DemoRun:
    """One demonstration.

    Args:
        template: What to open.
        model: H5 file to write.
        picture: PNG file to write.
        draw: Shows the part done, 0 to 1, and some words.
    """

    def __init__(self, template: Path, model: Path, picture: Path, draw: Draw) -> None:
        self._template, self._model, self._picture = template, model, picture
        self._draw = draw
        self._problem = ""
        self._drawn = -1.0

    def run(self, patience: int) -> str:
        """Do it all; returns what went wrong, or ""."""
        qInstallMessageHandler(_pass_on)
        app = build(theme_mode="light", language="en", start_engine=False)
        loop = QEventLoop()
        window = app.window
        window.resize(1280, 800)
        session = window.open_template(self._template)
        if session is None:
            return window.messages.text

        def fail(sentence: str) -> None:
            self._problem = sentence
            loop.quit()

        def posted(text: Text, severity: str) -> None:
            if severity == "error":
                fail(tr_text(text))

        def ended() -> None:
            if session.run.ended is not None:
                session.export(self._model, "h5", exported)

        def exported(reply: m.AnyReply) -> None:
            if isinstance(reply, m.Failed):
                fail(tr_text(reply.message))
            else:
                # Two more turns of the event loop bring the last points onto the plots.
                QTimer.singleShot(400, loop.quit)

        QTimer.singleShot(patience * 1000, loop, lambda: fail("the engine took too long."))
        session.posted.connect(posted)
        session.progressed.connect(lambda progress: self._show(progress, session.run.started))
        session.trained_changed.connect(ended)
        app.engine.ready.connect(lambda _: window.train())
        app.engine.died.connect(lambda _: fail("the engine ended unexpectedly."))
        self._draw(0.0, "starting the engine")
        app.engine.start()
        loop.exec()
        if not self._problem:
            self._finish(window, session.run.ended)
        app.close()
        return self._problem

    def _show(self, progress: m.Progress, started: m.RunStarted | None) -> None:
        if started is None:
            return
        part = progress.step / (started.batches * started.epochs)
        if part - self._drawn < 0.1 and part < 1:
            return
        self._drawn = part
        logs = "  ".join(f"{name} {value:.3f}" for name, value in progress.metrics.items())
        words = f"epoch {progress.epoch}/{started.epochs}  {logs}  {progress.eta:.0f} s left"
        self._draw(part, words)

    def _finish(self, window: MainWindow, ended: m.RunEnded | None) -> None:
        if not window.grab().save(str(self._picture)):
            self._problem = f"“{self._picture}” cannot be written."
        if ended is not None:
            words = "  ".join(f"test {name} {value:.3f}" for name, value in ended.test.items())
            self._draw(1.0, words)
