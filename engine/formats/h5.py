"""The drawing inside a whole-model H5 file: one file is a picture, a model and its weights."""

from __future__ import annotations

from pathlib import Path

import h5py

from engine.errors import FileProblem
from engine.formats.project import LARGEST_FILE, from_json, to_json
from engine.graph.document import Document
from engine.paths import reason

ATTRIBUTE = "netloom_document"


def embed_document(path: Path, document: Document) -> None:
    """Write a document into a whole-model file, as an attribute that Keras passes over."""
    with h5py.File(path, "a") as file:
        file.attrs[ATTRIBUTE] = to_json(document)


def read_document(path: Path) -> Document:
    """Read the drawing of an H5 file that Netloom exported.

    Raises:
        FileProblem: The file is damaged, is no H5 file, or carries no drawing.
    """
    try:
        with path.open("rb"):
            pass
        with h5py.File(path, "r") as file:
            content = file.attrs.get(ATTRIBUTE)
    except OSError as error:
        if error.errno:
            raise FileProblem(
                "“{path}” cannot be opened: {reason}.", path=path, reason=reason(error)
            ) from error
        raise FileProblem(
            "“{path}” is damaged or no H5 file: export it again, or restore it from a copy.",
            path=path,
        ) from error
    except (RuntimeError, ValueError, KeyError) as error:
        raise FileProblem(
            "“{path}” is damaged or no H5 file: export it again, or restore it from a copy.",
            path=path,
        ) from error
    if isinstance(content, bytes):
        content = content.decode(errors="replace")
    if not isinstance(content, str) or len(content) > LARGEST_FILE:
        raise FileProblem(
            "“{path}” holds no Netloom drawing: only .h5 files that Netloom exported can be opened"
            " as drawings.",
            path=path,
        )
    return from_json(content, path.name)
