"""Vocabularies that layers have learned from data, which `.keras` files keep beside the model."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import FileProblem
from engine.fields import Params
from engine.formats.json_text import MOST_VALUES
from engine.formats.keras_files.rows import Row
from engine.formats.keras_files.stored import stored_layers
from engine.formats.project import LARGEST_FILE
from engine.unpacking import HARMLESS_TEXT, unfolds_too_far

if TYPE_CHECKING:
    from engine.formats.keras_files.opened import KerasFile

_NAME = "vocabulary.txt"
# What Keras lets stand for padding and for unknown words where a layer does not choose.
_MASK, _UNKNOWN = "", "[UNK]"
# Where `splitlines` begins another word.
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def vocabularies_in(archive: zipfile.ZipFile, path: Path) -> dict[str, str]:
    """Return the vocabularies of a `.keras` file by their places in it.

    Raises:
        FileProblem: They are too large to be words.
    """
    found: dict[str, str] = {}
    members = [
        member
        for member in archive.infolist()
        if member.filename.startswith("assets/") and member.filename.endswith(f"/{_NAME}")
    ]
    if sum(member.file_size for member in members) > LARGEST_FILE:
        raise _too_large(path)
    if unfolds_too_far(archive, members, HARMLESS_TEXT):
        raise _too_large(path)
    left = MOST_VALUES
    for member in members:
        words = archive.read(member).decode("utf-8", errors="replace")
        left -= sum(map(words.count, _LINE_ENDS))
        if left < 0:
            raise _too_large(path)
        found[member.filename] = words
    return found


def _too_large(path: Path) -> FileProblem:
    return FileProblem("The vocabularies in “{path}” are too large to be read.", path=path.name)


def with_vocabulary(row: Row, opened: KerasFile, saved: Sequence[str]) -> Row:
    """Return a layer with the vocabulary that its file keeps beside the model, if it does.

    Args:
        row: The layer in the file.
        opened: The file.
        saved: Names of the models around the layer and its own, as Keras 3 saves them.

    Raises:
        FileProblem: The vocabulary is damaged.
    """
    place = "/".join(["assets", *(f"layers/{name}" for name in saved), _NAME])
    content = opened.vocabularies.get(place)
    if content is None or not isinstance(row.config, dict) or row.config.get("vocabulary"):
        return row
    words = content.splitlines()
    while words and not words[-1]:
        words.pop()
    special = _special(row.kind, row.config)
    first = len(special) if words[: len(special)] == special else 0
    if not words[first:]:
        return row
    told: Params = {"vocabulary": words[first:]}
    if row.kind == "IntegerLookup":
        try:
            told["vocabulary"] = [int(word) for word in words[first:]]
        except ValueError as error:
            raise FileProblem(
                "“{path}” is damaged: save it again, or restore it from a copy.",
                path=opened.path.name,
            ) from error
    if row.config.get("output_mode") == "tf_idf":
        weights = opened.idf_weights.get(tuple(saved), [])
        told["idf_weights"] = weights[first : first + len(told["vocabulary"])] or None
    return replace(row, config={**row.config, **told})


def lost_vocabulary(kind: str, config: Mapping[str, object]) -> bool:
    """Return whether a layer had a vocabulary when it was saved that its file does not hold."""
    size = config.get("vocabulary_size")
    count = size if isinstance(size, int) else 0
    return not config.get("vocabulary") and count > len(_special(kind, config))


def _special(kind: str, config: Mapping[str, object]) -> list[str]:
    """Return the entries that stand for padding and for what is unknown, as Keras counts them."""
    words = kind == "TextVectorization"
    mask = _MASK if words else config.get("mask_token")
    unknown = _UNKNOWN if words else config.get("oov_token")
    count = 1 if words else config.get("num_oov_indices", 1)
    masked = mask is not None and config.get("output_mode", "int") == "int"
    return [str(mask)] * masked + [str(unknown)] * (count if isinstance(count, int) else 1)


def idf_weights_in(path: Path) -> dict[tuple[str, ...], list[float]]:
    """Return the weight of each entry of vocabularies, those of the special ones included.

    Raises:
        FileProblem: The file is damaged, or they are too many to belong to words.
    """
    found: dict[tuple[str, ...], list[float]] = {}
    left = MOST_VALUES
    with stored_layers(path) as layers:
        for layer in layers:
            own = [one for one in layer.weights if one.name.endswith("/idf_weights")]
            if own and len(own[0].shape) == 1:
                left -= own[0].shape[0]
                if left < 0:
                    raise _too_large(path)
                found[layer.path] = [float(number) for number in own[0].read()]
    return found
