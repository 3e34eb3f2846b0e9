"""One layer's part of a result: its name, its size, and its pictures or bars."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.ipc.messages import ProbePicture
from gui.i18n import tr
from gui.labels import Label
from gui.pictures.bars import ValueBars
from gui.pictures.pixels import Scale, scaled_image, stacked, value_range
from gui.pictures.tile_view import TileView
from gui.theme import Theme

MAP_SIDE = 48
KERNEL_SIDE = 64


class LayerRow(QWidget):
    """Shows one `ProbePicture`.

    Signals:
        chosen: A map was clicked; carries its number.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.kind = kind
        self.values: npt.NDArray[Any] = np.empty(0)
        self.low, self.high = 0.0, 1.0
        self._weights = False
        self.scale: Scale = np.empty(0, np.uint32)
        self._title, self._size, self._readout = Label(), Label(), Label()
        self._title.setFont(theme.font(12, 600))
        for label in (self._size, self._readout):
            label.setProperty("role", "secondary")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._size)
        head.addStretch(1)
        head.addWidget(self._readout)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(4)
        layout.addLayout(head)
        self.tiles: TileView | None = None
        self.bars: ValueBars | None = None
        if kind == "bars":
            self.bars = ValueBars(theme)
            self.bars.hovered.connect(self._read_bar)
            layout.addWidget(self.bars)
        else:
            self.tiles = TileView(theme, side=MAP_SIDE if kind == "grid" else 160)
            self.tiles.chosen.connect(self.chosen)
            self.tiles.hovered.connect(self._read_tile)
            self.tiles.setCursor(Qt.CursorShape.PointingHandCursor)
            layout.addWidget(self.tiles)

    def show_picture(
        self,
        picture: ProbePicture,
        title: str,
        scale: Scale,
        limits: tuple[float, float] | None = None,
    ) -> None:
        """Show other numbers of the same kind.

        Args:
            picture: The numbers.
            title: Name of the layer.
            scale: Their colors.
            limits: Values of the first and last color where these are weights; None for
                activations, whose colors span their own values.
        """
        self._weights = limits is not None
        values = picture.values.numpy()
        self.values = values[np.newaxis] if picture.kind == "image" else values
        self.scale = scale
        self.low, self.high = limits or value_range(self.values)
        self._title.setText(title)
        self._size.setText(size_words(picture.kind, values, self._weights))
        if self.bars is not None:
            self.bars.set_values(self.values)
        elif self.tiles is not None and len(self.values):
            atlas = scaled_image(stacked(self.values), scale, self.low, self.high)
            if self.kind == "grid":
                self.tiles.set_side(KERNEL_SIDE if self._weights else MAP_SIDE)
            self.tiles.set_tiles(atlas, len(self.values), framed=self._weights)

    def select(self, number: int) -> None:
        """Draw a frame around one map; -1 for none."""
        if self.tiles is not None:
            self.tiles.select(number)

    def tile_title(self, number: int) -> str:
        """Return the name of one map."""
        if self.kind == "image":
            return self._title.text()
        if self._weights:
            return tr("{layer}, filter {number}", layer=self._title.text(), number=number + 1)
        if len(self.values) == 1:
            return self._title.text()
        return tr("{layer}, map {number}", layer=self._title.text(), number=number + 1)

    def _read_bar(self, number: int) -> None:
        words = ""
        if 0 <= number < len(self.values):
            value = f"{float(self.values[number]):.4g}"
            words = tr("unit {number}: {value}", number=number + 1, value=value)
        self._readout.setText(words)

    def _read_tile(self, number: int) -> None:
        words = ""
        if 0 <= number < len(self.values):
            low, high = value_range(self.values[number])
            words = tr(
                "{number}: from {low} to {high}",
                number=number + 1,
                low=f"{low:.3g}",
                high=f"{high:.3g}",
            )
        self._readout.setText(words)


def size_words(kind: str, values: npt.NDArray[Any], weights: bool) -> str:
    """Return the size of a layer's output, or of its kernels, for people."""
    if kind == "grid":
        count, height, width = values.shape[:3]
        if weights:
            return tr(
                "{count} filters of {height}×{width}", count=count, height=height, width=width
            )
        if count == 1:
            return tr("{height}×{width}", height=height, width=width)
        return tr("{count} maps of {height}×{width}", count=count, height=height, width=width)
    if kind == "image":
        return tr(
            "{width} steps of {height} features", width=values.shape[1], height=values.shape[0]
        )
    return tr("{count} units", count=f"{len(values):,}")
