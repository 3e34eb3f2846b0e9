"""Weights of a file for chosen layers: what fits, and loading it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.errors import FileProblem, NetloomError
from engine.formats.importing import import_any
from engine.formats.keras_files.matching import Match, Wanted, fitted, match, shapes_of, split
from engine.formats.keras_files.saved_model import DRAWING, saved_model_folder
from engine.formats.keras_files.stored import StoredLayer
from engine.graph.document import Document, Network
from engine.ipc.messages import Stored
from engine.worker.blank import blank_weights
from engine.worker.checkpoint import layers_in, own_variables
from engine.worker.compile import build_model, compile_model
from engine.worker.documents import Followed, Trained, structure
from engine.worker.grafts import Built, Graft, InPlace, Values, assign
from engine.worker.weights import layers_of, reading_weights, wanted_layers, weights_of

# --- what fits -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What of a file fits what of a network, as `WeightsMatched` tells it."""

    table: list[Match]
    stored: list[Stored]
    fitting: dict[str, list[int]]


def propose(followed: Followed, document: Document, path: Path) -> Proposal:
    """Match the layers of a file with those of a document; nothing is loaded.

    Args:
        followed: The document with its model.
        document: The document as it was when this was asked.
        path: A file or folder with weights.

    Raises:
        CompileProblem: The network has an error.
        FileProblem: The file cannot be read or holds no weights.
    """
    trained = _usable(followed, document)
    if trained is None:
        with blank_weights():
            model = build_model(document.network, document.title)
    else:
        model = trained.model
    wanted = wanted_layers(model, document.network, path)
    with _open_layers(path) as layers:
        table, _ = match(wanted, layers)
        files = split(layers, wanted)
        stored = [Stored(_name(layer), shapes_of(layer)) for layer in files]
        return Proposal([row for row in table if row.node], stored, _fitting(wanted, files))


def _fitting(wanted: list[Wanted], files: list[StoredLayer]) -> dict[str, list[int]]:
    """Return the numbers of the stored layers that each layer can take."""
    found: dict[str, list[int]] = {}
    plain: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for layer in wanted:
        key = tuple(layer.shapes)
        numbers = None if layer.inner else plain.get(key)
        if numbers is None:
            numbers = [n for n, file in enumerate(files) if fitted(layer, file) is not None]
        if not layer.inner:
            plain[key] = numbers
        found[layer.node] = numbers
    return found


# --- loading -------------------------------------------------------------------------------


def graft(followed: Followed, document: Document, path: Path, choices: Mapping[str, str]) -> Graft:
    """Give chosen layers weights of a file; whatever goes wrong, all stays as it was.

    Args:
        followed: The document with its model; one is built where it has none for its drawing.
        document: The document as it was when this was asked.
        path: A file or folder with weights.
        choices: The path of the layer in the file for each node that gets weights.

    Raises:
        CompileProblem: The network has an error.
        FileProblem: The file cannot be read, or what was chosen does not fit.
    """
    trained = _usable(followed, document)
    if trained is not None:
        given = _chosen(trained.model, document.network, path, choices)
        before = [(variable, variable.numpy()) for variable, _ in given]
        assign(trained.model, given)
        return InPlace(model=trained.model, held=before)
    model = build_model(document.network, document.title, document.recipe.seed)
    compile_model(model, document.recipe)
    assign(model, _chosen(model, document.network, path, choices))
    own = Trained(model, structure(document.network), document.data, document.recipe)
    made = Built(other=followed.trained, own=own)
    followed.trained = own
    return made


def _usable(followed: Followed, document: Document) -> Trained | None:
    """Return the document's model if it is that of the drawing."""
    trained = followed.trained
    fits = trained is not None and trained.structure == structure(document.network)
    return trained if fits else None


def _chosen(
    model: keras.Model, network: Network, path: Path, choices: Mapping[str, str]
) -> list[tuple[Any, Values]]:
    """Read all that was chosen: variables with their new values."""
    if not choices:
        raise NetloomError("No layer is chosen: choose at least one.")
    layers = layers_of(model, network)
    wanted = wanted_layers(model, network, path)
    by_node = {layer.node: layer for layer in wanted}
    found: list[tuple[Any, Values]] = []
    with _open_layers(path) as stored:
        # The first of a name, as the proposal counts them.
        by_name = {_name(file): file for file in reversed(split(stored, wanted))}
        for node, name in choices.items():
            given = None
            if node in by_node and name in by_name:
                given = fitted(by_node[node], by_name[name])
            if given is None:
                title = network.nodes[node].title if node in network.nodes else node
                raise FileProblem(
                    "“{stored}” in “{path}” does not fit “{node}”: choose another layer for it.",
                    stored=name,
                    path=path.name,
                    node=title,
                )
            with reading_weights(path):
                values = [np.asarray(weight.read()) for weight in given.weights]
            found += zip(weights_of(layers[node][0]), values, strict=True)
    return found


# --- files ---------------------------------------------------------------------------------


@contextmanager
def _open_layers(path: Path) -> Iterator[list[StoredLayer]]:
    """Open the weights of a file or of a SavedModel's folder, layer by layer."""
    folder = saved_model_folder(path)
    with ExitStack() as open_file:
        with reading_weights(path):
            if folder is not None and (folder / DRAWING).is_file():
                layers = _own_layers(folder)
            else:
                layers = open_file.enter_context(layers_in(path))
        yield layers


def _own_layers(folder: Path) -> list[StoredLayer]:
    """Return the layers of a SavedModel of ours: its drawing says whose its variables are."""
    network = import_any(folder).document.network
    with blank_weights():
        model = build_model(network)
    stored = own_variables(folder)
    if [weight.shape for weight in stored] != [tuple(one.shape) for one in model.variables]:
        raise FileProblem("“{path}” holds no weights of a Keras model.", path=folder.name)
    by_variable = {id(one): weight for one, weight in zip(model.variables, stored, strict=True)}
    return [
        StoredLayer((layer.name,), [by_variable[id(one)] for one in weights_of(layer)])
        for node, (layer, _) in layers_of(model, network).items()
        if layer.weights
    ]


def _name(layer: StoredLayer) -> str:
    return "/".join(layer.path)
