"""SavedModel folders: sound ones, and how a file in them is spoiled."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from fuzz.mutations import Spoil, spoiled_bytes, spoiled_json
from helpers.saved_models import graph, metadata

# Where a file takes its place in a folder whose other files are sound, by its reader.
PLACES = {
    "described": "described/keras_metadata.pb",
    "graph": "graph/saved_model.pb",
    "checkpoint": "own/variables/variables.index",
}
Write = Callable[..., bytes]


def spoiled_description(write: Write, words: str, random: random.Random, content: bytes) -> bytes:
    """Spoil a file that describes a model: its bytes, or the JSON in it."""
    if random.random() < 0.5:
        return spoiled_bytes(random, content)
    spoiled = spoiled_json(random, words.encode()).decode("utf-8", "replace")
    kind = random.choice(("_tf_keras_network", "_tf_keras_sequential", "_tf_keras_model", ""))
    return write(("_tf_keras_layer", "{}"), (kind, spoiled))


def formats(folder: Path, descriptions: list[bytes]) -> dict[str, tuple[str, list[bytes], Spoil]]:
    """Return the files of SavedModel folders, and how they are spoiled.

    Args:
        folder: Where `own.savedmodel` is.
        descriptions: Models as JSON, in the words of Keras 2.
    """
    words = [_with_kind(description) for description in descriptions]
    parts = [(("_tf_keras_layer", "{}"), ("_tf_keras_network", each)) for each in words]
    index = (folder / "own.savedmodel" / "variables" / "variables.index").read_bytes()
    described = partial(spoiled_description, metadata, words[0])
    in_graph = partial(spoiled_description, graph, words[0])
    return {
        "metadata": (".pb", [metadata(*part) for part in parts], described),
        "graph": (".pb", [graph(*part) for part in parts], in_graph),
        "checkpoint": (".index", [index], spoiled_bytes),
    }


def _with_kind(description: bytes) -> str:
    found = json.loads(description)
    return json.dumps({"class_name": found["class_name"], "config": found["config"]})


def prepare(cases: Path, own: Path) -> None:
    """Put the sound files of each folder in their places."""
    for place in PLACES.values():
        (cases / place).parent.mkdir(parents=True, exist_ok=True)
    (cases / "described" / "saved_model.pb").write_bytes(b"")
    shutil.copytree(own, cases / "own", dirs_exist_ok=True)
    (cases / PLACES["checkpoint"]).unlink()
