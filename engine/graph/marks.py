"""Edits of notes, frames and bookmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from engine.errors import EditRefused, text
from engine.graph.document import Document, Mark, MarkChange
from engine.graph.elements import MARK_COLORS, MarkKind
from engine.graph.history import Edit

LONGEST_TEXT = 10_000
LEAST_SIZE = (64.0, 40.0)
_ADD = {
    "note": text("Add note"),
    "frame": text("Add frame"),
    "bookmark": text("Add bookmark"),
}


def add_mark(
    document: Document,
    kind: MarkKind,
    at: tuple[float, float],
    size: tuple[float, float],
    words: str = "",
) -> Edit:
    """Add a mark. The new id is `edit.changes[0].id`.

    Args:
        document: The document.
        kind: What it is.
        at: Its top left corner, in pixels at 100 %.
        size: Its width and height, in pixels at 100 %.
        words: What it says.
    """
    number = 1
    while f"{kind}_{number}" in document.marks:
        number += 1
    order = max((mark.order for mark in document.marks.values()), default=-1) + 1
    colors = {"note": "yellow", "frame": "blue", "bookmark": "gray"}
    mark = Mark(
        id=f"{kind}_{number}",
        kind=kind,
        text=words,
        at=at,
        size=size,
        color=colors[kind],
        order=order,
    )
    return Edit(_ADD[kind], (MarkChange(None, mark),))


def change_mark(document: Document, mark_id: str, **values: Any) -> Edit:
    """Give a mark another text, place, size or color; consecutive edits of one thing merge.

    Raises:
        EditRefused: The text is too long or there is no such color.
    """
    mark = document.marks[mark_id]
    if len(values.get("text", "")) > LONGEST_TEXT:
        raise EditRefused("A note has at most {count} characters.", count=LONGEST_TEXT)
    if values.get("color", mark.color) not in MARK_COLORS:
        raise EditRefused("There is no such color.")
    if "size" in values:
        width, height = values["size"]
        values["size"] = max(width, LEAST_SIZE[0]), max(height, LEAST_SIZE[1])
    after = replace(mark, **values)
    changes = (MarkChange(mark, after),) if after != mark else ()
    return Edit(text("Change note"), changes, merge=f"mark {mark_id} {' '.join(values)}")


def move_marks(document: Document, places: Mapping[str, tuple[float, float]]) -> Edit:
    """Move marks to new corners."""
    changes = [
        MarkChange(mark, replace(mark, at=at))
        for mark_id, at in places.items()
        if (mark := document.marks[mark_id]).at != at
    ]
    return Edit(text("Move"), tuple(changes))


def remove_marks(document: Document, ids: Iterable[str]) -> Edit:
    """Remove marks."""
    changes = [MarkChange(document.marks[mark_id], None) for mark_id in ids]
    return Edit(text("Delete"), tuple(changes))
