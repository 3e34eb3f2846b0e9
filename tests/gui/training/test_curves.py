"""Curves of a run: batches, epochs, and the run before."""

from __future__ import annotations

import numpy as np

from engine.errors import Text
from engine.ipc import messages as m
from gui.facts.run_record import RunRecord
from gui.training.curves import RunCurves


def started(**values: object) -> m.RunStarted:
    given = {
        "document": "d",
        "run": "r",
        "epochs": 3,
        "first_epoch": 1,
        "batches": 10,
        "batch_size": 4,
        "samples": 40,
        "metrics": ["accuracy"],
        "device": "auto",
        **values,
    }
    return m.RunStarted(**given)  # type: ignore[arg-type]


def progress(step: int, losses: list[float], **metrics: float) -> m.Progress:
    return m.Progress(
        run="r",
        epoch=1,
        batch=step,
        step=step,
        losses=m.Array.of(np.array(losses, np.float32)),
        metrics=metrics,
        samples_per_second=100.0,
        eta=1.0,
    )


def ended_epoch(epoch: int, step: int, **logs: float) -> m.EpochEnded:
    return m.EpochEnded(run="r", epoch=epoch, step=step, logs=logs, seconds=1.0)


def test_loss_has_every_batch_and_epoch_points() -> None:
    record = RunRecord(run="r", state="running", started=started())
    curves = RunCurves(record, 0.5)
    record.add(progress(2, [3.0, 1.0], loss=2.0))
    curves.update()
    record.add(progress(3, [1.0], loss=1.5))
    record.epochs.append(ended_epoch(1, 10, loss=1.5, val_loss=1.2))
    curves.update()
    data = curves.loss_data(None)
    np.testing.assert_array_equal(data.faint[0], [1, 2, 3])
    np.testing.assert_array_equal(data.faint[1], [3, 1, 1])
    np.testing.assert_allclose(data.line[1], [3.0, 5 / 3, 9 / 7])
    assert [list(part) for part in data.epochs] == [[10], [1.5]]
    assert [list(part) for part in data.validation] == [[10], [1.2]]
    assert data.total == 30
    assert not data.over


def test_metric_is_the_average_over_the_epoch_so_far() -> None:
    record = RunRecord(run="r", state="running", started=started(metrics=["accuracy", "mae"]))
    curves = RunCurves(record, 0.9)
    record.add(progress(2, [3.0, 1.0], loss=2.0, accuracy=0.25, mae=2.0))
    record.add(progress(5, [1.0] * 3, loss=1.4, accuracy=0.5, mae=1.0))
    curves.update()
    assert curves.metrics == ["accuracy", "mae"]
    assert [list(part) for part in curves.metric_data("accuracy", None).line] == [
        [2, 5],
        [0.25, 0.5],
    ]


def test_run_that_goes_on_counts_its_own_epochs() -> None:
    record = RunRecord(run="r", started=started(epochs=8, first_epoch=6))
    assert RunCurves(record, 0.0).loss_data(None).total == 30


def test_broken_batch_is_the_first_that_is_not_finite() -> None:
    record = RunRecord(run="r", started=started())
    record.add(progress(4, [2.0, 1.0, float("nan"), float("inf")], loss=float("nan")))
    record.ended = m.RunEnded(
        run="r",
        document="d",
        status="diverged",
        message=Text("The loss became NaN."),
        epochs=0,
        seconds=1.0,
    )
    curves = RunCurves(record, 0.9)
    curves.update()
    assert curves.loss_data(None).broken == 3


def test_another_smoothing_starts_anew() -> None:
    record = RunRecord(run="r", started=started())
    record.add(progress(3, [4.0, 2.0, 0.0], loss=2.0))
    curves = RunCurves(record, 0.9)
    curves.update()
    curves.smooth(0.0)
    np.testing.assert_allclose(curves.loss_line()[1], [4, 2, 0])


def test_run_before_is_the_ghost() -> None:
    before = RunRecord(run="a", started=started(run="a"))
    before.add(progress(2, [5.0, 4.0], loss=4.5, accuracy=0.1))
    old, new = RunCurves(before, 0.0), RunCurves(RunRecord(run="b", started=started()), 0.0)
    old.update()
    assert list(new.loss_data(old).ghost[1]) == [5, 4]
    assert list(new.metric_data("accuracy", old).ghost[1]) == [0.1]
    assert len(new.metric_data("mae", old).ghost[1]) == 0
