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


def steps(flow: Flow) -> tuple[int, int]:
    """Return how far the next card lies along the flow, and how far beside it, in pixels."""
    if flow == "right":
        return CARD_WIDTH + GAP_ALONG, CARD_HEIGHT + GAP_X
    return CARD_HEIGHT + GAP_Y, CARD_WIDTH + GAP_X
