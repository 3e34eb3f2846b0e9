"""The drawing inside a whole-model H5 file: one file is a picture, a model and its weights."""

from __future__ import annotations

from pathlib import Path

import h5py

from engine.formats.keras_files.raw_h5 import ATTRIBUTE
from engine.formats.project import to_json
from engine.graph.document import Document


def embed_document(path: Path, document: Document) -> None:
    """Write a document into a whole-model file, as an attribute that Keras passes over."""
    with h5py.File(path, "a") as file:
        file.attrs[ATTRIBUTE] = to_json(document)
