"""Models to files and back."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras

from engine.errors import ExportProblem, FileProblem
from engine.formats.h5 import embed_document
from engine.graph.document import Document
from engine.paths import reason, replacing

# Keras decides the format by these endings.
ENDINGS = {"h5": ".h5", "keras": ".keras", "weights": ".weights.h5"}


def export_model(model: keras.Model, document: Document, path: Path, format: str) -> int:
    """Write a model; a failure leaves the old file untouched.

    Args:
        model: The compiled model.
        document: The drawing that goes into a whole-model H5 file.
        path: File to write; its ending must suit the format.
        format: A key of `ENDINGS`.

    Returns:
        The size of the file in bytes.

    Raises:
        ExportProblem: The format or the ending is wrong, or Keras cannot write the model.
        FileProblem: The folder cannot be written or the disk is full.
    """
    ending = ENDINGS.get(format)
    if ending is None or not path.name.endswith(ending) or path.name == ending:
        raise ExportProblem(
            "“{path}” must end in {ending}.", path=path.name, ending=ending or ", ".join(ENDINGS)
        )
    if format == "h5" and path.name.endswith(ENDINGS["weights"]):
        raise ExportProblem(
            "“{path}” names a weights-only file: choose another name for the whole model.",
            path=path.name,
        )
    with replacing(path) as temporary, _explained(path):
        # Keras advises against H5 on each save; here it was asked for by name.
        logging.getLogger("absl").setLevel(logging.ERROR)
        if format == "weights":
            model.save_weights(temporary, overwrite=True)
        else:
            # A model that never trained has an optimizer without state, which Keras warns of.
            if model.optimizer is not None and not model.optimizer.built:
                model.optimizer.build(model.trainable_variables)
            model.save(temporary, overwrite=True)
        if format == "h5":
            embed_document(temporary, document)
    return path.stat().st_size


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Tell a full disk, which HDF5 reports in many ways, from a model Keras cannot write."""
    try:
        yield
    except (FileProblem, MemoryError):
        raise
    except Exception as error:
        words = str(error).lower()
        full = "no space left" in words or "errno = 28" in words or "file too large" in words
        if full or shutil.disk_usage(path.parent).free < 2**20:
            raise FileProblem(
                "“{path}” was not saved: the disk is full. Free some space or choose another"
                " folder.",
                path=path,
            ) from error
        if isinstance(error, OSError):
            raise
        raise ExportProblem(
            "The model could not be written to “{path}”: {reason}.",
            path=path,
            reason=reason(error),
        ) from error
