"""Weights of files into models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from keras.src.saving.saving_lib import _walk_saveable

from engine.errors import FileProblem, NetloomError
from engine.formats.keras_files.drawing import Origin, import_model
from engine.formats.keras_files.matching import Match, Wanted, match
from engine.formats.keras_files.rows import saved_name
from engine.formats.keras_files.saved_model import DRAWING, saved_model_folder
from engine.formats.keras_files.stored import StoredWeight, stored_optimizer
from engine.graph.document import Network
from engine.graph.keras_names import keras_names
from engine.graph.nesting import blocks_of
from engine.paths import reason
from engine.worker.blank import SHARED, memory, tensor_of
from engine.worker.checkpoint import layers_in, own_variables
from engine.worker.flattened import flattened


def load_weights(
    model: keras.Model, network: Network, path: Path, *, partly: bool = False
) -> list[Match]:
    """Give a compiled model the weights and the optimizer's state of a file.

    Keras itself loses the optimizer's state of H5 files, so it is read here: the training goes
    on exactly where it ended.

    Args:
        model: The model of the network.
        network: The drawing that it was built from.
        path: An .h5, .weights.h5 or .keras file.
        partly: Whether layers may keep the weights they have where the file has none for them.

    Returns:
        What has come from where.

    Raises:
        FileProblem: The file is damaged or belongs to another network.
    """
    folder = saved_model_folder(path)
    if folder is not None and (folder / DRAWING).is_file():
        return _load_own(model, network, folder)
    layers = layers_of(model, network)
    wanted = wanted_layers(model, network, path)
    with ExitStack() as open_file:
        with reading_weights(path):
            stored = open_file.enter_context(layers_in(path))
        table, found = match(wanted, stored)
        missing = [row for row in table if row.node and not row.how]
        if missing and (not partly or len(missing) == len(wanted)):
            raise FileProblem(
                "The weights in “{path}” do not fit this network: {reason}.",
                path=path.name,
                reason=f"“{network.nodes[missing[0].node].title}”",
            )
        for node, weights in found.items():
            for variable, weight in zip(weights_of(layers[node][0]), weights, strict=True):
                with reading_weights(path):
                    _assign(variable, weight)
    settle(model)
    if folder is None and path.suffix.lower() != ".keras":
        with reading_weights(path):
            _load_optimizer(model, path)
    return table


@contextmanager
def reading_weights(path: Path) -> Iterator[None]:
    """Tell what goes wrong while weights are read; memory that runs out is no fault of the file.

    Raises:
        FileProblem: They cannot be read.
    """
    try:
        yield
    except (NetloomError, MemoryError, tf.errors.ResourceExhaustedError):
        raise
    except Exception as error:  # HDF5 and TensorFlow raise whatever their parts raise.
        raise FileProblem(
            "The weights in “{path}” cannot be read: {reason}.",
            path=path.name,
            reason=reason(error).rstrip("."),
        ) from error


def _load_own(model: keras.Model, network: Network, folder: Path) -> list[Match]:
    """Give a model all variables of the SavedModel that it was exported to."""
    stored = own_variables(folder)
    if [weight.shape for weight in stored] != [tuple(one.shape) for one in model.variables]:
        raise FileProblem(
            "The weights in “{path}” do not fit this network: {reason}.",
            path=folder.name,
            reason=f"{len(stored)} ≠ {len(model.variables)}",
        )
    for variable, weight in zip(model.variables, stored, strict=True):
        _assign(variable, weight)
    settle(model)
    layers = layers_of(model, network).items()
    shapes = {node: [tuple(one.shape) for one in weights_of(layer)] for node, (layer, _) in layers}
    return [Match(node, "variables", "order", own, own) for node, own in shapes.items() if own]


def settle(model: keras.Model) -> None:
    """Let layers work out anew what they have made of their weights.

    Normalization computes with a mean and a spread made of its weights once (`finalize_state`),
    which others are given without its knowledge.
    """
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def _assign(variable: Any, weight: StoredWeight) -> None:
    """Give a variable stored values, without a copy in between where that can be."""
    if variable.dtype not in SHARED:
        variable.assign(weight.read())
        return
    values = memory(tuple(variable.shape), variable.dtype)
    weight.read_into(values)
    variable.assign(tensor_of(values))


def origins(path: Path) -> dict[str, Origin]:
    """Return where a whole model's file has the weights of each node, by the node's id."""
    state = path.stat() if path.exists() else None
    return _origins(path, state.st_mtime_ns if state else 0, state.st_size if state else 0)


@lru_cache(maxsize=4)
def _origins(path: Path, changed: int, size: int) -> dict[str, Origin]:
    """Remember what is asked for twice: by the first look, and by the import itself."""
    try:
        return import_model(path).origin
    except FileProblem:
        return {}  # It holds weights alone.


def wanted_layers(model: keras.Model, network: Network, path: Path) -> list[Wanted]:
    """Return the layers of a model that can take weights of a file, in the model's order."""
    known = origins(path)
    layers = layers_of(model, network)
    return [
        Wanted(
            node,
            _paths(network, node, layer.name, saved, known),
            [tuple(weight.shape) for weight in weights_of(layer)],
            inner_names(layer),
            _kinds(layer),
            flattened(network, node, {key: found for key, (found, _) in layers.items()}),
        )
        for node, (layer, saved) in layers.items()
        if layer.weights
    ]


