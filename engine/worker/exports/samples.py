"""Samples by which a file that was written is compared with the model."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from engine.datasets import Dataset
from engine.errors import DataProblem
from engine.worker.data import fitted_test_inputs

Arrays = list[npt.NDArray[Any]]

COMPARED = 8
# More samples tell the ranges of values no better.
CALIBRATING = 128
# What stands for an axis of any length.
ANY_LENGTH = 16


def samples_for(model: keras.Model, data: Dataset | None, count: int) -> tuple[Arrays, bool]:
    """Return samples for each input, and whether they are of the data.

    Args:
        model: The model that takes them.
        data: The document's data, if it could be loaded.
        count: How many at most.
    """
    if data is not None:
        try:
            arrays, _ = fitted_test_inputs(data, model)
        except DataProblem:
            pass
        else:
            if arrays and len(arrays[0]):
                return [
                    np.asarray(values[:count]).astype(tensor.dtype)
                    for values, tensor in zip(arrays, model.inputs, strict=True)
                ], True
    return [_random(tensor, min(count, COMPARED)) for tensor in model.inputs], False


def _random(tensor: Any, count: int) -> npt.NDArray[Any]:
    shape = (count, *(size or ANY_LENGTH for size in tensor.shape[1:]))
    generator = np.random.default_rng(0)
    if tensor.dtype == "string":
        return np.full(shape, "a")
    if tensor.dtype.startswith(("int", "uint", "bool")):
        # Small numbers are places in every vocabulary.
        return generator.integers(0, 2, shape).astype(tensor.dtype)
    return generator.random(shape).astype(tensor.dtype)


def outputs_of(model: keras.Model, samples: Arrays) -> Arrays:
    """Return the predictions of a model, one array for each output."""
    given: list[Any] = [
        keras.ops.convert_to_tensor(values) if values.dtype.kind != "U" else _strings(values)
        for values in samples
    ]
    found = model(given if len(given) > 1 else given[0], training=False)
    return [plain(keras.ops.convert_to_numpy(value)) for value in keras.tree.flatten(found)]


def plain(values: Any) -> npt.NDArray[Any]:
    """Return predictions as an array; texts, which come as objects or bytes, as texts."""
    array = np.asarray(values)
    if array.dtype.kind not in "OS":
        return array
    words = [
        item.decode("utf-8", "backslashreplace") if isinstance(item, bytes) else str(item)
        for item in array.ravel()
    ]
    return np.array(words, dtype=str).reshape(array.shape)


def _strings(values: npt.NDArray[Any]) -> Any:
    import tensorflow as tf

    return tf.constant(values)


def largest_difference(ours: Arrays, theirs: Arrays) -> float:
    """Return how far two sets of predictions are apart at most.

    Returns:
        Infinity where shapes or texts differ; NaN where one of both has a number and the other has
        none. Equal values are 0 apart, also infinite ones and those that are no numbers.
    """
    if [one.shape for one in ours] != [other.shape for other in theirs]:
        return float("inf")
    texts = [(one, other) for one, other in zip(ours, theirs, strict=True) if one.dtype.kind == "U"]
    if not all(np.array_equal(one, other) for one, other in texts):
        return float("inf")
    ours, theirs = ([one for one in side if one.dtype.kind != "U"] for side in (ours, theirs))
    pairs = zip(ours, theirs, strict=True)
    gaps = [np.ravel(_gaps(one.astype("float64"), other.astype("float64"))) for one, other in pairs]
    # Unlike Python's, NumPy's maximum is NaN wherever one is.
    return float(np.max(np.concatenate(gaps), initial=0.0)) if gaps else 0.0


def _gaps(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    with np.errstate(invalid="ignore"):  # Infinite on both sides.
        return np.where(same, 0.0, np.abs(one - other))
