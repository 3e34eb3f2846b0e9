"""Weights that no file holds are asked about; a drawing without them says so once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.answers import weights_loaded

from engine.errors import text
from engine.graph import commands
from engine.graph.analysis import Problem
from engine.graph.document import WeightsChange
from engine.graph.history import Edit
from engine.ipc import messages as m
from engine.paths import TEMPLATES
from gui.app import Application
from gui.files import file_dialogs
from gui.session import Session

LENET = next(TEMPLATES.glob("*lenet-5*"))
WEIGHTS = "“LeNet-5” has weights that no file holds."
BOTH = "“LeNet-5” has unsaved changes, and weights that no file holds."
SAVED = (
    "The drawing is saved. The weights are not in it: File > Export… keeps them, as “H5, whole"
    " model”."
)


@pytest.fixture
def app(app: Application) -> Application:
    app.window.open_template(LENET)
    return app


def train(session: Session, status: str = "finished") -> None:
    """Let a run end, as the engine tells it."""
    session.run.run, session.run.state = "run", "running"
    ended = m.RunEnded(
        run="run",
        document=session.id,
        status=status,
        message=text("Training finished."),
        epochs=1,
        seconds=1.0,
        test={},
        history={},
    )
    session._receive(ended)


def load(session: Session) -> None:
    """Give the model the weights of a file, as the engine tells it."""
    weights_loaded(session)


def wait(session: Session) -> None:
    """Let weights of a file wait until the network is in order."""
    node = next(iter(session.document.network.nodes))
    session.checking.take([Problem("shape", text("Wrong."), node)])
    session.load_weights(Path("x.h5"), later=True)
    assert not session.loading


def graft(session: Session) -> None:
    """Load weights for some layers, as the sheet does."""
    reply = m.WeightsGrafted(document=session.id, graft="graft")
    session.grafting._loaded(text("Load weights"), lambda _: None, reply)


def export(session: Session, format: str, monkeypatch: pytest.MonkeyPatch) -> m.AnyReply:
    """Write the model, as the engine tells it."""
    answers: list[m.AnyReply] = []
    reply = m.Exported(path="x", format=format, bytes=1)
    monkeypatch.setattr(session.engine, "send", lambda _, answer=None: answer(reply))
    session.export(Path("x"), format, answers.append)
    monkeypatch.undo()
    return answers[0]


def close(app: Application) -> str:
    """Close the document in front; returns the question, or "" where it is gone."""
    app.window.close_tab(0)
    return app.window.messages.text if app.window.tabs.count() else ""


def answer(app: Application, words: str) -> None:
    next(button for button in app.window.messages._buttons if button.text() == words).click()


def save(app: Application, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_dialogs, "save_file", lambda *_: path)
    app.window.messages.post("")
    assert app.window.save()


@pytest.mark.parametrize(("words", "left"), [("Discard", 0), ("Cancel", 1)])
def test_trained_weights_are_asked_about(
    app: Application, session: Session, words: str, left: int
) -> None:
    train(session)
    assert close(app) == WEIGHTS
    answer(app, words)
    assert app.window.tabs.count() == left


def test_a_training_that_goes_on_is_asked_about(app: Application, session: Session) -> None:
    session.run.state = "running"
    assert close(app) == WEIGHTS


def test_a_training_that_failed_is_not(app: Application, session: Session) -> None:
    train(session, "failed")
    assert close(app) == ""


def test_export_is_offered(app: Application, session: Session) -> None:
    train(session)
    assert close(app) == WEIGHTS
    answer(app, "Export…")
    assert app.window.tabs.count() == 1
    assert app.window.sheets.export is not None and app.window.sheets.export.isVisible()


def test_quitting_asks_too_and_export_keeps_the_window(app: Application, session: Session) -> None:
    train(session)
    app.window.close()
    assert app.window.isVisible() and app.window.messages.text == WEIGHTS
    answer(app, "Export…")
    session.kept.loaded()
    close(app)
    assert app.window.isVisible()  # Nobody has asked to quit any more.


@pytest.mark.parametrize(
    ("format", "kept"),
    [("h5", True), ("keras", True), ("weights", True), ("saved_model", True), ("onnx", False)],
)
def test_exported_weights_are_kept(
    app: Application,
    session: Session,
    format: str,
    kept: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    train(session)
    assert isinstance(export(session, format, monkeypatch), m.Exported)
    assert session.is_saved is kept
    train(session)
    assert close(app) == WEIGHTS


def test_an_export_during_training_keeps_what_was_then(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.run.state = "running"
    export(session, "h5", monkeypatch)
    assert not session.is_saved
    train(session)
    assert not session.is_saved


def test_weights_for_some_layers_are_asked_about(app: Application, session: Session) -> None:
    load(session)
    graft(session)
    assert not session.is_saved
    session.history.undo()
    session._receive(m.WeightsMoved(document=session.id, trained=True))
    assert session.is_saved
    session.history.redo()
    assert close(app) == WEIGHTS


def test_weights_that_went_with_the_engine_are_not(app: Application, session: Session) -> None:
    session.do(Edit(text("Load weights"), (WeightsChange("graft", True),)))
    session.set_trained(trained=False)
    assert close(app) == ""


def test_a_model_that_was_only_opened_closes_at_once(
    app: Application, session: Session, tmp_path: Path
) -> None:
    close(app)
    path = tmp_path / "net.json"
    layers = [
        {"class_name": "Dense", "config": {"units": 2, "batch_input_shape": [None, 3], "name": "a"}}
    ]
    path.write_text(json.dumps({"class_name": "Sequential", "config": layers}))
    opened = app.window.open_path(path)
    assert opened is not None
    load(opened)
    assert opened.trained
    assert close(app) == ""


def test_changes_and_weights_are_asked_about_together(
    app: Application, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(session)
    session.do(commands.set_param(session.document, ["fc1"], "units", 99))
    assert close(app) == BOTH
    monkeypatch.setattr(file_dialogs, "save_file", lambda *_: tmp_path / "mine")
    answer(app, "Save")
    # The drawing is saved now; the weights are not thrown away with it.
    assert (tmp_path / "mine.netloom").is_file()
    assert app.window.tabs.count() == 1
    assert app.window.messages.text == WEIGHTS


@pytest.mark.parametrize("come", [train, load, graft, wait])
def test_saving_a_drawing_says_once_that_weights_are_not_in_it(
    come: object,
    app: Application,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "mine.netloom"
    save(app, path, monkeypatch)
    assert app.window.messages.text == ""
    come(session)  # type: ignore[operator]
    save(app, path, monkeypatch)
    assert app.window.messages.text == SAVED
    save(app, path, monkeypatch)
    assert app.window.messages.text == ""
    train(session)
    save(app, path, monkeypatch)
    assert app.window.messages.text == SAVED
