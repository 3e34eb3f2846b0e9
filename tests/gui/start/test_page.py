"""The start page: beside open documents, and the files opened lately."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.paths import TEMPLATES
from gui.app import Application
from gui.files.recent_menu import RecentMenu
from gui.main_window import MainWindow
from gui.start.page import RECENT_PICTURE

LENET = next(TEMPLATES.glob("*lenet-5*"))


@pytest.fixture
def app(app: Application) -> Application:
    app.window.resize(1280, 800)
    return app


def parts(window: MainWindow) -> list[bool]:
    """Return whether the parts around the canvas are there."""
    around = (window.palette_panel, window.inspector, window.bottom, window.toolbar)
    return [part.isVisible() for part in around]


def test_the_start_page_hides_the_document_and_leads_back(app: Application) -> None:
    window = app.window
    session = window.open_template(LENET)
    assert session is not None
    session.select(["fc1"])
    window.actions_["delete"].trigger()
    assert window.actions_["undo"].isEnabled()
    count = len(session.document.network.nodes)
    window.actions_["home"].trigger()
    assert window.start_page.isVisible()
    assert window.session is None
    assert window.view is None
    assert parts(window) == [False] * 4
    for key in ("undo", "redo", "save", "close", "select_all", "train"):
        assert not window.actions_[key].isEnabled()
    assert window.start_page.back.text() == "Back to “LeNet-5”"
    QTest.keyClick(window.start_page, Qt.Key.Key_Escape)
    assert window.session is session
    assert parts(window) == [True] * 4
    assert window.actions_["undo"].isEnabled()
    assert len(session.document.network.nodes) == count
    window.actions_["home"].trigger()
    window.start_page.back.click()
    assert window.session is session


def test_without_documents_there_is_no_way_back(app: Application) -> None:
    window = app.window
    assert not window.start_page.back.isVisible()
    window.open_template(LENET)
    window.actions_["home"].trigger()
    assert window.start_page.back.isVisible()
    window.open_template(LENET)
    assert window.session is not None
    window.close_tab(1)
    window.close_tab(0)
    assert window.start_page.isVisible()
    assert not window.start_page.back.isVisible()


def test_the_way_back_tells_a_change_from_a_saved_document(app: Application) -> None:
    window = app.window
    session = window.open_template(LENET)
    assert session is not None
    session.select(["fc1"])
    window.actions_["delete"].trigger()
    window.actions_["home"].trigger()
    assert "●" not in window.start_page.back.text()


def test_closing_the_window_from_the_start_page_shows_what_is_unsaved(app: Application) -> None:
    window = app.window
    session = window.open_template(LENET)
    assert session is not None
    session.select(["fc1"])
    window.actions_["delete"].trigger()
    window.actions_["home"].trigger()
    window.close()
    assert window.isVisible()
    assert window.session is session
    assert "unsaved" in window.messages.text


def test_recent_files_are_named_whole_and_stand_above_the_templates(
    app: Application, tmp_path: Path
) -> None:
    page = app.window.start_page
    paths = [tmp_path / name for name in ("one.h5", "a & b.keras", "three.json")]
    for path in paths:
        path.touch()
    page.set_recent([*paths, tmp_path / "gone.h5"])
    buttons = [page._recent.itemAt(place).widget() for place in range(page._recent.count())]
    assert len(buttons) == 3
    words = [button.text().split("    ")[0] for button in buttons]
    assert words == ["one.h5", "a && b.keras", "three.json"]
    QApplication.processEvents()
    assert all(button.y() < page._cards[0].y() for button in buttons)
    for button in buttons:
        icon = button.icon().actualSize(button.iconSize())
        assert icon.height() <= button.height()
    # The sheet is as large as other icons, amid the ground of a picture.
    picture = buttons[0].icon().pixmap(RECENT_PICTURE).toImage()
    ground = picture.pixelColor(6, 20)
    assert all(picture.pixelColor(x, 6) == ground for x in range(6, 90))
    assert any(picture.pixelColor(x, 20) != ground for x in range(38, 58))


def test_the_file_menu_opens_recent_files(app: Application, tmp_path: Path) -> None:
    window = app.window
    path = tmp_path / "mine.netloom"
    path.write_bytes(LENET.read_bytes())
    menu = window.menuBar().actions()[0].menu()
    recent = window.findChild(RecentMenu)
    assert recent is not None
    assert not recent.isEnabled()
    window.settings.recent = [str(path), str(tmp_path / "gone.h5")]
    menu.aboutToShow.emit()
    assert recent.isEnabled()
    (action,) = recent.actions()
    assert action.text().startswith("mine.netloom")
    action.trigger()
    assert window.session is not None
    assert window.session.path == path
