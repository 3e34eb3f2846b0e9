"""What the bars at the upper edge of a canvas have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from gui.theme import Theme
from gui.window.close_button import CloseButton

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class Bar(QFrame):
    """Floats in the upper right corner of the canvas; Esc closes it."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(view.viewport())
        self.setObjectName("bar")
        self._theme, self._view = theme, view
        self._close = CloseButton(theme)
        self._close.clicked.connect(self.close_bar)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_bar(self) -> None:
        """Show the bar above all else on the canvas."""
        self.show()
        self.raise_()
        self.follow()

    def close_bar(self) -> None:
        """Vanish, and give the keyboard back to the canvas."""
        self.hide()
        self._view.setFocus()

    def follow(self) -> None:
        """Lie in the upper right corner."""
        self.adjustSize()
        self.move(max(8, self._view.viewport().width() - self.width() - 12), 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        colors = self._theme.colors
        self.setStyleSheet(
            f"#bar {{ background: {colors.surface_raised.name()};"
            f" border: 1px solid {colors.border_strong.name()}; border-radius: 8px; }}"
        )
