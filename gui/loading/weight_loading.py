"""Weights of a file on their way into a session's model."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.errors import Text, text
from engine.ipc import messages as m

if TYPE_CHECKING:
    from gui.session import Session


class WeightLoading(QObject):
    """Asks the engine to load weights, again where a new one starts, and says what came of it.

    Attributes:
        loading: Whether weights are on their way.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._file: tuple[Path, bool] | None = None
        # What waits until the network is in order.
        self._later: tuple[Path, bool] | None = None
        # Whether those on their way have waited so.
        self._waited = False
        # Of the request whose answer counts: a later file has taken the place of an earlier one.
        self._asked = 0
        session.problems_changed.connect(self._look)
        self.loading = False

    def load(self, path: Path, *, partly: bool) -> None:
        """Give the model the weights of a file, once the engine is ready."""
        self._later = None
        self._waited = False
        session = self._session
        self._file = path, partly
        self._asked += 1
        self._set_loading(loading=True)
        if session.engine.info is not None:
            request = m.LoadWeights(document=session.id, path=str(path), partly=partly)
            session.ask(request, partial(self._take, self._asked, path))

    def load_later(self, path: Path, *, partly: bool) -> None:
        """Give the model the weights of a file, once the network has no errors."""
        self._later = path, partly
        self._look()
        if self._later is not None:
            self._session.loading_changed.emit()

    def _look(self) -> None:
        if self._later is not None and not self._session.has_errors:
            path, partly = self._later
            self.load(path, partly=partly)
            self._waited = True

    @property
    def expected(self) -> bool:
        """Whether weights of a file will come, at once or when the network is in order."""
        return self.loading or self._later is not None

    def begin_again(self) -> None:
        """Load the weights into the model of a new engine."""
        if self._file is not None:
            path, partly = self._file
            self.load(path, partly=partly)

    def forget(self) -> None:
        """Do not load them again: the model has been trained since."""
        self._file = self._later = None

    def engine_died(self) -> None:
        """Do not load again what the engine has perhaps died of."""
        if not self.loading:
            return
        path, _ = self._file or (Path(), False)
        self._file = None
        self._asked += 1
        self._set_loading(loading=False)
        message = text(
            "The engine ended unexpectedly while it loaded the weights of “{path}”: the drawing is"
            " safe. Load the weights again, or a smaller model.",
            path=path.name,
        )
        self._session.posted.emit(message, "error")

    def _set_loading(self, *, loading: bool) -> None:
        if loading != self.loading:
            self.loading = loading
            self._session.loading_changed.emit()

    def _take(self, number: int, path: Path, reply: m.AnyReply) -> None:
        if number != self._asked:
            return
        self._set_loading(loading=False)
        if isinstance(reply, m.WeightsLoaded):
            self._session.kept.loaded()
            self._session.set_trained(trained=True)
            self._tell(path, reply)
        elif isinstance(reply, m.Failed):
            self._session.posted.emit(reply.message, "error")

    def _tell(self, path: Path, reply: m.WeightsLoaded) -> None:
        """Say which layers the file had no weights for, and which it had in an old layout."""
        rows = [row for row in reply.table if row.node]
        self._tell_of_old_layouts([row.note for row in rows if row.note is not None])
        nodes = self._session.document.network.nodes
        without = [nodes.get(row.node) for row in rows if not row.how]
        names = [f"“{node.title}”" for node in without if node is not None]
        if self._waited and not names:
            message = text("The weights of “{path}” are loaded.", path=path.name)
            self._session.posted.emit(message, "info")
        if names:
            message = text(
                "{count} of {all} layers keep new weights, as the file has none that fit: {names}.",
                count=len(names),
                all=len(rows),
                names=", ".join(names[:5]) + (" …" if len(names) > 5 else ""),
            )
            self._session.weights_missed.emit(message, path)

    def _tell_of_old_layouts(self, notes: list[Text]) -> None:
        kinds = list({str(note): note for note in notes}.values())
        if not kinds:
            return
        told = kinds[0]
        for kind in kinds[1:]:
            told = text("{one}; {other}", one=told, other=kind)
        message = text(
            "{count} layers had weights in the layout of an old Keras: {changes}.",
            count=len(notes),
            changes=told,
        )
        self._session.posted.emit(message, "info")
