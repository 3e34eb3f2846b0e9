"""Scripts that cannot be read are offered to be run, once they are trusted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.graph import commands
from engine.trust import is_trusted
from gui.app import Application
from gui.session import Session

SCRIPT = """import json

import keras

class Maker:
    def model(self):
        units = json.loads("3")
        return keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(units, name="kind")])

model = Maker().model()
"""


@pytest.fixture
def app(app: Application) -> Application:
    app.window.show()
    return app


def press(app: Application, words: str) -> None:
    buttons = app.window.messages.findChildren(QPushButton)
    (button,) = (one for one in buttons if one.text() == words and one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_script_runs_once_it_is_trusted(app: Application, qtbot: QtBot, tmp_path: Path) -> None:
    window = app.window
    path = tmp_path / "maker.py"
    path.write_text(SCRIPT, encoding="utf-8")
    with qtbot.waitSignal(app.engine.ready, timeout=60_000):
        app.engine.start()
    window.open_path(path)
    read = window.session
    press(app, "Run the script…")
    sheet = window.trusting.sheet
    assert sheet is not None and sheet.isVisible()
    assert "class Maker" in sheet.view.toPlainText()
    assert not is_trusted(path.read_bytes())
    QTest.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert is_trusted(path.read_bytes())
    qtbot.waitUntil(lambda: window.session not in (None, read), timeout=60_000)
    session = window.session
    assert session is not None and session.path is None
    # The file that was made on the way is nobody's.
    assert "“maker.py”" in window.messages.text
    assert "kind" in session.document.network.nodes
    qtbot.waitUntil(lambda: session.trained, timeout=60_000)
    assert str(tmp_path / "maker.keras") not in window.settings.recent


def test_a_script_is_left_alone_where_that_is_chosen(app: Application, tmp_path: Path) -> None:
    path = tmp_path / "maker.py"
    path.write_text(SCRIPT, encoding="utf-8")
    app.window.open_path(path)
    press(app, "Run the script…")
    sheet = app.window.trusting.sheet
    assert sheet is not None
    QTest.mouseClick(sheet.decline, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible() and not is_trusted(path.read_bytes())


HALF_READ = """
import keras

inputs = keras.Input((4,))
outputs = keras.layers.Dense(json.loads("3"), name="kind")(inputs)
model = keras.Model(inputs, outputs)
for units in open("sizes.txt"):
    model.add(keras.layers.Dense(int(units)))
"""


def read_half(app: Application, folder: Path) -> Session:
    path = folder / "half.py"
    path.write_text(HALF_READ, encoding="utf-8")
    session = app.window.open_path(path)
    assert session is not None
    return session


def test_a_script_can_be_run_later_too(app: Application, tmp_path: Path) -> None:
    window = app.window
    action = window.actions_["run_script"]
    window.new_document()
    assert not action.isEnabled()
    read_half(app, tmp_path)
    assert action.isEnabled()
    action.trigger()
    sheet = window.trusting.sheet
    assert sheet is not None and sheet.isVisible()
    assert "sizes.txt" in sheet.view.toPlainText()


@pytest.mark.parametrize("edited", [False, True])
def test_the_model_takes_the_place_of_what_was_read(
    edited: bool, app: Application, tmp_path: Path
) -> None:
    window = app.window
    session = read_half(app, tmp_path)
    if edited:
        session.do(commands.set_param(session.document, ["kind"], "units", 7))
    made = tmp_path / "made" / "half.json"
    made.parent.mkdir()
    layer = {"class_name": "Flatten", "config": {"name": "a", "batch_input_shape": [None, 8]}}
    made.write_text(json.dumps({"class_name": "Sequential", "config": [layer]}))
    window.scripts._open(tmp_path / "half.py", made)
    assert window.session is not None and window.session is not session
    assert window.messages.text.startswith("Imported 2 layers from “half.py”.")
    assert window.tabs.count() == (2 if edited else 1)
