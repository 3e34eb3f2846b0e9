"""NumPy arrays become images: gray and color pictures, and numbers through a color scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

Numbers = npt.NDArray[Any]
# 256 colors as 0xffRRGGBB.
Scale = npt.NDArray[np.uint32]

# Viridis, sampled: perceptually even and readable for the color-blind.
_VIRIDIS = (
    0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E,
    0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725,
)  # fmt: skip


def sequential_scale() -> Scale:
    """Return the scale for values from low to high."""
    return _between([((c >> 16) & 255, (c >> 8) & 255, c & 255) for c in _VIRIDIS])


def gray_scale() -> Scale:
    """Return black to white."""
    return _between([(0, 0, 0), (255, 255, 255)])


def diverging_scale(negative: QColor, middle: QColor, positive: QColor) -> Scale:
    """Return a scale whose middle is zero."""
    return _between([(c.red(), c.green(), c.blue()) for c in (negative, middle, positive)])


def _between(stops: list[tuple[int, int, int]]) -> Scale:
    at = np.linspace(0.0, 1.0, len(stops))
    steps = np.linspace(0.0, 1.0, 256)
    red, green, blue = (
        np.rint(np.interp(steps, at, [stop[axis] for stop in stops])).astype(np.uint32)
        for axis in range(3)
    )
    shift = np.uint32(8)
    scale: Scale = np.uint32(0xFF000000) | (red << shift << shift) | (green << shift) | blue
    return scale


def value_range(values: Numbers) -> tuple[float, float]:
    """Return the least and the greatest finite value; (0, 1) where there is none."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    return float(finite.min()), float(finite.max())


def symmetric_range(values: Numbers) -> tuple[float, float]:
    """Return a range around 0 that holds all values."""
    low, high = value_range(values)
    most = max(abs(low), abs(high)) or 1.0
    return -most, most


def scaled_image(values: Numbers, scale: Scale, low: float, high: float) -> QImage:
    """Color numbers by a scale.

    Args:
        values: Shape (height, width); what is not finite becomes the lowest color.
        scale: The colors from `low` to `high`.
        low: Value of the first color.
        high: Value of the last color.
    """
    span = (high - low) or 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        places = np.nan_to_num((values.astype(np.float64) - low) * (255.0 / span), nan=0.0)
    colored = np.ascontiguousarray(scale[np.clip(np.rint(places), 0, 255).astype(np.uint8)])
    height, width = colored.shape
    image = QImage(colored.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    # The image borrows the array's memory; the copy owns its own.
    return image.copy()


def rgb_image(values: Numbers, low: float, high: float) -> QImage:
    """Turn (height, width, 3) numbers into a color picture."""
    span = (high - low) or 1.0
    levels = np.clip(np.nan_to_num((values - low) * (255.0 / span)), 0, 255).astype(np.uint32)
    colored = np.ascontiguousarray(
        np.uint32(0xFF000000)
        | (levels[..., 0] << np.uint32(16))
        | (levels[..., 1] << np.uint32(8))
        | levels[..., 2]
    )
    height, width = colored.shape
    image = QImage(colored.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    return image.copy()


def stacked(values: Numbers) -> Numbers:
    """Put a stack (n, height, width, ...) into one tall array (n * height, width, ...)."""
    return values.reshape(values.shape[0] * values.shape[1], *values.shape[2:])


def picture_atlas(samples: Numbers) -> QImage:
    """Turn samples (n, height, width[, 1 or 3]) into one tall image, each as it was meant.

    Pictures of floats from 0 to 1 and of bytes keep their brightness; others are stretched.
    """
    low, high = value_range(samples)
    if low >= 0.0 and high <= 1.0:
        low, high = 0.0, 1.0
    elif low >= 0.0 and high <= 255.0:
        low, high = 0.0, 255.0
    if samples.ndim == 4 and samples.shape[-1] == 3:
        return rgb_image(stacked(samples), low, high)
    flat = samples[..., 0] if samples.ndim == 4 else samples
    return scaled_image(stacked(flat), gray_scale(), low, high)


def is_picture(shape: tuple[int, ...]) -> bool:
    """Return whether one sample of this shape can be shown as a picture."""
    if len(shape) == 3:
        return shape[-1] in (1, 3) and min(shape[:2]) > 1
    return len(shape) == 2 and min(shape) >= 6
