"""Whether data, network and recipe suit each other: plain rules, no Keras needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from engine.errors import Text, text
from engine.training.losses import LOSSES, LossSpec, Target
from engine.training.metrics import METRICS


class RecipeLike(Protocol):
    """What is read of a recipe."""

    @property
    def loss(self) -> str:
        """Key of the loss."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Keys of the metrics."""


class TaskInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules need to know of the data.

    Attributes:
        task: "classes" for labels 0..n-1, "values" for real targets.
        classes: Number of classes; 0 for values.
        target_shape: Shape of one target for values: () or (k,).
        samples: Number of training samples; 0 where unknown.
    """

    task: str
    classes: int = 0
    target_shape: tuple[int, ...] = ()
    samples: int = 0


class OutputInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One output of the network.

    Attributes:
        node: Id of the node.
        name: Name of the layer, for sentences.
        shape: Shape of one sample's output, without the batch axis; None for any length.
        activation: What is applied last ("linear" for nothing), or None where unknown.
    """

    node: str
    name: str
    shape: tuple[int | None, ...]
    activation: str | None = None


class RecipeProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that does not suit.

    Attributes:
        code: Permanent name of the rule.
        message: What is wrong and what to do.
        node: Id of the output concerned, or "".
        field: Field of the recipe concerned, or "".
        severity: "error" prevents training; the others do not.
    """

    code: str
    message: Text
    node: str = ""
    field: str = ""
    severity: Literal["error", "warning", "advice"] = "error"


def problems(
    recipe: RecipeLike, info: TaskInfo | None, outputs: Sequence[OutputInfo]
) -> list[RecipeProblem]:
    """Return what does not suit, errors first.

    Args:
        recipe: The recipe, of which loss and metrics are read.
        info: The data, or None where it is not loaded yet; then only rules that need no data.
        outputs: Outputs of the network whose shape is known.
    """
    loss = LOSSES.find(recipe.loss)
    if loss is None:
        return [
            _loss_problem("unknown-loss", text("Choose a loss: “{key}” is none.", key=recipe.loss))
        ]
    found: list[RecipeProblem] = []
    if info is not None:
        found += _task_problems(loss, info)
    if not any(problem.severity == "error" for problem in found):
        for output in outputs:
            if info is not None:
                found += _size_problems(loss, info, output)
            found += _activation_problems(loss, output)
    targets: set[Target] = {loss.target}
    if info is not None and info.task == "classes" and loss.target == "values":
        targets.add("one_hot")
    found += _metric_problems(recipe, loss, targets)
    return sorted(found, key=lambda problem: problem.severity != "error")


def _loss_problem(
    code: str, message: Text, severity: Literal["error", "warning"] = "error"
) -> RecipeProblem:
    return RecipeProblem(code=code, message=message, field="loss", severity=severity)


def _task_problems(loss: type[LossSpec], info: TaskInfo) -> list[RecipeProblem]:
    if info.task == "values" and loss.target != "values":
        message = text(
            "The targets of this data are numbers, but the loss “{loss}” wants classes: "
            "choose a loss such as Mean squared error.",
            loss=loss.title,
        )
        return [_loss_problem("loss-wants-classes", message)]
    if info.task == "classes" and loss.target == "values":
        message = text(
            "This data has classes, but the loss “{loss}” is made for numbers: "
            "a crossentropy learns classes better.",
            loss=loss.title,
        )
        return [_loss_problem("loss-wants-values", message, "warning")]
    return []


def _size_problems(loss: type[LossSpec], info: TaskInfo, output: OutputInfo) -> list[RecipeProblem]:
    units = output.shape[-1] if output.shape else 1
    if units is None:
        return []
    wanted = len(info.target_shape) if info.task == "values" else 0
    if len(output.shape) != max(wanted, 1):
        return [_rank_problem(output)]
    if info.task == "values":
        return _value_size_problems(info, output, units)
    message = None
    if (loss.target == "labels" and units < info.classes) or (
        loss.target in ("one_hot", "values", "binary")
        and units != info.classes
        and not (units == 1 and loss.target in ("binary", "values"))
    ):
        message = text(
            "The data has {classes} classes (labels 0–{last}), but output “{output}” has "
            "{units} units: set its units to {classes}.",
            classes=info.classes,
            last=info.classes - 1,
            output=output.name,
            units=units,
        )
    elif units == 1 and loss.target == "binary" and info.classes > 2:
        message = text(
            "Output “{output}” has one unit, which tells two classes apart; the data has "
            "{classes}: set its units to {classes} with softmax and choose the loss "
            "Sparse categorical crossentropy.",
            output=output.name,
            classes=info.classes,
        )
    if message is not None:
        return [RecipeProblem(code="units-and-classes", message=message, node=output.node)]
    if units > info.classes:
        message = text(
            "Output “{output}” has {units} units, but the data has only {classes} classes: "
            "the others will never be right.",
            output=output.name,
            units=units,
            classes=info.classes,
        )
        return [
            RecipeProblem(code="spare-units", message=message, node=output.node, severity="warning")
        ]
    return []


def _value_size_problems(info: TaskInfo, output: OutputInfo, units: int) -> list[RecipeProblem]:
    wanted = info.target_shape[-1] if info.target_shape else 1
    if units == wanted:
        return []
    message = text(
        "Each sample has {wanted} target values, but output “{output}” has {units} units: "
        "set its units to {wanted}.",
        wanted=wanted,
        output=output.name,
        units=units,
    )
    return [RecipeProblem(code="units-and-values", message=message, node=output.node)]


def _rank_problem(output: OutputInfo) -> RecipeProblem:
    message = text(
        "Output “{output}” gives {shape} values for each sample; the loss wants one row: "
        "add Flatten or a global pooling layer before the last Dense layer.",
        output=output.name,
        shape="×".join("?" if size is None else str(size) for size in output.shape) or "1",
    )
    return RecipeProblem(code="output-rank", message=message, node=output.node)


def _activation_problems(loss: type[LossSpec], output: OutputInfo) -> list[RecipeProblem]:
    units = output.shape[-1] if output.shape else 1
    if output.activation is None:
        return []
    if units == 1 and output.activation == "softmax":
        message = text(
            "A softmax over one unit is always 1, so “{output}” cannot learn: use sigmoid.",
            output=output.name,
        )
        return [RecipeProblem(code="softmax-of-one", message=message, node=output.node)]
    if not loss.activations or output.activation in loss.activations:
        return []
    message = text(
        "The loss “{loss}” expects “{wanted}” at the output; “{output}” ends with “{actual}”.",
        loss=loss.title,
        wanted=loss.activations[0],
        output=output.name,
        actual=output.activation,
    )
    return [
        RecipeProblem(
            code="output-activation", message=message, node=output.node, severity="warning"
        )
    ]


def _metric_problems(
    recipe: RecipeLike, loss: type[LossSpec], targets: set[Target]
) -> list[RecipeProblem]:
    found = []
    for key in recipe.metrics:
        metric = METRICS.find(key)
        if metric is None:
            message = text("There is no metric “{key}”: choose another.", key=key)
        elif targets.isdisjoint(metric.targets):
            message = text(
                "The metric “{metric}” does not suit the loss “{loss}”: choose another.",
                metric=metric.title,
                loss=loss.title,
            )
        else:
            continue
        found.append(RecipeProblem(code="metric", message=message, field="metrics"))
    return found
