"""The menu of the canvas."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu

from gui.i18n import tr

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


def make_menu(view: CanvasView, point: QPointF) -> QMenu:
    """Make the menu for what is selected, opened at a point of the canvas."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if view.session.selection:
        menu.addAction(tr("Cut"), view.cut)
        menu.addAction(tr("Copy"), view.copy)
        menu.addAction(tr("Duplicate"), view.duplicate)
        menu.addAction(tr("Delete"), view.delete_selection)
        menu.addAction(tr("Delete and reconnect"), view.editing.delete_and_heal)
        menu.addAction(tr("Bypass"), view.editing.bypass)
        if len(view.session.selection) > 1:
            menu.addAction(tr("Connect in sequence"), view.editing.connect_in_sequence)
        _add_sharing(menu, view)
        menu.addSeparator()
    menu.addAction(tr("Paste"), partial(view.paste_at, point))
    menu.addAction(tr("Arrange layers"), view.arrange)
    menu.addAction(tr("Fit to window"), view.fit)
    return menu


def _add_sharing(menu: QMenu, view: CanvasView) -> None:
    chosen = view.editing.selected()
    if len(chosen) != 1:
        return
    owners = view.editing.possible_owners(chosen[0])
    shares = view.session.document.network.nodes[chosen[0]].shares
    if not owners:
        return
    sharing = menu.addMenu(tr("Share weights with"))
    for owner in owners:
        sharing.addAction(owner.title, partial(view.editing.share, chosen[0], owner.id))
    if shares:
        sharing.addSeparator()
        sharing.addAction(tr("Nobody"), partial(view.editing.share, chosen[0], ""))
