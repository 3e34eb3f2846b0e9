"""The layers of a model's description, the same whichever version of Keras wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import FileProblem

Config = dict[str, Any]
# Nested models deeper than this are nobody's network.
DEEPEST = 50
MOST_LAYERS = 20_000
MODELS = ("Model", "Functional", "Sequential")
_TENSOR = "__keras_tensor__"


@dataclass(frozen=True)
class Tensor:
    """An output of a call, as files name it: layer, number of its call, number of its output."""

    layer: str
    call: int = 0
    output: int = 0


@dataclass(frozen=True)
class Inbound:
    """What one call of a layer takes.

    Attributes:
        tensors: In the order of the layer's arguments.
        arguments: What else it is given, such as `{"training": False}`, and scalars of operators.
    """

    tensors: list[Tensor]
    arguments: Config = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One layer of a description.

    Attributes:
        name: Its name in the model.
        kind: Its class's name, such as "Dense".
        module: Where Keras 3 has the class, or "".
        config: Its arguments, in the words of the version that wrote it.
        calls: What each of its calls takes.
        saved: Its name in the weights of Keras 3's own format, such as "conv2d_1".
    """

    name: str
    kind: str
    module: str
    config: Any
    calls: list[Inbound]
    saved: str = ""


@dataclass(frozen=True)
class Model:
    """A model, or one that is nested in another.

    Attributes:
        name: Its name.
        rows: Its layers in the order of the file.
        inputs: The outputs of its Input layers.
        outputs: What it gives.
    """

    name: str
    rows: list[Row]
    inputs: list[Tensor]
    outputs: list[Tensor]


def read_model(kind: str, config: Any, where: str, depth: int = 0) -> Model:
    """Read the description of a model.

    Args:
        kind: Its class's name.
        config: Its `config`.
        where: Name of the file, for messages.
        depth: How many models it is nested in.

    Raises:
        FileProblem: It is damaged, or a class of its own, which no file describes.
    """
    if depth > DEEPEST:
        raise _damaged(where)
    if kind == "Sequential":
        return _sequential(config, where)
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        raise FileProblem(
            "“{path}” holds a model of the class “{kind}”, which only the program that made it can"
            " build: ask for a functional or sequential model.",
            path=where,
            kind=kind,
        )
    rows = _saved_names([_row(row, where) for row in _limited(config["layers"], where)])
    name = config.get("name")
    return Model(
        name if isinstance(name, str) else "",
        rows,
        _ends(config.get("input_layers"), where),
        _ends(config.get("output_layers"), where),
    )


def _sequential(config: Any, where: str) -> Model:
    layers = config.get("layers") if isinstance(config, dict) else config
    if not isinstance(layers, list):
        raise _damaged(where)
    name = config.get("name", "") if isinstance(config, dict) else ""
    rows: list[Row] = []
    for number, item in enumerate(_limited(layers, where)):
        row = _row(item, where, f"layer_{number + 1}")
        if number == 0 and row.kind != "InputLayer":
            rows.append(_input_for(row, config))
        calls = [Inbound([Tensor(rows[-1].name)] if rows else [])]
        rows.append(Row(row.name, row.kind, row.module, row.config, calls))
    if not rows:
        raise FileProblem("“{path}” holds a model without layers.", path=where)
    # Keras does not count the Input among the layers of a Sequential.
    rows = [rows[0], *_saved_names(rows[1:])]
    first, last = Tensor(rows[0].name), Tensor(rows[-1].name)
    return Model(name if isinstance(name, str) else "", rows, [first], [last])


def _input_for(row: Row, model: Any) -> Row:
    """Return the Input that the first layer of an old Sequential only implies."""
    config = row.config if isinstance(row.config, dict) else {}
    shape = config.get("batch_input_shape", config.get("batch_shape"))
    if shape is None and "input_shape" in config:
        shape = [None, *config["input_shape"]]
    if shape is None and isinstance(model, dict):
        shape = model.get("build_input_shape")
    if shape is None and isinstance(config.get("input_dim"), int) and row.kind != "Embedding":
        shape = [None, config["input_dim"]]
    if shape is None and row.kind == "Embedding":
        shape = [None, config.get("input_length")]
    if shape is None and row.kind in MODELS:
        inner = row.config.get("layers") if isinstance(row.config, dict) else row.config
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            held = inner[0].get("config")
            if isinstance(held, dict):
                shape = held.get("batch_input_shape", held.get("batch_shape"))
    return Row(f"{row.name}_input", "InputLayer", "", {"batch_shape": shape}, [Inbound([])])


def _limited(layers: list[Any], where: str) -> list[Any]:
    if len(layers) > MOST_LAYERS:
        raise FileProblem(
            "“{path}” describes {count} layers, more than can be drawn.",
            path=where,
            count=len(layers),
        )
    return layers


