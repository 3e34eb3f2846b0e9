"""What the layers of a document cost, counted when nothing else waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from engine.graph.costs import Costs, costs

if TYPE_CHECKING:
    from gui.session import Session

# Counting a thousand layers takes some milliseconds: once after a burst of edits is enough.
COUNT_AFTER_MS = 60


class Counting(QObject):
    """Follows a session's shapes.

    Signals:
        changed: `costs` has changed.

    Attributes:
        costs: Costs by node id, of the nodes whose shape is known.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.costs: dict[str, Costs] = {}
        self._timer = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self._timer.timeout.connect(self._count)
        session.facts_changed.connect(lambda _: self._timer.start())
        session.edited.connect(lambda _: self._timer.start())

    @property
    def flops(self) -> int:
        """Operations of the whole network on one sample."""
        return sum(cost.flops for cost in self.costs.values())

    def memory(self, batch_size: int) -> int:
        """Return the bytes that training takes: outputs of a batch, weights, gradients, slots.

        Outputs are kept for the way back; Adam keeps two further values for each weight.
        """
        outputs = sum(cost.memory for cost in self.costs.values())
        return outputs * batch_size * 2 + self._session.total * 4 * 4

    def _count(self) -> None:
        found = costs(self._session.document.network, self._session.facts)
        if found != self.costs:
            self.costs = found
            self.changed.emit()
