"""Weights of a SavedModel, which TensorFlow keeps as a checkpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from engine.errors import FileProblem, text
from engine.formats.keras_files.guard import refused
from engine.formats.keras_files.saved_model import VARIABLES, saved_model_folder
from engine.formats.keras_files.stored import StoredLayer, StoredWeight, stored_layers
from engine.paths import reason

VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
OWN = re.compile(r"variables/(\d+)" + re.escape(VALUE))
LAYER = re.compile(r"layer_with_weights-(\d+)")
# A checkpoint knows the attributes of a layer, not their order; layers make them in this one.
ORDER = (
    "forward_layer", "backward_layer", "query_dense", "key_dense", "value_dense", "output_dense",
    "depthwise_kernel", "pointwise_kernel", "kernel", "recurrent_kernel", "embeddings", "alpha",
    "gamma", "beta", "bias", "moving_mean", "moving_variance", "mean", "variance", "count",
)  # fmt: skip
# What its reader raises for damage: its own errors, and those of Python that mean the same.
TROUBLE = (
    tf.errors.OpError, ValueError, RuntimeError, IndexError, KeyError, TypeError, OverflowError,
    MemoryError,
)  # fmt: skip


def layers_in(path: Path) -> AbstractContextManager[list[StoredLayer]]:
    """Open the weights of a file, or of the folder of a SavedModel of Keras 2.

    Raises:
        FileProblem: It is damaged or dangerous, or holds no weights of a Keras model.
    """
    folder = saved_model_folder(path)
    return stored_layers(path) if folder is None else checkpoint_layers(folder)


@contextmanager
def checkpoint_layers(folder: Path) -> Iterator[list[StoredLayer]]:
    """Open the weights of a SavedModel of Keras 2, layer by layer in the model's order.

    Raises:
        FileProblem: It is damaged or holds no weights of a Keras model.
    """
    reader, shapes = _opened(folder)
    groups: dict[tuple[int, ...], list[str]] = {}
    for name in shapes:
        numbers = tuple(int(number) for number in LAYER.findall(name))
        if numbers and "optimizer" not in name and name.endswith(VALUE):
            groups.setdefault(numbers, []).append(name)
    if not groups:
        raise FileProblem("“{path}” holds no weights of a Keras model.", path=folder.name)
    yield [
        StoredLayer(
            ("/".join(f"layer_with_weights-{number}" for number in numbers),),
            [_weight(folder, reader, name, shapes) for name in sorted(names, key=_place)],
        )
        for numbers, names in sorted(groups.items())
    ]


def own_variables(folder: Path) -> list[StoredWeight]:
    """Return all variables of a SavedModel that Keras 3 has exported, in the model's order.

    Raises:
        FileProblem: It is damaged or of another kind.
    """
    reader, shapes = _opened(folder)
    found = {int(match[1]): name for name in shapes if (match := OWN.fullmatch(name))}
    if sorted(found) != list(range(len(found))):
        raise FileProblem("“{path}” holds no weights of a Keras model.", path=folder.name)
    return [_weight(folder, reader, found[number], shapes) for number in range(len(found))]


def _opened(folder: Path) -> tuple[Any, dict[str, tuple[int, ...]]]:
    _refuse_others(folder)
    try:
        # Given by its prefix: TensorFlow's other ways follow what a folder says of others.
        reader = tf.compat.v1.train.NewCheckpointReader(str(folder / VARIABLES))
        listed = reader.get_variable_to_shape_map()
    except TROUBLE as error:
        raise _damaged(folder, error) from error
    return reader, {str(name): tuple(shape) for name, shape in listed.items()}


def _refuse_others(folder: Path) -> None:
    """Refuse a checkpoint of which a part is not a file in the folder itself.

    Raises:
        FileProblem: It has a link that leaves the folder, a folder or a pipe instead of a file.
    """
    try:
        within = folder.resolve()
        index = (folder / VARIABLES).with_suffix(".index")
        parts = [*(folder / VARIABLES).parent.glob(f"{VARIABLES.name}.*")]
        for part in (index, *parts):
            where = part.relative_to(folder).as_posix()
            if not part.resolve().is_relative_to(within):
                raise refused(folder, where, text("a link to another file"))
            if part.exists() and not part.is_file():
                raise refused(folder, where, text("something else than a file"))
    except (OSError, RuntimeError) as error:  # Of links in a circle Python before 3.13 says that.
        raise _damaged(folder, error) from error


def _damaged(folder: Path, error: Exception) -> FileProblem:
    return FileProblem(
        "“{path}” cannot be opened: {reason}.", path=folder, reason=reason(error).rstrip(".")
    )


def _weight(
    folder: Path, reader: Any, name: str, shapes: dict[str, tuple[int, ...]]
) -> StoredWeight:
    read = partial(_values, folder, reader, name)
    return StoredWeight(name.removesuffix(VALUE), shapes[name], read)


def _values(folder: Path, reader: Any, name: str) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(reader.get_tensor(name))
    except TROUBLE as error:
        raise _damaged(folder, error) from error


def _place(name: str) -> list[tuple[int, str]]:
    """Return what sorts the weights of a layer as the layer has them: those of parts by part."""
    words = [word.lstrip("_") for word in name.removesuffix(VALUE).split("/")]
    return [
        (ORDER.index(word) if word in ORDER else -1, word)
        for word in words
        if not LAYER.match(word)
    ]
