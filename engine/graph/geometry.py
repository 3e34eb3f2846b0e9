"""Sizes on the canvas, in pixels at 100 %, shared by layout and drawing."""

from __future__ import annotations

CARD_WIDTH = 192
CARD_HEIGHT = 56
GAP_X = 32
GAP_Y = 48
GRID = 8
