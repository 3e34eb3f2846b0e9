"""The menu of the canvas."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QIcon, QPixmap
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
        menu.addAction(tr("Lock or unlock"), view.editing.set_locked)
        _add_sharing(menu, view)
        menu.addSeparator()
        _add_block(menu, view)
        menu.addSeparator()
    if view.network.grounds.selected:
        _add_mark(menu, view)
        menu.addSeparator()
    menu.addAction(tr("Add a layer…"), partial(view.quick_add.open, point))
    menu.addAction(tr("Add note"), partial(view.marks.add_note, point))
    menu.addAction(tr("Add frame"), view.marks.add_frame)
    menu.addAction(tr("Paste"), partial(view.paste_at, point))
    menu.addAction(tr("Arrange layers"), view.arrange)
    menu.addAction(tr("Fit to window"), view.fit)
    _add_bookmarks(menu, view)
    return menu


def _add_block(menu: QMenu, view: CanvasView) -> None:
    block = view.blocks.chosen
    menu.addAction(tr("Group as a block"), view.blocks.group)
    if not block:
        return
    collapsed = view.session.document.network.blocks[block].collapsed
    menu.addAction(tr("Expand") if collapsed else tr("Collapse"), view.blocks.toggle)
    menu.addAction(tr("Open in own tab"), view.blocks.enter)
    menu.addAction(tr("Duplicate linked"), view.blocks.copy_linked)
    menu.addAction(tr("Ungroup"), view.blocks.ungroup)


def _add_mark(menu: QMenu, view: CanvasView) -> None:
    chosen = sorted(view.network.grounds.selected)
    if len(chosen) == 1:
        menu.addAction(tr("Edit text"), partial(view.edit_words, chosen[0]))
    colors = menu.addMenu(tr("Color"))
    for color, name in mark_colors().items():
        swatch = QPixmap(14, 14)
        swatch.fill(view.theme.mark(color))
        colors.addAction(QIcon(swatch), name, partial(view.marks.paint, color))
    menu.addAction(tr("Delete"), view.delete_selection)


def mark_colors() -> dict[str, str]:
    """Return the names of the colors of notes and frames."""
    return {
        "yellow": tr("Yellow"),
        "green": tr("Green"),
        "blue": tr("Blue"),
        "purple": tr("Purple"),
        "red": tr("Red"),
        "gray": tr("Gray"),
    }


def _add_bookmarks(menu: QMenu, view: CanvasView) -> None:
    places = menu.addMenu(tr("Bookmarks"))
    places.addAction(tr("Add bookmark"), view.marks.add_bookmark)
    for mark in view.marks.bookmarks():
        entry = places.addMenu(mark.text)
        entry.addAction(tr("Go there"), partial(view.marks.go_to, mark.id))
        entry.addAction(tr("Delete"), partial(view.marks.remove, mark.id))


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
