"""Pictures of the real window for the README: `make screenshots`.

Trains for real in the engine process; the window is drawn offscreen.
"""

from __future__ import annotations

import os
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, QTimer

from engine.paths import ROOT, TEMPLATES
from gui.app import Application, build

PICTURES = ROOT / "docs" / "pictures"
PATIENCE_MS = 120_000


class Studio:
    """Opens the program in one look and takes pictures of it."""

    def __init__(self, mode: str, language: str, width: int, height: int) -> None:
        self.app: Application = build(theme_mode=mode, language=language, start_engine=False)
        self.window = self.app.window
        self.window.resize(width, height)
        self.loop = QEventLoop()
        QTimer.singleShot(PATIENCE_MS, self.loop, lambda: self.loop.exit(1))

    def wait(self) -> None:
        """Go on when something has quit the loop."""
        if self.loop.exec():
            raise TimeoutError("the program did not get there")

    def rest(self, milliseconds: int) -> None:
        """Let the window paint."""
        QTimer.singleShot(milliseconds, self.loop.quit)
        self.wait()

    def train(self, template: str) -> None:
        """Open a template and train it to its end."""
        self.app.engine.ready.connect(self.loop.quit)
        self.app.engine.start()
        session = self.window.open_template(next(TEMPLATES.glob(f"*{template}*")))
        assert session is not None
        self.wait()
        self.rest(3000)
        self.window.train()
        session.trained_changed.connect(self.loop.quit)
        self.wait()
        self.rest(1500)

    def shoot(self, name: str) -> None:
        """Write a picture of the window."""
        self.rest(600)
        PICTURES.mkdir(exist_ok=True)
        if not self.window.grab().save(str(PICTURES / f"{name}.png")):
            raise OSError(f"{name}.png was not written")
        print(f"wrote docs/pictures/{name}.png")

    def close(self) -> None:
        """End the program."""
        self.app.close()


def main() -> int:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NETLOOM_CONFIG"] = os.environ["NETLOOM_DATA"] = folder
        studio = Studio("light", "en", 1280, 800)
        studio.shoot("start")
        studio.train("lenet-5")
        studio.shoot("training")
        studio.close()
        studio = Studio("dark", "en", 1280, 800)
        studio.train("lenet-5")
        assert studio.window.session is not None
        studio.window.session.select(["conv2"])
        studio.window.bottom.reveal("results")
        studio.rest(1500)
        studio.shoot("inside")
        studio.close()
        studio = Studio("dark", "zh_CN", 1920, 1080)
        studio.train("branches")
        studio.shoot("chinese")
        studio.close()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
