"""Data of a script, of which only the shape is followed: the shape of an input is made of it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import text
from engine.formats.python_reading.data_sets import DATA_SETS, Shape
from engine.formats.python_reading.plain import is_number
from engine.formats.python_reading.things import Unknown

MOST_AXES = 8
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
# Methods, and functions of NumPy, that make one number of many.
_REDUCING = ("mean", "std", "var", "min", "max", "sum", "prod", "amin", "amax", "median")
_OF_NUMPY = tuple(f"numpy.{name}" for name in _REDUCING)
# What functions of data take: names of the data in different libraries, then of what matters here.
_TAKES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "reshape": (("a",), ("newshape", "shape")),
    "expand_dims": (("a", "x", "input"), ("axis",)),
    "to_categorical": (("x", "y"), ("num_classes", "nb_classes")),
    "pad_sequences": (("sequences",), ("maxlen",)),
}


@dataclass(frozen=True)
class Array(Unknown):
    """An array of data: its values are unknown.

    Attributes:
        shape: Its shape, samples first.
    """

    shape: Shape = ()


def array(shape: Sequence[int]) -> Unknown:
    """Return data of a shape; of one with too many axes, that it is unknown."""
    reason = text("Data is known only when the script runs.")
    return Array(reason, tuple(shape)) if len(shape) <= MOST_AXES else Unknown(reason)


def loaded(path: str) -> Any:
    """Return what `keras.datasets.mnist.load_data()` gives, or None for other functions."""
    found = _LOADING.fullmatch(path)
    known = DATA_SETS.get(found.group(1)) if found else None
    if known is None:
        return None
    halves = (known.train, known.test)
    return tuple((array(samples), array(known.targets(samples))) for samples in halves)


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
    others = (*args, *kwargs.values())
    if name in _KEEPING and not any(isinstance(value, Unknown) for value in others):
        return data
    if name == "reshape" and not kwargs:
        wanted = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
        return _reshaped(data, wanted)
    if name in _REDUCING and len(args) < 2:
        return _reduced(data, _argument(args, kwargs, 0, ("axis",)), kwargs.get("keepdims", False))
    return Unknown(data.reason)


def function(path: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return what a function of data gives, or None where it is not followed."""
    last = path.rpartition(".")[2]
    data_names, names = _TAKES.get(last, (("a",), ()))
    data = _argument(args, kwargs, 0, data_names)
    if not isinstance(data, Array):
        return None
    if path == "builtins.len" and data.shape:
        return data.shape[0]
    if path in _COPYING and "ndmin" not in kwargs:
        return data
    if path in _OF_NUMPY and len(args) < 3:
        return method(data, last, args[1:], kwargs)
    value = _argument(args, kwargs, 1, names)
    if path == "numpy.reshape" and isinstance(value, (list, tuple)) and "order" not in kwargs:
        return _reshaped(data, value)
    if type(value) is not int:
        return None
    if last == "expand_dims" and -len(data.shape) - 1 <= value <= len(data.shape):
        place = value if value >= 0 else len(data.shape) + 1 + value
        return array((*data.shape[:place], 1, *data.shape[place:]))
    if last == "to_categorical":
        # A column counts as what stands in it.
        column = len(data.shape) > 1 and data.shape[-1] == 1
        return array((*(data.shape[:-1] if column else data.shape), value))
    if last == "pad_sequences" and data.shape:
        return array((data.shape[0], value, *data.shape[2:]))
    return None


def _argument(
    args: Sequence[Any], kwargs: Mapping[str, Any], place: int, names: Sequence[str]
) -> Any:
    """Return an argument that is given by its place or by one of its names, or None."""
    if len(args) > place:
        return args[place]
    return next((kwargs[name] for name in names if name in kwargs), None)


def by_place(left: Any, right: Any) -> Unknown:
    """Return what arithmetic or a comparison of data gives, place by place.

    Args:
        left: Data, a number, or something unknown.
        right: The same.
    """
    values = (left, right)
    if not all(isinstance(value, Array) or is_number(value) for value in values):
        return _not_known(values)
    shapes = [value.shape if isinstance(value, Array) else () for value in values]
    most = max(map(len, shapes))
    aligned = [(1,) * (most - len(shape)) + shape for shape in shapes]
    sizes = [set(pair) - {1} for pair in zip(*aligned, strict=True)]
    if any(len(size) > 1 for size in sizes):
        return _not_known(values)
    return array([size.pop() if size else 1 for size in sizes])


def _not_known(values: Sequence[Any]) -> Unknown:
    """Return something unknown for the reason that the first of some values is."""
    found = next((value for value in values if isinstance(value, Unknown)), None)
    return Unknown(found.reason if found is not None else None)


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
        elif isinstance(key, slice) and key.step != 0:
            shape.append(len(range(*key.indices(left.pop(0)))))
        elif type(key) is int:
            left.pop(0)
        else:
            return Unknown(data.reason)
    return array(shape)


def _reshaped(data: Array, wanted: Sequence[Any]) -> Any:
    if not 1 <= len(wanted) <= MOST_AXES or not all(type(size) is int for size in wanted):
        return Unknown(data.reason)
    sizes = list(wanted)
    whole, given = math.prod(data.shape), math.prod(size for size in sizes if size != -1)
    if sizes.count(-1) == 1 and given > 0 and whole % given == 0:
        sizes[sizes.index(-1)] = whole // given
    fits = all(size > 0 for size in sizes) and math.prod(sizes) == whole
    return array(sizes) if fits else Unknown(data.reason)


def _reduced(data: Array, axis: Any, keepdims: Any) -> Any:
    """Return what is left of data when all places along some axes become one."""
    count = len(data.shape)
    axes = tuple(range(count)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not all(type(place) is int and -count <= place < count for place in axes):
        return Unknown(data.reason)
    if not isinstance(keepdims, bool):
        return Unknown(data.reason)
    gone = {place % count for place in axes}
    kept = [1 if place in gone else size for place, size in enumerate(data.shape)]
    return array(kept if keepdims else [kept[n] for n in range(count) if n not in gone])
