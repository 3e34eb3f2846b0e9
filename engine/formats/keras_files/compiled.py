"""How the model of a Keras file was compiled, as a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from engine.formats.keras_files.inbound import Config
from engine.formats.keras_files.values import short_number
from engine.graph.document import Part, Recipe
from engine.training import LOSSES, METRICS, OPTIMIZERS

# Short names of losses and metrics, and metrics that a choice of ours stands for.
NAMES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "acc": "accuracy",
    "categorical_accuracy": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "binary_accuracy": "accuracy",
}


def recipe_of(training: Config) -> Recipe:
    """Return a recipe with the loss, the optimizer and the metrics that the catalog knows."""
    recipe = Recipe()
    loss = _name(training.get("loss"))
    if loss in LOSSES:
        recipe = replace(recipe, loss=LOSSES.get(loss).key)
    optimizer = training.get("optimizer_config") or training.get("optimizer")
    if isinstance(optimizer, Mapping):
        recipe = replace(recipe, optimizer=_optimizer(optimizer, recipe.optimizer))
    names = [_name(metric) for metric in _flat(training.get("metrics"))]
    metrics = tuple(dict.fromkeys(METRICS.get(name).key for name in names if name in METRICS))
    return replace(recipe, metrics=metrics) if metrics else recipe


def _optimizer(config: Mapping[str, Any], otherwise: Part) -> Part:
    kind = str(config.get("class_name", ""))
    spec = OPTIMIZERS.find(kind) or OPTIMIZERS.find(kind.lower())
    given = config.get("config")
    if spec is None or not isinstance(given, Mapping):
        return otherwise
    values = {"learning_rate" if name == "lr" else name: value for name, value in given.items()}
    known = {
        name: short_number(value) if isinstance(value, float) else value
        for name, value in values.items()
        if name in spec.fields and spec.fields[name].check(value) is None
    }
    return Part(spec.key, spec.trim(known))


def _name(value: Any) -> str:
    """Return the name of a loss or metric, however it is written down."""
    if isinstance(value, Mapping):
        config = value.get("config")
        if isinstance(config, str):
            value = config
        elif isinstance(config, Mapping):
            value = config.get("fn") or config.get("name") or value.get("class_name")
            if isinstance(value, Mapping):
                value = value.get("config")
    if isinstance(value, list) and len(value) == 1:
        return _name(value[0])
    return NAMES.get(value, value) if isinstance(value, str) else ""


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [item for inner in value for item in _flat(inner)]
    return [] if value is None else [value]
