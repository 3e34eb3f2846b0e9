"""A workbench in front of a test: how it is opened, and how something in it is selected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from gui.workbench.page import Workbench
from gui.workbench.tree_model import NAME

Open = Callable[[Path], Workbench]


def place(page: Workbench, path: str) -> QModelIndex:
    """Return the index of an entry, its groups opened on the way."""
    model = page.browser.model
    index = model.index(0, NAME)
    for name in path.strip("/").split("/"):
        if model.canFetchMore(index):
            model.fetchMore(index)
        rows = [model.index(number, NAME, index) for number in range(model.rowCount(index))]
        index = next(row for row in rows if model.entry(row).path.endswith(f"/{name}"))
    return index


def choose(page: Workbench, path: str, qtbot: QtBot) -> None:
    page.browser.tree.setCurrentIndex(place(page, path))
    qtbot.waitUntil(lambda: not page.reading.busy)


def words(page: Workbench, index: QModelIndex) -> list[str]:
    model = page.browser.model
    return [index.siblingAtColumn(column).data() or "" for column in range(model.columnCount())]
