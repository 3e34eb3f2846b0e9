"""What goes wrong with weights is told as what it is: a damaged file, or something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from helpers.networks import iris_classifier

from engine.errors import FileProblem
from engine.formats.keras_files.guard import guarded_zip, reading_zip
from engine.formats.keras_files.stored import stored_layers
from engine.worker import weights
from engine.worker.compile import build_model, compile_model
from engine.worker.grafting import _open_layers
from engine.worker.weights import load_weights

FULL = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "iris.keras"
    build_model(iris_classifier().network).save(path)
    return path


@pytest.mark.parametrize("reader", [guarded_zip, stored_layers, _open_layers])
@pytest.mark.parametrize("error", [ValueError("mine"), MemoryError(), FULL])
def test_errors_of_who_asks_are_theirs(reader: Any, error: Exception, file: Path) -> None:
    with pytest.raises(type(error)) as raised, reader(file):
        raise error
    assert raised.value is error


def test_damage_is_told_where_it_is_read(file: Path) -> None:
    content = file.read_bytes()
    with guarded_zip(file) as archive:
        start = archive.getinfo("model.weights.h5").header_offset
    file.write_bytes(content[:start] + bytes(60) + content[start + 60 :])
    damaged = pytest.raises(FileProblem, match="damaged")
    with damaged, guarded_zip(file) as archive, reading_zip(file):
        archive.read("model.weights.h5")
    with pytest.raises(FileProblem, match="damaged"), stored_layers(file):
        pass


@pytest.mark.parametrize("error", [MemoryError(), FULL])
def test_memory_that_runs_out_is_no_fault_of_the_file(
    error: Exception, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = iris_classifier()
    model = build_model(document.network)
    compile_model(model, document.recipe)

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(weights, "_assign", full)
    with pytest.raises(type(error)):
        load_weights(model, document.network, file)


def test_values_that_cannot_be_read_are_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = iris_classifier()
    model = build_model(document.network)

    def odd(*_: object) -> None:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(weights, "_assign", odd)
    with pytest.raises(FileProblem, match=r"iris\.keras.*cannot be read: of all things"):
        load_weights(model, document.network, file)
