"""Answers of the engine, given without one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.formats.keras_files.matching import Match
from engine.ipc import messages as m
from gui.session import Session


def weights_loaded(session: Session, table: Sequence[Match] = (), path: Path | None = None) -> None:
    """Let the weights of a file come that a session waits for."""
    weights = session._weights
    reply = m.WeightsLoaded(document=session.id, table=list(table))
    weights._take(weights._asked, path or Path("x.h5"), reply)
