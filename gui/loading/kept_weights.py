"""Whether the weights of a session's model lie in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.ipc import messages as m
from gui.bridge import Answer

if TYPE_CHECKING:
    from gui.loading.weight_loading import WeightLoading
    from gui.session import Session

# Formats from which weights can be loaded again.
KEEPING = ("h5", "keras", "weights", "saved_model")

# How often the weights have become others, and what the history has loaded since.
State = tuple[int, tuple[str, ...]]


class KeptWeights:
    """Follows what gives a model weights, and what writes them down.

    Args:
        session: The session.
        coming: What loads weights of files for it.
    """

    def __init__(self, session: Session, coming: WeightLoading) -> None:
        self._session, self._coming = session, coming
        self._count = 0
        self._kept: State = self._state
        self._told: State | None = None

    @property
    def _state(self) -> State:
        return self._count, self._session.history.grafts

    def trained(self) -> None:
        """Take notice that the weights are those of a training."""
        self._count += 1

    def loaded(self) -> None:
        """Take notice that the weights are those of a file."""
        self._count += 1
        self._kept = self._state

    def after_export(self, format: str, answer: Answer) -> Answer:
        """Return an answer to an export that also takes notice of where the weights are now."""
        # A training that goes on changes them once more.
        written = self._state

        def exported(reply: m.AnyReply) -> None:
            if isinstance(reply, m.Exported) and format in KEEPING:
                self._kept = written
            answer(reply)

        return exported

    @property
    def are_unsaved(self) -> bool:
        """Whether there are weights that no file holds."""
        session = self._session
        if session.run.state != "idle":
            return True
        return session.trained and self._state != self._kept

    def tell(self) -> bool:
        """Return whether to say that a drawing holds no weights: once for the same weights."""
        session = self._session
        there = session.trained or self._coming.expected or session.run.state != "idle"
        if not there or self._state == self._told:
            return False
        self._told = self._state
        return True
