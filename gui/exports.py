"""Opens the sheet of exports over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.canvas.picture import Picture
from gui.session import Session
from gui.theme import PAPER, Theme

if TYPE_CHECKING:
    from gui.exporting.sheet import ExportSheet
    from gui.main_window import MainWindow


def open_export(window: MainWindow) -> None:
    """Show the sheet for the document in front."""
    if window.session is None:
        return
    if window.export_sheet is None:
        window.export_sheet = _make(window)
    window.export_sheet.open(window.session)


def _make(window: MainWindow) -> ExportSheet:
    # What writes code and reports is not needed to draw.
    from gui.exporting.exporter import Exporter
    from gui.exporting.sheet import ExportSheet

    exporter = Exporter(window.settings, _drawn, window)
    picture = window.actions_["picture"].trigger
    return ExportSheet(window.theme, exporter, window.messages.post, picture, window)


def _drawn(session: Session) -> str:
    """Return the drawing as SVG for print."""
    picture = Picture(session, Theme(PAPER))
    try:
        return picture.svg()
    finally:
        picture.close()
