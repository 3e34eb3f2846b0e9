"""What is read of a model's H5 file, by a process of its own: HDF5 hangs and dies of damage."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import msgspec
import numpy as np

from engine.errors import FileProblem
from engine.formats.apart.serving import Raw
from engine.formats.keras_files.guard import danger, guarded_h5, h5_problem, unlocked_h5
from engine.formats.keras_files.h5_parts import (
    attribute_names,
    attribute_text,
    group_in,
    inside,
    plain_text,
)
from engine.formats.keras_files.writers import Writer, writer_of

Beat = Callable[[], None]
# Where Netloom's drawing is; Keras passes over it.
ATTRIBUTE = "netloom_document"
# Parts of layers and models in models deeper than this are nobody's network.
DEEPEST = 50


class Described(msgspec.Struct, omit_defaults=True):
    """The texts about the model in a file.

    Attributes:
        config: The model's description.
        version: Of Keras.
        training: How the model was compiled.
        drawing: Netloom's drawing.
        weighted: Whether weights come with the model.
        alone: Whether there are weights that belong to no model in the file.
    """

    config: str = ""
    version: str = ""
    training: str = ""
    drawing: str = ""
    weighted: bool = False
    alone: bool = False


class Held(msgspec.Struct):
    """One array of a layer.

    Attributes:
        name: Its name as Keras has it.
        where: Its path in the file.
        shape: Its shape.
        size: Its bytes.
        dtype: As what its numbers lie in the file, one after the other; "" where they lie
            otherwise, so that only HDF5 can read them.
        offset: Where they begin there.
    """

    name: str
    where: str
    shape: tuple[int, ...]
    size: int
    dtype: str = ""
    offset: int = 0


class HeldLayer(msgspec.Struct):
    """The arrays of a layer, in their order.

    Attributes:
        path: Names of the models around it and its own.
        weights: Its arrays.
        names: The path as people have named it; empty where the file does not tell.
    """

    path: tuple[str, ...]
    weights: list[Held]
    names: tuple[str, ...] = ()


class HeldLayers(msgspec.Struct):
    """All layers with weights, and which Keras wrote them.

    Attributes:
        layers: The layers.
        writer: Which Keras wrote them, where their layout tells of it.
        by_class: Whether their paths are made of the names of classes, as Keras 3 makes them.
    """

    layers: list[HeldLayer]
    writer: Writer
    by_class: bool


# --- the description -----------------------------------------------------------------------


def describe(path: str, beat: Beat) -> Described:
    """Read the texts about the model.

    Raises:
        FileProblem: The file cannot be opened, or is damaged or dangerous.
    """
    with guarded_h5(Path(path), beat) as file:
        groups = any(isinstance(file.get(name, getlink=True), h5py.HardLink) for name in file)
        attrs = file.attrs
        return Described(
            attribute_text(file, "model_config"),
            attribute_text(file, "keras_version"),
            attribute_text(file, "training_config"),
            attribute_text(file, ATTRIBUTE),
            "model_weights" in file,
            "layer_names" in attrs or "layers" in file or ("nb_layers" in attrs and groups),
        )


# --- weights -------------------------------------------------------------------------------


def layers(path: str, beat: Beat) -> HeldLayers:
    """List the weights of an .h5 or .weights.h5 file.

    Args:
        path: The file.
        beat: Called now and then.

    Raises:
        FileProblem: The file cannot be opened, is damaged or dangerous, or holds no weights.
    """
    with guarded_h5(Path(path), beat) as file:
        group = inside(file, "model_weights", h5py.Group) or file
        by_class = False
        if names := attribute_names(group, "layer_names"):
            found = [_old_layer(inner, name) for name in names if (inner := group_in(group, name))]
        elif "nb_layers" in group.attrs:
            places = (f"layer_{number}" for number in range(_count(group, "nb_layers")))
            found = [
                _theano_layer(inner, name) for name in places if (inner := group_in(group, name))
            ]
        elif "layers" in group or "_layer_checkpoint_dependencies" in group:
            found, by_class = list(_new_layers(group)), True
        else:
            raise FileProblem("“{path}” holds no weights of a Keras model.", path=Path(path).name)
        writer = writer_of(file, group)
    return HeldLayers([layer for layer in found if layer.weights], writer, by_class)


def optimizer(path: str, beat: Beat) -> list[Held]:
    """List the variables of the optimizer in a whole model's file."""
    with guarded_h5(Path(path), beat) as file:
        group = group_in(file, "optimizer_weights")
        return _named(group, attribute_names(group, "weight_names")) if group else []


