"""The small cross on a document's tab."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton

from gui.i18n import tr
from gui.theme import Theme


class CloseButton(QToolButton):
    """A cross in the theme's color."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(tr("Close document"))
        self.setToolTip(tr("Close document"))
        self.setIconSize(QSize(12, 12))
        self.setFixedSize(20, 20)
        self.setStyleSheet("padding: 0;")
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setIcon(self._theme.icon("close"))
