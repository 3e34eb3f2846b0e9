"""What lies in an HDF5 file, in words: types, values, text that may be no text."""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np

# Beyond this a value is shortened where it stands in a line.
LINE = 160


def legible(words: str | bytes) -> str:
    """Return a text without what cannot be shown: bytes that are no text, control characters."""
    raw = words.encode("utf-8", "surrogateescape") if isinstance(words, str) else words
    clean = raw.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "�" for sign in clean)


def shortened(words: str, most: int = LINE) -> str:
    """Return a text in one line of limited length."""
    line = " ".join(words[: 4 * most].split())
    return line if len(line) <= most and len(words) <= 4 * most else line[: most - 1] + "…"


def type_words(dtype: np.dtype[Any]) -> str:
    """Say what a type is: "float32", "text", "float32 × 3", "{x: float32, y: int64}"."""
    if string := h5py.check_string_dtype(dtype):
        return "text" if string.length is None else f"text[{string.length}]"
    if (inner := h5py.check_vlen_dtype(dtype)) is not None:
        return f"list of {type_words(np.dtype(inner))}"
    if h5py.check_ref_dtype(dtype) is not None:
        return "reference"
    if options := h5py.check_enum_dtype(dtype):
        return "bool" if dtype == np.bool_ else f"one of {', '.join(map(legible, options))}"
    if dtype.subdtype is not None:
        inner, shape = dtype.subdtype
        return f"{type_words(inner)} × {'×'.join(map(str, shape))}"
    if dtype.names:
        parts = (f"{legible(name)}: {type_words(dtype[name])}" for name in dtype.names[:8])
        return f"{{{', '.join(parts)}{', …' if len(dtype.names) > 8 else ''}}}"
    return "bytes" if dtype.kind == "V" else str(dtype.name)


def shape_words(shape: tuple[int, ...] | None) -> str:
    """Say a shape: "3×3×32", "scalar" for one number, "empty" for none."""
    if shape is None:
        return "empty"
    return "×".join(map(str, shape)) if shape else "scalar"


def value_words(value: Any) -> str:
    """Say one value of a data set or an attribute."""
    if isinstance(value, (bytes, str)):
        return legible(value)
    if isinstance(value, np.ndarray):
        return f"[{', '.join(value_words(item) for item in value.reshape(-1)[:1000])}]"
    if isinstance(value, np.void) and value.dtype.names:
        return f"({', '.join(value_words(value[name]) for name in value.dtype.names)})"
    if isinstance(value, (h5py.Reference, h5py.RegionReference)):
        return "reference"
    if isinstance(value, (np.floating, float)):
        return f"{float(value):.6g}"
    if isinstance(value, h5py.Empty):
        return ""
    return legible(str(value))
