"""Notices when a document's file is changed by somebody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

if TYPE_CHECKING:
    from gui.session import Session

# Programs write in several steps: what counts is the file once it is quiet.
QUIET_MS = 300


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what tells one content of a file from another without reading it."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


class FileWatch(QObject):
    """Watches the file of one session.

    Signals:
        changed: The file is no longer what was read or saved last.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._path: Path | None = None
        self._known: tuple[int, int, int] | None = None
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._timer.timeout.connect(self._look)
        self._watcher.fileChanged.connect(lambda _: self._timer.start())
        self._watcher.directoryChanged.connect(lambda _: self._timer.start())
        session.saved.connect(self.remember)
        self.remember()

    def remember(self) -> None:
        """Take the file as it is now for what the document was read from or saved to."""
        path = self._session.path
        if path != self._path:
            for watched in (*self._watcher.files(), *self._watcher.directories()):
                self._watcher.removePath(watched)
            self._path = path
        self._known = stamp(path) if path is not None else None
        self._watch()

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else has changed the file since."""
        if self._path is None or self._known is None:
            return False
        now = stamp(self._path)
        return now is not None and now != self._known

    def _watch(self) -> None:
        # A file that is replaced is no longer watched; its folder tells of the new one.
        if self._path is not None and self._path.exists():
            self._watcher.addPath(str(self._path))
            self._watcher.addPath(str(self._path.parent))

    def _look(self) -> None:
        self._watch()
        if self.is_foreign:
            self.changed.emit()
