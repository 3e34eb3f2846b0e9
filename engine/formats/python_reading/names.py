"""What imported names stand for, whichever of the usual ways a script imports Keras."""

from __future__ import annotations

import math

from engine.formats.keras_files.legacy import CLASSES
from engine.formula import FUNCTIONS
from engine.layers import LAYERS
from engine.layers.operation import PREFIX

KERAS = (
    "tensorflow.python.keras.",
    "tensorflow.keras.",
    "tf_keras.",
    "keras_core.",
    "keras.src.",
    "keras.api.",
    "keras.",
)
# Modules whose members are read, by what they are called in different versions.
MODULES = {
    "layers": "layers",
    "models": "models",
    "engine": "models",
    "activations": "activations",
    "regularizers": "regularizers",
    "initializers": "initializers",
    "constraints": "constraints",
    "optimizers": "optimizers",
    "losses": "losses",
    "metrics": "metrics",
    "ops": "ops",
    "utils": "utils",
}
# Members of Keras itself.
OWN = {
    "Input": "layers",
    "InputLayer": "layers",
    "Model": "models",
    "Sequential": "models",
}
MERGES = {
    "add": "Add",
    "subtract": "Subtract",
    "multiply": "Multiply",
    "average": "Average",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "concatenate": "Concatenate",
    "dot": "Dot",
}
# Numbers that have names.
CONSTANTS = {
    f"{module}.{name}": value
    for module in ("math", "numpy")
    for name, value in (("pi", math.pi), ("e", math.e))
}
_STARRED = {
    *(spec.keras_name() for spec in LAYERS),
    *CLASSES,
    *MERGES,
    "InputLayer",
    "Lambda",
    "Layer",
}


def member(path: str) -> tuple[str, str]:
    """Return the module of Keras and the name of a member of it; ("", "") for what is not Keras's.

    Deeper modules, as older versions have them, count as the one they are in:
    `keras.layers.convolutional.Conv2D` is ("layers", "Conv2D").
    """
    for start in KERAS:
        if path.startswith(start):
            first, _, rest = path.removeprefix(start).partition(".")
            if not rest:
                return OWN.get(first, ""), first
            last = rest.rpartition(".")[2]
            if last in OWN and first in ("models", "engine", "layers"):
                return OWN[last], last
            return MODULES.get(first, first), last
    if path.startswith("tensorflow.nn."):
        return "activations", path.rpartition(".")[2]
    return "", ""


def is_keras(path: str) -> bool:
    """Return whether a name is Keras's or TensorFlow's."""
    return f"{path}.".startswith((*KERAS, "tensorflow."))


def starred(module: str, name: str) -> bool:
    """Return whether `from module import *` brings a name that matters to networks."""
    if not is_keras(module):
        return False
    part = member(f"{module}.{name}")[0]
    if part == "layers":
        return name in _STARRED
    if part == "ops":
        return f"{PREFIX}{name}" in LAYERS or name in FUNCTIONS or name in MERGES
    return name in OWN and OWN[name] == part
