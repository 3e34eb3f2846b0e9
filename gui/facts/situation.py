"""What a session knows that ways out of problems depend on."""

from __future__ import annotations

from engine.errors import Text
from engine.fixes import Fix, fixes
from engine.graph.analysis import Problem
from engine.graph.situation import DataFacts, Situation
from gui.session import Session


def situation_of(session: Session) -> Situation:
    """Return the situation of a session's document now."""
    info = session.data.info if session.data is not None else None
    data = None
    if info is not None:
        size = info.target_shape[-1] if info.target_shape else 1
        data = DataFacts(tuple(info.sample_shape), info.task, len(info.classes), size, info.train)
    return Situation(session.document, session.facts, data)


def apply_fix(session: Session, problem: Problem, label: Text) -> bool:
    """Apply the fix of this label as one step, found anew; returns whether there still is one.

    Where a person must do something first, the session asks for it.
    """
    for fix in fixes(situation_of(session), problem):
        if fix.label == label:
            if fix.asks:
                session.asked.emit(fix.asks, problem.node)
                return True
            session.history.end_merge()
            return session.do(fix.edit)
    return False


def fixes_of(session: Session, problem: Problem) -> list[Fix]:
    """Return the ways out of a problem now, the best first."""
    return fixes(situation_of(session), problem)
