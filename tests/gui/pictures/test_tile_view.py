"""Pictures in tiles: their places, the choice among them, and the enlarged one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.pictures.bars import Histogram, NamedBars, ValueBars
from gui.pictures.enlarged import Enlarged
from gui.pictures.pixels import gray_scale, picture_atlas
from gui.pictures.tile_view import TileView
from gui.theme import Theme


@pytest.fixture
def tiles(qtbot: QtBot) -> TileView:
    view = TileView(Theme("light"), side=48, gap=4)
    qtbot.addWidget(view)
    view.resize(220, 200)
    view.show()
    levels = np.repeat(np.linspace(0, 1, 7), 64).reshape(7, 8, 8)
    view.set_tiles(picture_atlas(levels), 7)
    return view


def test_small_pictures_grow_by_whole_numbers(tiles: TileView) -> None:
    assert (tiles.tile_size().width(), tiles.tile_size().height()) == (48, 48)
    tiles.set_tiles(picture_atlas(np.zeros((2, 20, 20))), 2)
    assert tiles.tile_size().width() == 40
    tiles.set_tiles(picture_atlas(np.zeros((2, 100, 50))), 2)
    assert (tiles.tile_size().width(), tiles.tile_size().height()) == (24, 48)


def test_tiles_lie_in_rows(tiles: TileView) -> None:
    assert [tiles.tile_at(tiles.tile_rect(n).center()) for n in range(7)] == list(range(7))
    assert tiles.tile_rect(4).top() > tiles.tile_rect(3).top()
    assert tiles.tile_at(QPoint(210, 100)) == -1
    assert tiles.heightForWidth(52 * 7) == 52
    assert tiles.heightForWidth(52) == 52 * 7


def test_each_tile_shows_its_own_picture(tiles: TileView) -> None:
    picture = tiles.grab().toImage()
    ratio = picture.devicePixelRatio()
    for number in range(7):
        center = tiles.tile_rect(number).center() * ratio
        level = picture.pixelColor(center).red()
        assert abs(level - round(255 * number / 6)) <= 1


def test_click_and_keys_choose(tiles: TileView, qtbot: QtBot) -> None:
    chosen: list[int] = []
    tiles.chosen.connect(chosen.append)
    qtbot.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.tile_rect(5).center())
    qtbot.keyClick(tiles, Qt.Key.Key_Right)
    qtbot.keyClick(tiles, Qt.Key.Key_Right)
    qtbot.keyClick(tiles, Qt.Key.Key_Up)
    assert chosen == [5, 6, 6, 2]
    assert tiles.selected == 2


def test_fewer_tiles_end_the_selection(tiles: TileView) -> None:
    tiles.select(6)
    tiles.set_tiles(picture_atlas(np.zeros((3, 8, 8))), 3)
    assert tiles.selected == -1
    tiles.set_tiles(picture_atlas(np.zeros((0, 8, 8))), 0)
    tiles.grab()


def test_enlarged_reads_values_out(qtbot: QtBot) -> None:
    view = Enlarged(Theme("light"))
    qtbot.addWidget(view)
    view.resize(220, 284)
    view.show()
    values = np.arange(12.0).reshape(3, 4)
    view.show_values("conv, map 1", values, gray_scale(), 0.0, 11.0)
    place = view.picture_rect()
    assert (place.width(), place.height()) == (220, 165)
    qtbot.mouseMove(view, place.topLeft() + QPoint(220 * 2 // 4 + 5, 165 * 1 // 3 + 5))
    assert view.readout() == "row 2, column 3: 6"
    view.grab()
    view.show_values("empty", np.empty((0, 0)), gray_scale(), 0.0, 1.0)
    view.grab()


def test_bars_read_out_what_is_under_the_mouse(qtbot: QtBot) -> None:
    bars = ValueBars(Theme("light"))
    qtbot.addWidget(bars)
    bars.resize(240, 56)
    bars.show()
    bars.set_values(np.array([1.0, -2.0, np.nan] + [0.5] * 7))
    hovered: list[int] = []
    bars.hovered.connect(hovered.append)
    qtbot.mouseMove(bars, QPoint(30, 20))
    qtbot.mouseMove(bars, QPoint(239, 20))
    assert hovered == [1, 9]
    bars.grab()


def test_more_bars_than_pixels_are_still_seen(qtbot: QtBot) -> None:
    theme = Theme("light")
    bars = ValueBars(theme)
    qtbot.addWidget(bars)
    bars.resize(100, 40)
    values = np.zeros(10_000)
    values[5000] = 1.0
    bars.set_values(values)
    picture = bars.grab().toImage()
    column = [picture.pixelColor(x, 10) for x in range(picture.width())]
    assert theme.colors.accent in column


def test_counts_and_histograms_paint_anything(qtbot: QtBot) -> None:
    theme = Theme("dark")
    counts, histogram = NamedBars(theme), Histogram(theme)
    for widget in (counts, histogram):
        qtbot.addWidget(widget)
        widget.resize(300, 120)
        widget.grab()
    counts.set_counts(["setosa", "a very long name of a class indeed"], [40, 0])
    assert counts.sizeHint().height() > 0
    histogram.set_values(np.array([1.0, np.nan, 2.0, 2.0]))
    for widget in (counts, histogram):
        widget.grab()
    histogram.set_values(np.array([np.nan]))
    histogram.grab()
