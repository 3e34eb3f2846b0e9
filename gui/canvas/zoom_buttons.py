"""The small floating control in the corner of the canvas: −, zoom, +, fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from gui.i18n import tr
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class ZoomButtons(QFrame):
    """Zooms the canvas that it floats on."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        # Inside the viewport: what overlaps it from outside forbids scrolling by copying pixels.
        super().__init__(view.viewport())
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._buttons: list[tuple[QToolButton, str]] = []
        for icon, name, call in (
            ("minus", tr("Zoom out"), view.zoom_out),
            ("", tr("Actual size"), view.reset_zoom),
            ("plus", tr("Zoom in"), view.zoom_in),
            ("fit", tr("Fit to window"), view.fit),
        ):
            button = QToolButton()
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setIconSize(QSize(14, 14))
            button.setFixedHeight(26)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(call)
            row.addWidget(button)
            self._buttons.append((button, icon))
        self._percent = self._buttons[1][0]
        self._percent.setFixedWidth(52)
        self.show_zoom(1.0)
        theme.changed.connect(self._dress)
        self._dress()

    def show_zoom(self, zoom: float) -> None:
        """Write the zoom in percent."""
        self._percent.setText(f"{zoom:.0%}")

    def place(self, view: QRect) -> None:
        """Lie in the lower right corner of the view."""
        self.adjustSize()
        self.move(view.right() - self.width() - 12, view.bottom() - self.height() - 12)

    def _dress(self) -> None:
        colors = self._theme.colors
        self.setStyleSheet(
            f"ZoomButtons {{ background: {colors.surface.name()}; border-radius: 8px;"
            f" border: 1px solid {colors.border.name()}; }}"
            "QToolButton { padding: 2px 6px; }"
        )
        for button, icon in self._buttons:
            if icon:
                button.setIcon(self._theme.icon(icon))
