"""The curves of one run, ready to be drawn; grows with the run and knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gui.facts.run_record import RunRecord
from gui.training.growing import Floats, Growing
from gui.training.smoothing import Smoother

Curve = tuple[Floats, Floats]
NOTHING: Curve = (np.empty(0), np.empty(0))


@dataclass(frozen=True)
class ChartData:
    """What one chart shows; every curve is x in batches of the run and y.

    Attributes:
        name: What it is and of which run; curves of the same name only grow.
        faint: The restless values behind the line: the loss of each batch.
        line: The line to follow; smoothed, or the average over the epoch so far.
        epochs: Training, one point an epoch.
        validation: Validation, one point an epoch.
        ghost: The line of the run before, for comparison.
        batches: Batches in an epoch; 0 where there is no run.
        first_epoch: Number of the epoch in which the run began.
        total: Batches planned for the whole run.
        over: Whether no more will come.
        broken: Batch whose loss was not finite, or 0.
    """

    name: tuple[str, ...] = ()
    faint: Curve = NOTHING
    line: Curve = NOTHING
    epochs: Curve = NOTHING
    validation: Curve = NOTHING
    ghost: Curve = NOTHING
    batches: int = 0
    first_epoch: int = 1
    total: int = 0
    over: bool = False
    broken: int = 0


class RunCurves:
    """Follows a `RunRecord`, at the cost of what is new.

    Attributes:
        record: The run.
    """

    def __init__(self, record: RunRecord, smoothing: float) -> None:
        self.record = record
        self._smoother = Smoother(smoothing)
        self._steps, self._losses = Growing(), Growing()
        self._averages: dict[str, tuple[Growing, Growing]] = {}
        self._points = 0

    def update(self) -> None:
        """Take in what the run has done since the last time."""
        losses = self.record.losses
        known = len(self._steps.values)
        self._steps.extend(np.arange(known + 1, len(losses) + 1, dtype=np.float64))
        self._losses.extend(losses[known:])
        self._smoother.follow(losses)
        for step, values in self.record.points[self._points :]:
            for name, value in values.items():
                x, y = self._averages.setdefault(name, (Growing(), Growing()))
                x.extend([step])
                y.extend([value])
        self._points = len(self.record.points)

    def smooth(self, factor: float) -> None:
        """Smooth by another factor from now on, and what is already there too."""
        if factor != self._smoother.factor:
            self._smoother.reset(factor)
            self._smoother.follow(self.record.losses)

    @property
    def metrics(self) -> list[str]:
        """Names of the metrics beside the loss."""
        started = self.record.started
        return [name for name in started.metrics if name != "loss"] if started else []

    def loss_data(self, before: RunCurves | None) -> ChartData:
        """Return the chart of the loss, with the run before as a ghost."""
        ghost = before.loss_line() if before is not None else NOTHING
        faint = self._steps.values, self._losses.values
        return self._data("loss", faint, self.loss_line(), ghost)

    def metric_data(self, name: str, before: RunCurves | None) -> ChartData:
        """Return the chart of one metric, with the run before as a ghost."""
        ghost = before.metric_line(name) if before is not None else NOTHING
        return self._data(name, NOTHING, self.metric_line(name), ghost)

    def loss_line(self) -> Curve:
        """Return the smoothed loss of each batch."""
        return self._steps.values, self._smoother.values

    def metric_line(self, name: str) -> Curve:
        """Return a metric's average over the epoch so far, one point a message."""
        if name not in self._averages:
            return NOTHING
        x, y = self._averages[name]
        return x.values, y.values

    def epoch_points(self, name: str) -> Curve:
        """Return one of Keras's logs, one point at the end of each epoch."""
        found = [
            (epoch.step, epoch.logs[name]) for epoch in self.record.epochs if name in epoch.logs
        ]
        if not found:
            return NOTHING
        points = np.asarray(found, np.float64)
        return points[:, 0], points[:, 1]

    def _data(self, name: str, faint: Curve, line: Curve, ghost: Curve) -> ChartData:
        started, ended = self.record.started, self.record.ended
        return ChartData(
            name=(name, self.record.run, str(self._smoother.factor)),
            faint=faint,
            line=line,
            epochs=self.epoch_points(name),
            validation=self.epoch_points(f"val_{name}"),
            ghost=ghost,
            batches=started.batches if started else 0,
            first_epoch=started.first_epoch if started else 1,
            total=started.batches * self._epochs() if started else 0,
            over=self.record.state == "idle",
            broken=self._broken() if ended is not None and ended.status == "diverged" else 0,
        )

    def _epochs(self) -> int:
        started = self.record.started
        return max(1, started.epochs - started.first_epoch + 1) if started else 0

    def _broken(self) -> int:
        """Return the first batch whose loss is not finite, or the last one."""
        wrong = np.flatnonzero(~np.isfinite(self.record.losses))
        return int(wrong[0]) + 1 if len(wrong) else len(self.record.losses)
