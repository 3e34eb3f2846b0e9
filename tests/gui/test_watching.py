"""A file that somebody else changes while it is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.networks import template
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.formats.project import read_project, to_json, write_project
from engine.graph import commands
from engine.settings import Settings
from gui.bridge import Engine
from gui.main_window import MainWindow
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def window(qtbot: QtBot, light_theme: Theme) -> Iterator[MainWindow]:
    window = MainWindow(light_theme, Engine(), Settings())
    qtbot.addWidget(window)
    window.show()
    yield window
    for view in window.tabs.views():
        view.session.history.mark_saved()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "net.netloom"
    write_project(template("lenet"), path)
    return path


def opened(window: MainWindow, path: Path) -> Session:
    session = window.open_path(path)
    assert session is not None
    return session


def change(path: Path) -> None:
    """Change the file as another program does."""
    document = read_project(path)
    document.apply(commands.set_param(document, ["fc1"], "units", 7).changes)
    write_project(document, path)


def answer(window: MainWindow, words: str) -> None:
    buttons = window.messages.findChildren(QPushButton)
    next(button for button in buttons if button.text() == words and button.isVisible()).click()


def test_a_change_by_another_program_is_told_and_taken_over(
    qtbot: QtBot, window: MainWindow, path: Path
) -> None:
    session = opened(window, path)
    mine = to_json(session.document)
    with qtbot.waitSignal(session.watch.changed, timeout=10_000):
        change(path)
    assert "net.netloom" in window.messages.text
    answer(window, "Reload")
    assert session.document.network.nodes["fc1"].params["units"] == 7
    assert session.history.is_saved
    session.undo()
    assert to_json(session.document) == mine


def test_the_two_can_be_compared(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    session = opened(window, path)
    with qtbot.waitSignal(session.watch.changed, timeout=10_000):
        change(path)
    answer(window, "Compare")
    assert window.view is not None
    found = window.view.compare_bar.found
    assert found is not None
    assert found.changed == {"fc1"}
    assert window.view.network.nodes["fc1"].face.change == "changed"
    window.view.compare_bar.close_bar()
    assert window.view.network.nodes["fc1"].face.change == ""


def test_saving_never_overwrites_what_another_program_wrote(window: MainWindow, path: Path) -> None:
    session = opened(window, path)
    session.do(commands.set_param(session.document, ["fc2"], "units", 5))
    change(path)
    theirs = path.read_bytes()
    assert not window.save()
    assert path.read_bytes() == theirs
    answer(window, "Overwrite")
    assert path.read_text(encoding="utf-8") == to_json(session.document)
    assert session.history.is_saved


def test_ones_own_saving_is_no_foreign_change(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    session = opened(window, path)
    session.do(commands.set_param(session.document, ["fc2"], "units", 5))
    with qtbot.assertNotEmitted(session.watch.changed, wait=900):
        assert window.save()
    assert not session.watch.is_foreign
