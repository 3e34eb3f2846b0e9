"""HDF5 files for tests: a small model as Keras writes it, and files made to do harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np


def small_model(path: Path, *, seed: int = 0) -> Path:
    """Write weights of a convolution and a dense layer."""
    random = np.random.default_rng(seed)
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "3.15.1"
        file.attrs["model_config"] = '{"class_name": "Sequential", "config": {"layers": []}}'
        conv = file.create_group("model_weights/conv2d")
        conv["kernel:0"] = random.normal(size=(3, 3, 2, 8)).astype(np.float32)
        conv["bias:0"] = np.zeros(8, np.float32)
        dense = file.create_group("model_weights/dense")
        dense["kernel:0"] = random.normal(size=(40, 10)).astype(np.float32)
        dense["kernel:0"].attrs["trainable"] = True
    return path


def hostile(path: Path) -> Path:
    """Write a file with everything that would lead out of it or fill the memory."""
    secret = path.with_name("secret.h5")
    with h5py.File(secret, "w") as other:
        other["numbers"] = np.arange(6.0)
    layout = h5py.VirtualLayout((6,), "f8")
    layout[:] = h5py.VirtualSource(str(secret), "numbers", (6,))
    with h5py.File(path, "w") as file:
        file["outside"] = h5py.ExternalLink(str(secret), "/numbers")
        file["loop"] = h5py.SoftLink("/loop")
        file["nowhere"] = h5py.SoftLink("/not/here")
        file["group/self"] = h5py.SoftLink("/group")
        file["group/around"] = file["group"]
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("elsewhere", (6,), "f8", external=[(str(secret), 0, 48)])
        file.create_dataset("bomb", (10**6, 10**6), "f4", chunks=(100, 100))
        file.create_dataset("lump", (2**14, 2**14), "f4", chunks=(2**14, 2**14))
        file["good"] = np.arange(4)
    return path


def layers_file(path: Path, layers: Mapping[str, Sequence[tuple[int, ...]]]) -> Path:
    """Write weights of layers as Keras 2 does, kernel and bias of each.

    Args:
        path: The file.
        layers: Shapes of the weights by the layer's name.
    """
    random = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in layers]
        for name, shapes in layers.items():
            group = file.create_group(name)
            names = [f"{name}/{kind}:0" for kind in ("kernel", "bias")]
            for weight, shape in zip(names, shapes, strict=True):
                group[weight] = random.normal(size=shape).astype(np.float32)
            group.attrs["weight_names"] = [weight.encode() for weight in names]
    return path
