"""Weights of files for chosen layers of a session's document."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.errors import Text, text
from engine.graph.document import WeightsChange
from engine.graph.history import Edit
from engine.ipc import messages as m
from gui.bridge import Answer

if TYPE_CHECKING:
    from gui.session import Session


class Grafting(QObject):
    """Asks the engine what of a file fits, and makes one step of the history of what is loaded."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def match(self, path: Path, answer: Answer) -> None:
        """Ask what of a file fits which layer; `answer` gets `WeightsMatched` or `Failed`."""
        request = m.MatchWeights(document=self._session.id, path=str(path))
        self._session.engine.send(request, answer)

    def load(self, path: Path, choices: Mapping[str, str], answer: Answer) -> None:
        """Give chosen layers weights of a file; `answer` gets `WeightsGrafted` or `Failed`.

        Args:
            path: A file or folder with weights.
            choices: The path of the layer in the file for each node that gets weights.
            answer: Called when the layers have them and undo can take them back.
        """
        graft = uuid.uuid4().hex
        label = self._label(list(choices))
        request = m.GraftWeights(
            document=self._session.id, path=str(path), choices=dict(choices), graft=graft
        )
        self._session.engine.send(request, partial(self._loaded, label, answer))

    def _label(self, nodes: list[str]) -> Text:
        node = self._session.document.network.nodes.get(nodes[0]) if len(nodes) == 1 else None
        if node is not None:
            return text("Load weights of “{node}”", node=node.title)
        return text("Load weights of {count} layers", count=len(nodes))

    def _loaded(self, label: Text, answer: Answer, reply: m.AnyReply) -> None:
        if isinstance(reply, m.WeightsGrafted) and not self._session.is_closed:
            self._session.do(Edit(label, (WeightsChange(reply.graft, True),)))
            self._session.set_trained(trained=True)
        answer(reply)

    def follow(self, moved: m.WeightsMoved) -> None:
        """Take notice that undo or redo has moved weights."""
        if moved.lost:
            message = text(
                "These weights are no longer known, as the engine has been restarted or its memory"
                " was needed: load the file again."
            )
            self._session.posted.emit(message, "warning")
        self._session.set_trained(trained=moved.trained)

    def refuses(self, edit: Edit | None) -> bool:
        """Return whether a step has to wait for the end of the training; if so, this is said."""
        if edit is None or not edit.moves_weights or self._session.run.state == "idle":
            return False
        message = text(
            "This step changes weights that are being trained: stop the training first, then try"
            " again."
        )
        self._session.posted.emit(message, "warning")
        return True
