"""Weights that nobody has drawn yet, and weights that take an array's memory as it is.

A model whose weights come from a file needs no first weights: to draw 138 million random numbers
takes as long as reading them.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

# TensorFlow computes on memory that begins at multiples of this.
ALIGNMENT = 64
# Types of which arrays and tensors can share memory.
SHARED = ("float32", "float64", "int32", "int64")
_here = threading.local()
_add_weight = keras.layers.Layer.add_weight


def memory(shape: tuple[int, ...], dtype: str, *, zero: bool = False) -> npt.NDArray[Any]:
    """Return an array that TensorFlow can take without a copy.

    Args:
        shape: Its shape.
        dtype: Its type.
        zero: Whether it holds zeros; the system gives these page by page when they are touched.
    """
    count = math.prod(shape) * np.dtype(dtype).itemsize
    raw = (np.zeros if zero else np.empty)(count + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + count].view(dtype).reshape(shape)


def tensor_of(values: npt.NDArray[Any]) -> Any:
    """Return an array of `memory` as a tensor that shares it; nobody may write to it any more."""
    return tf.experimental.dlpack.from_dlpack(values.__dlpack__())


@contextmanager
def blank_weights() -> Iterator[None]:
    """Let layers that this thread builds begin with zeros instead of their initial weights."""
    keras.layers.Layer.add_weight = _blank_here
    _here.blank = True
    try:
        yield
    finally:
        _here.blank = False


def _blank_here(
    layer: Any, *args: Any, shape: Any = None, initializer: Any = None, **given: Any
) -> Any:
    """Stand in for `Layer.add_weight`; other threads get what they ask for."""
    if getattr(_here, "blank", False) and shape is not None:
        initializer = _zeros
    return _add_weight(layer, *args, shape=shape, initializer=initializer, **given)


def _zeros(shape: Any, dtype: Any = None) -> Any:
    name = keras.backend.standardize_dtype(dtype)
    if name in SHARED:
        return tensor_of(memory(tuple(shape), name, zero=True))
    return keras.ops.zeros(shape, dtype=name)