def values(path: str, where: str, beat: Beat) -> Raw:
    """Read one array that `layers` or `optimizer` has listed.

    Raises:
        FileProblem: It cannot be read.
    """
    with unlocked_h5(Path(path)) as file:
        data = _data(file, where)
        if data is None:
            raise h5_problem(Path(path), ValueError("no numbers"))
        beat()
        content = np.asarray(data)
        flat = np.ascontiguousarray(content).reshape(-1).view(np.uint8)
        return Raw([content.dtype.str, list(content.shape)], flat.data)


def _data(group: h5py.Group, name: str) -> h5py.Dataset | None:
    """Return a data set of numbers that may be read."""
    data = inside(group, name, h5py.Dataset)
    if data is None or data.shape is None or data.dtype.hasobject or danger(data) is not None:
        return None
    return data


def _count(group: h5py.Group, name: str) -> int:
    """Return a number of layers or parameters that is no larger than what there is."""
    number = group.attrs.get(name)
    whole = isinstance(number, (int, np.integer))
    return min(max(int(number), 0), len(group)) if whole else 0


def _named(group: h5py.Group, names: list[str]) -> list[Held]:
    return [_held(data, name) for name in names if (data := _data(group, name)) is not None]


def _held(data: h5py.Dataset, name: str) -> Held:
    shape = tuple(int(axis) for axis in data.shape)
    where = plain_text(data.name or "")
    size = math.prod(shape) * int(data.dtype.itemsize)
    return Held(name, where, shape, size, *_plain(data, size))


def _plain(data: h5py.Dataset, size: int) -> tuple[str, int]:
    """Return type and place of numbers that lie in the file as NumPy has them in memory."""
    offset, dtype = data.id.get_offset(), data.dtype
    if offset is None or dtype.kind not in "iuf" or data.id.get_storage_size() != size:
        return "", 0
    if offset + size > data.file.id.get_filesize():
        return "", 0
    # Numbers of other bits than the usual ones are read as the nearest type there is.
    same = data.id.get_type().equal(h5py.h5t.py_create(dtype))
    return (dtype.str, int(offset)) if same else ("", 0)


def _old_layer(group: h5py.Group, name: str) -> HeldLayer:
    """Read a layer as Keras 1.1 to 3 write it into whole models and .h5 weights."""
    return HeldLayer((name,), _named(group, attribute_names(group, "weight_names")))


def _theano_layer(group: h5py.Group, name: str) -> HeldLayer:
    """Read a layer of the first Keras: `layer_3/param_0`."""
    count = _count(group, "nb_params") if "nb_params" in group.attrs else len(group)
    weights = [
        _held(data, f"{name}/param_{number}")
        for number in range(count)
        if (data := _data(group, f"param_{number}")) is not None
    ]
    return HeldLayer((name,), weights)


def _new_layers(
    group: h5py.Group, around: tuple[str, ...] = (), names: tuple[str, ...] = ()
) -> Iterator[HeldLayer]:
    """Read the layers of Keras 3's own format: `layers/dense_1/vars/0`, by their paths there."""
    held = group_in(group, "layers")
    for name in held if held is not None and len(around) < DEEPEST else ():
        layer = group_in(held, name)
        if layer is None:
            continue
        path, called = (*around, plain_text(name)), (*names, _given_name(layer))
        model = _model_in(layer)
        if model is not None:
            yield from _new_layers(model, path, called)
        else:
            weights = list(_variables(layer, plain_text(name)))
            yield HeldLayer(path, weights, called if all(called) else ())


def _model_in(layer: h5py.Group) -> h5py.Group | None:
    """Return the group of a model, which a TimeDistributed keeps one further down."""
    here: h5py.Group | None = layer
    for _ in range(DEEPEST):
        if here is None or group_in(here, "layers") is not None:
            return here
        here = group_in(here, "layer")
    return None


def _given_name(group: h5py.Group) -> str:
    """Return the name that a layer had when it was saved, or "" where the file lacks it."""
    own = group_in(group, "vars")
    return attribute_text(own, "name") if own is not None else ""


def _variables(group: h5py.Group, where: str, depth: int = 0) -> Iterator[Held]:
    """Yield a layer's weights: its own, then those of the parts that it consists of."""
    own = group_in(group, "vars")
    for number in sorted(own, key=lambda word: (len(word), word)) if own is not None else ():
        if (data := _data(own, number)) is not None:
            yield _held(data, f"{where}/{plain_text(number)}")
    # What reads forwards comes first in the layer, though not in the alphabet.
    for name in sorted(group, key=lambda word: (not word.startswith("forward"), word)):
        part = group_in(group, name) if depth < DEEPEST else None
        # The state of random numbers is no weight.
        if part is not None and name not in ("vars", "seed_generator"):
            yield from _variables(part, f"{where}/{plain_text(name)}", depth + 1)
