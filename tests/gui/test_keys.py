"""Everything by keyboard: the sheet of keys, keys of one's own, panels, the tour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.settings import Settings, load_settings
from gui.bridge import Engine
from gui.main_window import MainWindow
from gui.theme import Theme
from gui.window.keys_sheet import KEY
from gui.window.tour_steps import take_tour


@pytest.fixture
def window(qtbot: QtBot, light_theme: Theme) -> Iterator[MainWindow]:
    window = MainWindow(light_theme, Engine(), Settings())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.new_document()
    yield window


def rows(window: MainWindow) -> dict[str, str]:
    tree = window.sheets.keys.tree
    found = {}
    for place in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(place)
        for number in range(group.childCount()):
            item = group.child(number)
            if item.data(0, KEY):
                found[item.data(0, KEY)] = item.text(1)
    return found


def press(window: MainWindow, action: str, keys: str) -> None:
    """Give an action other keys as a person does."""
    tree = window.sheets.keys.tree
    for item in tree.findItems("*", Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive):
        if item.data(0, KEY) == action:
            tree.itemDoubleClicked.emit(item, 0)
    window.sheets.keys.capture.setKeySequence(QKeySequence(keys))
    window.sheets.keys.capture.editingFinished.emit()


def test_every_action_is_on_the_sheet(window: MainWindow) -> None:
    window.actions_["keys"].trigger()
    assert window.sheets.keys.isVisible()
    listed = rows(window)
    assert listed.keys() == {spec.key for spec in window.actions_.specs if spec.key != "-"}
    window.sheets.keys.field.setText("bypass")
    assert list(rows(window)) == ["bypass"]
    QTest.keyClick(window.sheets.keys, Qt.Key.Key_Escape)
    assert not window.sheets.keys.isVisible()


def test_no_two_actions_have_the_same_keys(window: MainWindow) -> None:
    seen: dict[str, str] = {}
    for spec in window.actions_.specs:
        for keys in filter(None, spec.shortcut.split("; ")):
            assert keys not in seen, (spec.key, seen.get(keys))
            seen[keys] = spec.key


def test_keys_are_changed_kept_and_reset(window: MainWindow) -> None:
    window.sheets.keys.open()
    press(window, "bypass", "Ctrl+Alt+9")
    assert window.actions_.keys_of("bypass") == "Ctrl+Alt+9"
    assert load_settings().keys == {"bypass": "Ctrl+Alt+9"}
    press(window, "bypass", "Ctrl+S")
    assert window.actions_.keys_of("bypass") == "Ctrl+Alt+9"
    assert "Save" in window.sheets.keys._foot.text()
    window.sheets.keys._reset()
    assert window.actions_.keys_of("bypass") == "Ctrl+B"
    assert load_settings().keys == {}


def test_ones_own_keys_are_there_at_the_next_start(qtbot: QtBot, light_theme: Theme) -> None:
    window = MainWindow(light_theme, Engine(), Settings(keys={"arrange": "F8"}))
    qtbot.addWidget(window)
    assert window.actions_.keys_of("arrange") == "F8"


def test_f6_goes_round_the_panels(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    assert window.view is not None
    window.view.setFocus()
    seen = []
    for _ in range(4):
        window.actions_["next_panel"].trigger()
        focus = window.focusWidget()
        parts = (window.palette_panel, window.center, window.inspector, window.bottom)
        seen.append(next(i for i, part in enumerate(parts) if part.isAncestorOf(focus)))
    assert sorted(seen) == [0, 1, 2, 3]
    window.actions_["previous_panel"].trigger()


def test_the_tour_has_three_steps_and_ends(window: MainWindow) -> None:
    take_tour(window)
    tour = window.sheets.tour
    texts = set()
    for _ in range(3):
        assert tour.isVisible()
        assert tour.rect().contains(tour._card.geometry())
        assert not tour._hole.isEmpty()
        texts.add(tour._text.text())
        tour._next.click()
    assert len(texts) == 3
    assert not tour.isVisible()
    take_tour(window)
    QTest.keyClick(tour, Qt.Key.Key_Escape)
    assert not tour.isVisible()
