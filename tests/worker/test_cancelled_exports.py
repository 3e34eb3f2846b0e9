"""An export that is cancelled ends soon, its converter too, and leaves what was there before."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from helpers.engine_session import EngineSession
from helpers.networks import template

from engine.ipc import messages as m
from engine.worker.compile import build_model, compile_model
from engine.worker.exports import apart
from engine.worker.exports.course import Course, ExportCancelled, Stage
from engine.worker.exports.exporting import export_model

# Writes a part of its file, says that it runs, and takes its time.
SLOW = (
    "import sys, time; open(sys.argv[2], 'w').write('part');"
    " open(sys.argv[1], 'w').write('{}'); time.sleep(300)"
)
FORMATS = ("h5", "weights", "saved_model", "json")


class Cancelling(Course):
    """Is cancelled as soon as a stage begins."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(self._begun)
        self._last = stage
        self.begun: list[Stage] = []

    def _begun(self, stage: Stage) -> None:
        self.begun.append(stage)
        if stage == self._last:
            self.cancel()


def test_a_slow_converter_ends_with_its_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = apart._wait

    def slowly(command: list[str], environment: dict[str, str], place: Path, course: Course) -> int:
        slow = [sys.executable, "-c", SLOW, str(place / "answer.json"), command[-1]]
        return wait(slow, environment, place, course)

    monkeypatch.setattr(apart, "_wait", slowly)
    document = template("lenet")
    model = build_model(document.network)
    compile_model(model, document.recipe)
    path = tmp_path / "net.tflite"
    path.write_text("before")
    course = Cancelling("reading")
    begun = time.monotonic()
    with pytest.raises(ExportCancelled):
        export_model(model, document, path, "tflite", course=course)
    assert time.monotonic() - begun < 60
    assert course.begun == ["converting", "reading"]
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == [path.name]


def test_a_child_that_is_not_wanted_is_ended(tmp_path: Path) -> None:
    course = Course()
    course.cancel()
    command = [sys.executable, "-c", "import time; time.sleep(300)"]
    begun = time.monotonic()
    with pytest.raises(ExportCancelled):
        apart._wait(command, dict(os.environ), tmp_path, course)
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("stage", ["converting", "reading"])
def test_cancelled_between_steps_nothing_is_written(
    stage: Stage, format: str, tmp_path: Path
) -> None:
    endings = {"weights": ".weights.h5", "saved_model": ".savedmodel"}
    document = template("lenet")
    model = build_model(document.network)
    compile_model(model, document.recipe)
    path = tmp_path / f"net{endings.get(format, '.' + format)}"
    with pytest.raises(ExportCancelled):
        export_model(model, document, path, format, course=Cancelling(stage))
    assert os.listdir(tmp_path) == []


def test_the_engine_tells_the_stages_and_obeys(engine: EngineSession, tmp_path: Path) -> None:
    engine.follow(template("lenet"))
    path = tmp_path / "net.h5"
    engine.client.send(m.Export(document="d", path=str(path), format="h5"))
    engine.wait(m.Exported)
    stages = [seen.stage for seen in engine.seen if isinstance(seen, m.Exporting)]
    assert stages == ["building", "converting", "reading"]
    path.unlink()
    engine.client.send(m.Export(document="d", path=str(path), format="h5"))
    engine.client.send(m.CancelExport(document="d"))
    failed = engine.wait(m.Failed, m.Exported)
    assert isinstance(failed, m.Failed)
    assert "cancelled" in str(failed.message)
    assert os.listdir(tmp_path) == []
    # The next one is not cancelled.
    engine.client.send(m.Export(document="d", path=str(path), format="h5"))
    engine.wait(m.Exported)
    engine.client.send(m.CloseDocument(document="d"))
