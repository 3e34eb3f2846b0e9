"""The problems of a document: those the drawing shows, those the engine sees, and advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.graph import analysis
from engine.graph.analysis import Problem
from gui.facts.advising import Advising

if TYPE_CHECKING:
    from gui.session import Session


class Checking(QObject):
    """Joins what is found in different places, each problem once.

    Signals:
        changed: `problems` changed.

    Attributes:
        problems: All of them, those of the drawing first.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.problems: list[Problem] = []
        self._of_drawing: list[Problem] = []
        self._of_engine: list[Problem] = []
        self.advising = Advising(session)
        self.advising.changed.connect(self._tell)
        self.check()

    def check(self) -> bool:
        """Look at the drawing; returns whether the problems are others than before."""
        self._of_drawing = analysis.problems(self._session.document.network)
        return self._join()

    def take(self, problems: list[Problem]) -> None:
        """Take what the engine sees."""
        self._of_engine = problems
        self._tell()

    def _tell(self) -> None:
        if self._join():
            self.changed.emit()

    def _join(self) -> bool:
        seen = {(problem.node, problem.code) for problem in self._of_drawing}
        nodes = self._session.document.network.nodes
        joined = self._of_drawing + [
            problem
            for problem in (*self._of_engine, *self.advising.problems)
            if (problem.node, problem.code) not in seen
            and (not problem.node or problem.node in nodes)
        ]
        news = joined != self.problems
        self.problems = joined
        return news
