"""Undo and redo: the only way in which a document changes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from engine.errors import EditRefused, Text
from engine.events import Event
from engine.graph.document import (
    Change,
    Document,
    EdgeChange,
    NodeChange,
    PlanChange,
    WeightsChange,
)
from engine.graph.mirroring import mirrored


class Edit(msgspec.Struct, frozen=True):
    """One step of the history: what a person did, as reversible changes.

    Attributes:
        label: What was done, such as "Add Dense".
        changes: Changes in the order in which they are applied.
        merge: Edits that follow each other with the same non-empty key become one step, as
            typing in one field or dragging one slider does.
    """

    label: Text
    changes: tuple[Change, ...]
    merge: str = ""

    @property
    def moves_weights(self) -> bool:
        """Whether layers of the model get other weights by it."""
        return any(isinstance(change, WeightsChange) for change in self.changes)


# Stands for a state that no undo leads back to.
_NEVER = Edit(Text(""), ())


def inverse(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that take `changes` back, in the order to apply them."""
    return tuple(change.inverse() for change in reversed(tuple(changes)))


class History:
    """Applies edits to a document and takes them back.

    Attributes:
        document: The document it changes.
        changed: Emitted with the changes after each edit, undo and redo.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.changed: Event[tuple[Change, ...]] = Event()
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._saved: Edit | None = None
        self._merging = False

    def do(self, edit: Edit) -> None:
        """Apply an edit and remember it; an edit without changes is not remembered.

        Raises:
            EditRefused: The edit does not fit the document, which is unchanged.
        """
        if not edit.changes:
            return
        _refuse_locked(edit)
        self.document.apply(edit.changes)
        edit = self._with_linked(edit)
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and edit.merge and self._merging and last.merge == edit.merge:
            self._done[-1] = Edit(edit.label, _compose(last.changes, edit.changes), edit.merge)
        else:
            self._done.append(edit)
        self._merging = True
        self.changed.emit(edit.changes)

    def _with_linked(self, edit: Edit) -> Edit:
        """Let linked blocks follow an edit that has been applied."""
        try:
            further = mirrored(self.document.network, edit.changes)
            self.document.apply(further)
        except Exception:
            self.document.apply(inverse(edit.changes))
            raise
        return replace(edit, changes=(*edit.changes, *further)) if further else edit

    def undo(self) -> Edit | None:
        """Take the last edit back and return it, or None where there is none."""
        if not self._done:
            return None
        edit = self._done[-1]
        changes = inverse(edit.changes)
        self.document.apply(changes)
        self._undone.append(self._done.pop())
        self._merging = False
        self.changed.emit(changes)
        return edit

    def redo(self) -> Edit | None:
        """Apply the edit taken back last and return it, or None where there is none."""
        if not self._undone:
            return None
        edit = self._undone[-1]
        self.document.apply(edit.changes)
        self._done.append(self._undone.pop())
        self._merging = False
        self.changed.emit(edit.changes)
        return edit

    def end_merge(self) -> None:
        """Make the next edit a step of its own, as when the field loses the focus."""
        self._merging = False

    @property
    def last(self) -> Edit | None:
        """The edit that undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Edit | None:
        """The edit that redo would apply."""
        return self._undone[-1] if self._undone else None

    @property
    def undo_label(self) -> Text | None:
        """Label of the edit that undo would take back."""
        return self.last.label if self.last is not None else None

    @property
    def redo_label(self) -> Text | None:
        """Label of the edit that redo would apply."""
        return self.next.label if self.next is not None else None

    @property
    def steps(self) -> list[Text]:
        """Labels of all steps, those that were taken back last."""
        return [edit.label for edit in (*self._done, *reversed(self._undone))]

    @property
    def place(self) -> int:
        """How many steps are applied."""
        return len(self._done)

    @property
    def grafts(self) -> tuple[str, ...]:
        """Names of the weights that the steps applied have loaded."""
        return tuple(
            change.graft
            for edit in self._done
            for change in edit.changes
            if isinstance(change, WeightsChange)
        )

    def mark_saved(self) -> None:
        """Remember that the document as it is now is on disk."""
        self._saved = self._last_drawn()
        self._merging = False

    def mark_unsaved(self) -> None:
        """Remember that the document as it is now is nowhere on disk, as one that was restored."""
        self._saved = _NEVER
        self._merging = False

    @property
    def is_saved(self) -> bool:
        """Whether the document equals what `mark_saved` saw."""
        return self._last_drawn() is self._saved

    def _last_drawn(self) -> Edit | None:
        """Return the last edit that the file shows: weights are not in it."""
        drawn = (
            edit
            for edit in reversed(self._done)
            if not all(isinstance(change, WeightsChange) for change in edit.changes)
        )
        return next(drawn, None)


def _refuse_locked(edit: Edit) -> None:
    """Refuse what would change a locked node; unlocking it and grouping it are no such change."""
    for change in edit.changes:
        if not isinstance(change, NodeChange) or change.before is None or not change.before.locked:
            continue
        before, after = change.before, change.after
        if after is None or (
            after.locked and replace(after, block=before.block, role=before.role) != before
        ):
            raise EditRefused("“{node}” is locked: unlock it first.", node=before.title)


def _compose(first: tuple[Change, ...], second: tuple[Change, ...]) -> tuple[Change, ...]:
    """Join two edits of the same things into one, keeping the first and the last values."""
    merged: dict[tuple[type, str], Change] = {}
    for change in (*first, *second):
        if isinstance(change, (EdgeChange, WeightsChange)):
            return (*first, *second)
        key = type(change), change.part if isinstance(change, PlanChange) else change.id
        earlier = merged.get(key)
        # Equal keys mean equal types; the values in between do not matter.
        merged[key] = change if earlier is None else replace(change, before=earlier.before)  # type: ignore[union-attr]
    return tuple(merged.values())
