"""Sizes on the canvas, in pixels at 100 %, shared by layout and drawing."""

from __future__ import annotations

from typing import Literal

# Which way data flows on the canvas.
Flow = Literal["down", "right"]
FLOWS: tuple[Flow, ...] = ("down", "right")

CARD_WIDTH = 192
CARD_HEIGHT = 56
GAP_X = 32
GAP_Y = 48
# Between columns, where shapes stand on the wires.
GAP_ALONG = 96
GRID = 8


def step(flow: Flow) -> int:
    """Return how far the next card lies along the flow, in pixels at 100 %."""
    return CARD_WIDTH + GAP_ALONG if flow == "right" else CARD_HEIGHT + GAP_Y


def snap(value: float) -> float:
    """Return the nearest value on the grid."""
    return float(round(value / GRID) * GRID)
