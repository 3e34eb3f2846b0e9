"""An export under way says what it is at, and can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import text
from engine.ipc import messages as m
from engine.paths import TEMPLATES
from gui.app import Application

LENET = next(TEMPLATES.glob("*lenet-5*"))


@pytest.fixture
def app(app: Application, tmp_path: Path) -> Application:
    app.window.settings.folder = str(tmp_path)
    app.window.open_template(LENET)
    return app


def test_stages_are_told_and_cancelling_is_answered(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = app.window.session
    assert session is not None
    answers: list[Callable[[object], object]] = []
    sent: list[m.AnyRequest] = []
    monkeypatch.setattr(session, "export", lambda path, format, answer: answers.append(answer))
    monkeypatch.setattr(app.engine, "send", lambda request, answer=None: sent.append(request))
    monkeypatch.setattr(app.engine, "info", object())
    app.window.sheets.open_export()
    sheet = app.window.sheets.export
    assert sheet is not None
    detail = sheet.detail
    assert not detail.cancel.isVisible()
    detail.button.click()
    assert detail.cancel.isVisible()
    app.engine.received.emit(m.Exporting(document="another", stage="reading"))
    assert detail.stage.text() == ""
    app.engine.received.emit(m.Exporting(document=session.id, stage="building"))
    assert detail.stage.text() == "Building the model…"
    app.engine.received.emit(m.Exporting(document=session.id, stage="reading"))
    assert detail.stage.text() == "Reading back…"
    detail.cancel.click()
    assert sent[-1] == m.CancelExport(document=session.id)
    assert detail.stage.text() == "Cancelling…"
    assert not detail.cancel.isEnabled()
    answers[0](m.Failed(message=text("The export was cancelled: nothing was written.")))
    assert "cancelled" in detail.sentence.text()
    assert not detail.cancel.isVisible()
    assert detail.button.isEnabled()
    # Again, from the beginning.
    detail.button.click()
    assert detail.cancel.isEnabled()


def test_the_result_names_its_file_and_goes_with_the_path(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = app.window.session
    assert session is not None
    answers: list[Callable[[object], object]] = []
    monkeypatch.setattr(session, "export", lambda path, format, answer: answers.append(answer))
    monkeypatch.setattr(app.engine, "info", object())
    app.window.sheets.open_export()
    sheet = app.window.sheets.export
    assert sheet is not None
    detail = sheet.detail
    detail.path.setText("foo.onnx")
    detail.button.click()
    path = tmp_path / "foo.onnx.h5"
    answers[0](m.Exported(path=str(path), format="h5", bytes=2048))
    assert detail.result.isVisible()
    assert detail.figures["file"].text() == "foo.onnx.h5"
    detail.path.setText("bar")
    assert not detail.result.isVisible()
