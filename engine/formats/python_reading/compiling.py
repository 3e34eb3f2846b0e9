"""How a script trains its model: `compile` and `fit` as fields of a recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from engine.errors import text
from engine.formats.keras_files.compiled import (
    several_losses,
    start_of,
    weighed_losses,
    weighed_metrics,
)
from engine.formats.keras_files.compiled_names import NAMES
from engine.formats.python_reading.making import SCHEDULES, Tell, keras_value
from engine.formats.python_reading.names import member
from engine.formats.python_reading.things import Made, Path, Refused
from engine.graph.copying import snake_case
from engine.graph.document import Part
from engine.training import LOSSES, METRICS, OPTIMIZERS, RecipeSpec

Fields = dict[str, Any]

# What `fit` is given that changes a training and that no recipe holds.
_UNHEARD = (
    *("callbacks", "class_weight", "sample_weight", "initial_epoch", "steps_per_epoch"),
    *("samples_per_epoch", "validation_steps", "validation_freq"),
)
# Values by which they say nothing.
_NOTHING: tuple[Any, ...] = (None, [], (), {}, 0)


def compiled(args: Sequence[Any], kwargs: Mapping[str, Any], tell: Tell) -> Fields:
    """Return optimizer, loss and metrics as `compile` is given them."""
    given = {**dict(zip(_places(args), args, strict=False)), **kwargs}
    found: Fields = {"metrics": ()}
    if "optimizer" in given:
        part = _optimizer(given["optimizer"], tell)
        if part is not None:
            found["optimizer"] = part
    if "loss" in given:
        names = [_name(item) for item in _flat(given["loss"])]
        known = list(dict.fromkeys(LOSSES.get(name).key for name in names if name in LOSSES))
        if known:
            found["loss"] = known[0]
        if len(known) > 1:
            tell(several_losses(known), "ignored")
        if not known or any(name not in LOSSES for name in names):
            tell(text("This loss is none that is known here: it is left out."), "ignored")
        if any(isinstance(item, Made) and item.config for item in _flat(given["loss"])):
            tell(text("Arguments of a loss are left out."), "ignored")
    weights = _flat(given.get("loss_weights"))
    if any(weight != 1 for weight in weights):
        told = [weight if isinstance(weight, (int, float)) else "?" for weight in weights]
        tell(weighed_losses(told), "ignored")
    weighted = _metrics(given.get("weighted_metrics"), tell)
    if weighted:
        tell(weighed_metrics(weighted), "ignored")
    metrics = (*_metrics(given.get("metrics"), tell), *weighted)
    return found | {"metrics": tuple(dict.fromkeys(metrics))}


def _places(args: Sequence[Any]) -> tuple[str, ...]:
    """Return what `compile` calls its arguments, whose order Keras 3 has changed."""
    third = _flat(args[2]) if len(args) > 2 else []
    numbers = bool(third) and all(isinstance(item, (int, float)) for item in third)
    further = ("loss_weights", "metrics") if numbers else ("metrics", "loss_weights")
    return ("optimizer", "loss", *further)


def _metrics(given: Any, tell: Tell) -> list[str]:
    """Return the metrics that are known here."""
    found: list[str] = []
    for item in _flat(given):
        key = _metric(item)
        if key is None:
            tell(text("A metric that is not known here is left out."), "ignored")
        elif key not in found:
            found.append(key)
    return found


def fitted(args: Sequence[Any], kwargs: Mapping[str, Any], tell: Tell) -> Fields:
    """Return what `fit` is given that a recipe holds."""
    given = {**dict(zip(("x", "y", "batch_size", "epochs"), args, strict=False)), **kwargs}
    if "nb_epoch" in given:  # Of Keras 1.
        given.setdefault("epochs", given["nb_epoch"])
    found: Fields = {"validation_split": 0.0, "shuffle": True}
    for name in ("batch_size", "epochs", "validation_split", "shuffle"):
        if name not in given or given[name] is None:
            continue
        value = _followed(given[name], name, "fit", tell)
        if value is NotImplemented:
            continue
        problem = RecipeSpec.fields[name].check(value)
        if problem is None:
            found[name] = value
        else:
            tell(problem, "ignored")
    for name in _UNHEARD:
        if given.get(name) not in _NOTHING:
            tell(text("{layer}: “{name}” is not carried over.", layer="fit", name=name), "ignored")
    return found


def _followed(value: Any, name: str, of: str, tell: Tell) -> Any:
    """Return an argument as files of Keras have it; what is not known is told and left out."""
    try:
        return keras_value(value, name, of)
    except Refused as refused:
        if refused.message is not None:
            tell(refused.message, "ignored")
        return NotImplemented


def _optimizer(value: Any, tell: Tell) -> Part | None:
    """Return an optimizer with the parameters that the catalog knows."""
    kind = value.kind if isinstance(value, Made) else _name(value)
    spec = OPTIMIZERS.find(kind) or OPTIMIZERS.find(kind.lower())
    if spec is None:
        tell(text("This optimizer is none that is known here: it is left out."), "ignored")
        return None
    params: dict[str, Any] = {}
    for name, item in value.config.items() if isinstance(value, Made) else ():
        name = "learning_rate" if name == "lr" else name
        if name == "name":
            continue
        field = spec.fields.get(name)
        if isinstance(item, Made) and item.kind in SCHEDULES and name == "learning_rate":
            params[name], sentence = start_of(_schedule(item), spec)
            tell(sentence, "ignored")
            continue
        plain = _followed(item, name, kind, tell) if field is not None else NotImplemented
        if field is None or (plain is not NotImplemented and field.check(plain) is not None):
            tell(text("{layer}: “{name}” is not carried over.", layer=kind, name=name), "ignored")
        elif plain is not NotImplemented:
            params[name] = plain
    return Part(spec.key, spec.trim(params))


def _schedule(made: Made) -> Fields:
    """Return a schedule as files have it, with those of its arguments that are known."""
    config: Fields = {}
    for name, value in made.config.items():
        with suppress(Refused):  # How long it takes mostly depends on the data.
            config[name] = keras_value(value, name, made.kind)
    return {"class_name": made.kind, "config": config}


def _metric(value: Any) -> str | None:
    name = _name(value)
    for spec in METRICS:
        if name == spec.key or (spec.keras and name in (spec.keras, snake_case(spec.keras))):
            return spec.key
    return None


def _name(value: Any) -> str:
    """Return the name of a loss, metric or optimizer, however the script writes it."""
    if isinstance(value, Path) and member(value.name)[0]:
        value = value.last
    if isinstance(value, Made):
        value = value.kind
    if not isinstance(value, str):
        return ""
    spelled = value if value in METRICS or value in OPTIMIZERS else snake_case(value)
    spelled = spelled if spelled in LOSSES or spelled in METRICS else NAMES.get(spelled, spelled)
    known = spelled in LOSSES or spelled in METRICS or spelled in NAMES
    return spelled if known else value


def _flat(value: Any, depth: int = 0) -> list[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        nested = depth > 3 or len(value) > 100
        return [] if nested else [item for inner in value for item in _flat(inner, depth + 1)]
    return [] if value is None else [value]
