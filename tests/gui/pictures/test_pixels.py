"""Values become pixels: scales of color, and atlases of pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from gui.pictures.pixels import (
    diverging_scale,
    gray_scale,
    is_picture,
    picture_atlas,
    rgb_image,
    scaled_image,
    sequential_scale,
    symmetric_range,
    value_range,
)


def test_gray_levels_are_exact() -> None:
    image = scaled_image(np.array([[0.0, 0.5, 1.0]]), gray_scale(), 0.0, 1.0)
    assert [image.pixelColor(x, 0).red() for x in range(3)] == [0, 128, 255]


def test_values_beyond_the_range_and_not_finite_are_clipped() -> None:
    values = np.array([[-5.0, 9.0, np.nan, np.inf]])
    image = scaled_image(values, gray_scale(), 0.0, 1.0)
    assert [image.pixelColor(x, 0).red() for x in range(4)] == [0, 255, 0, 255]


def test_zero_is_the_middle_of_a_diverging_scale() -> None:
    white, blue, red = QColor("white"), QColor("blue"), QColor("red")
    low, high = symmetric_range(np.array([-1.0, 3.0]))
    assert (low, high) == (-3.0, 3.0)
    scale = diverging_scale(red, white, blue)
    image = scaled_image(np.array([[-3.0, 0.0, 3.0]]), scale, low, high)
    assert image.pixelColor(0, 0) == red
    assert image.pixelColor(2, 0) == blue
    assert min(image.pixelColor(1, 0).getRgb()[:3]) >= 253


def test_sequential_scale_grows_lighter() -> None:
    colors = [QColor(int(value)) for value in sequential_scale()[::51]]
    lightness = [0.3 * c.red() + 0.59 * c.green() + 0.11 * c.blue() for c in colors]
    assert lightness == sorted(lightness)


@pytest.mark.parametrize("shape", [(3, 4, 5), (3, 4, 5, 1), (3, 4, 5, 3)])
def test_atlas_holds_all_samples_one_under_another(shape: tuple[int, ...]) -> None:
    samples = np.random.default_rng(0).random(shape).astype(np.float32)
    atlas = picture_atlas(samples)
    assert (atlas.width(), atlas.height()) == (5, 12)
    wanted = samples.reshape(12, 5, -1)[7, 2]
    found = atlas.pixelColor(2, 7).getRgb()[:3]
    np.testing.assert_allclose(np.array(found) / 255, np.broadcast_to(wanted, 3), atol=1 / 255)


def test_brightness_of_fractions_and_bytes_is_kept() -> None:
    dark = np.full((1, 2, 2), 0.25)
    assert picture_atlas(dark).pixelColor(0, 0).red() == 64
    assert picture_atlas(np.full((1, 2, 2), 51.0)).pixelColor(0, 0).red() == 51


def test_color_image_is_red_green_blue() -> None:
    image = rgb_image(np.array([[[1.0, 0.5, 0.0]]]), 0.0, 1.0)
    assert image.pixelColor(0, 0).getRgb()[:3] == (255, 127, 0)


def test_range_of_nothing_finite() -> None:
    assert value_range(np.array([np.nan, np.inf])) == (0.0, 1.0)
    assert symmetric_range(np.zeros(3)) == (-1.0, 1.0)


def test_what_counts_as_a_picture() -> None:
    assert is_picture((28, 28, 1)) and is_picture((32, 32, 3)) and is_picture((28, 28))
    assert not is_picture((30,)) and not is_picture((28, 28, 7)) and not is_picture((1, 9, 1))
