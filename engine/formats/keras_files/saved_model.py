"""SavedModel folders: the description of the Keras model in them, read without TensorFlow.

Keras 2 keeps the description of each part as JSON beside the graph: since TensorFlow 2.5 in
`keras_metadata.pb` (`SavedMetadata` in keras/protobuf/saved_metadata.proto), before in the object
graph of `saved_model.pb` (`SavedUserObject` in tensorflow/core/protobuf/saved_object_graph.proto).
Keras 3 keeps none; Netloom puts its drawing into `assets.extra`, the folder that TensorFlow
leaves to others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.errors import FileProblem
from engine.formats.json_text import parse
from engine.formats.keras_files.opened import KerasFile
from engine.formats.project import LARGEST_FILE
from engine.paths import read_small, reason

GRAPH, METADATA = "saved_model.pb", "keras_metadata.pb"
DRAWING = Path("assets.extra", "drawing.netloom")
VARIABLES = Path("variables", "variables")
MODELS = ("_tf_keras_network", "_tf_keras_sequential", "_tf_keras_model")
# The graph is only walked over, but it is read as a whole.
LARGEST_GRAPH = 2**31
# Parts of a SavedModel's messages by the numbers of their fields.
META_GRAPHS, OBJECT_GRAPH, NODES, USER_OBJECT = 2, 7, 1, 4
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def saved_model_folder(path: Path) -> Path | None:
    """Return the folder of a SavedModel, given as folder or by a file in it; None for others."""
    folder = path.parent if path.name in (GRAPH, METADATA) else path
    return folder if (folder / GRAPH).is_file() else None


def open_saved_model(folder: Path) -> KerasFile:
    """Read the description of the Keras model in a SavedModel.

    Raises:
        FileProblem: It is damaged, or holds no Keras model.
    """
    weighted = (folder / VARIABLES).with_suffix(".index").is_file()
    if (folder / DRAWING).is_file():
        drawing = _read(folder / DRAWING, folder, LARGEST_FILE).decode("utf-8", "replace")
        return KerasFile(folder, "saved_model", {}, drawing=drawing, weighted=weighted)
    try:
        described = next(_models(folder), None)
    except ValueError as error:
        raise _damaged(folder) from error
    if described is None:
        raise FileProblem(
            "“{path}” holds no Keras model, only the graph that computes it: open the model that it"
            " was made of.",
            path=folder.name,
        )
    kind, training = described["class_name"], described.get("training_config")
    return KerasFile(
        folder,
        "saved_model",
        {"class_name": kind, "config": described["config"]},
        training=dict(training) if isinstance(training, Mapping) else {},
        weighted=weighted,
    )


def _models(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the descriptions of models, the outermost first."""
    for identifier, metadata in _described(folder):
        if identifier not in MODELS:
            continue
        found = parse(metadata)
        whole = isinstance(found, dict) and isinstance(found.get("class_name"), str)
        # A subclass of Model is described by its name alone.
        if whole and isinstance(found.get("config"), dict | list) and found["config"]:
            config = found["config"]
            if isinstance(config, list) or "layers" in config:
                yield found


def _described(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield identifier and JSON of each part of the model."""
    if (folder / METADATA).is_file():
        content = _read(folder / METADATA, folder, LARGEST_FILE)
        for _, part in fields(content, {1}):
            yield _texts(part, identifier=4, metadata=5)
        return
    content = _read(folder / GRAPH, folder, LARGEST_GRAPH)
    for _, graph in fields(content, {META_GRAPHS}):
        for _, objects in fields(graph, {OBJECT_GRAPH}):
            for _, node in fields(objects, {NODES}):
                for _, user in fields(node, {USER_OBJECT}):
                    yield _texts(user, identifier=1, metadata=3)
        return  # Further graphs are the same model for other uses.


def _texts(part: memoryview, *, identifier: int, metadata: int) -> tuple[str, str]:
    found = {number: bytes(value) for number, value in fields(part, {identifier, metadata})}
    words = (found.get(number, b"") for number in (identifier, metadata))
    name, text = (word.decode("utf-8", "replace") for word in words)
    return name, text


def fields(content: bytes | memoryview, wanted: set[int]) -> Iterator[tuple[int, memoryview]]:
    """Yield the wanted fields of a Protocol Buffers message that hold bytes.

    The encoding is that of protobuf.dev/programming-guides/encoding: a key of field number and
    kind, then the value.

    Raises:
        ValueError: It is no such message.
    """
    view, place = memoryview(content), 0
    while place < len(view):
        key, place = _varint(view, place)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            _, place = _varint(view, place)
        elif kind == BYTES:
            size, place = _varint(view, place)
            if place + size > len(view):
                raise ValueError("cut off")
            if number in wanted:
                yield number, view[place : place + size]
            place += size
        elif kind in (FIXED64, FIXED32):
            place += 8 if kind == FIXED64 else 4
        else:
            raise ValueError("unknown kind of field")


def _varint(view: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        if place >= len(view):
            raise ValueError("cut off")
        byte = view[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
    raise ValueError("number too long")


def _read(path: Path, folder: Path, most: int) -> bytes:
    try:
        content = read_small(path, most)
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be opened: {reason}.", path=folder, reason=reason(error)
        ) from error
    if len(content) > most:
        raise _damaged(folder)
    return content


def _damaged(folder: Path) -> FileProblem:
    return FileProblem(
        "“{path}” is damaged: save it again, or restore it from a copy.", path=folder.name
    )
