"""Ctrl+F in the code seeks in the code, not on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.paths import TEMPLATES
from gui.app import Application
from gui.code.panel import CodePanel

LENET = next(TEMPLATES.glob("*lenet-5*"))
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def app(app: Application, qtbot: QtBot) -> Application:
    app.window.open_template(LENET)
    app.window.bottom.reveal("code")
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    return app


@pytest.fixture
def panel(app: Application) -> CodePanel:
    panel = app.window.bottom.panel("code")
    assert isinstance(panel, CodePanel)
    panel.refresh()
    panel.text.setFocus()
    return panel


def test_words_are_sought_in_the_code(app: Application, panel: CodePanel) -> None:
    row, text = panel.find_row, panel.text
    QTest.keyClick(text, Qt.Key.Key_F, CONTROL)
    assert row.isVisible()
    assert row.field.hasFocus()
    assert app.window.view is not None
    assert not app.window.view.find_bar.isVisible()
    QTest.keyClicks(row.field, "conv2d")
    first = text.textCursor().selectionStart()
    assert text.textCursor().selectedText().lower() == "conv2d"
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    second = text.textCursor().selectionStart()
    assert second > first
    QTest.keyClick(row.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert text.textCursor().selectionStart() == first
    # Before the first comes the last.
    QTest.keyClick(row.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert text.textCursor().selectionStart() >= second
    QTest.keyClick(row.field, Qt.Key.Key_F, CONTROL)
    assert not app.window.view.find_bar.isVisible()
    QTest.keyClick(row.field, Qt.Key.Key_Escape)
    assert not row.isVisible()
    assert text.hasFocus()
    assert "conv2d" in text.toPlainText().lower()


def test_what_is_not_there_is_told(panel: CodePanel) -> None:
    row = panel.find_row
    row.open()
    row.field.setText("no such words")
    assert row.nothing.isVisible()
    row.field.setText("import")
    assert not row.nothing.isVisible()


def test_on_the_canvas_it_seeks_layers(app: Application, panel: CodePanel) -> None:
    view = app.window.view
    assert view is not None
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F, CONTROL)
    assert view.find_bar.isVisible()
    assert not panel.find_row.isVisible()
