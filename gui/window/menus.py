"""The menu bar: what is declared of actions, and the list of recent files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.actions import menu_labels, specs
from gui.files.recent_menu import RecentMenu

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def make_menus(window: MainWindow) -> None:
    """Put the actions of a window into the menus that they name."""
    bar = window.menuBar()
    menus = {key: bar.addMenu(title) for key, title in menu_labels().items()}
    for spec in specs():
        if spec.key == "-":
            menus[spec.menu].addSeparator()
        else:
            menus[spec.menu].addAction(window.actions_[spec.key])
        if spec.key == "open":
            recent = RecentMenu(window.settings, menus["file"])
            recent.chosen.connect(window.open_path)
            menus["file"].addMenu(recent)
