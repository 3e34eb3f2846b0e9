"""What tests of the workbench share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.workbench import Open
from pytestqt.qtbot import QtBot

from gui.theme import Theme
from gui.workbench.page import Workbench


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    pages: list[Workbench] = []

    def make(path: Path) -> Workbench:
        page = Workbench(Theme("light"), path)
        pages.append(page)
        qtbot.addWidget(page)
        page.resize(1280, 700)
        page.show()
        return page

    yield make
    for page in pages:
        page.close_file()
