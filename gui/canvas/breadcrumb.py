"""Where one is among blocks that lie in blocks; a click leads further out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from engine.graph.nesting import around
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class Breadcrumb(QFrame):
    """Lies in the upper left corner of a canvas that shows the inside of a block."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(view.viewport())
        self._theme, self._view = theme, view
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.s, theme.xs, theme.s, theme.xs)
        self._row.setSpacing(theme.xs)
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the blocks around what is in view."""
        while (entry := self._row.takeAt(0)) is not None:
            if (part := entry.widget()) is not None:
                part.deleteLater()
        scope, network = self._view.network.scope, self._view.session.document.network
        self.setVisible(bool(scope))
        if not scope:
            return
        self._add(self._view.session.document.title or tr("Network"), "")
        for block in reversed(list(around(network, scope))):
            self._row.addWidget(Label("›"))
            self._add(network.blocks[block].title, block)
        colors = self._theme.colors
        self.setStyleSheet(
            f"Breadcrumb {{ background: {colors.surface.name()};"
            f" border: 1px solid {colors.border.name()}; border-radius: 6px; }}"
            " QPushButton { border: none; background: transparent; padding: 2px 4px; }"
        )
        self.adjustSize()
        self.follow()

    def follow(self) -> None:
        """Lie in the upper left corner."""
        self.move(12, 12)

    def _add(self, title: str, scope: str) -> None:
        part = QPushButton(title)
        part.setEnabled(scope != self._view.network.scope)
        part.clicked.connect(partial(self._view.show_scope, scope))
        self._row.addWidget(part)
