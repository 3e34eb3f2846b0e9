"""Numbers of a data set as a picture: tiles, a map, photos or bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.errors import Text
from engine.formats.hdf5.pictures import Picture
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.pictures.bars import ValueBars
from gui.pictures.enlarged import Enlarged
from gui.pictures.pixels import (
    Scale,
    diverging_scale,
    gray_scale,
    picture_atlas,
    scaled_image,
    sequential_scale,
    stacked,
    value_range,
)
from gui.pictures.tile_view import TileView
from gui.theme import Theme

HEIGHT, MAP_HEIGHT, BARS_HEIGHT, ENLARGED_WIDTH = 264, 376, 80, 208
TILE, PHOTO = 48, 64


class TensorView(QWidget):
    """Shows one `Picture`.

    Signals:
        channel_changed: Another input channel of a kernel is wanted.
    """

    channel_changed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: Picture | None = None
        self._channel = 0
        self._low, self._high = 0.0, 1.0
        self._scale: Scale = gray_scale()
        self.tiles = TileView(theme, side=TILE)
        self.tiles.chosen.connect(self._enlarge)
        self.tiles.setAccessibleName(tr("Pictures of the values"))
        self.enlarged, self.map = Enlarged(theme), Enlarged(theme)
        self.enlarged.setFixedWidth(ENLARGED_WIDTH)
        self.bars = ValueBars(theme, height=BARS_HEIGHT)
        self.bars.hovered.connect(self._read_bar)
        self.channel_box = QComboBox()
        self.channel_box.setAccessibleName(tr("Input channel"))
        self.channel_box.currentIndexChanged.connect(self.channel_changed)
        self._build()
        theme.changed.connect(self._show)

    def _build(self) -> None:
        theme = self._theme
        self._channel_words, self._note = Label(tr("Input channel")), Label()
        for label in (self._channel_words, self._note):
            label.setProperty("role", "secondary")
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(theme.s)
        head.addWidget(self._note, 1)
        head.addWidget(self._channel_words)
        head.addWidget(self.channel_box)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, theme.s, 0)
        column.addWidget(self.tiles)
        column.addStretch(1)
        scroll.setWidget(page)
        for part in (page, scroll.viewport()):
            part.setAutoFillBackground(False)
        tiled = QWidget()
        row = QHBoxLayout(tiled)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.l)
        row.addWidget(scroll, 1)
        row.addWidget(self.enlarged)
        self._pages = QStackedWidget()
        for part in (tiled, self.map, self.bars):
            self._pages.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.xs)
        whole.addWidget(self._head)
        whole.addWidget(self._pages)

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._picture

    def show_picture(self, picture: Picture | None) -> None:
        """Show another picture, or none."""
        self._picture = picture
        self.setVisible(picture is not None)
        if picture is None:
            return
        for part in (self._channel_words, self.channel_box):
            part.setVisible(picture.channels > 1)
        words = self._words()
        self._note.setText(words)
        self._head.setVisible(bool(words) or picture.channels > 1 or picture.form == "bars")
        if self.channel_box.count() != picture.channels:
            with QSignalBlocker(self.channel_box):
                self.channel_box.clear()
                self.channel_box.addItems([str(n + 1) for n in range(picture.channels)])
        self._channel = self.channel_box.currentIndex()
        self.tiles.select(-1)
        self._show()

    def forget(self) -> None:
        """Show nothing and go back to the first input channel."""
        self.show_picture(None)
        with QSignalBlocker(self.channel_box):
            self.channel_box.setCurrentIndex(0)

    def keep_channel(self, problem: Text) -> None:
        """Say why the chosen channel cannot be shown, and name the one that still is."""
        self._note.setText(tr_text(problem))
        with QSignalBlocker(self.channel_box):
            self.channel_box.setCurrentIndex(self._channel)

    def _words(self) -> str:
        """Return what has been left out or averaged."""
        picture = self._picture
        return " ".join(tr_text(note) for note in picture.notes) if picture is not None else ""

    def _show(self) -> None:
        picture = self._picture
        if picture is None:
            return
        values = picture.values
        self._low, self._high = value_range(values)
        self._scale = self._scale_for(picture.form)
        heights = {"bars": BARS_HEIGHT, "map": MAP_HEIGHT}
        self._pages.setFixedHeight(heights.get(picture.form, HEIGHT))
        match picture.form:
            case "bars":
                self.bars.set_values(values)
                self._pages.setCurrentIndex(2)
            case "map":
                title = tr(
                    "{rows} rows, {columns} columns", rows=len(values), columns=values.shape[1]
                )
                self.map.show_values(title, values, self._scale, self._low, self._high)
                self._pages.setCurrentIndex(1)
            case "photos":
                self.tiles.set_side(PHOTO)
                self.tiles.set_tiles(picture_atlas(values), len(values))
                self.enlarged.hide()
                self._pages.setCurrentIndex(0)
            case _:
                atlas = scaled_image(stacked(values), self._scale, self._low, self._high)
                self.tiles.set_side(TILE)
                self.tiles.set_tiles(atlas, len(values), framed=True)
                self._enlarge(max(self.tiles.selected, 0))
                self._pages.setCurrentIndex(0)

    def _scale_for(self, form: str) -> Scale:
        """Choose colors: with zero in the middle where there are values on both sides of it."""
        colors = self._theme.colors
        if self._low < 0.0 < self._high:
            most = max(-self._low, self._high)
            self._low, self._high = -most, most
            return diverging_scale(colors.plot_validation, colors.surface, colors.plot_train)
        return gray_scale() if form == "tiles" else sequential_scale()

    def _enlarge(self, number: int) -> None:
        picture = self._picture
        if picture is None or picture.form != "tiles" or not 0 <= number < len(picture.values):
            return
        self.tiles.select(number)
        title = tr("Picture {number}", number=number + 1)
        values = picture.values[number]
        self.enlarged.show_values(title, values, self._scale, self._low, self._high)
        self.enlarged.show()

    def _read_bar(self, number: int) -> None:
        picture = self._picture
        if picture is None or picture.form != "bars":
            return
        words = self._words()
        if 0 <= number < len(picture.values):
            value = f"{float(np.asarray(picture.values)[number]):.4g}"
            words = tr("value {number}: {value}", number=number, value=value)
        self._note.setText(words)
