"""Answers that need no training thread: shapes, data, probes."""

from __future__ import annotations

from typing import Any

from engine.datasets import DATASETS
from engine.errors import NetloomError
from engine.graph.analysis import problems
from engine.graph.document import Part
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.probes import PROBES
from engine.probes.spec import ProbeContext
from engine.worker.advice import data_problems
from engine.worker.data import (
    DataStore,
    describe,
    fitted_test_inputs,
    prediction_text,
    preview,
    target_text,
)
from engine.worker.documents import Followed, refuse_errors
from engine.worker.inside import Inside
from engine.worker.stored import InFile


class Questions:
    """Follows documents and answers; used by the questions thread alone.

    Attributes:
        data: Loaded data sources.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._documents: dict[str, Followed] = {}
        self.data = DataStore()
        self._changed: Followed | None = None

    @property
    def unsettled(self) -> bool:
        """Whether a document has changed since `settle` was last asked."""
        return self._changed is not None

    def settle(self) -> Followed | None:
        """Return the document that has changed last, if it has no errors; asks once a change."""
        changed, self._changed = self._changed, None
        if changed is None or self._documents.get(changed.name) is not changed:
            return None
        try:
            self.refuse_errors(changed)
        except NetloomError:
            return None
        return changed

    def answer(self, request: m.AnyRequest) -> None:
        """Answer a request.

        Raises:
            NetloomError: It cannot be answered.
        """
        match request:
            case m.OpenDocument():
                followed = Followed.open(request.document, request.state)
                self._documents[request.document] = followed
                self._send_shapes(followed, set(followed.document.network.nodes))
            case m.EditDocument():
                followed = self.followed(request.document)
                dirty = followed.edit(request.changes)
                followed.revision = request.revision
                self._send_shapes(followed, dirty)
            case m.LookAgain():
                self._send_shapes(self.followed(request.document), set(request.nodes))
            case m.CloseDocument():
                self._documents.pop(request.document, None)
            case m.LoadData():
                self.load_data(request)
                self.check_data(request.data)
            case m.Probe():
                self._probe(request)
            case _:
                raise NetloomError("The engine does not know this request.")

    def followed(self, name: str) -> Followed:
        """Return a followed document.

        Raises:
            NetloomError: It is not followed.
        """
        if name not in self._documents:
            raise NetloomError("The engine does not know this document.")
        return self._documents[name]

    def refuse_errors(self, followed: Followed) -> None:
        """Raise the first error of a document, if it has one."""
        network = followed.document.network
        refuse_errors([*problems(network), *followed.book.problems(network)])

    def _send_shapes(self, followed: Followed, dirty: set[str]) -> None:
        self._changed = followed
        shapes = followed.shapes(dirty)
        known = self.data.known(followed.document.data)
        if known is not None:
            shapes.problems.extend(data_problems(followed, known))
        self._outbox.send(shapes)

    def load_data(self, request: m.LoadData) -> None:
        """Load data and tell what it holds; may take long, and may be called by any thread.

        Raises:
            DataProblem: It cannot be loaded.
        """
        loaded = self.data.load(request.data)
        samples, targets = preview(loaded)
        self._outbox.send(
            m.DataLoaded(
                number=request.number,
                data=request.data,
                info=describe(DATASETS.get(request.data.kind), loaded),
                samples=m.Array.of(samples),
                targets=m.Array.of(targets),
            )
        )

    def check_data(self, data: Part) -> None:
        """Say whether networks suit data that has been loaded."""
        for followed in self._documents.values():
            if followed.document.data == data:
                self._send_shapes(followed, set())

    def _probe(self, request: m.Probe) -> None:
        followed = self.followed(request.document)
        spec = PROBES.get(request.probe)
        network = followed.document.network
        about_sample: dict[str, Any] = {}
        if followed.trained is None and followed.waiting is not None:
            context: ProbeContext = InFile(network, followed.book.facts, followed.waiting)
        elif spec.needs_sample:
            context, about_sample = self._with_sample(followed, request.sample)
        else:
            context = Inside(network, followed.model_for().model, [])
        pictures = spec.run(context, request.node, spec.complete(request.params))
        self._outbox.send(
            m.Probed(
                number=request.number,
                document=request.document,
                probe=request.probe,
                pictures=[
                    m.ProbePicture(item.title, item.node, item.kind, m.Array.of(item.values))
                    for item in pictures
                ],
                **about_sample,
            )
        )

    def _with_sample(self, followed: Followed, number: int) -> tuple[Inside, dict[str, Any]]:
        """Return the model with one sample of the data, and what is known of the sample."""
        trained = followed.model_for()
        data = self.data.load(trained.data)
        inputs, labels = fitted_test_inputs(data, trained.model)
        count = len(inputs[0])
        number = min(max(number, 0), count - 1)
        sample = [values[number : number + 1] for values in inputs]
        inside = Inside(followed.document.network, trained.model, sample)
        return inside, {
            "sample": number,
            "samples": count,
            "target": target_text(data, labels[number]),
            "prediction": prediction_text(data, inside.prediction()),
        }
