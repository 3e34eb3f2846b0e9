"""Writes a model in any format, reads it back and says how far predictions are apart."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import keras
import msgspec

from engine.datasets import Dataset
from engine.errors import ExportProblem, FileProblem, Text, text
from engine.formats.exporting import FORMATS, ExportFormat, refuse_missing
from engine.graph.document import Document
from engine.graph.keras_names import keras_names
from engine.layers import LAYERS
from engine.paths import UNFINISHED, passing_folder, reason, replacing, write_problem
from engine.worker.exports import keras_files
from engine.worker.exports.apart import apart
from engine.worker.exports.course import Course
from engine.worker.exports.refusals import unknown_operator
from engine.worker.exports.samples import (
    CALIBRATING,
    COMPARED,
    Arrays,
    largest_difference,
    outputs_of,
    samples_for,
)
from engine.worker.exports.way import Reader, Told, Writer

# What writes and reads each format; where nothing does here, other programs in a process apart.
WAYS: dict[str, tuple[Writer | None, Reader | None]] = {
    "h5": (keras_files.write_whole, keras_files.read_whole),
    "keras": (keras_files.write_whole, keras_files.read_whole),
    "weights": (keras_files.write_weights, keras_files.read_weights),
    "json": (keras_files.write_json, keras_files.read_json),
    "saved_model": (keras_files.write_saved_model, keras_files.read_saved_model),
    **dict.fromkeys(("onnx", "tflite", "tflite_dynamic", "tflite_int8"), (None, None)),
}

# Layers named in a sentence.
MOST_TOLD = 5


class Written(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        bytes: Size of the file, or of all files of a folder.
        difference: Largest difference of predictions between the model and what was read back;
            None where it could not be read back.
        reader: What read it back.
        samples: How many samples were compared.
        note: What somebody should know of the file.
    """

    bytes: int
    difference: float | None
    reader: str
    samples: int
    note: Text | None = None


def export_model(
    model: keras.Model,
    document: Document,
    path: Path,
    format: str,
    data: Dataset | None = None,
    course: Course | None = None,
) -> Written:
    """Write a model and compare it; a failure leaves the old file untouched.

    Args:
        model: The compiled model.
        document: The drawing that it was built from.
        path: File or folder to write; its ending must suit the format.
        format: A key of `FORMATS` that holds the model.
        data: The document's data, whose samples are compared; random numbers otherwise.
        course: Is told the stages, and can cancel the work.

    Raises:
        ExportProblem: The format or the ending is wrong, packages are missing, or the model cannot
            be written in this format.
        FileProblem: The folder cannot be written or the disk is full.
    """
    item = FORMATS.get(format)
    if item is None or item.key not in WAYS or not item.suits(path):
        endings = item.ending if item else ", ".join(FORMATS[key].ending for key in WAYS)
        raise ExportProblem("“{path}” must end in {ending}.", path=path.name, ending=endings)
    refuse_missing(item)
    course = course or Course()
    write = WAYS[format][0] or apart(format, course)
    samples, real = samples_for(model, data, CALIBRATING if format == "tflite_int8" else COMPARED)
    compared = [values[:COMPARED] for values in samples]
    place = _replacing_folder if item.folder else replacing
    with place(path) as temporary, _explained(path):
        course.begin("converting")
        told = write(model, document, temporary, samples)
        course.begin("reading")
        difference, reader, note = _compare(item, told, temporary, path, model, document, compared)
        course.check()
    size = sum(file.stat().st_size for file in _files(path))
    if format == "tflite_int8" and not real:
        note = text(
            "No data fits the network, so random numbers told the ranges of values: predictions"
            " will be worse than they need be."
        )
    count = len(compared[0]) if compared else 0
    note = note or told.note or (_renamed(document) if format != "h5" else None)
    return Written(size, difference, reader, count, note)


