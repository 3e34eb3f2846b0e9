"""The description of a model in a Keras file, whichever of its formats and versions it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np

from engine.errors import FileProblem, NetloomError
from engine.formats.h5 import ATTRIBUTE
from engine.formats.json_text import parse
from engine.formats.keras_files.guard import guarded_h5, guarded_zip
from engine.formats.keras_files.keras_1 import with_classes
from engine.formats.project import LARGEST_FILE
from engine.paths import reason

Config = dict[str, Any]
Format = Literal["h5", "keras", "json", "saved_model"]
ENDINGS: dict[str, Format] = {
    ".h5": "h5",
    ".hdf5": "h5",
    ".keras": "keras",
    ".json": "json",
    ".pb": "saved_model",
    ".savedmodel": "saved_model",
}


@dataclass(frozen=True)
class KerasFile:
    """What a file says of its model.

    Attributes:
        path: The file.
        format: "h5", "keras", "json" or "saved_model".
        config: The model's own description: `class_name` and `config`.
        version: Version of Keras that wrote it, such as (2, 0, 5); empty where it is not told.
        training: How the model was compiled, or empty.
        drawing: The drawing that Netloom put into the file, as JSON text, or "".
        weighted: Whether weights come with it.
    """

    path: Path
    format: Format
    config: Config
    version: tuple[int, ...] = ()
    training: Config = field(default_factory=dict)
    drawing: str = ""
    weighted: bool = False


def open_keras(path: Path) -> KerasFile:
    """Read the description of a model; weights are left alone.

    Raises:
        FileProblem: The file cannot be opened, is damaged or dangerous, or describes no model.
    """
    format = ENDINGS.get(path.suffix.lower())
    if format == "h5":
        return _open_h5(path)
    if format == "keras":
        return _open_keras(path)
    if format == "json":
        return _open_json(path)
    raise FileProblem(
        "“{path}” is no kind of model that can be opened: choose one of {endings}.",
        path=path.name,
        endings=", ".join(ENDINGS),
    )


def _open_h5(path: Path) -> KerasFile:
    with guarded_h5(path) as file:
        drawing = attribute_text(file, ATTRIBUTE)
        config = attribute_text(file, "model_config")
        if not config:
            if drawing:
                return KerasFile(path, "h5", {}, drawing=drawing)
            raise _without_model(path, file)
        return KerasFile(
            path,
            "h5",
            _model(config, path),
            _version(attribute_text(file, "keras_version")),
            _training(attribute_text(file, "training_config")),
            drawing,
            weighted="model_weights" in file,
        )


def _without_model(path: Path, file: h5py.File) -> FileProblem:
    groups = any(isinstance(file.get(name, getlink=True), h5py.HardLink) for name in file)
    if "layer_names" in file.attrs or "layers" in file or ("nb_layers" in file.attrs and groups):
        return FileProblem(
            "“{path}” holds weights without a drawing: open the network that they belong to, then"
            " load the weights into it.",
            path=path.name,
        )
    return FileProblem(
        "“{path}” holds no model: no Keras or Netloom wrote it as a whole model.", path=path.name
    )


def _open_keras(path: Path) -> KerasFile:
    with guarded_zip(path) as archive:
        names = set(archive.namelist())
        if "config.json" not in names:
            raise FileProblem(
                "“{path}” holds no model: “config.json” is missing in it.", path=path.name
            )
        if archive.getinfo("config.json").file_size > LARGEST_FILE:
            raise _damaged(path)
        config = archive.read("config.json").decode("utf-8", errors="replace")
        version = ""
        if "metadata.json" in names and archive.getinfo("metadata.json").file_size < 2**20:
            metadata = _parsed(archive.read("metadata.json").decode("utf-8", "replace"), path)
            version = str(metadata.get("keras_version", ""))
        model = _model(config, path)
        training = model.get("compile_config")
        return KerasFile(
            path,
            "keras",
            model,
            _version(version),
            dict(training) if isinstance(training, Mapping) else {},
            weighted="model.weights.h5" in names,
        )


def _open_json(path: Path) -> KerasFile:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _damaged(path)
        content = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be opened: {reason}.", path=path, reason=reason(error)
        ) from error
    model = _model(content, path)
    return KerasFile(path, "json", model, _version(str(model.get("keras_version", ""))))


def _model(content: str, path: Path) -> Config:
    config = with_classes(_parsed(content, path))
    if not isinstance(config.get("class_name"), str) or not isinstance(
        config.get("config"), dict | list
    ):
        raise FileProblem("“{path}” describes no Keras model.", path=path.name)
    return config


def _parsed(content: str, path: Path) -> Config:
    try:
        found = parse(content)
    except ValueError as error:
        raise _damaged(path) from error
    if not isinstance(found, dict):
        raise FileProblem("“{path}” describes no Keras model.", path=path.name)
    return found


def _damaged(path: Path) -> NetloomError:
    return FileProblem(
        "“{path}” is damaged: save it again, or restore it from a copy.", path=path.name
    )


def _training(content: str) -> Config:
    try:
        found = parse(content) if content else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _version(words: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in words.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def attribute_text(file: h5py.Group, name: str) -> str:
    """Return an attribute as text, joined where Keras has cut it into pieces; else ""."""
    value = file.attrs.get(name)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if isinstance(value, str) else ""


def attribute_names(group: h5py.Group, name: str) -> list[str]:
    """Return an attribute that lists names; long lists are cut into `name0`, `name1`..."""
    pieces = [name] if name in group.attrs else []
    if not pieces:
        number = 0
        while f"{name}{number}" in group.attrs:
            pieces.append(f"{name}{number}")
            number += 1
    found: list[str] = []
    for piece in pieces:
        for item in np.ravel(group.attrs[piece]).tolist():
            found.append(item.decode(errors="replace") if isinstance(item, bytes) else str(item))
    return found
