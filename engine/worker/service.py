"""The engine process at work: threads that do not wait for each other.

The main thread reads requests and obeys pause and stop at once. The questions thread follows the
documents and answers about shapes and probes, also while a network trains. The data thread loads
data, the scripts thread runs trusted scripts. The training thread ("GPU thread") trains, and
exports models and loads weights between two steps.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

import keras
import msgspec
import tensorflow as tf

from engine.errors import NetloomError, Text, text
from engine.formats.apart.asking import READERS
from engine.graph.document import WeightsChange
from engine.ipc import messages as m
from engine.ipc.throttle import Outbox
from engine.native_output import quiet_start
from engine.paths import discard_unfinished
from engine.worker.children import end_children
from engine.worker.compile import allow_deep_models
from engine.worker.devices import find_devices
from engine.worker.questions import Questions
from engine.worker.runs import Runs
from engine.worker.scripts.asking import run_script
from engine.worker.warm_up import keep_out_of_garbage, warm_up

Job = Callable[[], None]

# Loading waits so long for the next question: whoever opens a file looks at something at once.
LOOK_SECONDS = 0.1
# Someone who has not edited for this long may press Train next.
SETTLED_SECONDS = 0.7

NICENESS = 10


def yield_to_the_window() -> None:
    """Take only the time that the window leaves; where nothing else runs it costs nothing.

    Under Linux's idle policy the window waits 1 ms in its worst hundredth while all cores train,
    with a lower priority alone 4 ms.
    """
    if hasattr(os, "SCHED_IDLE"):
        # Some sandboxes forbid it.
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            return
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def end() -> NoReturn:
    """End this process at once; what it has begun and not finished goes with it."""
    try:
        end_children()
        discard_unfinished()
    finally:
        os._exit(0)


def serve(pipe: Connection) -> None:
    """Answer requests until the window's end of the pipe closes."""
    started = time.monotonic()
    yield_to_the_window()
    allow_deep_models()
    with quiet_start():
        devices = find_devices()
    service = Service(pipe)
    service.outbox.send(
        m.Ready(
            devices=devices,
            tensorflow=tf.__version__,
            keras=keras.__version__,
            seconds=time.monotonic() - started,
        )
    )
    service.run()


