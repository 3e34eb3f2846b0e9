"""Keys pressed on an open sheet stay on it: what lies behind is not edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from engine.foreign.code import Code
from engine.paths import TEMPLATES
from gui.app import Application
from gui.window.floating import FloatingSheet

LENET = next(TEMPLATES.glob("*lenet-5*"))


@pytest.fixture
def app(app: Application, qtbot: QtBot) -> Application:
    app.window.resize(1280, 800)
    app.window.open_template(LENET)
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    return app


def export(app: Application) -> FloatingSheet:
    app.window.sheets.open_export()
    assert app.window.sheets.export is not None
    return app.window.sheets.export


def weights(app: Application) -> FloatingSheet:
    assert app.window.session is not None
    app.window.sheets.open_weights(app.window.session, Path("no.h5"))
    assert app.window.sheets.weights is not None
    return app.window.sheets.weights


def keys(app: Application) -> FloatingSheet:
    app.window.sheets.open_keys()
    return app.window.sheets.keys


def code(app: Application) -> FloatingSheet:
    sheet = app.window.trusting.open_sheet()
    sheet.open(Code("script", "x.py", "", "print()\n", b"print()\n"), lambda: None)
    return sheet


def ledger(app: Application) -> FloatingSheet:
    app.window.trusting.open_ledger()
    assert app.window.trusting.ledger is not None
    return app.window.trusting.ledger


def press(widget: QWidget, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    modifiers = Qt.KeyboardModifier.NoModifier
    for one in held:
        modifiers |= one
    QTest.keyClick(widget, key, modifiers)
    QApplication.processEvents()


@pytest.mark.parametrize("open_sheet", [export, weights, keys, code, ledger])
def test_keys_on_a_sheet_do_not_reach_the_network(
    open_sheet: Callable[[Application], FloatingSheet], app: Application
) -> None:
    window = app.window
    session = window.session
    assert session is not None and window.view is not None
    session.select(["fc1"])
    count = len(session.document.network.nodes)
    sheet = open_sheet(app)
    control = Qt.KeyboardModifier.ControlModifier
    inside = [sheet, *sheet.findChildren(QListWidget), *sheet.findChildren(QTreeView)]
    assert window.focusWidget() is not None and sheet.isAncestorOf(window.focusWidget())
    for widget in (window.focusWidget(), *inside):
        if not widget.isVisible():
            continue
        widget.setFocus()
        press(widget, Qt.Key.Key_A, control)
        press(widget, Qt.Key.Key_Delete)
        press(widget, Qt.Key.Key_D, control)
        press(widget, Qt.Key.Key_N, control)
        press(widget, Qt.Key.Key_W, control)
        press(widget, Qt.Key.Key_Z, control)
    assert len(session.document.network.nodes) == count
    assert session.selection == {"fc1"}
    assert window.tabs.count() == 1
    assert window.session is session
    press(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    # Behind it they act again.
    window.view.setFocus()
    press(window.view, Qt.Key.Key_Delete)
    assert len(session.document.network.nodes) == count - 1


def test_a_click_between_the_parts_of_a_sheet_brings_the_keyboard(app: Application) -> None:
    sheet = export(app)
    assert app.window.view is not None
    app.window.view.setFocus()
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.title.geometry().center())
    assert sheet.hasFocus()


def test_code_on_its_sheet_goes_with_its_document(app: Application) -> None:
    sheet = code(app)
    assert sheet.isVisible()
    app.window.new_document()
    assert not sheet.isVisible()
    sheet = code(app)
    app.window.close_tab(app.window.tabs.currentIndex())
    assert not sheet.isVisible()
