"""A window that closes leaves nothing of its engine behind: neither processes nor files."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
from helpers import patient_converter
from helpers.engine_session import EngineSession
from helpers.networks import iris_classifier

from engine.ipc import messages as m

PATIENCE = 60


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the converter tells by a named pipe")
def test_a_conversion_ends_with_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passing, told = tmp_path / "passing", tmp_path / "told"
    passing.mkdir()
    os.mkfifo(told)
    monkeypatch.setenv("TMPDIR", str(passing))
    monkeypatch.setenv(patient_converter.TOLD, str(told))
    session = EngineSession(f"{patient_converter.__name__}:serve")
    session.wait(m.Ready)
    session.follow(iris_classifier())
    place = tmp_path / "place"
    place.mkdir()
    target = place / "iris.tflite"
    target.write_text("old")
    session.client.send(m.Export(document="d", path=str(target), format="tflite"))
    converter = psutil.Process(int(told.read_text()))
    engine = psutil.Process(session.client.pid)
    assert len(list(place.iterdir())) == 2 and list(passing.iterdir())
    session.client.close(patience=PATIENCE)
    psutil.wait_procs([converter, engine], timeout=PATIENCE)
    assert not converter.is_running() and not engine.is_running()
    assert [(file.name, file.read_text()) for file in place.iterdir()] == [("iris.tflite", "old")]
    assert not list(passing.iterdir())
