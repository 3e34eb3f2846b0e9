"""The layers of a model's description, the same whichever version of Keras wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import FileProblem
from engine.formats.keras_files.inbound import (
    DEEPEST,
    Inbound,
    Tensor,
    damaged,
    inbound,
    listed,
    of_keras_3,
)
from engine.formats.keras_files.masks import OPERATORS, without_masks
from engine.formats.keras_files.nested_calls import counted_from_zero
from engine.formats.keras_files.operator_names import is_operator
from engine.formats.project import limited

MODELS = ("Model", "Functional", "Sequential")


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
        raise damaged(where)
    if kind == "Sequential":
        return _sequential(config, where)
    kind = "Model" if kind == "Functional" else kind
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        raise FileProblem(
            "“{path}” holds a model of the class “{kind}”, which only the program that made it can"
            " build: ask for a functional or sequential model.",
            path=where,
            kind=kind,
        )
    rows = _saved_names([_row(row, where) for row in limited(config["layers"], where)])
    name = config.get("name")
    ends = _ends(config.get("output_layers"), where)
    rows, ends = counted_from_zero(rows, ends, modern=_modern(config["layers"]))
    return Model(
        name if isinstance(name, str) else "",
        without_masks(rows, ends),
        _ends(config.get("input_layers"), where),
        ends,
    )


def _modern(layers: list[Any]) -> bool:
    """Return whether Keras 3 wrote down the calls of layers."""
    return any(of_keras_3(node) for row in layers for node in row.get("inbound_nodes") or [])


def _sequential(config: Any, where: str) -> Model:
    layers = config.get("layers") if isinstance(config, dict) else config
    if not isinstance(layers, list):
        raise damaged(where)
    name = config.get("name", "") if isinstance(config, dict) else ""
    if _merging(layers):
        return _Merged(where).read(layers, name if isinstance(name, str) else "")
    rows: list[Row] = []
    for number, item in enumerate(limited(layers, where)):
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


def _merging(layers: list[Any]) -> bool:
    """Return whether a sequential model begins by merging others, as in Keras 1."""
    first = layers[0] if layers else None
    if not isinstance(first, dict) or first.get("class_name") not in ("Merge", "Sequential"):
        return False
    inner = _inner(first)
    return inner is not None and (first["class_name"] == "Merge" or _merging(inner))


def _inner(item: Any) -> list[Any] | None:
    """Return the layers in a description of one layer or model, if it holds some."""
    config = item.get("config") if isinstance(item, dict) else None
    inner = config.get("layers") if isinstance(config, dict) else config
    return inner if isinstance(inner, list) else None


class _Merged:
    """Reads a sequential model that begins by merging others: its branches get inputs each."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._rows: list[Row] = []
        self._inputs: list[Tensor] = []

    def read(self, layers: list[Any], name: str) -> Model:
        """Return the model of a list of layers."""
        last = self._follow(layers, 0)
        return Model(name, _saved_names(self._rows), self._inputs, [last])

    def _follow(self, layers: list[Any], depth: int) -> Tensor:
        if depth > DEEPEST or not layers:
            raise damaged(self._where)
        last: Tensor | None = None
        for item in limited(layers, self._where):
            row = _row(item, self._where, f"layer_{len(self._rows) + 1}")
            inner = _inner(item)
            if last is None and inner is not None and row.kind == "Sequential":
                last = self._follow(inner, depth + 1)
                continue
            if last is None and inner is not None and row.kind == "Merge":
                ends = [self._follow([branch], depth + 1) for branch in inner]
                row = replace(row, config={**row.config, "layers": None}, calls=[Inbound(ends)])
            else:
                row = replace(row, calls=[Inbound([last or self._entry(row)])])
            if row.kind == "InputLayer":
                row = replace(row, calls=[Inbound([])])
                self._inputs.append(Tensor(row.name))
            self._rows.append(row)
            last = Tensor(row.name)
        assert last is not None
        return last

    def _entry(self, row: Row) -> Tensor:
        """Add the Input that a branch's first layer implies."""
        entry = _input_for(row, {})
        if row.kind != "InputLayer":
            self._rows.append(entry)
            self._inputs.append(Tensor(entry.name))
        return Tensor(entry.name)


def _input_for(row: Row, model: Any) -> Row:
    """Return the Input that the first layer of an old Sequential only implies."""
    config = row.config if isinstance(row.config, dict) else {}
    shape = config.get("batch_input_shape", config.get("batch_shape"))
    if shape is None and isinstance(config.get("input_shape"), list):
        shape = [None, *config["input_shape"]]
    if shape is None and isinstance(model, dict):
        shape = model.get("build_input_shape")
    if shape is None and isinstance(config.get("input_dim"), int) and row.kind != "Embedding":
        steps = [config.get("input_length")] if row.kind in _SEQUENCES else []
        shape = [None, *steps, config["input_dim"]]
    if shape is None and row.kind == "Embedding":
        shape = [None, config.get("input_length")]
    if shape is None and row.kind in MODELS:
        inner = row.config.get("layers") if isinstance(row.config, dict) else row.config
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            held = inner[0].get("config")
            if isinstance(held, dict):
                shape = held.get("batch_input_shape", held.get("batch_shape"))
    return Row(f"{row.name}_input", "InputLayer", "", {"batch_shape": shape}, [Inbound([])])


# Layers that Keras 1 told the inputs of by their number and that of steps.
_SEQUENCES = ("LSTM", "GRU", "SimpleRNN", "Convolution1D", "AtrousConvolution1D",
    "TimeDistributedDense")  # fmt: skip


def _row(row: Any, where: str, otherwise: str = "") -> Row:
    kind = row.get("class_name") if isinstance(row, dict) else None
    if not isinstance(kind, str) or not kind:
        raise damaged(where)
    config = row.get("config")
    own = config if isinstance(config, dict) else {}
    name = row.get("name") or own.get("name") or otherwise
    if not isinstance(name, str) or not name:
        raise damaged(where)
    module = row.get("module")
    nodes = row.get("inbound_nodes") or []
    if not isinstance(nodes, list):
        raise damaged(where)
    if not module and is_operator(kind, own) and any(map(of_keras_3, nodes)):
        # Keras 3 leaves out of .h5 files where a class is from.
        module = OPERATORS
    calls = [inbound(node, where) for node in nodes]
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


def _ends(value: Any, where: str) -> list[Tensor]:
    """Read a model's inputs or outputs: a list, a single one, or a dict by name.

    Their order is that of `keras.tree`, in which dicts count by their keys.
    """
    single = listed(value)
    if single is not None:
        return [single]
    items = [item for _, item in sorted(value.items())] if isinstance(value, dict) else value
    if not isinstance(items, list):
        return []
    found = [end for item in items for end in _ends(item, where)]
    return found
