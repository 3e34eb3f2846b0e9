"""Cards glide to their new places, so that one sees where each has gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation

if TYPE_CHECKING:
    from gui.canvas.scene import NetworkScene

MILLISECONDS = 260
# More cards would not move smoothly.
MOST = 300


class Glide(QVariantAnimation):
    """Moves cards from where they were to where the document has them."""

    def __init__(self, scene: NetworkScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._from: dict[str, QPointF] = {}
        self.setDuration(MILLISECONDS)
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.valueChanged.connect(self._step)
        self.finished.connect(self.end)

    def begin(self, before: Mapping[str, QPointF]) -> None:
        """Let the cards that lie elsewhere now glide there.

        Args:
            before: Where cards were, by id.
        """
        self.end()
        outline = self._scene.outline
        self._from = {
            card: corner
            for card, corner in before.items()
            if card in self._scene.nodes and corner != QPointF(*outline.corner(card))
        }
        if self._from and len(self._from) <= MOST:
            self._step(0.0)
            self.start()
        else:
            self._from = {}

    def _step(self, part: object) -> None:
        assert isinstance(part, float)
        outline = self._scene.outline
        for card, start in self._from.items():
            if card in self._scene.nodes:
                goal = QPointF(*outline.corner(card))
                self._scene.place(card, start + (goal - start) * part)
        self._scene.follow_items(self._from)

    def end(self) -> None:
        """Put every card where it belongs at once."""
        cards, self._from = self._from, {}
        self.stop()
        if cards:
            self._scene.reset_positions(cards)
