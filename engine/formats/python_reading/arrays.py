"""Data of a script, of which only the shape is followed: the shape of an input is made of it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import text
from engine.formats.python_reading.things import Unknown

Shape = tuple[int, ...]
MOST_AXES = 8
# The arrays that `load_data` gives: samples and targets for training, then those for testing.
_SETS: dict[str, tuple[Shape, Shape, Shape, Shape]] = {
    "mnist": ((60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,)),
    "fashion_mnist": ((60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,)),
    "cifar10": ((50_000, 32, 32, 3), (50_000, 1), (10_000, 32, 32, 3), (10_000, 1)),
    "cifar100": ((50_000, 32, 32, 3), (50_000, 1), (10_000, 32, 32, 3), (10_000, 1)),
    "imdb": ((25_000,), (25_000,), (25_000,), (25_000,)),
    "reuters": ((8_982,), (8_982,), (2_246,), (2_246,)),
    "boston_housing": ((404, 13), (404,), (102, 13), (102,)),
    "california_housing": ((16_512, 8), (16_512,), (4_128, 8), (4_128,)),
}
_LOADING = re.compile(r"(?:.*\.)?datasets\.(\w+)\.load_data")
# Methods and functions that leave the shape as it is.
_KEEPING = ("astype", "copy", "clip", "round")
_COPYING = (
    "numpy.array",
    "numpy.asarray",
    "numpy.float32",
    "numpy.copy",
    "numpy.ascontiguousarray",
)


@dataclass(frozen=True)
class Array(Unknown):
    """An array of data: its values are unknown.

    Attributes:
        shape: Its shape, samples first.
    """

    shape: Shape = ()


def array(shape: Sequence[int]) -> Array:
    """Return data of a shape."""
    return Array(text("Data is known only when the script runs."), tuple(shape))


def loaded(path: str) -> Any:
    """Return what `keras.datasets.mnist.load_data()` gives, or None for other functions."""
    found = _LOADING.fullmatch(path)
    shapes = _SETS.get(found.group(1)) if found else None
    if shapes is None:
        return None
    x_train, y_train, x_test, y_test = map(array, shapes)
    return (x_train, y_train), (x_test, y_test)


def attribute(data: Array, name: str) -> Any:
    """Return an attribute of data; unknown where that is not known here."""
    known: dict[str, Any] = {
        "shape": data.shape,
        "ndim": len(data.shape),
        "size": math.prod(data.shape),
    }
    return known.get(name, Unknown(data.reason))


def method(data: Array, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return what a method of data gives; unknown where that is not known here."""
    if name in _KEEPING:
        return data
    if name == "reshape" and not kwargs:
        wanted = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
        return _reshaped(data, wanted)
    return Unknown(data.reason)


def function(path: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return what a function of data gives, or None where it is not followed."""
    data, *rest = args if args else (None,)
    if not isinstance(data, Array):
        return None
    last = path.rpartition(".")[2]
    value = rest[0] if rest else next(iter(kwargs.values()), None)
    if path == "builtins.len" and data.shape:
        return data.shape[0]
    if path in _COPYING:
        return data
    if path == "numpy.reshape" and isinstance(value, (list, tuple)):
        return _reshaped(data, value)
    if last == "expand_dims" and type(value) is int and abs(value) <= len(data.shape):
        place = value if value >= 0 else len(data.shape) + 1 + value
        return array((*data.shape[:place], 1, *data.shape[place:]))
    if last == "to_categorical" and type(value) is int:
        return array((*data.shape[:1], value))
    if last == "pad_sequences" and type(value) is int:
        return array((*data.shape[:1], value))
    return None


def part(data: Array, keys: Sequence[Any]) -> Any:
    """Return a part of data.

    Args:
        data: The data.
        keys: What stands between the brackets: numbers, ranges, None for a new axis, Ellipsis.
    """
    taken = sum(key is not None and key is not Ellipsis for key in keys)
    if taken > len(data.shape) or sum(key is Ellipsis for key in keys) > 1:
        return Unknown(data.reason)
    rest = len(data.shape) - taken
    left = list(data.shape)
    shape: list[int] = []
    for key in keys if Ellipsis in keys else (*keys, Ellipsis):
        if key is None:
            shape.append(1)
        elif key is Ellipsis:
            shape += left[:rest]
            left = left[rest:]
        elif isinstance(key, slice):
            shape.append(len(range(*key.indices(left.pop(0)))))
        elif type(key) is int:
            left.pop(0)
        else:
            return Unknown(data.reason)
    return array(shape) if len(shape) <= MOST_AXES else Unknown(data.reason)


def _reshaped(data: Array, wanted: Sequence[Any]) -> Any:
    if not 1 <= len(wanted) <= MOST_AXES or not all(type(size) is int for size in wanted):
        return Unknown(data.reason)
    sizes = list(wanted)
    whole, given = math.prod(data.shape), math.prod(size for size in sizes if size != -1)
    if sizes.count(-1) == 1 and given > 0 and whole % given == 0:
        sizes[sizes.index(-1)] = whole // given
    fits = all(size > 0 for size in sizes) and math.prod(sizes) == whole
    return array(sizes) if fits else Unknown(data.reason)
