"""The frame of the window: its size, its menus, the names of its tabs, Qt's own texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QSize
from PySide6.QtGui import QScreen
from pytestqt.qtbot import QtBot

from engine.errors import text
from engine.graph.analysis import Problem
from engine.paths import TEMPLATES
from gui import i18n
from gui.actions import menu_labels
from gui.app import Application, build
from gui.files.documents import told_apart
from gui.window.command_list import action_commands

LENET = next(TEMPLATES.glob("*lenet-5*"))


def test_the_first_window_fits_on_a_small_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _: QRect(0, 0, 1280, 800))
    app = build(theme_mode="light", language="en", start_engine=False)
    assert app.window.height() < 800
    assert app.window.width() < 1280
    app.close()
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _: QRect(0, 0, 2560, 1440))
    app = build(theme_mode="light", language="en", start_engine=False)
    assert app.window.size() == QSize(1280, 800)
    app.close()


def test_alt_and_a_letter_open_each_menu(app: Application) -> None:
    titles = [action.text() for action in app.window.menuBar().actions()]
    assert titles == ["&File", "&Edit", "&Block", "&View", "&Train", "&Help"]


def test_menus_in_chinese_keep_their_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    before = i18n.language()
    i18n.set_language("zh_CN")
    try:
        assert menu_labels()["file"] == "文件(&F)"
    finally:
        i18n.set_language(before)


def test_the_letters_stand_in_menus_only(app: Application) -> None:
    app.window.open_template(LENET)
    assert not [item.text for item in action_commands(app.window.actions_) if "&" in item.text]
    app.window.actions_["keys"].trigger()
    tree = app.window.sheets.keys.tree
    groups = [tree.topLevelItem(place).text(0) for place in range(tree.topLevelItemCount())]
    assert "File" in groups
    assert not [group for group in groups if "&" in group]


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "取消"), ("zh_TW", "取消")])
def test_the_texts_of_qt_speak_the_language_too(language: str, words: str, qtbot: QtBot) -> None:
    before = i18n.language()
    app = build(theme_mode="light", language=language, start_engine=False)
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == words
    app.close()
    app = build(theme_mode="light", language="en", start_engine=False)
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    app.close()
    i18n.set_language(before)


def test_tabs_of_the_same_name_are_told_apart(app: Application, tmp_path: Path) -> None:
    window = app.window
    other = tmp_path / "other"
    other.mkdir()
    for path in (tmp_path / "net.netloom", other / "net.netloom"):
        path.write_bytes(LENET.read_bytes())
    window.open_path(tmp_path / "net.netloom")
    assert window.tabs.tabText(0) == "net"
    assert window.tabs.tabToolTip(0) == str(tmp_path / "net.netloom")
    window.open_path(other / "net.netloom")
    names = [window.tabs.tabText(place) for place in range(2)]
    assert names == [f"net.netloom · {tmp_path.name}", "net.netloom · other"]
    window.close_tab(1)
    assert window.tabs.tabText(0) == "net"


def test_endings_tell_files_apart() -> None:
    paths = [Path("a/net.h5"), Path("a/net.json"), Path("b/net.json"), Path("a/other.h5")]
    told = [told_apart(path, paths) for path in paths]
    assert told == ["net.h5", "net.json · a", "net.json · b", "other"]


def test_the_tab_counts_what_has_to_be_solved(app: Application) -> None:
    window = app.window
    session = window.open_template(LENET)
    assert session is not None
    message = text("It could be better.")
    for severity, title in (("advice", "Problems"), ("error", "Problems (1)")):
        problem = Problem(code="some", message=message, node="fc1", severity=severity)
        session.checking.take([problem])
        assert len(session.problems) == 1
        assert window.bottom.tabText(0) == title


@pytest.mark.parametrize("way", ["palette", "drop", "wire"])
def test_a_new_input_has_the_shape_of_the_data(way: str, app: Application) -> None:
    window = app.window
    session = window.new_document()
    assert window.view is not None
    editing = window.view.editing
    if way == "palette":
        window.add_layer("Input")
    elif way == "drop":
        editing.drop_layer("Input", (0.0, 0.0), None)
    else:
        editing.add_wired("Input", QPointF(), None, ())
    (node,) = session.document.network.nodes.values()
    size = session.document.data.params.get("size", 8)
    assert node.params["shape"] == [size, size, 1]
    window.actions_["undo"].trigger()
    assert not session.document.network.nodes


def test_the_train_button_follows_the_theme_also_while_it_is_disabled(app: Application) -> None:
    window = app.window
    window.open_template(LENET)
    train = window.actions_["train"]
    button = window.toolbar.widgetForAction(train)
    for mode in ("dark", "light"):
        window.actions_[f"theme_{mode}"].trigger()
        for enabled in (False, True):
            train.setEnabled(enabled)
            colors = window.theme.colors
            ground = button.grab().toImage().pixelColor(6, button.height() // 2)
            assert ground == (colors.accent if enabled else colors.border)
