"""Scripts that cannot be read are offered to be run, once they are trusted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.trust import is_trusted
from gui.app import Application, build

SCRIPT = """
import keras

class Maker:
    def model(self):
        return keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3, name="kind")])

model = Maker().model()
"""


@pytest.fixture
def app(qtbot: QtBot) -> Iterator[Application]:
    app = build(theme_mode="light", language="en", start_engine=False)
    app.window.show()
    yield app
    app.close()


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
    before = len(window.tabs.views())
    press(app, "Run the script…")
    sheet = window.trusting.sheet
    assert sheet is not None and sheet.isVisible()
    assert "class Maker" in sheet.view.toPlainText()
    assert not is_trusted(path.read_bytes())
    QTest.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert is_trusted(path.read_bytes())
    qtbot.waitUntil(lambda: len(window.tabs.views()) == before + 1, timeout=60_000)
    session = window.session
    assert session is not None and session.path is None
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
