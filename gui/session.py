"""One open document with everything the window knows about it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import EditRefused, Text, text
from engine.graph.analysis import Problem, is_foreign
from engine.graph.differences import turning_into
from engine.graph.document import Change, Document, NodeChange, PlanChange
from engine.graph.history import Edit, History
from engine.ipc import messages as m
from engine.ipc.client import EngineDied
from gui.bridge import Answer, Engine
from gui.facts.checking import Checking
from gui.facts.counting import Counting
from gui.facts.run_record import RunRecord
from gui.files.watching import FileWatch
from gui.loading.grafting import Grafting
from gui.loading.kept_weights import KeptWeights
from gui.loading.weight_loading import WeightLoading

_numbers = itertools.count(1)


class Session(QObject):
    """Joins a document, its history and the engine; panels talk to it and not to each other.

    Signals:
        edited: The document changed; carries the tuple of changes.
        facts_changed: Shapes or weights changed; carries the set of node ids.
        problems_changed: `problems` changed.
        selection_changed: `selection` changed.
        data_changed: `data` (the loaded data) changed; None while loading or failed.
        run_changed: `run.state` changed, or a run began or ended.
        progressed: `run` has new steps; carries `Progress`.
        epoch_ended: Carries `EpochEnded`.
        trained_changed: `trained` changed.
        loading_changed: `loading` or `awaits_weights` changed.
        path_changed: `path` or the saved state changed.
        saved: The document has been written to `path`.
        asked: A person must do something first; carries what ("trust", "file") and the node's id.
        posted: A sentence for the message bar; carries (Text, severity).
        weights_missed: A file had no weights for some layers; carries (Text, path).
        closed: Nobody shows the document any more.
    """

    edited = Signal(object)
    facts_changed = Signal(object)
    problems_changed = Signal()
    selection_changed = Signal()
    data_changed = Signal()
    run_changed = Signal()
    progressed = Signal(object)
    epoch_ended = Signal(object)
    trained_changed = Signal()
    loading_changed = Signal()
    path_changed = Signal()
    saved = Signal()
    asked = Signal(str, str)
    posted = Signal(object, str)
    weights_missed = Signal(object, object)
    closed = Signal()

    def __init__(
        self,
        document: Document,
        engine: Engine,
        path: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.id = f"document-{next(_numbers)}"
        self.document = document
        self.history = History(document)
        self.engine = engine
        self.path = path
        self.is_closed = False
        self.facts: dict[str, m.NodeFacts] = {}
        self.total = self.trainable = 0
        self.selection: frozenset[str] = frozenset()
        self.data: m.DataLoaded | None = None
        self.data_problem: Text | None = None
        self.run = RunRecord()
        self.trained = False
        self._revision = 0
        self.history.changed.connect(self._document_changed)
        engine.received.connect(self._receive)
        engine.ready.connect(self._engine_ready)
        engine.died.connect(self._engine_died)
        self.counting = Counting(self)
        self.checking = Checking(self)
        self.checking.changed.connect(self.problems_changed)
        self.grafting = Grafting(self)
        self._weights = WeightLoading(self)
        self.kept = KeptWeights(self, self._weights)
        self.watch = FileWatch(self)
        if engine.info is not None:
            self._engine_ready(engine.info)

    # --- editing ---------------------------------------------------------------------------

    def do(self, edit: Edit) -> bool:
        """Apply an edit; a refusal is posted and returns False."""
        try:
            self.history.do(edit)
        except EditRefused as refused:
            self.posted.emit(refused.text, "warning")
            return False
        return True

    def attempt(self, make: Callable[[], Edit]) -> Edit | None:
        """Make an edit and apply it; a refusal of either is posted and returns None."""
        try:
            edit = make()
        except EditRefused as refused:
            self.posted.emit(refused.text, "warning")
            return None
        return edit if self.do(edit) else None

    def undo(self) -> bool:
        """Take the last edit back; returns False where there is none or it cannot be done now."""
        return not self.grafting.refuses(self.history.last) and self.history.undo() is not None

    def redo(self) -> bool:
        """Apply the edit that was taken back last; returns False where that cannot be done."""
        return not self.grafting.refuses(self.history.next) and self.history.redo() is not None

    def select(self, ids: Iterable[str]) -> None:
        """Make these nodes the selection."""
        chosen = frozenset(ids) & self.document.network.nodes.keys()
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit()

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, might go wrong or could be better."""
        return self.checking.problems

    def _document_changed(self, batch: tuple[Change, ...]) -> None:
        self._revision += 1
        self.engine.send(
            m.EditDocument(document=self.id, revision=self._revision, changes=list(batch))
        )
        gone = {
            change.id for change in batch if isinstance(change, NodeChange) and not change.after
        }
        for node_id in gone & self.facts.keys():
            del self.facts[node_id]
        news = self.checking.check()
        self.edited.emit(batch)
        if news:  # After the edit, so that whoever shows problems has what they are about.
            self.problems_changed.emit()
        if gone & self.selection:
            self.select(self.selection - gone)
        if any(isinstance(change, PlanChange) and change.part == "data" for change in batch):
            self.load_data()
        self.path_changed.emit()

    def look_again(self) -> None:
        """Check layers with code of others anew: a file, or trust in it, may have changed."""
        nodes = [node.id for node in self.document.network.nodes.values() if is_foreign(node)]
        if nodes:
            self.engine.send(m.LookAgain(document=self.id, nodes=nodes))
            if self.checking.check():
                self.problems_changed.emit()

    # --- the engine ------------------------------------------------------------------------

    def ask(self, request: m.AnyRequest, answer: Answer) -> None:
        """Send the engine a request; when the document is closed, its answer is for nobody."""
        self.engine.send(request, partial(self._answered, answer))

    def _answered(self, answer: Answer, reply: m.AnyReply) -> None:
        if not self.is_closed:
            answer(reply)

    def _engine_ready(self, _: m.Ready) -> None:
        self.engine.send(m.OpenDocument(document=self.id, state=m.DocumentState.of(self.document)))
        self.load_data()
        self._weights.begin_again()

    def _engine_died(self, _: EngineDied) -> None:
        was_running = self.run.state != "idle"
        self.run.state = "idle"
        if self.trained:
            self.trained = False
            self.trained_changed.emit()
        self.run_changed.emit()
        self._weights.engine_died()
        if was_running:
            message = text(
                "The engine ended unexpectedly while training. Your drawing and the curve are"
                " safe; a new engine is starting, then press Train again."
            )
            self.posted.emit(message, "error")

    def _receive(self, message: m.AnyReply) -> None:
        if isinstance(message, m.Shapes):
            if message.document == self.id:
                self._take_shapes(message)
        elif isinstance(message, m.WeightsMoved):
            if message.document == self.id:
                self.grafting.follow(message)
        elif isinstance(message, m.Progress):
            if message.run == self.run.run:
                self.run.add(message)
                self.progressed.emit(message)
        elif isinstance(message, m.EpochEnded):
            if message.run == self.run.run:
                self.run.epochs.append(message)
                self.epoch_ended.emit(message)
        elif (
            isinstance(message, (m.RunStarted, m.RunPaused, m.RunResumed, m.RunEnded))
            and message.run == self.run.run
        ):
            self._take_run_state(message)

    def _take_shapes(self, shapes: m.Shapes) -> None:
        known = self.document.network.nodes
        self.facts.update({key: fact for key, fact in shapes.facts.items() if key in known})
        self.total, self.trainable = shapes.total, shapes.trainable
        self.checking.take(shapes.problems)
        self.facts_changed.emit(set(shapes.facts))

    # --- data ------------------------------------------------------------------------------

    def load_data(self) -> None:
        """Ask the engine for the chosen data."""
        self.data = None
        self.data_problem = None
        self.data_changed.emit()
        self.ask(m.LoadData(data=self.document.data), self._take_data)

    def _take_data(self, reply: m.AnyReply) -> None:
        if isinstance(reply, m.DataLoaded) and reply.data == self.document.data:
            self.data, self.data_problem = reply, None
        elif isinstance(reply, m.Failed):
            self.data, self.data_problem = None, reply.message
        self.data_changed.emit()

    # --- training --------------------------------------------------------------------------

    @property
    def can_train(self) -> bool:
        """Whether pressing Train can start a run now."""
        return self.run.state == "idle" and self.engine.info is not None and not self.has_errors

    @property
    def has_errors(self) -> bool:
        """Whether no model can be made of the network as it is."""
        return any(problem.severity == "error" for problem in self.problems)

    def train(self, *, resume: bool = False) -> None:
        """Start a run, from new weights or (`resume`) from those trained so far."""
        if not self.can_train:
            return
        self.run = RunRecord(run=uuid.uuid4().hex, state="starting")
        self.run_changed.emit()
        request = m.Train(document=self.id, run=self.run.run, resume=resume)
        self.ask(request, self._take_train_answer)

    def pause(self) -> None:
        """Hold the run."""
        if self.run.state == "running":
            self.engine.send(m.Pause())

    def resume(self) -> None:
        """Let a paused run go on."""
        if self.run.state == "paused":
            self.engine.send(m.Resume())

    def toggle_pause(self) -> None:
        """Hold the run, or let it go on."""
        if self.run.state == "paused":
            self.resume()
        else:
            self.pause()

    def stop(self) -> None:
        """End the run and keep its weights."""
        if self.run.state in ("running", "paused", "starting"):
            self.run.state = "stopping"
            self.run_changed.emit()
            self.engine.send(m.Stop())

    def _take_train_answer(self, reply: m.AnyReply) -> None:
        if isinstance(reply, m.Failed):
            if self.run.state == "idle":
                return  # The engine has died, which was told.
            self.run.state = "idle"
            self.posted.emit(reply.message, "error")
            if reply.node:
                self.select([reply.node])
            self.run_changed.emit()
        else:
            self._receive(reply)

    def _take_run_state(
        self, message: m.RunStarted | m.RunPaused | m.RunResumed | m.RunEnded
    ) -> None:
        if isinstance(message, m.RunStarted):
            self.run.started = message
            if self.run.state == "starting":
                self.run.state = "running"
        elif isinstance(message, m.RunPaused):
            self.run.state = "paused"
        elif isinstance(message, m.RunResumed):
            self.run.state = "running"
        else:
            self._take_run_end(message)
        self.run_changed.emit()

    def _take_run_end(self, ended: m.RunEnded) -> None:
        self.run.state, self.run.ended = "idle", ended
        if ended.status != "failed":
            self.trained = True
            self.kept.trained()
        self._weights.forget()
        if ended.status not in _GOOD_ENDS:
            self.posted.emit(ended.message, "error")
        self.trained_changed.emit()

    # --- the model -------------------------------------------------------------------------

    def export(self, path: Path, format: str, answer: Answer) -> None:
        """Write the model; `answer` gets `Exported` or `Failed`."""
        request = m.Export(document=self.id, path=str(path), format=format)
        self.engine.send(request, self.kept.after_export(format, answer))

    def cancel_export(self) -> None:
        """End the export that is under way; its answer says so."""
        self.engine.send(m.CancelExport(document=self.id))

    @property
    def awaits_weights(self) -> bool:
        """Whether weights of a file will come, now or when the network is in order."""
        return self._weights.expected

    @property
    def loading(self) -> bool:
        """Whether weights of a file are on their way."""
        return self._weights.loading

    def load_weights(self, path: Path, *, partly: bool = False, later: bool = False) -> None:
        """Give the model the weights of a file, once the engine is ready.

        Args:
            path: An .h5, .weights.h5 or .keras file, or a SavedModel.
            partly: Whether layers may keep their own weights where the file has none for them.
            later: Whether to wait until the network has no errors.
        """
        load = self._weights.load_later if later else self._weights.load
        load(path, partly=partly)

    def set_trained(self, *, trained: bool) -> None:
        """Take notice that the model has come, gone, or got other weights."""
        self.trained = trained
        self.trained_changed.emit()

    def probe(self, probe: str, answer: Answer, *, node: str = "", sample: int = 0) -> None:
        """Look inside the model; `answer` gets `Probed` or `Failed`."""
        self.ask(m.Probe(document=self.id, probe=probe, node=node, sample=sample), answer)

    def take_over(self, other: Document) -> None:
        """Become equal to a document that was read anew from the file; undo leads back."""
        self.do(turning_into(self.document, other, text("Reload")))
        self.history.mark_saved()
        self.saved.emit()
        self.path_changed.emit()

    # --- the file --------------------------------------------------------------------------

    def saved_to(self, path: Path) -> None:
        """Remember that the document as it is now lies at `path`."""
        self.path = path
        self.history.mark_saved()
        self.saved.emit()
        self.path_changed.emit()

    @property
    def comes_from_script(self) -> bool:
        """Whether the drawing is what could be read of a Python script."""
        return self.path is not None and self.path.suffix.lower() == ".py"

    @property
    def is_saved(self) -> bool:
        """Whether nothing is lost when the document is closed: neither drawing nor weights."""
        return self.history.is_saved and not self.kept.are_unsaved

    def close(self) -> None:
        """Let the engine forget the document."""
        self.is_closed = True
        self.engine.send(m.CloseDocument(document=self.id))
        self.engine.received.disconnect(self._receive)
        self.engine.ready.disconnect(self._engine_ready)
        self.engine.died.disconnect(self._engine_died)
        self.closed.emit()


_GOOD_ENDS = ("finished", "stopped")
