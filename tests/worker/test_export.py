"""Exported files open in plain Keras with the same predictions, and nothing is lost on failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from helpers.networks import iris_classifier, template

from engine.errors import ExportProblem, FileProblem
from engine.formats.keras_files.drawing import import_model
from engine.formats.project import to_json
from engine.paths import ROOT, TEMPLATES
from engine.worker.compile import build_model, compile_model
from engine.worker.data import DataStore, prepare
from engine.worker.exports.exporting import export_model
from engine.worker.steps import Feed, Steps
from engine.worker.weights import load_weights


def trained(document):
    """Build a document's model and train it for a few real steps."""
    model = build_model(document.network, document.title, seed=3)
    compile_model(model, document.recipe)
    data = prepare(DataStore().load(document.data), model, document.recipe)
    steps = Steps(model, Feed(data.inputs, data.targets, 16), training=True)
    steps.run(0, 3)
    return model, data.inputs[0][:20]


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.netloom")), ids=lambda path: path.stem)
@pytest.mark.parametrize("format, ending", [("h5", ".h5"), ("keras", ".keras")])
def test_plain_keras_opens_every_template_with_equal_predictions(
    path: Path, format: str, ending: str, tmp_path: Path
) -> None:
    document = template(path.stem)
    model, samples = trained(document)
    target = tmp_path / f"model{ending}"
    written = export_model(model, document, target, format)
    assert written.bytes == target.stat().st_size
    assert (written.difference, written.reader) == (0, "Keras")
    loaded = keras.models.load_model(target)
    difference = np.abs(loaded.predict(samples, verbose=0) - model.predict(samples, verbose=0))
    assert difference.max() == 0
    assert os.listdir(tmp_path) == [target.name]


def test_an_h5_file_is_drawing_model_and_weights(tmp_path: Path) -> None:
    document = template("branches")
    model, samples = trained(document)
    path = tmp_path / "two branches.h5"
    export_model(model, document, path, "h5")
    drawing = import_model(path).document
    assert to_json(drawing) == to_json(document)
    again = build_model(drawing.network, drawing.title)
    compile_model(again, drawing.recipe)
    load_weights(again, drawing.network, path)
    np.testing.assert_array_equal(
        again.predict(samples, verbose=0), model.predict(samples, verbose=0)
    )


def test_training_goes_on_exactly_where_an_h5_file_left_it(tmp_path: Path) -> None:
    document = iris_classifier()
    model, _ = trained(document)
    path = tmp_path / "iris.h5"
    export_model(model, document, path, "h5")
    again = build_model(document.network)
    compile_model(again, document.recipe)
    load_weights(again, document.network, path)
    data = prepare(DataStore().load(document.data), model, document.recipe)
    for each in (model, again):
        Steps(each, Feed(data.inputs, data.targets, 16), training=True).run(0, 5)
    for ours, theirs in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_weights_only(tmp_path: Path) -> None:
    document = iris_classifier()
    model, _ = trained(document)
    path = tmp_path / "iris.weights.h5"
    export_model(model, document, path, "weights")
    again = build_model(document.network)
    load_weights(again, document.network, path)
    for ours, theirs in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("name", "format"),
    [("x.txt", "h5"), ("x.h5", "keras"), (".h5", "h5"), ("x.weights.h5", "h5"), ("x.h5", "zip")],
)
def test_a_wrong_ending_is_refused(name: str, format: str, tmp_path: Path) -> None:
    document = iris_classifier()
    model = build_model(document.network)
    with pytest.raises(ExportProblem):
        export_model(model, document, tmp_path / name, format)
    assert os.listdir(tmp_path) == []


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    document = iris_classifier()
    model, _ = trained(document)
    path = tmp_path / "iris.h5"
    export_model(model, document, path, "h5")
    network = template("lenet").network
    with pytest.raises(FileProblem, match="do not fit"):
        load_weights(build_model(network), network, path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    document = iris_classifier()
    model = build_model(document.network)
    with pytest.raises(FileProblem, match="folder does not exist"):
        export_model(model, document, tmp_path / "nowhere" / "x.h5", "h5")


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from engine.errors import FileProblem
from engine.worker.compile import build_model, compile_model
from engine.worker.exports.exporting import export_model
from engine.formats.project import read_project
document = read_project(Path({template!r}))
model = build_model(document.network); compile_model(model, document.recipe)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    export_model(model, document, Path({path!r}), {format!r})
except FileProblem as problem:
    print("TOLD", problem)
"""


@pytest.mark.parametrize(("format", "name"), [("h5", "m.h5"), ("keras", "m.keras")])
def test_when_the_disk_is_full_the_old_file_stays(format: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"the old model")
    code = FULL_DISK.format(
        root=str(ROOT),
        template=str(next(TEMPLATES.glob("*lenet*"))),
        path=str(path),
        format=format,
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert "TOLD" in result.stdout, result.stderr[-2000:]
    assert "disk is full" in result.stdout
    assert path.read_bytes() == b"the old model"
    assert os.listdir(tmp_path) == [name]


def test_a_large_drawing_fits_into_an_h5_file(tmp_path: Path) -> None:
    document = iris_classifier()
    document.notes = "long " * 50_000
    path = tmp_path / "iris.h5"
    export_model(trained(document)[0], document, path, "h5")
    assert import_model(path).document.notes == document.notes
    with h5py.File(path) as file:
        assert "model_config" in file.attrs
