"""Converters of other programs, in a process of their own.

They are large, want memory, and some of them break down on some networks (the calibrator of
TensorFlow Lite crashes on recurrent layers): that must not take the trained weights with it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np

from engine.errors import ExportProblem, Text, text
from engine.formats.exporting import FORMATS
from engine.formats.project import read_project, write_project
from engine.graph.analysis import is_foreign
from engine.graph.document import Document
from engine.paths import passing_folder, reason
from engine.worker.children import child, child_environment
from engine.worker.compile import build_model
from engine.worker.exports.course import Course
from engine.worker.exports.keras_files import write_whole
from engine.worker.exports.samples import COMPARED, Arrays
from engine.worker.exports.way import Told, Writer
from engine.worker.weights import load_weights

PATIENCE_SECONDS = 1800
# How soon a child ends that is no longer wanted.
LOOK_SECONDS = 0.1
ANSWER = "answer.json"
DRAWING = "drawing.netloom"
NOTES: dict[str, Text] = {
    "single": text("The file takes one sample at a time, as recurrent layers ask for.")
}


def apart(format: str, course: Course | None = None) -> Writer:
    """Return what writes a format in a process of its own, and reads it back there.

    Args:
        format: A key of `FORMATS` that `other_programs` converts to.
        course: Is told when the file is read back, and can cancel the work.
    """
    followed = course or Course()

    def write(model: keras.Model, document: Document, path: Path, samples: Arrays) -> Told:
        with passing_folder() as place:
            write_whole(model, document, place / "model.keras", samples)
            if _is_foreign(document):
                write_project(document, place / DRAWING)
            np.savez(place / "samples.npz", *samples)
            told, problem = _run(format, place, path, followed)
            outputs = None
            if (place / "outputs.npz").is_file():
                with np.load(place / "outputs.npz", allow_pickle=False) as found:
                    outputs = [found[name] for name in sorted(found.files, key=_number)]
        return Told(NOTES.get(told.get("note", "")), outputs, problem)

    return write


def _is_foreign(document: Document) -> bool:
    """Return whether layers run code of others."""
    return any(map(is_foreign, document.network.nodes.values()))


def _run(format: str, place: Path, path: Path, course: Course) -> tuple[dict[str, str], str | Text]:
    """Let a child convert; returns what it told, and why it could not read the file back."""
    command = [sys.executable, "-m", __name__, format, str(place), str(path.absolute())]
    title = FORMATS[format].title
    # What the converters put aside lies in this folder, too, and goes with it.
    environment = child_environment() | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(place))
    try:
        code = _wait(command, environment, place, course)
    except subprocess.TimeoutExpired as error:
        raise ExportProblem(
            "The conversion to {format} did not end within {minutes} minutes.",
            format=title,
            minutes=PATIENCE_SECONDS // 60,
        ) from error
    answer = place / ANSWER
    if not answer.is_file():
        raise ExportProblem(
            "The converter to {format} broke down on this network (exit code {code}): choose"
            " another format.",
            format=title,
            code=code,
        )
    told: dict[str, str] = json.loads(answer.read_text(encoding="utf-8"))
    if "failed" in told:
        raise ExportProblem(
            "The network does not go into {format}: {reason}.",
            format=title,
            reason=told["failed"].rstrip("."),
        )
    if code:
        return told, text("its process broke down, exit code {code}", code=code)
    return told, told.get("problem", "")


def _wait(command: list[str], environment: dict[str, str], place: Path, course: Course) -> int:
    """Run the child to its end, or until nobody wants its file any more; returns its exit code.

    Raises:
        ExportCancelled: Nobody does.
        TimeoutExpired: It takes too long.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    with child(command, environment) as process:
        while True:
            course.check()
            if (place / ANSWER).is_file():
                course.begin("reading")
            try:
                return process.wait(LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                if time.monotonic() > end:
                    raise


def _number(name: str) -> int:
    return int(name.removeprefix("arr_"))


def _model(place: Path) -> keras.Model:
    """Return the model that is to be converted.

    With code of others in it, it is built from its drawing: what is trusted is looked up anew.
    """
    if not (place / DRAWING).is_file():
        return keras.models.load_model(place / "model.keras", compile=False, safe_mode=True)
    network = read_project(place / DRAWING).network
    model = build_model(network)
    load_weights(model, network, place / "model.keras")
    return model


def _convert(format: str, place: Path, path: Path) -> dict[str, str]:
    """Do the work of the child; what it returns goes to the parent."""
    from engine.worker.compile import allow_deep_models
    from engine.worker.exports import other_programs

    allow_deep_models()
    write, read = other_programs.CONVERTERS[format]
    with np.load(place / "samples.npz", allow_pickle=False) as found:
        samples = [found[name] for name in sorted(found.files, key=_number)]
    compared = [values[:COMPARED] for values in samples]
    try:
        model = _model(place)
        told = {"note": write(model, path, samples)}
    except Exception as error:  # Keras and the converters raise whatever their parts raise.
        return {"failed": reason(error)[:300]}
    # Told already now: some runtimes crash on the files that converters write, and then it was
    # not the conversion that broke down.
    (place / ANSWER).write_text(json.dumps(told), encoding="utf-8")
    try:
        np.savez(place / "outputs.npz", *read(path, model, compared))
    except Exception as error:
        told["problem"] = reason(error)[:2000]
    return told


def main() -> None:
    """Convert a model: the format, the folder with model and samples, the file to write."""
    given = argparse.ArgumentParser()
    given.add_argument("format")
    given.add_argument("place", type=Path)
    given.add_argument("path", type=Path)
    options = given.parse_args()
    told = _convert(options.format, options.place, options.path)
    (options.place / ANSWER).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