def layers_of(model: keras.Model, network: Network) -> dict[str, tuple[Any, str]]:
    """Return each node's layer, with its name in Keras 3's own format, in the model's order."""
    names = keras_names(network)
    by_name = {names[node.id]: node.id for node in network.ordered() if not node.shares}
    count: dict[str, int] = {}
    found: dict[str, tuple[Any, str]] = {}
    for layer in model.layers:
        name = saved_name(type(layer).__name__)
        number = count[name] = count.get(name, -1) + 1
        if layer.name in by_name:
            found[by_name[layer.name]] = layer, f"{name}_{number}" if number else name
    return found


def _paths(
    network: Network, node: str, name: str, saved: str, origins: dict[str, Origin]
) -> tuple[tuple[str, ...], ...]:
    if node in origins:
        return origins[node].names, origins[node].saved
    title = network.nodes[node].title
    around = [network.blocks[block].title for block in reversed(blocks_of(network, node))]
    within = [(*around[place:], title) for place in range(len(around))]
    own = ((title,),) if name == title else ((title,), (name,))
    return *own, *within, (saved,)


def _kinds(layer: Any) -> list[str]:
    """Return the class of a layer, and of those that it wraps, from outside."""
    kinds = [type(layer).__name__]
    while isinstance(layer, keras.layers.Wrapper | keras.layers.Bidirectional):
        layer = getattr(layer, "forward_layer", None) or layer.layer
        kinds.append(type(layer).__name__)
    return kinds


def weights_of(layer: Any) -> list[Any]:
    """Return a layer's weights in the order of files."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def inner_names(layer: Any) -> list[list[str]]:
    """Return where Keras's own format has each weight of a layer that consists of parts.

    Keras walks over a layer's attributes by name and numbers the variables of each part.

    Returns:
        For each weight, in the order of `weights_of`, all its places such as "query_dense/0";
        nothing for a layer without parts.
    """
    if not layer._layers:
        return []
    places: dict[int, list[str]] = {}
    _walk(layer, "", places, set())
    return [places.get(id(weight), []) for weight in weights_of(layer)]


def _walk(part: Any, where: str, places: dict[int, list[str]], seen: set[int]) -> None:
    if id(part) in seen:
        return
    seen.add(id(part))
    own = [*part._trainable_variables, *part._non_trainable_variables]
    for number, variable in enumerate(own):
        places.setdefault(id(variable), []).append(f"{where}{number}")
    for name, child in _walk_saveable(part):
        if isinstance(child, keras.layers.Layer):
            _walk(child, f"{where}{name}/", places, seen)
        elif isinstance(child, (list, tuple)):
            count: dict[str, int] = {}
            for item in child:
                if isinstance(item, keras.layers.Layer):
                    kind = saved_name(type(item).__name__)
                    number = count[kind] = count.get(kind, -1) + 1
                    last = f"{kind}_{number}" if number else kind
                    _walk(item, f"{where}{name}/{last}/", places, seen)


def _load_optimizer(model: keras.Model, path: Path) -> None:
    """Restore the optimizer's variables, if the file holds those of the same optimizer."""
    stored = stored_optimizer(path)
    # Who reads a file back has not compiled the model.
    if not stored or getattr(model, "optimizer", None) is None:
        return
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    variables = model.optimizer.variables
    if [weight.shape for weight in stored] != [tuple(variable.shape) for variable in variables]:
        return
    for variable, weight in zip(variables, stored, strict=True):
        _assign(variable, weight)
