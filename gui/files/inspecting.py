"""Opens HDF5 files in workbenches, tabs beside the documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from engine.errors import FileProblem
from gui.files import file_dialogs
from gui.i18n import tr, tr_text
from gui.loading.weight_files import follow_workbench

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.workbench.page import Workbench


def inspect_file(window: MainWindow) -> None:
    """Ask for an HDF5 file and open it in a workbench."""
    from gui.workbench.page import PATTERN

    title = tr("Inspect HDF5 file")
    path = file_dialogs.open_file(window, title, PATTERN, window.settings.folder)
    if path is not None:
        open_workbench(window, path)


def open_workbench(window: MainWindow, path: Path) -> Workbench | None:
    """Show a file in a workbench, read anew where it has one already; None if it cannot be."""
    # HDF5's library is not needed to draw.
    from gui.workbench.page import Workbench

    try:
        for page in workbenches(window):
            if page.path.resolve() == path.resolve():
                page.reload()
                window.tabs.setCurrentWidget(page)
                window.center.setCurrentWidget(window.tabs)
                return page
        page = Workbench(window.theme, path)
        follow_workbench(window, page)
    except FileProblem as error:
        window.messages.post(tr_text(error.text), "error")
        return None
    tabs = window.tabs
    tabs.add_page(page, path.name, str(path), lambda: close_workbench(window, page))
    window.center.setCurrentWidget(tabs)
    window.refresh_actions()
    page.setFocus()
    return page


def workbenches(window: MainWindow) -> list[Workbench]:
    """Return all workbenches that are open."""
    from gui.workbench.page import Workbench

    tabs = window.tabs
    pages = (tabs.widget(place) for place in range(tabs.count()))
    return [page for page in pages if isinstance(page, Workbench)]


def close_workbench(window: MainWindow, page: QWidget) -> None:
    """Close one workbench."""
    from gui.workbench.page import Workbench

    if isinstance(page, Workbench):
        page.close_file()
        window.tabs.drop_page(page)


def close_workbenches(window: MainWindow) -> None:
    """End what all workbenches read: the window closes."""
    # Without a workbench its modules need not be loaded to close none.
    if len(window.tabs.views()) < window.tabs.count():
        for page in workbenches(window):
            page.close_file()