def _renamed(document: Document) -> Text | None:
    """Say which layers have other names in files that do not hold the drawing."""
    names = keras_names(document.network)
    other = [(node.title, names[node.id]) for node in document.network.ordered()]
    told = [f"“{title}” → “{name}”" for title, name in other if title != name]
    if not told:
        return None
    return text(
        "TensorFlow takes names of Latin letters only; these layers have others in the file:"
        " {names}.",
        names=", ".join(told[:MOST_TOLD]) + (" …" if len(told) > MOST_TOLD else ""),
    )


def _compare(
    item: ExportFormat,
    told: Told,
    path: Path,
    target: Path,
    model: keras.Model,
    document: Document,
    samples: Arrays,
) -> tuple[float | None, str, Text | None]:
    """Read a file back; returns the difference, what read it, and what to know."""
    read, reader, note = WAYS[item.key][1], item.reader, None
    kinds = [LAYERS.find(node.layer) for node in document.network.nodes.values()]
    if item.key in ("h5", "keras", "json") and LAYERS.get("Lambda") in kinds:
        read, reader = keras_files.read_with_drawing, "Netloom"
        note = text(
            "Keras opens files with Lambda layers only where its safe mode is turned off: better"
            " replace them by an Expression."
        )
    elif item.key == "h5" and any(spec is not None and spec.function for spec in kinds):
        read, reader = keras_files.read_with_drawing, "Netloom"
        note = text(
            "Keras itself does not open .h5 files of networks with operations: give .keras to"
            " others."
        )
    if item.key == "json" and note is not None:
        return None, reader, note
    problem, theirs = told.problem, told.outputs
    if theirs is None and read is not None:
        try:
            theirs = read(path, model, document, samples)
        except Exception as error:  # The readers raise whatever their parts raise.
            problem = reason(error)
    if theirs is None and item.key in ("h5", "keras") and reader != "Netloom":
        theirs = keras_files.read_with_drawing(path, model, document, samples)
        note = text(
            "Netloom opens this file; Keras itself cannot: {reason}.", reason=_short(problem)
        )
        reader = "Netloom"
    if theirs is None:
        raise ExportProblem(
            "“{path}” was not written: {reader} cannot read what the network became ({reason})."
            " Choose another format.",
            path=target.name,
            reader=reader,
            reason=unknown_operator(str(problem), document.network) or _short(problem),
        )
    return largest_difference(outputs_of(model, samples), theirs), reader, note


def _short(problem: str | Text) -> str | Text:
    """Return the first sentence of what a reader says; what we say is short."""
    if isinstance(problem, Text):
        return problem
    words = " ".join(problem.split())
    return words.partition(". ")[0].rstrip(".")[:200] or "?"


def _files(path: Path) -> list[Path]:
    return [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]


@contextlib.contextmanager
def _replacing_folder(path: Path) -> Iterator[Path]:
    """Give a folder beside `path` that takes its place when the block succeeds.

    Raises:
        FileProblem: Something else than an earlier SavedModel is there, or the disk refuses.
    """
    # A link stays one: what it leads to is replaced.
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    if path.exists() and not (path / "saved_model.pb").is_file():
        raise FileProblem(
            "“{path}” is there already and no SavedModel: choose another name.", path=path
        )
    try:
        with passing_folder(beside=path) as folder:
            temporary = folder / "model"
            yield temporary
            _take_place(temporary, path)
    except OSError as error:
        raise write_problem(path, error) from error


def _take_place(new: Path, path: Path) -> None:
    """Move a folder to where an earlier one may be, which comes back where that fails."""
    if not path.exists():
        os.replace(new, path)
        return
    # Not in the new one's folder: that is removed whenever the program ends.
    aside = Path(tempfile.mkdtemp(prefix=".saving-", dir=path.parent))
    old = aside / path.name
    try:
        os.replace(path, old)
        try:
            os.replace(new, path)
        except OSError:
            os.replace(old, path)
            raise
        UNFINISHED.add(aside)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        with contextlib.suppress(OSError):
            aside.rmdir()
        UNFINISHED.discard(aside)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Tell a full disk, which HDF5 reports in many ways, from a model that cannot be written."""
    try:
        yield
    except (FileProblem, ExportProblem, MemoryError):
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
            reason=reason(error).rstrip(".")[:300],
        ) from error
