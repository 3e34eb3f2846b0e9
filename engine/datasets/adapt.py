"""Fits loaded data to the inputs and outputs of a network, or says why it cannot be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.datasets.spec import Dataset, Floats, Targets
from engine.errors import DataProblem

Shape = tuple[int | None, ...]
# How many channels pictures have: gray, with transparency, colors, both.
CHANNELS = (1, 2, 3, 4)


def fit_inputs(x: Floats, input_shapes: Sequence[Shape], names: Sequence[str] = ()) -> list[Floats]:
    """Give samples the shape that each input of a network wants; every input gets them all.

    Args:
        x: Samples, shape (n, *sample).
        input_shapes: Shape of each input without the batch axis; None for any length.
        names: Names of the inputs, for sentences.

    Raises:
        DataProblem: The number of values of a sample does not suit an input.
    """
    return [
        _fit_input(x, tuple(shape), names[number] if number < len(names) else "input")
        for number, shape in enumerate(input_shapes)
    ]


def _fit_input(x: Floats, shape: Shape, name: str) -> Floats:
    sample = x.shape[1:]
    if len(sample) == len(shape) and all(
        want in (None, have) for want, have in zip(shape, sample, strict=True)
    ):
        return x
    if shape == (None,):
        return x.reshape(len(x), -1)
    turned = _turned(x, shape)
    if turned is not None:
        return turned
    if None not in shape and math.prod(size or 0 for size in shape) == math.prod(sample):
        return x.reshape(len(x), *(size or 0 for size in shape))
    # Beyond that, axes of any length may only gain or lose neighbours of size 1.
    long = [size for size in sample if size != 1]
    wanted = [size for size in shape if size != 1]
    if len(long) == len(wanted) and all(
        want in (None, have) for want, have in zip(wanted, long, strict=True)
    ):
        rest = iter(long)
        return x.reshape(len(x), *(1 if size == 1 else next(rest) for size in shape))
    raise DataProblem(
        "“{input}” takes samples of {wanted}, but this data has samples of {given}: set the "
        "Input's shape to {fix}.",
        input=name,
        wanted=_times(shape),
        given=_times(sample),
        fix=", ".join(map(str, sample)),
    )


def _turned(x: Floats, shape: Shape) -> Floats | None:
    """Return pictures with their channels where the input wants them, or None for no pictures.

    Laying their values out anew would mix up rows, columns and channels.
    """
    sample = x.shape[1:]
    if len(shape) != 3 or len(sample) != 3:
        return None
    for start, end in ((-1, 1), (1, -1)):
        moved = np.moveaxis(x, start, end)
        fits = all(want in (None, have) for want, have in zip(shape, moved.shape[1:], strict=True))
        if fits and x.shape[start] in CHANNELS:
            return moved
    return None


def fit_targets(
    dataset: Dataset,
    y: Targets,
    target: str,
    outputs: Sequence[tuple[str, Shape]],
) -> list[Targets]:
    """Give targets the form that the loss wants, once for each output of the network.

    Args:
        dataset: The data, of which task and classes are read.
        y: Its targets (of the training, validation or test samples).
        target: What the loss compares with: "labels", "one_hot", "binary" or "values".
        outputs: Name of each output, for sentences, and its shape without the batch axis.

    Returns:
        For each output: int64 (n,) for "labels"; float32 (n, classes) for "one_hot"; float32
        (n, 1), or one-hot where there are more units, for "binary"; float32 (n, k) for "values".

    Raises:
        DataProblem: The targets do not suit the loss or an output.
    """
    if dataset.task == "values" and target != "values":
        raise DataProblem(
            "“{data}” has numbers as targets, but the loss wants classes: choose a loss such as "
            "Mean squared error.",
            data=dataset.title,
        )
    fitted = []
    for name, shape in outputs:
        if len(shape) != 1 or shape[0] is None:
            raise DataProblem(
                "Output “{output}” gives {shape} for each sample; the loss wants one row: end "
                "with a Dense layer behind Flatten or a global pooling layer.",
                output=name,
                shape=_times(shape) or "one value",
            )
        if dataset.task == "values":
            fitted.append(_values(y, shape[0], name))
        else:
            fitted.append(_classes(dataset, y, target, shape[0], name))
    return fitted


def _values(y: Targets, units: int, name: str) -> Targets:
    rows = y.reshape(len(y), -1).astype(np.float32, copy=False)
    if rows.shape[1] != units:
        raise DataProblem(
            "Each sample has {wanted} target values, but output “{output}” has {units} units: "
            "set its units to {wanted}.",
            wanted=rows.shape[1],
            output=name,
            units=units,
        )
    return rows


def _classes(dataset: Dataset, y: Targets, target: str, units: int, name: str) -> Targets:
    classes = dataset.classes
    if target == "labels" and units >= classes:
        return y
    if target != "labels" and units == classes:
        return np.eye(classes, dtype=np.float32)[y]
    if units == 1 and (target == "values" or (target == "binary" and classes <= 2)):
        return y.reshape(-1, 1).astype(np.float32)
    if units == 1 and target == "binary":
        raise DataProblem(
            "One unit tells two classes apart, but the data has {classes}: set the units of "
            "“{output}” to {classes} with softmax, and choose Sparse categorical crossentropy.",
            classes=classes,
            output=name,
        )
    raise DataProblem(
        "The data has {classes} classes (labels 0–{last}) but output “{output}” has {units} "
        "units: set its units to {classes}.",
        classes=classes,
        last=classes - 1,
        output=name,
        units=units,
    )


def _times(shape: Sequence[int | None]) -> str:
    return "×".join("?" if size is None else str(size) for size in shape)
