"""Copies what is not saved, a moment after each edit, and offers what a crash has left."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from engine import recovery
from engine.errors import NetloomError
from engine.formats.project import from_json, to_json
from engine.graph.document import Document
from gui.i18n import tr, tr_text
from gui.session import Session
from gui.window.message_bar import MessageBar

# Together with the writing itself well under the five seconds that may be lost.
COPY_AFTER_MS = 2000
MOST_NAMES = 3


class Autosave(QObject):
    """Keeps a copy of one session's document while it has unsaved changes."""

    def __init__(self, session: Session, pool: ThreadPoolExecutor) -> None:
        super().__init__(session)
        self._session, self._pool = session, pool
        # Not begun anew by each edit: someone who never pauses is protected too.
        self._timer = QTimer(self, singleShot=True, interval=COPY_AFTER_MS)
        self._timer.timeout.connect(self._copy)
        session.edited.connect(self._edited)
        session.path_changed.connect(self._saved)

    def _edited(self, *_: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _saved(self) -> None:
        if self._session.history.is_saved:
            self.forget()

    def forget(self) -> None:
        """Remove the copy: nothing is unsaved any more, or it is discarded knowingly."""
        self._timer.stop()
        self._pool.submit(recovery.forget, self._session.id)

    def _copy(self) -> None:
        session = self._session
        if session.history.is_saved:
            return
        copy = recovery.Copy(
            title=session.document.title,
            path=str(session.path or ""),
            document=to_json(session.document),
        )
        self._pool.submit(_keep, session.id, copy)


def _keep(name: str, copy: recovery.Copy) -> None:
    try:
        recovery.keep(name, copy)
    except (NetloomError, OSError):
        # A full disk is told when the person saves; the drawing itself is not touched.
        return


def make_pool() -> ThreadPoolExecutor:
    """Make the thread that writes copies, one after the other.

    No QThreadPool: Qt deletes what it has run, and PySide takes what lies there next for it.
    """
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="autosave")


Open = Callable[[Document, Path | None], Session]


def offer(messages: MessageBar, open_document: Open) -> None:
    """Offer, in the message bar, what an earlier run has left unsaved."""
    copies = recovery.found()
    if not copies:
        return

    def restore() -> None:
        for path, copy in copies.items():
            try:
                document = from_json(copy.document, copy.title)
            except NetloomError as error:
                messages.post(tr_text(error.text), "error")
                continue
            session = open_document(document, Path(copy.path) if copy.path else None)
            session.history.mark_unsaved()
            session.path_changed.emit()
            session.edited.emit(())
            recovery.take(path)

    def discard() -> None:
        for path in copies:
            recovery.take(path)

    titles = [f"“{copy.title or tr('Untitled')}”" for copy in copies.values()]
    names, more = ", ".join(titles[:MOST_NAMES]), len(titles) - MOST_NAMES
    words = tr("Netloom ended unexpectedly; unsaved changes were kept: {names}.", names=names)
    if more > 0:
        words = tr(
            "Netloom ended unexpectedly; unsaved changes were kept: {names} and {count} more.",
            names=names,
            count=more,
        )
    messages.ask(
        words,
        [(tr("Restore"), restore), (tr("Discard"), discard)],
    )
