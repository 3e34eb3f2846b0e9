"""The weights in a Keras file, layer by layer, read only when asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from engine.errors import FileProblem, Text
from engine.formats.keras_files.guard import guarded_h5, guarded_zip
from engine.formats.keras_files.opened import attribute_names
from engine.formats.keras_files.writers import MODERN, Writer, writer_of

Values = npt.NDArray[Any]


@dataclass(frozen=True)
class StoredWeight:
    """One array of a file.

    Attributes:
        name: Its name in the file, such as "conv2d_1/kernel:0".
        shape: Its shape as stored.
        read: Returns the values.
    """

    name: str
    shape: tuple[int, ...]
    read: Callable[[], Values]


@dataclass(frozen=True)
class StoredLayer:
    """The weights of a layer in a file.

    Attributes:
        path: Names of the models around the layer and of the layer itself.
        weights: In the order in which the layer has them.
        writer: Which Keras wrote them, where their layout tells of it.
        note: How they differ from what the file holds, or None.
        names: The path as people have named it, where the file's own path is made of the names
            of classes; empty where the file does not tell.
    """

    path: tuple[str, ...]
    weights: list[StoredWeight]
    writer: Writer = MODERN
    note: Text | None = None
    names: tuple[str, ...] = ()


@contextmanager
def stored_layers(path: Path) -> Iterator[list[StoredLayer]]:
    """Open the weights of an .h5, .weights.h5 or .keras file.

    Raises:
        FileProblem: The file is damaged or dangerous, or holds no weights.
    """
    if path.suffix.lower() == ".keras":
        with guarded_zip(path) as archive, tempfile.TemporaryDirectory() as folder:
            if "model.weights.h5" not in archive.namelist():
                raise _without_weights(path)
            inner = Path(archive.extract("model.weights.h5", folder))
            with guarded_h5(inner) as file:
                yield _layers(file, path)
    else:
        with guarded_h5(path) as file:
            yield _layers(file, path)


def _layers(file: h5py.File, path: Path) -> list[StoredLayer]:
    group = file.get("model_weights", file)
    if names := attribute_names(group, "layer_names"):
        found = [_old_layer(group[name], name) for name in names if name in group]
    elif "nb_layers" in group.attrs:
        found = [
            _theano_layer(group[f"layer_{number}"], f"layer_{number}")
            for number in range(int(group.attrs["nb_layers"]))
            if f"layer_{number}" in group
        ]
    elif "layers" in group or "_layer_checkpoint_dependencies" in group:
        found = list(_new_layers(group))
    else:
        raise _without_weights(path)
    writer = writer_of(file, group)
    return [replace(layer, writer=writer) for layer in found if layer.weights]


def _without_weights(path: Path) -> FileProblem:
    return FileProblem("“{path}” holds no weights of a Keras model.", path=path.name)


def _old_layer(group: h5py.Group, name: str) -> StoredLayer:
    """Read a layer as Keras 1.1 to 3 write it into whole models and .h5 weights."""
    names = attribute_names(group, "weight_names")
    return StoredLayer((name,), [_weight(group[name], name) for name in names if name in group])


def _theano_layer(group: h5py.Group, name: str) -> StoredLayer:
    """Read a layer of the first Keras: `layer_3/param_0`."""
    count = int(group.attrs.get("nb_params", len(group)))
    weights = [
        _weight(group[f"param_{number}"], f"{name}/param_{number}")
        for number in range(count)
        if f"param_{number}" in group
    ]
    return StoredLayer((name,), weights)


def _new_layers(
    group: h5py.Group, around: tuple[str, ...] = (), names: tuple[str, ...] = ()
) -> Iterator[StoredLayer]:
    """Read the layers of Keras 3's own format: `layers/dense_1/vars/0`, by their paths there."""
    held = group.get("layers")
    if not isinstance(held, h5py.Group):
        return
    for name in held:
        layer = held[name]
        if not isinstance(layer, h5py.Group):
            continue
        if isinstance(layer.get("layers"), h5py.Group):
            yield from _new_layers(layer, (*around, name), (*names, _given_name(layer)))
        else:
            called = (*names, _given_name(layer))
            weights = list(_variables(layer, name))
            yield StoredLayer((*around, name), weights, names=called if all(called) else ())


def _given_name(group: h5py.Group) -> str:
    """Return the name that a layer had when it was saved, or "" where the file lacks it."""
    own = group.get("vars")
    name = own.attrs.get("name", "") if isinstance(own, h5py.Group) else ""
    return name if isinstance(name, str) else ""


def _variables(group: h5py.Group, where: str) -> Iterator[StoredWeight]:
    """Yield a layer's weights: its own, then those of the parts that it consists of."""
    own = group.get("vars")
    if isinstance(own, h5py.Group):
        for number in sorted(own, key=lambda word: (len(word), word)):
            if isinstance(own[number], h5py.Dataset):
                yield _weight(own[number], f"{where}/{number}")
    # What reads forwards comes first in the layer, though not in the alphabet.
    for name in sorted(group, key=lambda word: (not word.startswith("forward"), word)):
        # The state of random numbers is no weight.
        if name not in ("vars", "seed_generator") and isinstance(group[name], h5py.Group):
            yield from _variables(group[name], f"{where}/{name}")


def _weight(data: Any, name: str) -> StoredWeight:
    shape = tuple(int(axis) for axis in data.shape)
    return StoredWeight(name, shape, lambda: np.asarray(data))
