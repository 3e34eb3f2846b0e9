"""What the training panel says about a run, in words."""

from __future__ import annotations

from engine.graph.document import Document, Recipe
from engine.ipc.messages import RunStarted
from engine.registry import Registry
from engine.training import LOSSES, METRICS, OPTIMIZERS
from gui.facts.run_record import RunRecord
from gui.i18n import tr, tr_text
from gui.training.legend import short_number


def state_word(run: RunRecord) -> str:
    """Return one word or two for what a run is doing."""
    if run.state == "starting":
        return tr("Starting")
    if run.state == "running":
        return tr("Training")
    if run.state == "paused":
        return tr("Paused")
    if run.state == "stopping":
        return tr("Stopping")
    if run.ended is None:
        return tr("Interrupted")
    return {
        "finished": tr("Finished"),
        "stopped": tr("Stopped"),
        "diverged": tr("Diverged"),
        "failed": tr("Failed"),
    }.get(run.ended.status, tr("Ended"))


def fraction_done(run: RunRecord) -> float:
    """Return how much of the planned training is done, from 0 to 1."""
    if run.started is None or run.progress is None:
        return 0.0
    planned = run.started.batches * planned_epochs(run.started)
    return min(1.0, run.progress.step / planned) if planned else 0.0


def planned_epochs(started: RunStarted) -> int:
    """Return the number of epochs that a run was to train."""
    return max(1, started.epochs - started.first_epoch + 1)


def position(run: RunRecord) -> list[str]:
    """Return where a run is: its epoch and its batch."""
    if run.started is None:
        return []
    epoch, batch = run.started.first_epoch, 0
    if run.progress is not None:
        epoch, batch = run.progress.epoch, run.progress.batch
    return [
        tr("Epoch {epoch}/{epochs}", epoch=epoch, epochs=run.started.epochs),
        tr("Batch {batch}/{batches}", batch=f"{batch:,}", batches=f"{run.started.batches:,}"),
    ]


def pace(run: RunRecord) -> list[str]:
    """Return how fast a run is and how long it will take."""
    if run.progress is None or run.state == "idle":
        return []
    words = []
    if run.progress.samples_per_second > 0:
        speed = f"{run.progress.samples_per_second:,.0f}"
        words.append(tr("{count} samples/s", count=speed))
    if run.progress.eta > 0 and run.state in ("running", "paused"):
        words.append(tr("about {time} left", time=duration(run.progress.eta, exact=False)))
    return words


def duration(seconds: float, *, exact: bool = True) -> str:
    """Write a time: 8.3 s, 45 s, 3 min 20 s, 2 h 5 min; coarser where not `exact`."""
    if seconds < 10 and exact:
        return tr("{seconds} s", seconds=f"{seconds:.1f}")
    if seconds < 100:
        return tr("{seconds} s", seconds=max(1, round(seconds)))
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return tr("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
    if exact:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return tr("{minutes} min", minutes=round(seconds / 60))


def results(run: RunRecord) -> list[tuple[str, str]]:
    """Return names and values that sum up a run that is over, the most important first."""
    ended = run.ended
    if ended is None:
        return []
    found: list[tuple[str, str]] = []
    names = _result_names(run)
    for name in names:
        if name in ended.test:
            label = tr("test {metric}", metric=metric_title(name).lower())
            found.append((label, short_number(ended.test[name])))
    for name in names:
        values = ended.history.get(f"val_{name}", [])
        if values:
            label = tr("validation {metric}", metric=metric_title(name).lower())
            found.append((label, _with_best(name, values)))
    if not found and run.epochs:
        for name in names:
            if name in run.epochs[-1].logs:
                label = tr("training {metric}", metric=metric_title(name).lower())
                found.append((label, short_number(run.epochs[-1].logs[name])))
    found.append((tr("time"), duration(ended.seconds)))
    return found


def _result_names(run: RunRecord) -> list[str]:
    metrics = [name for name in run.started.metrics if name != "loss"] if run.started else []
    return [*metrics, "loss"]


def _with_best(name: str, values: list[float]) -> str:
    best = min(values) if lower_is_better(name) else max(values)
    if best == values[-1]:
        return short_number(values[-1])
    epoch = values.index(best) + 1
    return tr(
        "{value} (best {best}, epoch {epoch})",
        value=short_number(values[-1]),
        best=short_number(best),
        epoch=epoch,
    )


def lower_is_better(name: str) -> bool:
    """Return whether a metric is an error, so that its least value is its best."""
    return name == "loss" or any(
        word in name for word in ("error", "mse", "mae", "rmse", "crossentropy", "divergence")
    )


def metric_title(name: str) -> str:
    """Return a metric's name for people."""
    if name == "loss":
        return tr("Loss")
    spec = METRICS.find(name)
    return tr(spec.title) if spec is not None else name.replace("_", " ").capitalize()


def recipe_words(document: Document) -> str:
    """Return the recipe of a document on one line."""
    recipe: Recipe = document.recipe
    optimizer = OPTIMIZERS.find(recipe.optimizer.kind)
    parts = [_title(OPTIMIZERS, recipe.optimizer.kind)]
    if optimizer is not None and "learning_rate" in optimizer.fields:
        rate = optimizer.complete(recipe.optimizer.params)["learning_rate"]
        parts.append(tr("learning rate {rate}", rate=rate))
    parts.append(_title(LOSSES, recipe.loss))
    parts.append(tr("batch size {count}", count=recipe.batch_size))
    parts.append(tr("{count} epochs", count=recipe.epochs))
    return "  ·  ".join(parts)


def _title(registry: Registry[type], key: str) -> str:
    spec = registry.find(key)
    return tr(getattr(spec, "title", "") or key) if spec is not None else key


def notice(run: RunRecord) -> str | None:
    """Return what went wrong with a run, or None."""
    if run.ended is not None and run.ended.status in ("diverged", "failed"):
        return tr_text(run.ended.message)
    if run.state == "idle" and run.ended is None and run.started is not None:
        return tr(
            "The engine ended unexpectedly while training. The curve so far is kept; press"
            " Train to begin again."
        )
    return None
