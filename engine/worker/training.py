"""One training run: epochs, validation, pause, stop, and what the window is told of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import tensorflow as tf

from engine.errors import Text, text
from engine.graph.document import Recipe
from engine.ipc.messages import (
    Array,
    EpochEnded,
    Progress,
    RunEnded,
    RunPaused,
    RunResumed,
    RunStarted,
)
from engine.ipc.throttle import Outbox
from engine.worker.devices import device_name
from engine.worker.preparation import Preparation
from engine.worker.steps import Pace, Steps


class Control:
    """Pause and stop, asked for by one thread and obeyed by the training thread."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self._go.set()
        self.stopped = False

    def pause(self) -> None:
        """Hold before the next step."""
        self._go.clear()

    def resume(self) -> None:
        """Go on."""
        self._go.set()

    def stop(self) -> None:
        """End after the present step; releases a pause."""
        self.stopped = True
        self._go.set()

    @property
    def paused(self) -> bool:
        """Whether the next step is to wait."""
        return not self._go.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of a pause; returns whether it has ended."""
        return self._go.wait(seconds)


class _Ended(Exception):
    """Leaves the loops of a run."""

    def __init__(self, status: str, message: Text) -> None:
        super().__init__(status)
        self.status = status
        self.message = message


@dataclass
class Clock:
    """Time spent training, without pauses."""

    started: float
    paused: float = 0.0

    def seconds(self) -> float:
        """Return the seconds since the start, pauses not counted."""
        return time.monotonic() - self.started - self.paused


class Trainer:
    """Trains a prepared model and reports.

    Args:
        prepared: The compiled model and its steps.
        recipe: How to train: the one it was prepared for, with any number of epochs.
        run: Name of the run.
        document: Name of the document.
        outbox: Where reports go.
        control: Pause and stop.
        between: Called between steps, on this thread, for work that needs steady weights.
        first_epoch: Number of the first epoch, above 1 when training goes on.
    """

    def __init__(
        self,
        prepared: Preparation,
        recipe: Recipe,
        *,
        run: str,
        document: str,
        outbox: Outbox,
        control: Control,
        between: Callable[[], None] = lambda: None,
        first_epoch: int = 1,
    ) -> None:
        self.prepared, self.recipe = prepared, recipe
        self.run_name, self.document = run, document
        self.outbox, self.control, self.between = outbox, control, between
        self.first_epoch = first_epoch
        self.history: dict[str, list[float]] = {}
        self._epochs_done = 0
        self._step = 0
        self._rate = 0.0
        self._random = np.random.default_rng([recipe.seed, first_epoch])
        self._train_pace, self._test_pace = (Pace(warm=prepared.traced) for _ in range(2))
        self._seconds_validating = 0.0
        self._clock = Clock(time.monotonic())

    def run(self) -> RunEnded:
        """Train to the end, a stop, or a loss that is no number; reports everything."""
        with tf.device(device_name(self.recipe.device)):
            self._announce()
            test: dict[str, float] = {}
            try:
                for epoch in range(self.recipe.epochs):
                    self._epoch(self.first_epoch + epoch)
                status, message = "finished", text("Training finished.")
            except _Ended as ended:
                status, message = ended.status, ended.message
            if status == "finished" and self.prepared.test is not None:
                test = self._evaluate(self.prepared.test)
            self.prepared.traced = True
        return self.end(status, message, test)

    def end(self, status: str, message: Text, test: dict[str, float] | None = None) -> RunEnded:
        """Return the last report of the run."""
        return RunEnded(
            run=self.run_name,
            document=self.document,
            status=status,
            message=message,
            epochs=self._epochs_done,
            seconds=self._clock.seconds(),
            test=test or {},
            history=self.history,
        )

    def _announce(self) -> None:
        feed = self.prepared.train.feed
        self.outbox.send(
            RunStarted(
                document=self.document,
                run=self.run_name,
                epochs=self.first_epoch - 1 + self.recipe.epochs,
                first_epoch=self.first_epoch,
                batches=feed.batches,
                batch_size=self.recipe.batch_size,
                samples=feed.samples,
                metrics=list(self.recipe.metrics),
                device=self.recipe.device,
            )
        )

    def _epoch(self, epoch: int) -> None:
        started = self._clock.seconds()
        train, validation = self.prepared.train, self.prepared.validation
        if self.recipe.shuffle:
            train.feed.shuffle(self._random)
        train.reset()
        logs: dict[str, float] = {}
        batch = 0
        while batch < train.feed.batches:
            self._breathe()
            count = min(self._train_pace.steps, train.feed.batches - batch)
            losses, logs = self._timed(train, self._train_pace, batch, count)
            self._report(epoch, batch, losses, logs)
            self._refuse_nonsense(epoch, batch, losses)
            batch += count
        if validation is not None:
            before = self._clock.seconds()
            values = self._evaluate(validation)
            logs |= {f"val_{name}": value for name, value in values.items()}
            self._seconds_validating = self._clock.seconds() - before
        self._epochs_done += 1
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)
        seconds = self._clock.seconds() - started
        self.outbox.send(
            EpochEnded(run=self.run_name, epoch=epoch, step=self._step, logs=logs, seconds=seconds)
        )

    def _timed(
        self, steps: Steps, pace: Pace, first: int, count: int
    ) -> tuple[Any, dict[str, float]]:
        started = time.perf_counter()
        losses, logs = steps.run(first, count)
        seconds = time.perf_counter() - started
        warm = pace.warm
        pace.took(count, seconds)
        if warm and steps is self.prepared.train and first + count < steps.feed.batches:
            rate = count * steps.feed.batch_size / seconds
            self._rate = rate if not self._rate else 0.8 * self._rate + 0.2 * rate
        return losses, logs

    def _evaluate(self, steps: Steps) -> dict[str, float]:
        """Return loss and metrics over a feed; a stop ends it early."""
        steps.reset()
        logs: dict[str, float] = {}
        batch = 0
        while batch < steps.feed.batches:
            self._breathe()
            count = min(self._test_pace.steps, steps.feed.batches - batch)
            _, logs = self._timed(steps, self._test_pace, batch, count)
            batch += count
        return logs

    def _breathe(self) -> None:
        """Between two calls: do what waits, hold while paused, leave when stopped."""
        self.between()
        if self.control.paused:
            began = time.monotonic()
            self.outbox.send(RunPaused(run=self.run_name))
            while not self.control.wait(0.05):
                self.between()
            self._clock.paused += time.monotonic() - began
            if not self.control.stopped:
                self.outbox.send(RunResumed(run=self.run_name))
        if self.control.stopped:
            raise _Ended("stopped", text("Training stopped; the weights trained so far are kept."))

    def _report(self, epoch: int, batch: int, losses: Any, logs: dict[str, float]) -> None:
        self._step += len(losses)
        feed = self.prepared.train.feed
        done = batch + len(losses)
        left = self.first_epoch + self.recipe.epochs - 1 - epoch
        batches_left = feed.batches - done + left * feed.batches
        eta = batches_left * feed.batch_size / self._rate if self._rate else 0.0
        progress = Progress(
            run=self.run_name,
            epoch=epoch,
            batch=done,
            step=self._step,
            losses=Array.of(losses),
            metrics=dict(logs),
            samples_per_second=self._rate,
            eta=eta + (left + 1) * self._seconds_validating,
        )
        self.outbox.post("progress", progress, join_progress)

    def _refuse_nonsense(self, epoch: int, batch: int, losses: Any) -> None:
        wrong = np.flatnonzero(~np.isfinite(losses))
        if not len(wrong):
            return
        what = "NaN" if np.isnan(losses[wrong[0]]) else "infinite"
        raise _Ended(
            "diverged",
            text(
                "The loss became {what} at batch {batch} of epoch {epoch}, so training stopped."
                " Try a lower learning rate, and look for extreme values in the data.",
                what=what,
                batch=batch + int(wrong[0]) + 1,
                epoch=epoch,
            ),
        )


def join_progress(earlier: Any, later: Any) -> Any:
    """Make one progress message of two that follow each other."""
    losses = np.concatenate([earlier.losses.numpy(), later.losses.numpy()])
    return msgspec.structs.replace(later, losses=Array.of(losses))
