"""Which losses and metrics suit the data, by the engine's own rules."""

from __future__ import annotations

import msgspec

from engine.errors import Text
from engine.graph.document import Recipe
from engine.ipc.messages import DataInfo
from engine.training import TaskInfo, problems


def task_info(info: DataInfo | None) -> TaskInfo | None:
    """Return what the rules need to know of the data; None while it is not loaded."""
    if info is None:
        return None
    return TaskInfo(
        task=info.task,
        classes=len(info.classes),
        target_shape=tuple(info.target_shape),
        samples=info.train,
    )


def loss_objection(recipe: Recipe, loss: str, task: TaskInfo | None) -> tuple[Text, bool] | None:
    """Return why a loss does not suit the data and whether it cannot work at all, or None."""
    wish = msgspec.structs.replace(recipe, loss=loss, metrics=())
    for problem in problems(wish, task, []):
        if problem.field == "loss":
            return problem.message, problem.severity == "error"
    return None


def metric_objection(recipe: Recipe, metric: str, task: TaskInfo | None) -> Text | None:
    """Return why a metric does not suit the recipe's loss, or None."""
    wish = msgspec.structs.replace(recipe, metrics=(metric,))
    for problem in problems(wish, task, []):
        if problem.field == "metrics":
            return problem.message
    return None
