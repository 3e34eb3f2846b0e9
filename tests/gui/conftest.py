"""What tests of the window share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import template
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.app import Application, build
from gui.bridge import Engine
from gui.session import Session
from gui.theme import Theme


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Delete what waits for its deletion: a new style would dress old windows again and again."""
    yield
    if QCoreApplication.instance() is not None:
        if QGuiApplication.keyboardModifiers():
            # Qt takes Ctrl for pressed until a key comes without it, which is in another test.
            QTest.keyRelease(QWidget(), Qt.Key.Key_Control)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def light_theme(qtbot: QtBot) -> Theme:
    return Theme("light")


@pytest.fixture
def lenet_session(qtbot: QtBot) -> Iterator[Session]:
    """LeNet-5 without an engine: requests are dropped."""
    session = Session(template("lenet"), Engine())
    yield session
    session.close()


@pytest.fixture
def app(qtbot: QtBot) -> Iterator[Application]:
    """The window in English and light, without an engine; nothing is open."""
    app = build(theme_mode="light", language="en", start_engine=False)
    yield app
    app.close()


@pytest.fixture
def session(app: Application) -> Session:
    """The document that a test of the window has opened in `app`."""
    session = app.window.session
    assert session is not None
    return session
