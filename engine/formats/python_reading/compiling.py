"""How a script trains its model: `compile` and `fit` as fields of a recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import text
from engine.formats.keras_files.compiled_names import NAMES
from engine.formats.python_reading.making import Tell, keras_value
from engine.formats.python_reading.names import member
from engine.formats.python_reading.things import Made, Path, Refused
from engine.graph.copying import snake_case
from engine.graph.document import Part
from engine.training import LOSSES, METRICS, OPTIMIZERS, RecipeSpec

Fields = dict[str, Any]


def compiled(args: Sequence[Any], kwargs: Mapping[str, Any], tell: Tell) -> Fields:
    """Return optimizer, loss and metrics as `compile` is given them."""
    given = {**dict(zip(("optimizer", "loss"), args, strict=False)), **kwargs}
    found: Fields = {"metrics": ()}
    if "optimizer" in given:
        part = _optimizer(given["optimizer"], tell)
        if part is not None:
            found["optimizer"] = part
    if "loss" in given:
        names = [_name(item) for item in _flat(given["loss"])]
        known = [LOSSES.get(name).key for name in names if name in LOSSES]
        if names and len(known) == len(names) and len(set(known)) == 1:
            found["loss"] = known[0]
        else:
            tell(text("This loss is none that is known here: it is left out."), "ignored")
        if any(isinstance(item, Made) and item.config for item in _flat(given["loss"])):
            tell(text("Arguments of a loss are left out."), "ignored")
    metrics: list[str] = []
    for item in _flat(given.get("metrics")):
        key = _metric(item)
        if key is None:
            tell(text("A metric that is not known here is left out."), "ignored")
        else:
            metrics.append(key)
    return found | {"metrics": tuple(dict.fromkeys(metrics))}


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
        plain = _followed(item, name, kind, tell) if field is not None else NotImplemented
        if field is None or (plain is not NotImplemented and field.check(plain) is not None):
            tell(text("{layer}: “{name}” is not carried over.", layer=kind, name=name), "ignored")
        elif plain is not NotImplemented:
            params[name] = plain
    return Part(spec.key, spec.trim(params))


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