def _row(row: Any, where: str, otherwise: str = "") -> Row:
    kind = row.get("class_name") if isinstance(row, dict) else None
    if not isinstance(kind, str) or not kind:
        raise _damaged(where)
    config = row.get("config")
    own = config if isinstance(config, dict) else {}
    name = row.get("name") or own.get("name") or otherwise
    if not isinstance(name, str) or not name:
        raise _damaged(where)
    module = row.get("module")
    inbound = row.get("inbound_nodes") or []
    if not isinstance(inbound, list):
        raise _damaged(where)
    calls = [_inbound(node, where) for node in inbound]
    if not calls:
        calls = [Inbound([])]
    return Row(name, kind, module if isinstance(module, str) else "", config, calls)


def _saved_names(rows: list[Row]) -> list[Row]:
    """Name layers as Keras 3 does where it saves weights: by class, counted."""
    count: dict[str, int] = {}
    found: list[Row] = []
    for row in rows:
        name = saved_name(row.kind)
        number = count[name] = count.get(name, -1) + 1
        found.append(replace(row, saved=f"{name}_{number}" if number else name))
    return found


# Layers whose class has another name than the one by which people know it.
_CLASSES = {"GroupQueryAttention": "GroupedQueryAttention"}


def saved_name(kind: str) -> str:
    """Return a class's name as Keras writes it in files: BatchNormalization, batch_normalization.

    The formula is Keras's own (`keras.src.utils.naming.to_snake_case`).
    """
    name = re.sub(r"\W+", "", _CLASSES.get(kind, kind))
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _inbound(node: Any, where: str) -> Inbound:
    if isinstance(node, dict):  # Keras 3 writes down the very arguments.
        kwargs = node.get("kwargs") or {}
        if isinstance(kwargs, dict):
            kwargs = dict(sorted(kwargs.items(), key=_place))
        arguments = {"args": node.get("args") or [], "kwargs": kwargs}
        tensors = list(_tensors(arguments))
        kept = {
            key: value
            for key, value in (kwargs.items() if isinstance(kwargs, dict) else ())
            if value is not None and not list(_tensors(value))
        }
        return Inbound(tensors, kept | _constants(arguments["args"]))
    if not isinstance(node, list):
        raise _damaged(where)
    if node and isinstance(node[0], str):  # One tensor, not wrapped in a list.
        node = [node]
    tensors, kept = [], {}
    for item in node:
        tensor = _listed(item)
        if tensor is None:
            raise _damaged(where)
        tensors.append(tensor)
        further = item[3] if len(item) > 3 and isinstance(item[3], dict) else {}
        for key, value in sorted(further.items(), key=_place):
            more = _several(value)
            if more:
                tensors += more
            elif value is not None:
                kept[key] = value
    return Inbound(tensors, kept)


# Arguments of calls in the order in which layers take their tensors.
_PLACES = ("inputs", "sequences", "query", "value", "key")


def _place(argument: tuple[str, Any]) -> int:
    name = argument[0]
    return _PLACES.index(name) if name in _PLACES else len(_PLACES)


def _several(value: Any) -> list[Tensor]:
    """Read a tensor, or a list of tensors; nothing else gives any."""
    single = _listed(value)
    if single is not None:
        return [single]
    found = [_listed(item) for item in value] if isinstance(value, list) else []
    tensors = [tensor for tensor in found if tensor is not None]
    return tensors if len(tensors) == len(found) else []


def _constants(arguments: Any) -> Config:
    """Return what an operator is given besides tensors, by place: `x + 2` or `x[:, 0]`."""
    if not isinstance(arguments, list):
        return {}
    return {
        f"argument {place + 1}": value
        for place, value in enumerate(arguments)
        if value is not None and not list(_tensors(value))
    }


def _tensors(value: Any, depth: int = 0) -> Iterator[Tensor]:
    """Yield the tensors among arguments, in their order."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        if value.get("class_name") == _TENSOR:
            config = value.get("config")
            history = config.get("keras_history") if isinstance(config, dict) else None
            tensor = _listed(history)
            if tensor is not None:
                yield tensor
            return
        for item in value.values():
            yield from _tensors(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _tensors(item, depth + 1)


def _listed(value: Any) -> Tensor | None:
    """Read ["dense", 0, 0] with or without more behind it."""
    if not isinstance(value, list) or len(value) < 3 or not isinstance(value[0], str):
        return None
    call, output = value[1], value[2]
    if type(call) is not int or type(output) is not int or call < 0 or output < 0:
        return None
    return Tensor(value[0], call, output)


def _ends(value: Any, where: str) -> list[Tensor]:
    """Read a model's inputs or outputs: a list, a single one, or a dict by name."""
    single = _listed(value)
    if single is not None:
        return [single]
    items = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(items, list):
        return []
    found = [end for item in items for end in _ends(item, where)]
    return found


def _damaged(where: str) -> FileProblem:
    return FileProblem(
        "The description of the model in “{path}” is damaged: save it again, or restore it from a"
        " copy.",
        path=where,
    )
