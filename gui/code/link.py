"""Keeps a script and the drawing of its document equal, whichever of them is edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from engine.errors import EditRefused, NetloomError
from engine.formats.python_code import to_python
from engine.formats.python_reading.known import Known, opaque_layers, written
from engine.formats.python_reading.merging import merge
from engine.formats.python_reading.reading import read_python
from engine.formats.python_reading.things import LineRemark, Reading
from gui.session import Session


@dataclass
class Draft:
    """What the editor shows of one document.

    Attributes:
        script: The text in the editor.
        known: The script that the drawing last agreed with, and its nodes.
        canonical: The script as the program would have written it then.
        waiting: Whether the drawing has not followed the text.
        remarks: What was said of it.
    """

    script: str
    known: Known
    canonical: str
    waiting: bool = False
    remarks: list[LineRemark] = field(default_factory=list)


class CodeLink:
    """Joins the text of an editor with the document in front.

    Attributes:
        session: The document, or None.
        draft: What the editor shows, or None where there is nothing to show.
    """

    def __init__(self) -> None:
        self.session: Session | None = None
        self.draft: Draft | None = None
        self.applying = False
        # Text of one's own survives a look at another document.
        self._drafts: WeakKeyDictionary[Session, Draft] = WeakKeyDictionary()

    def follow(self, session: Session | None) -> None:
        """Follow another document, or none."""
        if self.session is not None and self.draft is not None:
            self._drafts[self.session] = self.draft
        self.session = session
        self.draft = self._drafts.get(session) if session is not None else None

    @property
    def is_waiting(self) -> bool:
        """Whether there is text that the drawing has not followed."""
        return self.draft is not None and self.draft.waiting

    @property
    def is_own(self) -> bool:
        """Whether the text is another than the program would write."""
        return self.draft is not None and self.draft.script != self.draft.canonical

    @property
    def is_behind(self) -> bool:
        """Whether the drawing has changed since it last agreed with text that still waits."""
        draft, session = self.draft, self.session
        if draft is None or session is None or not draft.waiting:
            return False
        return to_python(session.document) != draft.canonical

    def refresh(self) -> None:
        """Write the script anew where the drawing says something else; text that waits stays."""
        session, draft = self.session, self.draft
        if session is None or self.is_waiting:
            return
        if draft is None or to_python(session.document) != draft.canonical:
            self.revert()

    def revert(self) -> None:
        """Write the script of the drawing, whatever the text says.

        Raises:
            NetloomError: It cannot be written.
        """
        if self.session is None:
            self.draft = None
            return
        known = written(self.session.document)
        self.draft = Draft(known.script, known, known.script)

    def take(self, script: str) -> None:
        """Remember the text as a person has changed it, to be read in a moment."""
        if self.draft is not None:
            self.draft.script, self.draft.waiting = script, True

    def apply(self, line: int) -> bool:
        """Let the drawing follow the text.

        Args:
            line: The cursor's line: edits of the same line become one step.

        Returns:
            Whether the drawing has more to say than the text, so that it must be written anew.
        """
        session, draft = self.session, self.draft
        if session is None or draft is None or not draft.waiting:
            return False
        if draft.script == draft.known.script:
            draft.waiting, draft.remarks = False, []
            return to_python(session.document) != draft.canonical
        behind = self.is_behind
        reading = read_python(draft.script, opaque_layers(session.document))
        draft.remarks = list(reading.remarks)
        if reading.error is not None:
            return False
        return self._merge(session, draft, reading, line) or behind

    def _merge(self, session: Session, draft: Draft, reading: Reading, line: int) -> bool:
        batch: list[object] = []

        def remember(changes: Iterable[object]) -> None:
            batch.extend(changes)

        session.edited.connect(remember)
        self.applying = True
        try:
            merged = merge(session.document, draft.known, draft.script, reading)
            edit = replace(merged.edit, merge=f"code {line}")
            session.history.do(edit)
        except EditRefused as refused:
            draft.remarks = [LineRemark(line, refused.text)]
            return False
        except NetloomError as error:
            draft.remarks = [LineRemark(line, error.text)]
            return False
        finally:
            self.applying = False
            session.edited.disconnect(remember)
        draft.known, draft.waiting = merged.known, False
        draft.canonical = to_python(session.document)
        # Linked blocks have followed an edit in one of them.
        return len(batch) > len(edit.changes)

    # --- lines and nodes -------------------------------------------------------------------

    def nodes_at(self, line: int) -> list[str]:
        """Return the nodes that a line makes or calls."""
        if self.draft is None or self.draft.waiting:
            return []
        known = self.draft.known
        return [
            node_id
            for node_id, call in zip(known.ids, known.reading.calls, strict=True)
            if node_id
            and (
                call.lines[0] <= line <= call.lines[1]
                or call.layer.lines[0] <= line <= call.layer.lines[1]
            )
        ]

    def lines_of(self, nodes: Iterable[str]) -> set[int]:
        """Return the lines that make or call some nodes."""
        if self.draft is None or self.draft.waiting:
            return set()
        chosen, known = set(nodes), self.draft.known
        found: set[int] = set()
        for node_id, call in zip(known.ids, known.reading.calls, strict=True):
            if node_id in chosen:
                for first, last in (call.lines, call.layer.lines):
                    found.update(range(first, last + 1))
        return found

    def followed(self) -> set[int]:
        """Return the lines that the drawing follows: layers, model, compile and fit."""
        if self.draft is None or self.draft.waiting:
            return set()
        known = self.draft.known
        lines = self.lines_of(filter(None, known.ids))
        for first, last in known.reading.plan:
            lines.update(range(first, last + 1))
        return lines
