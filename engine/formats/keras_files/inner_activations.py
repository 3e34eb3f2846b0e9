"""Activations that are layers themselves, such as `Dense(8, activation=LeakyReLU(0.1))`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.fields import Params
from engine.formats.keras_files.legacy import modern
from engine.formats.keras_files.rows import Row
from engine.formats.keras_files.values import parameters
from engine.layers import LAYERS

# Layers that end with their activation, so that it can follow them as well.
_ENDING = ("core", "convolution")


def split_activation(row: Row, version: tuple[int, ...]) -> tuple[Row, tuple[str, Params] | None]:
    """Take an activation that is a layer out of the layer that holds it.

    Args:
        row: The layer in the file.
        version: Version of Keras that wrote it.

    Returns:
        The layer without it, with its key in the catalog and its parameters; or the layer as it
        is, with None where the activation is a function, has weights, or acts inside the layer.
    """
    config = row.config if isinstance(row.config, dict) else {}
    given = config.get("activation")
    holder = LAYERS.find(modern(row.kind, {})[0])
    if not isinstance(given, Mapping) or not isinstance(given.get("config"), Mapping):
        return row, None
    if holder is None or holder.category not in _ENDING or "activation" not in holder.fields:
        return row, None
    kind, inner = modern(str(given.get("class_name")), dict(given["config"]))
    spec = LAYERS.find(kind)
    if spec is None or spec.category != "activation" or spec.weighted or kind == holder.key:
        return row, None
    params, left = parameters(spec, inner, version)
    if left or spec.check(params):
        return row, None
    return replace(row, config={**config, "activation": "linear"}), (spec.key, params)
