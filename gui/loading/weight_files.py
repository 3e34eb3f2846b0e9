"""Opens the sheet of weights over the window: for a file chosen, imported, or looked into."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import Text
from gui.i18n import tr, tr_text
from gui.session import Session
from gui.window.message_bar import Choice

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.workbench.page import Workbench


def load_weights(window: MainWindow) -> None:
    """Ask for a file and show what of it fits the document in front."""
    path = window.files.ask_weights() if window.session is not None else None
    if path is not None and window.session is not None:
        window.sheets.open_weights(window.session, path)


def offer_table(window: MainWindow, session: Session, sentence: Text, path: Path) -> None:
    """Say which layers an imported file had no weights for, and offer the whole table."""
    show = (tr("Show table"), partial(_open_in_front, window, session, path))
    window.messages.ask(tr_text(sentence), [show, (tr("Close"), lambda: None)])


def _open_in_front(window: MainWindow, session: Session, path: Path) -> None:
    view = next((view for view in window.tabs.views() if view.session is session), None)
    if view is not None:
        window.tabs.setCurrentWidget(view)
        window.sheets.open_weights(session, path)


def follow_workbench(window: MainWindow, page: Workbench) -> None:
    """Let a workbench give its file to the document that was in front last."""
    page.network_wanted.connect(partial(_use, window))


def way_into_network(window: MainWindow, path: Path) -> Choice | None:
    """Return the way to load a file into the document that was in front last; None without."""
    view = window.tabs.last_view
    if view is None:
        return None
    name = view.session.document.title or tr("Untitled")
    return tr("Load into “{name}”", name=name), partial(_use, window, path)


def tell_workbench(window: MainWindow) -> None:
    """Tell the workbench in front, if there is one, which document would take its weights."""
    page, view = window.tabs.currentWidget(), window.tabs.last_view
    # Its class need not be loaded to find that there is none.
    if hasattr(page, "set_network"):
        page.set_network(view.session.document.title if view is not None else None)


def _use(window: MainWindow, path: Path) -> None:
    view = window.tabs.last_view
    if view is not None:
        window.show_documents()
        window.tabs.setCurrentWidget(view)
        window.sheets.open_weights(view.session, path)
