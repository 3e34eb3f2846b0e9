"""Advice on a session's document, sought when nothing else waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from engine.advice import advice
from engine.graph.analysis import Problem

if TYPE_CHECKING:
    from gui.session import Session

# Later than errors, which someone is waiting for.
SEEK_AFTER_MS = 150


class Advising(QObject):
    """Follows a session's document, shapes and data.

    Signals:
        changed: `problems` has changed.

    Attributes:
        problems: The advice and warnings found.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.problems: list[Problem] = []
        self._timer = QTimer(self, singleShot=True, interval=SEEK_AFTER_MS)
        self._timer.timeout.connect(self.seek)
        for signal in (session.facts_changed, session.edited, session.data_changed):
            signal.connect(lambda *_: self._timer.start())

    def seek(self) -> None:
        """Ask all rules now."""
        from gui.facts.situation import situation_of

        found = advice(situation_of(self._session))
        if found != self.problems:
            self.problems = found
            self.changed.emit()
