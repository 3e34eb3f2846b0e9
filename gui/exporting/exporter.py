"""Writes a document in a format: models by the engine, code and reports by the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from engine.errors import NetloomError, Text, text
from engine.formats.exporting import ExportFormat, refuse_missing
from engine.formats.python_alone import script_of
from engine.formats.report import Scores, report
from engine.ipc import messages as m
from engine.paths import write_bytes
from engine.settings import Settings
from gui.files import file_dialogs
from gui.i18n import language, tr, tr_text
from gui.session import Session

# More names tell a reader no more.
MOST_CLASSES = 50
Draw = Callable[[Session], str]


class Outcome(msgspec.Struct, frozen=True):
    """How an export went.

    Attributes:
        path: The file, or the folder.
        bytes: Its size; 0 where it was not written.
        difference: Largest difference of predictions to what was read back, where something was.
        reader: What read it back, or "".
        samples: How many samples were compared.
        note: What somebody should know of the file.
        problem: Why it was not written.
    """

    path: Path
    bytes: int = 0
    difference: float | None = None
    reader: str = ""
    samples: int = 0
    note: Text | None = None
    problem: Text | None = None


class Exporter(QObject):
    """Writes one file at a time.

    Args:
        settings: Where the folder used last is kept.
        draw: Returns the picture of a document as SVG, for the report.

    Signals:
        ended: Carries the session, the format and its `Outcome`.
        staged: The engine has come to another stage of the work; carries it.
    """

    ended = Signal(object, object, object)
    staged = Signal(str)

    def __init__(self, settings: Settings, draw: Draw, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._draw = settings, draw
        self.busy = False
        self._session: Session | None = None

    def proposal(self, session: Session, item: ExportFormat) -> Path:
        """Return a path to begin with."""
        ending = f"-{item.variant}{item.ending}" if item.variant else item.ending
        title, folder = session.document.title, self._settings.folder
        return file_dialogs.proposed(session.path, title, folder, ending)

    def start(self, session: Session, item: ExportFormat, path: Path) -> None:
        """Write a document; `ended` tells how it went."""
        self.busy = True
        try:
            refuse_missing(item)
            if item.model:
                self._ask_engine(session, item, path)
                return
            note = None
            if item.key == "html":
                content = self._report(session).encode()
            else:
                script, note = script_of(session.document)
                content = script.encode()
            write_bytes(path, content)
        except NetloomError as error:
            self._end(session, item, Outcome(path, problem=error.text))
            return
        self._end(session, item, Outcome(path, bytes=len(content), note=note))

    def _ask_engine(self, session: Session, item: ExportFormat, path: Path) -> None:
        if session.engine.info is None:
            words = text("The engine is still starting: export again in a moment.")
            self._end(session, item, Outcome(path, problem=words))
            return
        self._session = session
        session.engine.received.connect(self._receive)
        session.export(path, item.key, partial(self._answered, session, item, path))

    def cancel(self) -> None:
        """End what the engine writes: it leaves no file behind."""
        if self._session is not None:
            self._session.cancel_export()

    def _receive(self, message: m.AnyReply) -> None:
        own = self._session.id if self._session is not None else ""
        if isinstance(message, m.Exporting) and message.document == own:
            self.staged.emit(message.stage)

    def _answered(
        self, session: Session, item: ExportFormat, path: Path, reply: m.AnyReply
    ) -> None:
        if isinstance(reply, m.Failed):
            self._end(session, item, Outcome(path, problem=reply.message))
        elif isinstance(reply, m.Exported):
            if session.path == path and not session.is_closed:
                session.watch.remember()  # It is ours, not somebody else's.
            outcome = Outcome(
                path, reply.bytes, reply.difference, reply.reader, reply.samples, reply.note
            )
            self._end(session, item, outcome)

    def _end(self, session: Session, item: ExportFormat, outcome: Outcome) -> None:
        self.busy = False
        if self._session is not None:
            self._session.engine.received.disconnect(self._receive)
            self._session = None
        if outcome.problem is None:
            self._settings.folder = str(outcome.path.parent)
        self.ended.emit(session, item, outcome)

    def _report(self, session: Session) -> str:
        return report(
            session.document,
            session.facts,
            self._draw(session),
            scores_of(session),
            data_of(session),
            tr_text,
            language(),
        )


def scores_of(session: Session) -> Scores | None:
    """Return the curves and scores of the last training, if there was one."""
    history: dict[str, list[float]] = {}
    for epoch in session.run.epochs:
        for name, value in epoch.logs.items():
            history.setdefault(name, []).append(value)
    ended = session.run.ended
    if not history:
        return None
    if ended is None:
        return Scores(history)
    return Scores(history, ended.test, tr_text(ended.message))


def data_of(session: Session) -> list[tuple[str, str]]:
    """Return what the data is, as pairs of a name and a value for people."""
    if session.data is None:
        return []
    info = session.data.info
    rows = [
        (
            tr("Source"),
            info.title if not info.source else f"{info.title} ({Path(info.source).name})",
        ),
        (tr("Training samples"), f"{info.train:,}"),
        (tr("Test samples"), f"{info.test:,}" if info.test else "–"),
        (tr("Shape of a sample"), " × ".join(map(str, info.sample_shape)) or "1"),
    ]
    if info.classes:
        rows.append((tr("Classes"), ", ".join(info.classes[:MOST_CLASSES])))
    return rows
