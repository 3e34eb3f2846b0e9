"""Classes of Keras that are operators, and what they are called elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from engine.layers import LAYERS
from engine.layers.operation import PREFIX

SIGNS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "true_divide": "/",
    "floor_divide": "//",
    "mod": "%",
    "power": "**",
    "greater": ">",
    "greater_equal": ">=",
    "less": "<",
    "less_equal": "<=",
    "equal": "==",
    "not_equal": "!=",
}
# Operators that are layers too, where both sides are tensors.
LAYERS_TOO = {
    "add": "Add",
    "subtract": "Subtract",
    "multiply": "Multiply",
    "maximum": "Maximum",
    "minimum": "Minimum",
}
# Classes of Keras whose functions have other names.
NAMES = {"true_divide": "divide", "absolute": "abs", "amax": "max", "amin": "min"}
# Operators that are activations.
ACTIVATIONS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Silu": "silu",
    "Elu": "elu",
    "Selu": "selu",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_silu",
    "HardTanh": "hard_tanh",
    "Mish": "mish",
    "LeakyRelu": "leaky_relu",
    "Gelu": "gelu",
    "LogSigmoid": "log_sigmoid",
}
RESIZE = "Resize"


def is_operator(kind: str, config: Mapping[str, Any]) -> bool:
    """Return whether a class is an operator, where its file does not tell where it is from.

    Args:
        kind: The class's name.
        config: Its arguments. Layers that share their name with an operator have `trainable`.
    """
    return "trainable" not in config and kind.lower() in _known()


@cache
def _known() -> frozenset[str]:
    operations = (spec.key.removeprefix(PREFIX) for spec in LAYERS if spec.function)
    words = (*operations, *SIGNS, *LAYERS_TOO, *NAMES, *ACTIVATIONS, RESIZE)
    return frozenset(word.replace("_", "").lower() for word in words)
