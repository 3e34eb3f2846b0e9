"""The sheet on which layers of the network get weights of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from engine.graph.document import Change, EdgeChange, NodeChange
from engine.ipc import messages as m
from gui.bridge import Engine
from gui.i18n import tr, tr_text
from gui.session import Session
from gui.theme import Theme
from gui.weights.layout import Parts
from gui.weights.rows import carry_over, rows_of, unused
from gui.weights.table import RETURN, WeightsTable
from gui.window.floating import FloatingSheet

WIDTH, HEIGHT = 960, 640
# Several edits that follow each other ask the engine once.
EDITED_MS = 300

Post = Callable[[str, str], None]
Ask = Callable[[], Path | None]


class WeightsSheet(FloatingSheet):
    """Floats over the window: which layer gets what of a file, and a button that loads it.

    Args:
        theme: The look.
        engine: The engine process.
        post: Shows a sentence above the canvas.
        ask: Asks for another file.
        window: What it floats over.
    """

    def __init__(
        self,
        theme: Theme,
        engine: Engine,
        post: Post,
        ask: Ask,
        window: QWidget,
    ) -> None:
        super().__init__(theme, window, width=WIDTH, height=HEIGHT)
        self._engine, self._post, self._ask = engine, post, ask
        self._session: Session | None = None
        self._path = Path()
        self._matched: m.WeightsMatched | None = None
        self._asked = 0
        self.loading = False
        self.table = WeightsTable(theme)
        self.parts = Parts(theme, self.table, self)
        self.view, self.button = self.parts.view, self.parts.button
        self.parts.other.clicked.connect(self.ask_file)
        self.parts.filter.textChanged.connect(self.table.set_filter)
        self.parts.all.clicked.connect(lambda: self._tick_shown(on=True))
        self.parts.none.clicked.connect(lambda: self._tick_shown(on=False))
        self.button.clicked.connect(self.load)
        self.table.chosen.connect(self._count)
        self._timer = QTimer(self, singleShot=True, interval=EDITED_MS)
        self._timer.timeout.connect(self._match)
        engine.ready.connect(lambda _: self._engine_ready())
        engine.died.connect(lambda _: self._engine_died())

    # --- opening ---------------------------------------------------------------------------

    def open(self, session: Session, path: Path) -> None:
        """Show what of a file fits a document."""
        self._let_go()
        self._session = session
        session.edited.connect(self._edited)
        self.parts.document.setText(session.document.title)
        self.parts.filter.clear()
        self._show_file(path)
        self.come()
        self.view.setFocus()

    def set_session(self, session: Session | None) -> None:
        """Follow the document in front: the sheet belongs to the one that it was opened for."""
        if session is not self._session:
            self.hide()
            self._let_go()

    def _let_go(self) -> None:
        """Follow the document no longer, which may be closed now."""
        if self._session is not None:
            self._session.edited.disconnect(self._edited)
            self._session = None
            self._asked += 1

    def ask_file(self) -> None:
        """Ask for another file and show what of it fits."""
        path = self._ask()
        if path is not None and self._session is not None:
            self._show_file(path)

    def _show_file(self, path: Path) -> None:
        self._path, self._matched = path, None
        self.parts.show_path(path)
        self.table.set_rows([])
        self._match()

    # --- what fits -------------------------------------------------------------------------

    def _match(self) -> None:
        """Ask the engine what fits; an answer to an earlier question no longer counts."""
        if self._session is None:
            return
        self._asked += 1
        if self._engine.info is None:
            self.parts.say(tr("The engine is still starting: the table comes in a moment."))
            return
        if self._matched is None:
            self.parts.say(tr("Looking which layers of the file fit…"), busy=True)
        self._session.grafting.match(self._path, partial(self._answered, self._asked))

    def _answered(self, number: int, reply: m.AnyReply) -> None:
        if number != self._asked or self._session is None:
            return
        if isinstance(reply, m.Failed):
            self._matched = None
            self.table.set_rows([])
            self.parts.say(tr_text(reply.message), role="error")
        elif isinstance(reply, m.WeightsMatched):
            rows = rows_of(reply, self._session.document.network)
            if self._matched is not None:
                carry_over(rows, self.table.rows)
            self._matched = reply
            self.parts.say("")
            self.table.set_rows(rows)
            if rows and not self.view.currentIndex().isValid():
                self.view.setCurrentIndex(self.table.index(0, 0))

    def _edited(self, changes: Iterable[Change]) -> None:
        drawn = any(isinstance(change, (NodeChange, EdgeChange)) for change in changes)
        if drawn and self.isVisible():
            self._timer.start()

    def _engine_ready(self) -> None:
        if self.isVisible():
            # After the session, which tells the new engine of the document.
            self._timer.start()

    def _engine_died(self) -> None:
        self.loading = False
        self._asked += 1
        if self.isVisible():
            self._matched = None
            self.table.set_rows([])
            words = tr("The engine ended unexpectedly: the table comes back with a new one.")
            self.parts.say(words, role="error")

    # --- what is chosen --------------------------------------------------------------------

    @property
    def choices(self) -> dict[str, str]:
        """The stored layer of each node that is to get weights."""
        return {row.node: row.stored for row in self.table.rows if row.stored}

    def _tick_shown(self, *, on: bool) -> None:
        self.table.tick(range(len(self.table.shown)), on=on)

    def _count(self) -> None:
        count = len(self.choices)
        words = tr("Load weights of {count} layers", count=count)
        self.button.setText(tr("Load weights of 1 layer") if count == 1 else words)
        self.button.setEnabled(count > 0 and not self.loading)
        left = unused(self._matched, self.table.rows) if self._matched is not None else []
        self.parts.show_counts(count, len(self.table.rows), left)

    # --- loading ---------------------------------------------------------------------------

    def load(self) -> None:
        """Give the chosen layers their weights."""
        if self._session is None or not self.button.isEnabled():
            return
        self.loading = True
        self.parts.say(tr("Loading…"), busy=True)
        self._count()
        choices = self.choices
        answer = partial(self._loaded, self._session, self._path, len(choices))
        self._session.grafting.load(self._path, choices, answer)

    def _loaded(self, session: Session, path: Path, count: int, reply: m.AnyReply) -> None:
        self.loading = False
        here = self.isVisible() and session is self._session
        self.parts.say("")
        if isinstance(reply, m.Failed):
            words = tr_text(reply.message)
            if here:
                self.parts.say(words, role="error")
            else:
                self._post(words, "error")
        else:
            if here:
                self.leave()
            words = tr(
                "{count} layers have weights of “{name}” now; undo takes them back.",
                count=count,
                name=path.name,
            )
            self._post(words, "info")
        self._count()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in RETURN:
            self.load()
        else:
            super().keyPressEvent(event)
