"""How the model of a Keras file was compiled, as a recipe, with a word on what does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from engine.errors import Text, text
from engine.formats.keras_files.compiled_names import (
    by_output,
    class_of,
    flat,
    loss_key,
    metric_key,
    name_of,
    several,
)
from engine.formats.keras_files.inbound import Config
from engine.formats.keras_files.rows import Model, Row
from engine.formats.keras_files.understanding import Remark
from engine.formats.keras_files.values import plain, short_number
from engine.graph.copying import snake_case
from engine.graph.document import Part, Recipe
from engine.training import LOSSES, METRICS, OPTIMIZERS, OptimizerSpec

# What says nothing of how a loss, a metric or an optimizer computes, whatever its value.
_NOTHING_TOLD = {"name", "dtype", "fn", "is_legacy_optimizer", "jit_compile"}
# What says nothing as long as it has this value.
_USUAL: dict[str, tuple[Any, ...]] = {
    "reduction": ("sum_over_batch_size", "auto", None),
    "from_logits": (False,),
    "label_smoothing": (0,),
    "axis": (-1,),
    "ignore_class": (None,),
    "delta": (1,),
    "alpha": (0.25,),
    "gamma": (2,),
    "apply_class_balancing": (False,),
    "thresholds": (None,),
    "threshold": (0.5,),
    "top_k": (None,),
    "class_id": (None,),
    "k": (5,),
    "num_thresholds": (200,),
    "curve": ("ROC",),
    "summation_method": ("interpolation",),
    "multi_label": (False,),
    "num_labels": (None,),
    "label_weights": (None,),
    "class_aggregation": ("uniform_average",),
    "num_regressors": (0,),
    # Of optimizers, the last two of Keras 1 and 2 alone.
    "epsilon": (None,),
    "decay": (0,),
    "schedule_decay": (0.004,),
}
# More of a list tells a reader no more.
MOST_WORDS = 8
# Losses for files whose own is not known, the first that suits their metrics.
_INSTEAD = (Recipe().loss, "binary_crossentropy", "mean_squared_error")


@dataclass(frozen=True)
class End:
    """An output of a model, as far as its layer says so itself.

    Attributes:
        units: How many units it has, or None.
        activation: What is applied last, or None.
    """

    units: int | None = None
    activation: str | None = None


def ends_of(model: Model) -> list[End]:
    """Return what the layers of the outputs say of themselves."""
    rows = {row.name: row for row in model.rows}
    return [_end_of(rows.get(end.layer)) for end in model.outputs]


def _end_of(row: Row | None) -> End:
    config = row.config if row is not None and isinstance(row.config, dict) else {}
    units, activation = config.get("units"), config.get("activation")
    return End(
        units if isinstance(units, int) else None,
        activation if isinstance(activation, str) else None,
    )


def recipe_of(training: Config, outputs: Sequence[End]) -> tuple[Recipe, list[Remark]]:
    """Return how a model was compiled, and what of it a recipe cannot hold.

    Args:
        training: How the file says it was compiled; empty where it was not.
        outputs: The outputs of the model.
    """
    if not training:
        return _suiting(outputs), []
    reader = _Reader([end.units for end in outputs])
    recipe = replace(Recipe(), optimizer=reader.optimizer(training))
    metrics = reader.metrics(training)
    loss, exact = reader.loss(training, metrics)
    metrics = reader.suiting(metrics, loss, exact=exact)
    return replace(recipe, loss=loss, metrics=metrics), reader.remarks


def several_losses(keys: Sequence[str]) -> Text:
    """Say that outputs have several losses, of which the first is used."""
    titles = [LOSSES.get(key).title for key in keys]
    return text(
        "The file trains its outputs with several losses ({losses}); here one is used for all"
        " outputs: “{loss}”.",
        losses=", ".join(titles),
        loss=titles[0],
    )


def weighed_losses(weights: Sequence[Any]) -> Text:
    """Say that the losses of outputs do not count the same."""
    return text(
        "The file weighs the losses of its outputs ({weights}); here all count the same.",
        weights=_listed([_short(weight) for weight in weights]),
    )


def weighed_metrics(keys: Sequence[str]) -> Text:
    """Say that samples are weighed for some metrics."""
    return text(
        "The file weighs samples for the metrics {metrics}; here every sample counts the same.",
        metrics=", ".join(f"“{METRICS.get(key).title}”" for key in keys),
    )


def start_of(schedule: Mapping[str, Any], spec: type[OptimizerSpec]) -> tuple[Any, Text]:
    """Return the learning rate that a schedule begins with, and what says that it stays.

    Args:
        schedule: Its class and its arguments, as files of Keras have them.
        spec: The optimizer that it is given to.
    """
    config = schedule.get("config")
    config = config if isinstance(config, Mapping) else {}
    steps = plain(config.get("values"))
    first = steps[0] if isinstance(steps, list) and steps else None
    field = spec.fields["learning_rate"]
    # A schedule that warms up begins with next to nothing.
    rates = (config.get("warmup_target"), config.get("initial_learning_rate"), first)
    usable = (rate for rate in rates if rate is not None and field.check(rate) is None)
    rate = next(usable, field.default)
    sentence = text(
        "The file changes the learning rate while training ({schedule}); here it stays at {rate}.",
        schedule=class_of(schedule) or "?",
        rate=_short(rate),
    )
    return rate, sentence


def _suiting(outputs: Sequence[End]) -> Recipe:
    """Return a recipe for a model that was not compiled, by what is applied last."""
    last = {end.activation for end in outputs}
    if last == {"sigmoid"}:
        return replace(Recipe(), loss="binary_crossentropy")
    if last == {"linear"}:
        return replace(Recipe(), loss="mean_squared_error", metrics=("mean_absolute_error",))
    return Recipe()


class _Reader:
    """Reads one part after the other and collects what did not fit."""

    def __init__(self, outputs: Sequence[int | None]) -> None:
        self._outputs, self._wide = len(outputs), any((units or 1) > 1 for units in outputs)
        self.remarks: list[Remark] = []
        self._said: set[str] = set()

    def loss(self, training: Config, metrics: tuple[str, ...]) -> tuple[str, bool]:
        """Return the loss, and whether it is what the file says of all outputs."""
        given = training.get("loss")
        losses = flat(given)
        keys = [loss_key(name_of(item)) for item in losses]
        known = list(dict.fromkeys(key for key in keys if key))
        used = known[0] if known else _loss_for(metrics)
        title = LOSSES.get(used).title
        if not losses:
            self._remark(
                text("The file was compiled without a loss: “{loss}” is used instead.", loss=title)
            )
        for key, item in zip(keys, losses, strict=True):
            if key:
                self._options(LOSSES.get(key).title, item)
            else:
                self._remark(
                    text(
                        "The loss “{name}” of the file is not known here: “{loss}” is used"
                        " instead.",
                        name=name_of(item) or "?",
                        loss=title,
                    )
                )
        self._outputs_differ(known, title, len(losses) if several(given) else 0)
        self._weights(training.get("loss_weights"))
        return used, known == [used] and "" not in keys

    def _outputs_differ(self, known: list[str], title: str, count: int) -> None:
        """Say where outputs have other losses than here, or only some have any."""
        if len(known) > 1:
            self._remark(several_losses(known))
        if 0 < count < self._outputs:
            self._remark(
                text(
                    "The file trains only {count} of {all} outputs; here all are trained with"
                    " “{loss}”.",
                    count=count,
                    all=self._outputs,
                    loss=title,
                )
            )

    def _weights(self, given: Any) -> None:
        weights = flat(given)
        if any(weight != 1 for weight in weights):
            self._remark(weighed_losses(weights))

    def metrics(self, training: Config) -> tuple[str, ...]:
        """Return all metrics that are known, whether samples are weighed for them or not."""
        weighted = self._metrics(training.get("weighted_metrics"))
        if weighted:
            self._remark(weighed_metrics(weighted))
        return tuple(dict.fromkeys((*self._metrics(training.get("metrics")), *weighted)))

    def _metrics(self, given: Any) -> list[str]:
        found: list[str] = []
        for item in flat(given):
            name = name_of(item)
            key = metric_key(name)
            if key:
                found.append(key)
                if self._wide and snake_case(name) == "binary_accuracy":
                    self._remark(
                        text(
                            "The file counts which units of an output are right (binary_accuracy);"
                            " here “Accuracy” counts in how many samples the largest unit is."
                        )
                    )
                self._options(METRICS.get(key).title, item)
            else:
                self._remark(
                    text(
                        "The metric “{name}” of the file is not known here: it is left out.",
                        name=name or "?",
                    )
                )
        parts = by_output(given, self._outputs)
        if len({frozenset(metric_key(name_of(item)) for item in flat(part)) for part in parts}) > 1:
            self._remark(
                text(
                    "The file watches other metrics at each output; here all are watched at every"
                    " output."
                )
            )
        return list(dict.fromkeys(found))

    def suiting(self, metrics: tuple[str, ...], loss: str, *, exact: bool) -> tuple[str, ...]:
        """Return the metrics that can be watched with a loss.

        Args:
            metrics: The metrics of the file.
            loss: The loss that is used.
            exact: Whether it is the loss of the file. One for numbers may then be meant for
                classes, which the data will show.
        """
        classes = exact and LOSSES.get(loss).target == "values"
        kept = tuple(
            key
            for key in metrics
            if _suits(key, loss) or (classes and "one_hot" in METRICS.get(key).targets)
        )
        for key in metrics:
            if key not in kept:
                self._remark(
                    text(
                        "The metric “{metric}” of the file does not suit the loss “{loss}”: it is"
                        " left out.",
                        metric=METRICS.get(key).title,
                        loss=LOSSES.get(loss).title,
                    )
                )
        return kept

    def optimizer(self, training: Config) -> Part:
        """Return the optimizer with the parameters that the catalog knows."""
        given = training.get("optimizer_config") or training.get("optimizer")
        kind = class_of(given)
        config = given.get("config") if isinstance(given, Mapping) else None
        inner = config.get("inner_optimizer") if isinstance(config, Mapping) else None
        if isinstance(inner, Mapping):
            self._remark(
                text(
                    "The file scales the loss for 16-bit training ({kind}); here it is not scaled.",
                    kind=kind,
                )
            )
            return self.optimizer({"optimizer": inner})
        spec = OPTIMIZERS.find(kind) or OPTIMIZERS.find(kind.lower())
        if spec is None:
            usual = Recipe().optimizer
            self._remark(
                text(
                    "The optimizer “{name}” of the file is not known here: “{optimizer}” is used"
                    " instead.",
                    name=kind or "?",
                    optimizer=OPTIMIZERS.get(usual.kind).title,
                )
            )
            return usual
        return self._parameters(spec, config if isinstance(config, Mapping) else {})

    def _parameters(self, spec: type[OptimizerSpec], config: Mapping[str, Any]) -> Part:
        values = {"learning_rate" if name == "lr" else name: item for name, item in config.items()}
        rate = values.get("learning_rate")
        if isinstance(rate, Mapping):
            values["learning_rate"], sentence = start_of(rate, spec)
            self._remark(sentence)
        known: dict[str, Any] = {}
        left: dict[str, Any] = {}
        for name, value in values.items():
            field = spec.fields.get(name)
            if field is not None and field.check(value) is None:
                known[name] = short_number(value) if isinstance(value, float) else value
            else:
                left[name] = value
        self._options(spec.title, {"config": left})
        return Part(spec.key, spec.trim(known))

    def _options(self, title: str, thing: Any) -> None:
        """Say which arguments of a loss, a metric or an optimizer have no place in a recipe."""
        config = thing.get("config") if isinstance(thing, Mapping) else None
        told = config.items() if isinstance(config, Mapping) else ()
        options = [
            f"{name} = {_short(value)}"
            for name, value in told
            if name not in _NOTHING_TOLD and not _is_usual(name, plain(value))
        ]
        if options:
            self._remark(
                text(
                    "“{name}” has {options} in the file, which has no counterpart here: it is used"
                    " without.",
                    name=title,
                    options=_listed(options),
                )
            )

    def _remark(self, message: Text) -> None:
        if str(message) not in self._said:  # Several outputs say the same.
            self._said.add(str(message))
            self.remarks.append(Remark("", message))


def _loss_for(metrics: tuple[str, ...]) -> str:
    """Return a loss for a model whose own is not known."""
    suiting = (loss for loss in _INSTEAD if all(_suits(key, loss) for key in metrics))
    return next(suiting, _INSTEAD[0])


def _suits(metric: str, loss: str) -> bool:
    return LOSSES.get(loss).target in METRICS.get(metric).targets


def _is_usual(name: str, value: Any) -> bool:
    return name in _USUAL and value in _USUAL[name]


def _listed(words: list[str]) -> str:
    return ", ".join(words[:MOST_WORDS]) + (" …" if len(words) > MOST_WORDS else "")


def _short(value: Any) -> str:
    words = str(short_number(value) if isinstance(value, float) else plain(value))
    return words if len(words) <= 60 else f"{words[:57]}..."
