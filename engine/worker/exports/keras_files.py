"""Models to the files of Keras and back."""

from __future__ import annotations

import copy
import logging
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from engine.errors import ExportProblem, FileProblem
from engine.formats.h5 import embed_document
from engine.formats.keras_files.saved_model import DRAWING
from engine.formats.project import to_json
from engine.graph.document import Document
from engine.worker.compile import build_model
from engine.worker.exports.samples import Arrays, outputs_of, plain
from engine.worker.exports.way import Told
from engine.worker.weights import load_weights, settle


def write_whole(model: keras.Model, document: Document, path: Path, samples: Arrays) -> Told:
    """Write a whole model: `.h5` with the drawing in it, or `.keras`."""
    # Keras advises against H5 on each save; here it was asked for by name.
    logging.getLogger("absl").setLevel(logging.ERROR)
    # A model that never trained has an optimizer without state, which Keras warns of.
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None and not optimizer.built:
        optimizer.build(model.trainable_variables)
    if path.suffix != ".h5":
        model.save(path, overwrite=True)
        return Told()
    _untrack(model)
    try:
        model.save(path, overwrite=True)
    except TypeError as error:
        if (name := _uncopied(model)) is None:
            raise
        raise ExportProblem(
            "“{node}” does not go into an .h5 file: choose .keras instead.", node=name
        ) from error
    embed_document(path, document)
    return Told()


def _untrack(model: keras.Model) -> None:
    """Make ranges of values plain: as lists they lead to all of Keras, which is not copied."""
    for layer in model._flatten_layers(include_self=False):
        if isinstance(getattr(layer, "value_range", None), list):
            layer.value_range = tuple(layer.value_range)


def _uncopied(model: keras.Model) -> str | None:
    """Return the name of the layer whose description Keras cannot copy, as it does for H5."""
    for layer in model.layers:
        try:
            copy.deepcopy(layer.get_config())
        except TypeError:
            return str(layer.name)
    return None


def write_weights(model: keras.Model, document: Document, path: Path, samples: Arrays) -> Told:
    """Write the weights alone."""
    model.save_weights(path, overwrite=True)
    return Told()


def write_json(model: keras.Model, document: Document, path: Path, samples: Arrays) -> Told:
    """Write the description alone."""
    path.write_text(model.to_json(indent=1), encoding="utf-8")
    return Told()


def own_classes(model: keras.Model) -> dict[str, Any]:
    """Return the classes of a model's layers that are not Keras's, by the names in its files."""
    found: dict[str, Any] = {}
    for layer in model._flatten_layers(include_self=False):
        kind = type(layer)
        if kind.__module__.partition(".")[0] != "keras":
            found |= {kind.__name__: kind, keras.saving.get_registered_name(kind): kind}
    return found


def read_whole(path: Path, model: keras.Model, document: Document, samples: Arrays) -> Any:
    """Return the predictions of a whole model read back by Keras."""
    classes = own_classes(model)
    again = keras.models.load_model(path, classes, compile=False, safe_mode=True)
    return outputs_of(again, samples)


def read_with_drawing(path: Path, model: keras.Model, document: Document, samples: Arrays) -> Any:
    """Return the predictions of a file that Keras cannot read, read by its drawing."""
    again = build_model(document.network, document.title)
    load_weights(again, document.network, path)
    return outputs_of(again, samples)


def read_weights(path: Path, model: keras.Model, document: Document, samples: Arrays) -> Any:
    """Return the predictions of the same network with the weights of the file."""
    again = build_model(document.network, document.title)
    again.load_weights(path)
    return outputs_of(again, samples)


def read_json(path: Path, model: keras.Model, document: Document, samples: Arrays) -> Any:
    """Return the predictions of the described network with the model's weights."""
    words = path.read_text(encoding="utf-8")
    again = keras.models.model_from_json(words, own_classes(model))
    if [weight.shape for weight in again.weights] != [weight.shape for weight in model.weights]:
        raise FileProblem("“{path}” describes another network.", path=path.name)
    again.set_weights(model.get_weights())
    settle(again)
    return outputs_of(again, samples)


def write_saved_model(model: keras.Model, document: Document, path: Path, samples: Arrays) -> Told:
    """Write the folder of a SavedModel, with the drawing where TensorFlow leaves room."""
    model.export(str(path), format="tf_saved_model", verbose=False)
    (path / DRAWING).parent.mkdir()
    (path / DRAWING).write_text(to_json(document), encoding="utf-8")
    return Told()


def read_saved_model(path: Path, model: keras.Model, document: Document, samples: Arrays) -> Any:
    """Return the predictions of a SavedModel."""
    served = tf.saved_model.load(str(path))
    given = [tf.constant(values) for values in samples]
    found = served.serve(given if len(given) > 1 else given[0])
    return [plain(value.numpy()) for value in tf.nest.flatten(found)]
