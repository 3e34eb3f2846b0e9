"""How files of Keras 1 to 3 write down losses, metrics and optimizers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.graph.copying import snake_case
from engine.training import LOSSES, METRICS

# Other names of losses and metrics, and metrics that a choice of ours stands for.
NAMES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "bce": "binary_crossentropy",
    "logcosh": "log_cosh",
    "huber_loss": "huber",
    "cosine_proximity": "cosine_similarity",
    "acc": "accuracy",
    "categorical_accuracy": "accuracy",
    "sparse_categorical_accuracy": "accuracy",
    "binary_accuracy": "accuracy",
}
# Classes of Keras 1 to 3 that hold a function and say nothing themselves.
_WRAPPERS = ("LossFunctionWrapper", "MeanMetricWrapper", "SumOverBatchSizeMetricWrapper")


def loss_key(name: str) -> str:
    """Return the key of a loss by its function or its class, or ""."""
    for spelled in (name, snake_case(name)):
        spelled = NAMES.get(spelled, spelled)
        if spelled in LOSSES:
            return LOSSES.get(spelled).key
    return ""


def metric_key(name: str) -> str:
    """Return the key of a metric by its function or its class, or ""."""
    if name == "Accuracy":  # Compares numbers; the word “accuracy” compares classes.
        return ""
    for spec in METRICS:
        if spec.keras and name == spec.keras:
            return spec.key
    for spelled in (name, snake_case(name)):
        spelled = NAMES.get(spelled, spelled)
        if spelled in METRICS:
            return METRICS.get(spelled).key
    return ""


def several(value: Any) -> bool:
    """Return whether something holds what each output has, and describes no single object."""
    return isinstance(value, list) or (isinstance(value, Mapping) and "class_name" not in value)


def class_of(value: Any) -> str:
    """Return the class of an object; somebody's own keeps its package: `theirs>Adam`."""
    if not isinstance(value, Mapping):
        return value if isinstance(value, str) else ""
    registered, kind = value.get("registered_name"), value.get("class_name")
    if isinstance(registered, str) and ">" in registered:
        return registered
    return kind if isinstance(kind, str) else ""


def name_of(value: Any) -> str:
    """Return the function or the class of a loss or metric, however it is written down."""
    kind = class_of(value)
    config = value.get("config") if isinstance(value, Mapping) else None
    if isinstance(config, str):
        return config
    function = config.get("fn") if isinstance(config, Mapping) else None
    if kind in _WRAPPERS and isinstance(config, Mapping):
        return name_of(function) or str(config.get("name") or "")
    return kind


def flat(value: Any) -> list[Any]:
    """Return all losses or metrics, whatever output they belong to."""
    if isinstance(value, Mapping) and several(value):
        value = list(value.values())
    if isinstance(value, list):
        return [item for inner in value for item in flat(inner)]
    return [] if value is None else [value]


def by_output(value: Any, outputs: int) -> Iterator[Any]:
    """Yield what each output has; one thing where the file does not tell them apart."""
    if isinstance(value, Mapping) and several(value):
        parts = list(value.values())
    elif isinstance(value, list) and any(isinstance(part, list) for part in value):
        parts = value
    else:
        return
    yield from [*parts, *[None] * (outputs - len(parts))] if outputs > 1 else ()
