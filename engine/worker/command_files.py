"""Files as commands take them: drawings, models of Keras, scripts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import engine.blocks  # noqa: F401  # Scripts may call its models.
from engine.errors import FileProblem
from engine.foreign.code import one_line
from engine.formats.importing import ENDINGS as MODELS
from engine.formats.importing import import_any
from engine.formats.keras_files.drawing import Imported
from engine.formats.keras_files.understanding import Remark
from engine.formats.project import read_project
from engine.graph.document import Part, Recipe
from engine.ipc import messages as m
from engine.worker.documents import Followed
from engine.worker.runs import Runs

DOCUMENT = "document"


def open_followed(options: argparse.Namespace) -> Followed:
    """Open the file of a command; data and epochs of the command line take the place of its own.

    Raises:
        FileProblem: It cannot be read, or an option makes no sense.
    """
    return follow(read(options.file), options)


def read(path: Path) -> Imported:
    """Read a drawing of ours, a model of Keras or a script.

    Raises:
        FileProblem: It cannot be read.
    """
    return import_any(path) if is_model(path) else Imported(read_project(path), own=True)


def follow(imported: Imported, options: argparse.Namespace) -> Followed:
    """Follow what was read, with data and epochs of the command line.

    Raises:
        FileProblem: An option makes no sense.
    """
    document = imported.document
    if getattr(options, "data", None) is not None:
        document.data = Part("npz", {"path": str(options.data)})
    if getattr(options, "epochs", None) is not None:
        if not 1 <= options.epochs <= 1_000_000:
            raise FileProblem("--epochs must be at least 1; {value} is not.", value=options.epochs)
        document.recipe = _with_epochs(document.recipe, options.epochs)
    followed = Followed(DOCUMENT, document)
    followed.shapes(set(document.network.nodes))
    return followed


def is_model(path: Path) -> bool:
    """Return whether a file is no drawing of ours."""
    return path.suffix.lower() in MODELS or path.is_dir()


def load_weights_of(runs: Runs, followed: Followed, imported: Imported, path: Path) -> bool:
    """Give the model the weights of its file; returns whether there are any."""
    if not imported.weighted:
        return False
    runs.prepare_weights(m.LoadWeights(document=DOCUMENT, path=str(path)), followed)()
    return True


def say_remarks(remarks: Iterable[Remark]) -> None:
    """Print what did not fit, where it does not mix with what is asked for."""
    for remark in remarks:
        kind = "opaque" if remark.opaque else "note"
        print(f"{kind}: {one_line(str(remark.message))}", file=sys.stderr)


def remark_rows(remarks: Iterable[Remark]) -> list[dict[str, str]]:
    """Return what did not fit for a JSON object."""
    return [{"layer": remark.node, "message": str(remark.message)} for remark in remarks]


def _with_epochs(recipe: Recipe, epochs: int) -> Recipe:
    values = {name: getattr(recipe, name) for name in recipe.__struct_fields__}
    return Recipe(**{**values, "epochs": epochs})
