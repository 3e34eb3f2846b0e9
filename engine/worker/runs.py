"""Jobs of the training thread: runs, exports, loading weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import tensorflow as tf
from msgspec.structs import asdict, replace

from engine.errors import NetloomError, text
from engine.formats.keras_files.matching import Match
from engine.graph.document import Document, WeightsChange
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.worker.blank import blank_weights
from engine.worker.compile import build_model, compile_model, memory_needed
from engine.worker.data import DataStore
from engine.worker.documents import Followed, Trained, structure
from engine.worker.exports.course import Course
from engine.worker.exports.exporting import export_model
from engine.worker.grafting import graft, propose
from engine.worker.grafts import keep, move
from engine.worker.limits import machine_memory
from engine.worker.preparation import Ahead, Plan, Preparation, prepare_run
from engine.worker.training import Control, Trainer
from engine.worker.weights import load_weights

Job = Callable[[], None]


class Runs:
    """Makes the jobs of the training thread and controls the run that is under way."""

    def __init__(self, outbox: Outbox, between: Job) -> None:
        self._outbox = outbox
        self._between = between
        self._control: Control | None = None
        # Whose run that is.
        self._trains: Followed | None = None
        self._ahead = Ahead()
        self._exports: dict[str, Course] = {}

    @property
    def busy(self) -> bool:
        """Whether a run is under way or about to begin."""
        return self._control is not None

    def _refuse_training(self, followed: Followed) -> None:
        """Refuse weights for a model that trains: the run would go on with another one."""
        if self._trains is followed:
            raise NetloomError("A network is training: stop it first, then load the weights.")

    def pause(self) -> None:
        """Hold the run."""
        # Read once, here and below: the training thread sets it to None as the run ends.
        if (control := self._control) is not None:
            control.pause()

    def resume(self) -> None:
        """Let the run go on."""
        if (control := self._control) is not None:
            control.resume()

    def stop(self) -> None:
        """End the run."""
        if (control := self._control) is not None:
            control.stop()

    def prepare(self, request: m.Train, followed: Followed, data: DataStore) -> Job:
        """Return the job that trains a document as it is now."""
        document = _snapshot(followed.document)
        _refuse_too_large(followed)
        if request.resume:
            followed.model_for()  # What cannot be done is refused at once.
        control = self._control = Control()
        self._trains = followed

        def job() -> None:
            try:
                # Undo may have changed the model since.
                goes_on = followed.model_for(document) if request.resume else None
                ended = self._train(request, document, data, followed, goes_on, control)
            finally:
                self._trains = None
                self._control = None
            self._outbox.send(ended)

        return job

    def prepare_ahead(self, followed: Followed, data: DataStore) -> Job | None:
        """Return the job that prepares the run which Train would begin, if that is worth it."""
        total, _ = followed.book.totals()
        if self.busy or not self._ahead.wanted(followed.document, data, total):
            return None
        document = _snapshot(followed.document)

        def job() -> None:
            if not self.busy:
                self._ahead.prepare(document, data)

        return job

    def _prepared(
        self, document: Document, data: DataStore, goes_on: Trained | None
    ) -> Preparation:
        """Return what the run needs: from the run before, made ahead, or made now."""
        plan = Plan.of(document, data)
        ahead = self._ahead.take(plan)
        if goes_on is None:
            return ahead or prepare_run(document, data)
        if goes_on.prepared is not None and goes_on.prepared.plan == plan:
            return goes_on.prepared
        compiled = replace(goes_on.recipe, epochs=1) == plan.recipe
        return prepare_run(document, data, goes_on.model, compiled=compiled)

    def _train(
        self,
        request: m.Train,
        document: Document,
        data: DataStore,
        followed: Followed,
        goes_on: Trained | None,
        control: Control,
    ) -> m.RunEnded:
        recipe = document.recipe
        prepared = self._prepared(document, data, goes_on)
        epochs = goes_on.epochs if goes_on else 0
        trained = Trained(
            prepared.model,
            structure(document.network),
            document.data,
            recipe,
            epochs,
            prepared,
        )
        followed.trained = trained
        trainer = Trainer(
            prepared,
            recipe,
            run=request.run,
            document=request.document,
            outbox=self._outbox,
            control=control,
            between=self._between,
            first_epoch=epochs + 1,
        )
        try:
            ended = trainer.run()
        except tf.errors.ResourceExhaustedError:
            message = text(
                "The device's memory is full, so training stopped: choose a smaller batch size"
                " or a smaller network."
            )
            ended = trainer.end("failed", message)
        trained.epochs += ended.epochs
        return ended

    def cancel_export(self, document: str) -> None:
        """Let the export of a document end at its next step."""
        if document in self._exports:
            self._exports[document].cancel()

    def prepare_export(self, request: m.Export, followed: Followed, store: DataStore) -> Job:
        """Return the job that writes the model of a document as it is now."""
        if followed.trained is None:
            _refuse_too_large(followed)
        document = _snapshot(followed.document)
        course = Course(
            lambda stage: self._outbox.send(m.Exporting(document=request.document, stage=stage))
        )
        self._exports[request.document] = course

        def job() -> None:
            course.begin("building")
            if followed.trained is None:
                model = build_model(document.network, document.title, document.recipe.seed)
                compile_model(model, document.recipe)
            else:
                model = followed.model_for(document).model
            try:
                data = store.load(document.data)
            except NetloomError:
                data = None  # Random numbers are compared instead.
            path = Path(request.path)
            written = export_model(model, document, path, request.format, data, course)
            self._outbox.send(
                m.Exported(
                    number=request.number,
                    path=request.path,
                    format=request.format,
                    **asdict(written),
                )
            )

        return job

    def prepare_weights(self, request: m.LoadWeights, followed: Followed) -> Job:
        """Return the job that gives a document's model the weights of a file."""
        self._refuse_training(followed)
        _refuse_too_large(followed)
        document = _snapshot(followed.document)
        followed.waiting = Path(request.path)

        def job() -> None:
            try:
                model, table = _loaded(document, Path(request.path), partly=request.partly)
                followed.trained = Trained(
                    model, structure(document.network), document.data, document.recipe
                )
            finally:
                followed.waiting = None
            self._outbox.send(
                m.WeightsLoaded(number=request.number, document=request.document, table=table)
            )

        return job

    def prepare_match(self, request: m.MatchWeights, followed: Followed) -> Job:
        """Return the job that says which layers of a file fit a document."""
        _refuse_too_large(followed)
        document = _snapshot(followed.document)

        def job() -> None:
            found = propose(followed, document, Path(request.path))
            self._outbox.send(
                m.WeightsMatched(
                    number=request.number,
                    document=request.document,
                    table=found.table,
                    stored=found.stored,
                    fitting=found.fitting,
                )
            )

        return job

    def prepare_graft(self, request: m.GraftWeights, followed: Followed) -> Job:
        """Return the job that gives chosen layers of a document weights of a file."""
        self._refuse_training(followed)
        _refuse_too_large(followed)
        document = _snapshot(followed.document)

        def job() -> None:
            made = graft(followed, document, Path(request.path), request.choices)
            keep(followed, request.graft, made)
            self._outbox.send(
                m.WeightsGrafted(
                    number=request.number, document=request.document, graft=request.graft
                )
            )

        return job

    def prepare_moves(self, changes: list[WeightsChange], followed: Followed) -> Job:
        """Return the job that gives or takes back weights as the history says."""

        def job() -> None:
            moved = [move(followed, one.graft, applied=one.applied) for one in changes]
            if any(changed or lost for changed, lost in moved):
                self._outbox.send(
                    m.WeightsMoved(
                        document=followed.name,
                        trained=followed.trained is not None,
                        lost=any(lost for _, lost in moved),
                    )
                )

        return job


def _loaded(document: Document, path: Path, *, partly: bool) -> tuple[keras.Model, list[Match]]:
    """Return the compiled model of a drawing with the weights of a file."""
    with blank_weights():
        model = build_model(document.network, document.title)
    compile_model(model, document.recipe)
    table = load_weights(model, document.network, path, partly=partly)
    if any(row.node and not row.how for row in table):
        # Some layers keep their own weights, which are still to be drawn.
        model = build_model(document.network, document.title, document.recipe.seed)
        compile_model(model, document.recipe)
        load_weights(model, document.network, path, partly=partly)
    return model, table


def _snapshot(document: Document) -> Document:
    """Return a copy that later edits do not touch."""
    return m.DocumentState.of(document).document()


def _refuse_too_large(followed: Followed) -> None:
    """Refuse to train what cannot fit into memory; asking for it would kill the engine."""
    total, _ = followed.book.totals()
    here = machine_memory()
    if here is not None and memory_needed(total) > here:
        raise NetloomError(
            "Training this network takes about {needed} GB for its {total} weights; this machine"
            " has {here} GB. Make its largest layers smaller.",
            needed=round(memory_needed(total) / 1e9),
            total=f"{total:,}",
            here=round(here / 1e9),
        )
