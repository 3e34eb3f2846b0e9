"""Colors can be told from their ground: WCAG 2.2, 1.4.3 and 1.4.11."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.graph.elements import MARK_COLORS
from engine.layers import CATEGORIES
from gui.theme import PAPER, Theme

TEXT, SHAPE, STRICT = 4.5, 3.0, 7.0
LOOKS = ["light", "dark", "contrast", PAPER]


def luminance(color: QColor) -> float:
    """Return the relative luminance of WCAG."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of WCAG, from 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", LOOKS)
def test_categories_and_marks_stand_out(qtbot: QtBot, look: str) -> None:
    theme = Theme(look)
    for name in (*CATEGORIES, "block"):
        for ground in (theme.colors.surface, theme.colors.canvas):
            assert contrast(theme.category(name), ground) >= SHAPE, name
    for name in MARK_COLORS:
        assert contrast(theme.mark(name), theme.colors.canvas) >= SHAPE, name


@pytest.mark.parametrize("look", LOOKS)
def test_text_can_be_read(qtbot: QtBot, look: str) -> None:
    colors = Theme(look).colors
    least = STRICT if look == "contrast" else TEXT
    for text in (colors.text, colors.text_secondary, colors.error, colors.accent):
        for ground in (colors.surface, colors.surface_raised, colors.canvas):
            assert contrast(text, ground) >= (least if text != colors.accent else SHAPE)
    assert contrast(colors.accent_text, colors.accent) >= TEXT