class Service:
    """Passes requests to the thread whose business they are."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.outbox = Outbox(self._write)
        self._asked: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._training: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._loading: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._scripts: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._waiting: list[Job] = []
        self._runs = Runs(self.outbox, between=self._between_steps)
        self._questions = Questions(self.outbox)

    def run(self) -> None:
        """Read requests until the pipe ends; the process ends with it."""
        self._training.put(warm_up)
        self._training.put(keep_out_of_garbage)
        self._training.put(READERS.warm_up)
        works: dict[str, Callable[[], None]] = {
            "questions": self._answer,
            "GPU thread": lambda: self._work(self._training),
            "data": lambda: self._work(self._loading),
            "scripts": lambda: self._work(self._scripts),
        }
        for name, work in works.items():
            threading.Thread(target=work, name=name, daemon=True).start()
        while True:
            try:
                request = m.decode_request(self._pipe.recv_bytes())
            except (EOFError, OSError):
                end()
            except msgspec.DecodeError as error:
                self.outbox.send(m.Failed(message=Text("{reason}", {"reason": str(error)})))
                continue
            self._dispatch(request)

    def _dispatch(self, request: m.AnyRequest) -> None:
        match request:
            case m.Pause():
                self._runs.pause()
            case m.Resume():
                self._runs.resume()
            case m.Stop():
                self._runs.stop()
            case m.Shutdown():
                end()
            case m.Train() | m.Export() | m.MatchWeights() | m.GraftWeights():
                # By way of the questions thread, so that edits sent before are followed first.
                self._ask(request, lambda: self._begin(request))
            case m.CancelExport():
                # Behind the export that it is about.
                self._ask(request, lambda: self._runs.cancel_export(request.document))
            case m.LoadWeights():
                self._ask(request, lambda: self._waiting.append(self._weights_job(request)))
            case m.LoadData():
                # Shapes and pictures need not wait until a folder of images is read.
                load = self._guard(request, lambda: self._load_data(request))
                self._asked.put(lambda: self._waiting.append(lambda: self._loading.put(load)))
            case m.RunScript():
                # A script may take a minute, for which data need not wait.
                self._scripts.put(self._guard(request, lambda: self._run_script(request)))
            case m.EditDocument():
                self._ask(request, lambda: self._edit(request))
            case _:
                self._ask(request, lambda: self._questions.answer(request))

    def _edit(self, request: m.EditDocument) -> None:
        """Follow an edit; weights that come or go with it do so when the model holds still."""
        self._questions.answer(request)
        weights = [change for change in request.changes if isinstance(change, WeightsChange)]
        if weights:
            self._flush()
            followed = self._questions.followed(request.document)
            self._training.put(self._guard(request, self._runs.prepare_moves(weights, followed)))

    def _weights_job(self, request: m.LoadWeights) -> Job:
        """Return what hands the reading of weights to the training thread."""
        followed = self._questions.followed(request.document)
        job = self._guard(request, self._runs.prepare_weights(request, followed))
        return lambda: self._training.put(job)

    def _flush(self) -> None:
        """Begin what has waited so that first looks are answered at once."""
        waiting, self._waiting = self._waiting, []
        for begin in waiting:
            begin()

    def _begin(self, request: m.Train | m.Export | m.MatchWeights | m.GraftWeights) -> None:
        """Hand a job to the training thread with the document as it is now."""
        self._flush()
        followed = self._questions.followed(request.document)
        if isinstance(request, m.Train):
            if self._runs.busy:
                raise NetloomError("A network is already training: stop it first.")
            self._questions.refuse_errors(followed)
            job = self._runs.prepare(request, followed, self._questions.data)
        elif isinstance(request, m.MatchWeights):
            job = self._runs.prepare_match(request, followed)
        elif isinstance(request, m.GraftWeights):
            job = self._runs.prepare_graft(request, followed)
        else:
            job = self._runs.prepare_export(request, followed, self._questions.data)
        self._training.put(self._guard(request, job))

    def _load_data(self, request: m.LoadData) -> None:
        self._questions.load_data(request)
        self._ask(request, lambda: self._questions.check_data(request.data))

    def _run_script(self, request: m.RunScript) -> None:
        run_script(Path(request.path), Path(request.target))
        self.outbox.send(
            m.ScriptRun(number=request.number, path=request.path, target=request.target)
        )

    def _ask(self, request: m.AnyRequest, job: Job) -> None:
        self._asked.put(self._guard(request, job))

    def _guard(self, request: m.AnyRequest, job: Job) -> Job:
        return lambda: self._guarded(request, job)

    def _guarded(self, request: m.AnyRequest, job: Job) -> None:
        """Run a job; whatever goes wrong becomes an answer."""
        try:
            job()
        except NetloomError as error:
            self.outbox.send(m.Failed(number=request.number, message=error.text))
        except (MemoryError, tf.errors.ResourceExhaustedError):
            message = text(
                "There is not enough memory for this: choose a smaller batch size or a smaller"
                " network."
            )
            self.outbox.send(m.Failed(number=request.number, message=message))
        except Exception as error:  # TensorFlow raises whatever its parts raise.
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            message = text("The engine could not do this: {reason}", reason=reason[:500])
            self.outbox.send(m.Failed(number=request.number, message=message))

    def _between_steps(self) -> None:
        """Do waiting exports between two training steps, when the weights hold still."""
        while True:
            try:
                job = self._training.get_nowait()
            except queue.Empty:
                return
            self._do(job)

    def _write(self, message: m.AnyReply) -> None:
        try:
            self._pipe.send_bytes(m.encode(message))
        except OSError:
            end()

    def _work(self, jobs: queue.SimpleQueue[Job]) -> None:
        while True:
            self._do(jobs.get())

    def _do(self, job: Job) -> None:
        """Run a job on the thread whose business it is, which outlives whatever goes wrong.

        What somebody asked for has told them by then (`_guarded`); the rest was done ahead of
        time, and is done again, and told, when somebody asks for it.
        """
        try:
            job()
        except Exception:
            traceback.print_exc()

    def _answer(self) -> None:
        """Answer questions; when none has come for a while, prepare the next run."""
        while True:
            pause = SETTLED_SECONDS if self._questions.unsettled else None
            try:
                job = self._asked.get(timeout=LOOK_SECONDS if self._waiting else pause)
            except queue.Empty:
                job = self._flush if self._waiting else self._prepare_ahead
            self._do(job)

    def _prepare_ahead(self) -> None:
        if self._runs.busy:
            return
        followed = self._questions.settle()
        if followed is None:
            return
        job = self._runs.prepare_ahead(followed, self._questions.data)
        if job is not None:
            self._training.put(job)
