"""Workbenches are tabs beside the documents."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest
from helpers.h5_files import small_model
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.paths import ROOT, TEMPLATES
from engine.settings import Settings
from gui.bridge import Engine
from gui.files import file_dialogs
from gui.files.inspecting import close_workbenches, open_workbench, workbenches
from gui.main_window import MainWindow
from gui.theme import Theme

LENET = next(TEMPLATES.glob("*lenet*"))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(Theme("light"), Engine(), Settings())
    qtbot.addWidget(made)
    made.show()
    yield made
    close_workbenches(made)


def test_the_action_opens_a_tab_and_its_cross_closes_it(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = small_model(tmp_path / "m.h5")
    monkeypatch.setattr(file_dialogs, "open_file", lambda *_: path)
    window.actions_["inspect_h5"].trigger()
    page = workbenches(window)[0]
    assert window.center.currentWidget() is window.tabs
    assert window.tabs.tabText(0) == "m.h5"
    assert window.session is None
    assert window.toolbar.isVisible()
    assert not window.bottom.isVisible()
    assert window.actions_["close"].isEnabled()
    assert not window.actions_["save"].isEnabled()
    qtbot.waitUntil(lambda: not page.reading.busy)
    window.actions_["close"].trigger()
    assert window.tabs.count() == 0
    assert window.center.currentWidget() is window.start_page


def test_documents_and_workbenches_stand_side_by_side(window: MainWindow, tmp_path: Path) -> None:
    session = window.open_template(LENET)
    page = open_workbench(window, small_model(tmp_path / "m.h5"))
    assert page is not None
    assert window.session is None
    assert not window.inspector.isVisible()
    assert len(window.tabs.views()) == 1
    window.tabs.setCurrentIndex(0)
    assert window.session is session
    assert window.inspector.isVisible()
    window.close_tab(1)
    assert window.tabs.count() == 1
    assert window.session is session


def test_the_same_file_has_one_workbench(window: MainWindow, tmp_path: Path) -> None:
    path = small_model(tmp_path / "m.h5")
    first = open_workbench(window, path)
    window.show_start_page()
    assert open_workbench(window, path) is first
    assert window.tabs.count() == 1
    assert window.center.currentWidget() is window.tabs


def test_what_cannot_be_opened_is_told_above_the_canvas(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    path.write_text("no HDF5")
    assert open_workbench(window, path) is None
    assert "damaged or no H5 file" in window.messages.text
    assert window.tabs.count() == 0


def test_closing_the_window_lets_go_of_files(window: MainWindow, tmp_path: Path) -> None:
    page = open_workbench(window, small_model(tmp_path / "m.h5"))
    assert page is not None
    assert window.close()
    assert not page.reading.busy
    assert page.browser.model.rowCount() == 0


def test_the_workbench_loads_no_tensorflow() -> None:
    code = (
        "import gui.workbench.page, gui.files.inspecting, sys;"
        "heavy = {'tensorflow', 'keras', 'pyqtgraph'};"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.strip() == "[]"


def test_a_file_without_a_model_can_be_looked_into(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "numbers.h5"
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(3)
    assert window.open_path(path) is None
    assert "holds no model" in window.messages.text
    window.messages._buttons[0].click()
    assert [page.path for page in workbenches(window)] == [path]
    window.open_path(tmp_path / "missing.h5")
    assert window.messages._buttons == []


def test_the_window_stays_as_wide_as_it_is_whatever_the_file_is_called(
    window: MainWindow, tmp_path: Path
) -> None:
    window.resize(1280, 800)
    window.open_template(LENET)
    folder = tmp_path / ("long" * 20) / ("longer" * 20)
    folder.mkdir(parents=True)
    page = open_workbench(window, small_model(folder / f"{'model' * 20}.h5"))
    assert page is not None
    QApplication.processEvents()
    window.tabs.setCurrentIndex(0)
    QApplication.processEvents()
    assert window.width() == 1280
    assert page._facts.text().endswith(str(folder)) and page._facts.toolTip() == page._facts.text()
