"""Small files in the layouts of Keras 0.3, 1 and 2, written by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

Values = npt.NDArray[Any]
Arrays = dict[str, list[tuple[str, Values]]]


def row(kind: str, name: str, inbound: Sequence[str] = (), **config: Any) -> dict[str, Any]:
    """Return a layer of a functional model as Keras 1 and 2 describe it."""
    return {
        "class_name": kind,
        "name": name,
        "config": {"name": name, "trainable": True, **config},
        "inbound_nodes": [[[source, 0, 0, {}] for source in inbound]] if inbound else [],
    }


def chain(shape: Sequence[int | None], *rows: dict[str, Any]) -> dict[str, Any]:
    """Return a model of layers one after the other."""
    names = ["image", *(each["name"] for each in rows)]
    for before, each in zip(names, rows, strict=False):
        each["inbound_nodes"] = [[[before, 0, 0]]]
    first = row("InputLayer", "image", batch_input_shape=[None, *shape], input_dtype="float32")
    return {
        "class_name": "Model",
        "config": {
            "name": "net",
            "layers": [first, *rows],
            "input_layers": [["image", 0, 0]],
            "output_layers": [[names[-1], 0, 0]],
        },
    }


def write(
    path: Path,
    arrays: Arrays,
    model: dict[str, Any] | None = None,
    *,
    version: str = "",
    backend: str = "",
) -> Path:
    """Write weights, with the model that they belong to if there is one.

    Args:
        path: The file.
        arrays: The weights of each layer, with their names.
        model: The model's description.
        version: What Keras 2 tells of itself; Keras 1 says nothing.
        backend: The library that computed.
    """
    with h5py.File(path, "w") as file:
        group = file
        if model is not None:
            file.attrs["model_config"] = json.dumps(model)
            group = file.create_group("model_weights")
        for name, value in (("keras_version", version), ("backend", backend)):
            if value:
                group.attrs[name] = value
                file.attrs[name] = value
        group.attrs["layer_names"] = [name.encode() for name in arrays]
        for name, weights in arrays.items():
            layer = group.create_group(name)
            layer.attrs["weight_names"] = [weight.encode() for weight, _ in weights]
            for weight, values in weights:
                layer[weight] = values
    return path


def write_numbered(path: Path, layers: Sequence[Sequence[Values]]) -> Path:
    """Write weights as Keras did before 1.0: layers and arrays have numbers only."""
    with h5py.File(path, "w") as file:
        file.attrs["nb_layers"] = len(layers)
        for number, weights in enumerate(layers):
            group = file.create_group(f"layer_{number}")
            group.attrs["nb_params"] = len(weights)
            for place, values in enumerate(weights):
                group[f"param_{place}"] = values
    return path


def some(*shape: int, seed: int = 0) -> Values:
    """Return random numbers that are the same each time."""
    random = np.random.default_rng([seed, *shape])
    return random.normal(scale=0.5, size=shape).astype("float32")
