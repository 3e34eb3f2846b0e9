"""What one does to notes, frames and bookmarks from the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from engine.graph import marks
from engine.graph.document import Mark
from engine.graph.elements import MarkKind
from engine.graph.geometry import snap
from gui.i18n import tr

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

ROOM = 24.0
TITLE_ROOM = 40.0


class MarkEditing:
    """Edits of marks; a refusal is posted and changes nothing."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._place = -1

    def add_note(self, at: QPointF | None = None) -> None:
        """Add a note, at a point or in the middle of the view, and begin to write it."""
        spot = at if at is not None else self._free_spot()
        self._add("note", QRectF(spot.x(), spot.y(), 208, 96), "")

    def _free_spot(self) -> QPointF:
        """Return a place for a note beside the network, at the height that is in view."""
        whole, middle = self._view.network.network_rect(), self._middle()
        if whole.isEmpty():
            return middle - QPointF(104, 48)
        return QPointF(whole.right() + 32, middle.y() - 48)

    def add_frame(self) -> None:
        """Add a colored frame around the selection, or in the middle of the view."""
        rect = self._view.selection_rect()
        if rect.isEmpty():
            rect = QRectF(self._middle() - QPointF(160, 96), self._middle() + QPointF(160, 96))
        rect.adjust(-ROOM, -TITLE_ROOM, ROOM, ROOM)
        self._add("frame", rect, tr("Frame"))

    def add_bookmark(self) -> None:
        """Remember what is in view."""
        view = self._view
        shown = view.mapToScene(view.viewport().rect()).boundingRect()
        number = 1 + sum(mark.kind == "bookmark" for mark in view.session.document.marks.values())
        self._add("bookmark", shown, tr("Bookmark {number}", number=number))

    def _middle(self) -> QPointF:
        return self._view.mapToScene(self._view.viewport().rect().center())

    def _add(self, kind: MarkKind, rect: QRectF, words: str) -> None:
        view = self._view
        corner = (snap(rect.x()), snap(rect.y()))
        size = (snap(rect.width()), snap(rect.height()))
        edit = marks.add_mark(view.session.document, kind, corner, size, words)
        if view.session.do(edit) and kind != "bookmark":
            mark = next(iter(edit.changes)).id  # type: ignore[union-attr]
            view.session.select([])
            view.network.grounds.select([mark])
            view.ensureVisible(rect, 40, 40)
            view.edit_words(mark)

    def bookmarks(self) -> list[Mark]:
        """Return the bookmarks in the order of the file."""
        found = self._view.session.document.marks.values()
        return sorted((m for m in found if m.kind == "bookmark"), key=lambda mark: mark.order)

    def go_to(self, mark: str) -> None:
        """Show what a bookmark remembers."""
        there = self._view.session.document.marks[mark]
        self._view.show_rect(QRectF(*there.at, *there.size))

    def next_bookmark(self) -> None:
        """Show what the next bookmark remembers."""
        found = self.bookmarks()
        if found:
            self._place = (self._place + 1) % len(found)
            self.go_to(found[self._place].id)

    def remove_selected(self) -> None:
        """Remove the selected marks."""
        chosen = self._view.network.grounds.selected
        self._view.session.do(marks.remove_marks(self._view.session.document, chosen))

    def remove(self, mark: str) -> None:
        """Remove a mark."""
        self._view.session.do(marks.remove_marks(self._view.session.document, [mark]))

    def write(self, mark: str, words: str) -> None:
        """Give a mark other words."""
        self._change(mark, text=words)

    def paint(self, color: str) -> None:
        """Give the selected marks another color."""
        for mark in sorted(self._view.network.grounds.selected):
            self._change(mark, color=color)

    def _change(self, mark: str, **values: str) -> None:
        session = self._view.session
        session.attempt(lambda: marks.change_mark(session.document, mark, **values))
