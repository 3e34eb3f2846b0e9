"""Where the parts of the main window lie, and remembering it between starts."""

from __future__ import annotations

import base64

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from engine.settings import Settings

FIRST_SIZE, FRAME = QSize(1280, 800), QSize(8, 40)
PALETTE_WIDTH, INSPECTOR_WIDTH, BOTTOM_HEIGHT = 232, 304, 280


class WindowLayout:
    """Palette at the left, inspector at the right, tabs below, the documents amid them.

    Attributes:
        whole: The widget that holds all parts.
    """

    def __init__(
        self, palette: QWidget, center: QWidget, inspector: QWidget, bottom: QWidget, bar: QWidget
    ) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(center, 1)
        self.upper = _splitter(Qt.Orientation.Horizontal, (middle, inspector), 0)
        self.vertical = _splitter(Qt.Orientation.Vertical, (self.upper, bottom), 0)
        self.whole = _splitter(Qt.Orientation.Horizontal, (palette, self.vertical), 1)
        palette.setMinimumWidth(PALETTE_WIDTH)
        inspector.setMinimumWidth(INSPECTOR_WIDTH)

    def restore(self, window: QMainWindow, settings: Settings) -> None:
        """Give window and parts the sizes that they had last."""
        # With the frame around it, which is not there yet, it has to fit on the screen.
        room = window.screen().availableGeometry().size() - FRAME
        window.resize(FIRST_SIZE.boundedTo(room))
        if settings.window:
            window.restoreGeometry(QByteArray(base64.b64decode(settings.window)))
        right = window.width() - PALETTE_WIDTH
        usual = {
            "horizontal": [PALETTE_WIDTH, right],
            "upper": [right - INSPECTOR_WIDTH, INSPECTOR_WIDTH],
            "vertical": [window.height() - BOTTOM_HEIGHT, BOTTOM_HEIGHT],
        }
        for name, splitter in self._splitters().items():
            splitter.setSizes(settings.splitters.get(name, usual[name]))

    def remember(self, window: QMainWindow, settings: Settings) -> None:
        """Keep the present sizes in the settings."""
        settings.window = base64.b64encode(bytes(window.saveGeometry().data())).decode()
        settings.splitters = {name: part.sizes() for name, part in self._splitters().items()}

    def _splitters(self) -> dict[str, QSplitter]:
        return {"horizontal": self.whole, "upper": self.upper, "vertical": self.vertical}


def _splitter(way: Qt.Orientation, parts: tuple[QWidget, QWidget], stretched: int) -> QSplitter:
    splitter = QSplitter(way)
    for part in parts:
        splitter.addWidget(part)
    splitter.setStretchFactor(stretched, 1)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    return splitter
