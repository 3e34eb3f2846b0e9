"""The description of a model in a Keras file, whichever of its formats and versions it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec

from engine.errors import FileProblem, NetloomError, WeightsAlone
from engine.formats.apart.asking import Failed, ask
from engine.formats.json_text import Vast, parse
from engine.formats.keras_files.guard import guarded_zip, h5_problem, reading_zip, too_far
from engine.formats.keras_files.keras_1 import with_classes
from engine.formats.keras_files.raw_h5 import Described
from engine.formats.keras_files.vocabularies import idf_weights_in, vocabularies_in
from engine.formats.project import LARGEST_FILE
from engine.paths import read_small, reason
from engine.unpacking import HARMLESS_TEXT, unfolds_too_far

Config = dict[str, Any]
Format = Literal["h5", "keras", "json", "saved_model"]
DESCRIBE = "engine.formats.keras_files.raw_h5:describe"
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
        vocabularies: What layers have learned to know, by the places of these texts in it.
    """

    path: Path
    format: Format
    config: Config
    version: tuple[int, ...] = ()
    training: Config = field(default_factory=dict)
    drawing: str = ""
    weighted: bool = False
    vocabularies: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def idf_weights(self) -> Mapping[tuple[str, ...], list[float]]:
        """The weights of entries of vocabularies, by the paths of their layers.

        They are in the archive in the archive, which is unpacked for them: once.
        """
        return idf_weights_in(self.path)


def open_keras(path: Path) -> KerasFile:
    """Read the description of a model; weights are left alone.

    Raises:
        FileProblem: The file cannot be opened, is damaged or dangerous, or describes no model.
    """
    if path.is_file() and path.stat().st_size == 0:
        raise FileProblem(
            "“{path}” is empty: export it again, or restore it from a copy.", path=path.name
        )
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
    found = _described(path)
    if not found.config:
        if found.drawing:
            return KerasFile(path, "h5", {}, drawing=found.drawing)
        raise _without_model(path, found)
    return KerasFile(
        path,
        "h5",
        _model(found.config, path),
        _version(found.version),
        _training(found.training),
        found.drawing,
        weighted=found.weighted,
    )


def _described(path: Path) -> Described:
    """Read the texts about the model in a process that may hang or die for it."""
    try:
        path.stat()
        told, _ = ask(path, DESCRIBE, str(path.absolute()))
    except (OSError, Failed) as error:
        raise h5_problem(path, error) from error
    return msgspec.convert(told, Described)


def _without_model(path: Path, found: Described) -> FileProblem:
    if found.alone:
        return WeightsAlone(
            "“{path}” holds weights without a drawing: open the network that they belong to, then"
            " load the weights into it.",
            path=path.name,
        )
    return FileProblem(
        "“{path}” holds no model: no Keras or Netloom wrote it as a whole model.", path=path.name
    )


def _open_keras(path: Path) -> KerasFile:
    with guarded_zip(path) as archive, reading_zip(path):
        names = set(archive.namelist())
        if "config.json" not in names:
            raise FileProblem(
                "“{path}” holds no model: “config.json” is missing in it.", path=path.name
            )
        described = archive.getinfo("config.json")
        if described.file_size > LARGEST_FILE:
            raise _damaged(path)
        if unfolds_too_far(archive, [described], HARMLESS_TEXT):
            raise too_far(path, described)
        config = archive.read(described).decode("utf-8", errors="replace")
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
            vocabularies=vocabularies_in(archive, path),
        )


def _open_json(path: Path) -> KerasFile:
    try:
        content = read_small(path, LARGEST_FILE)
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be opened: {reason}.", path=path, reason=reason(error)
        ) from error
    if len(content) > LARGEST_FILE:
        raise _damaged(path)
    model = _model(content.decode("utf-8", "replace"), path)
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
    except Vast as error:
        raise FileProblem(
            "“{path}” is not opened: it describes far more than a network.", path=path.name
        ) from error
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
