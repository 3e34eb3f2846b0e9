"""An engine that dies leaves nobody waiting: whatever was asked of it ends in one sentence."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from helpers.answers import weights_loaded
from PySide6.QtCore import QCoreApplication, QEvent

from engine.formats.exporting import FORMATS
from engine.ipc import messages as m
from engine.ipc.client import EngineDied
from engine.paths import TEMPLATES
from gui.app import Application
from gui.session import Session

LENET = next(TEMPLATES.glob("*lenet-5*"))
READY = m.Ready(devices=[], tensorflow="", keras="", seconds=0.0)
GONE = "The engine ended unexpectedly before this was done: try again in a moment."


@pytest.fixture
def app(app: Application) -> Application:
    """A window whose engine takes requests and answers none."""
    app.window.show()
    app.window.open_template(LENET)
    app.engine._deliver(READY)
    return app


def die(app: Application, *, restarting: bool = True) -> None:
    app.engine._deliver(EngineDied(restarting))


def test_an_export_ends_and_the_next_one_can_begin(
    app: Application, session: Session, tmp_path: Path
) -> None:
    app.window.sheets.open_export()
    sheet = app.window.sheets.export
    assert sheet is not None
    sheet.formats.select("keras")
    sheet.detail.path.setText(str(tmp_path / "net.keras"))
    sheet.detail.export()
    assert sheet._exporter.busy
    die(app)
    assert not sheet._exporter.busy
    assert sheet.detail.sentence.text() == GONE
    assert sheet.detail.button.isEnabled()


def test_an_export_of_a_closed_document_ends(
    app: Application, session: Session, tmp_path: Path
) -> None:
    app.window.sheets.open_export()
    sheet = app.window.sheets.export
    assert sheet is not None
    sheet._exporter.start(session, FORMATS["keras"], tmp_path / "net.keras")
    app.window.close_tab(0)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    die(app)
    assert not sheet._exporter.busy
    assert app.window.messages.text == GONE


def test_a_script_that_runs_ends(app: Application, tmp_path: Path) -> None:
    app.window.scripts._ask(tmp_path / "maker.py")
    assert app.window.messages.text.startswith("Running")
    die(app)
    assert app.window.messages.text == GONE


def test_a_training_that_starts_says_that_the_drawing_is_safe(
    app: Application, session: Session
) -> None:
    session.train()
    assert session.run.state == "starting"
    die(app)
    assert session.run.state == "idle"
    assert "Your drawing and the curve are safe" in app.window.messages.text


def test_data_that_is_loaded_is_not_awaited_for_ever(app: Application, session: Session) -> None:
    die(app, restarting=False)
    assert "cannot start" in str(session.data_problem)


def test_weights_that_are_loaded_are_named(app: Application, session: Session) -> None:
    session.load_weights(Path("large.h5"))
    die(app)
    assert not session.loading
    assert "loaded the weights of “large.h5”" in app.window.messages.text


def test_weights_for_some_layers_end(app: Application, session: Session) -> None:
    replies: list[m.AnyReply] = []
    session.grafting.match(Path("x.h5"), replies.append)
    session.grafting.load(Path("x.h5"), {"fc1": "fc1"}, replies.append)
    die(app)
    assert [str(reply.message) for reply in replies if isinstance(reply, m.Failed)] == [GONE, GONE]


def test_the_first_of_two_files_is_not_taken_for_the_second(
    app: Application, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[partial[None]] = []
    monkeypatch.setattr(app.engine, "send", lambda _, answer=None: answers.append(answer))
    session.load_weights(Path("first.h5"))
    session.load_weights(Path("second.h5"))
    answers[0](m.WeightsLoaded(document=session.id))
    assert session.loading and not session.trained
    answers[1](m.WeightsLoaded(document=session.id))
    assert not session.loading and session.trained


def test_a_file_is_told_by_its_own_name(session: Session) -> None:
    said: list[str] = []
    session.posted.connect(lambda message, _: said.append(str(message)))
    session.load_weights(Path("first.h5"), later=True)
    session._weights.forget()
    weights_loaded(session, path=Path("first.h5"))
    assert said == ["The weights of “first.h5” are loaded."]
