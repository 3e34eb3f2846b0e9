"""Operators of TensorFlow between the layers of Keras 2, in the words of the catalog.

TensorFlow 2.4 to 2.15 wrote `x + 1` between layers as a layer TFOpLambda whose `function` is a
name such as "__operators__.add", and `x[:, 0]` as a SlicingOpLambda (tf_keras:
`layers/core/tf_op_layer.py`). The graph nodes of earlier versions are read in `node_defs`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from engine.fields import Params
from engine.formats.keras_files.inbound import Config, Inbound
from engine.formats.keras_files.operator_names import LAYERS_TOO
from engine.formats.keras_files.operators import operation
from engine.layers import LAYERS

CLASSES = ("TFOpLambda", "SlicingOpLambda")
# Where TensorFlow has the functions that are looked up here; strings, ragged ... are others.
PLACES = ("", "math", "__operators__", "linalg", "nn", "dtypes", "image", "keras.activations")
NAMES = {
    "truediv": "divide",
    "real_div": "divide",
    "div": "divide",
    "floordiv": "floor_divide",
    "floormod": "mod",
    "pow": "power",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "atan2": "arctan2",
    "neg": "negative",
    "is_nan": "isnan",
    "is_finite": "isfinite",
    "eq": "equal",
    "ne": "not_equal",
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
    "reduce_variance": "var",
    "concat": "concatenate",
    "clip_by_value": "clip",
    "gather": "take",
    "reverse": "flip",
    "l2_normalize": "normalize",
    "where_v2": "where",
    "getitem": "get_item",
    "add_n": "add",
    "swish": "silu",
    **{
        f"reduce_{name}": name
        for name in ("mean", "sum", "max", "min", "prod", "std", "any", "all", "logsumexp")
    },
}
ACTIVATIONS = (
    "relu", "relu6", "sigmoid", "tanh", "softplus", "softsign", "elu", "selu", "silu", "gelu",
    "log_sigmoid",
)  # fmt: skip
# Other names of arguments, for all functions and for some.
ARGUMENTS = {
    "keep_dims": "keepdims",
    "reduction_indices": "axis",
    "dim": "axis",
    "perm": "axes",
    "clip_value_min": "x_min",
    "clip_value_max": "x_max",
    "multiples": "repeats",
    "paddings": "pad_width",
    "depth": "num_classes",
    "begin": "start_indices",
    "size": "shape",
    "slice_spec": "key",
}
OF_FUNCTIONS = {
    "reshape": {"shape": "newshape"},
    "split": {"num_or_size_splits": "indices_or_sections"},
    "where": {"x": "argument 2", "y": "argument 3"},
}
SECOND = {"y": "argument 2", "b": "argument 2", "bias": "argument 2"}
# Axes that TensorFlow takes where none is named.
AXES = {"take": 0, "argmax": 0, "argmin": 0, "cumsum": 0, "cumprod": 0, "split": 0, "stack": 0,
        "unstack": 0}  # fmt: skip
# Arithmetic that a Normalization does too, with a number for each channel.
BY_CHANNEL = ("add", "bias_add", "subtract", "multiply", "divide")
# What does not change the result.
IDLE = ("name", "output_type", "validate_indices", "conj", "batch_dims", "stable")


def function_name(config: Config) -> str:
    """Return the function that a TFOpLambda or SlicingOpLambda stands for, or ""."""
    name = config.get("function")
    return name if isinstance(name, str) else ""


def tensorflow_operation(function: str, call: Inbound, inputs: int) -> tuple[str, Params] | None:
    """Return the catalog's key and the parameters of a function of TensorFlow, or None.

    Args:
        function: Its name, such as "math.reduce_mean".
        call: What it is called with.
        inputs: How many of these are tensors.
    """
    where, _, name = function.removeprefix("compat.v1.").rpartition(".")
    if where not in PLACES:
        return None
    name = NAMES.get(name, name)
    given = _renamed(name, call.arguments)
    if where == "image":
        return _resizing(given, inputs) if name == "resize" else None
    if name in ("identity", "identity_n") and inputs == 1:
        return "Identity", {}
    if name in ACTIVATIONS and inputs == 1 and not given:
        return "Activation", {"activation": name}
    many = inputs == 2 or (name == "add" and inputs > 2)
    if name in LAYERS_TOO and many and not given:
        return LAYERS_TOO[name], {}
    if name in AXES:
        given.setdefault("axis", AXES[name])
    if name in BY_CHANNEL and inputs == 1 and len(given) == 1:
        by_channel = _by_channel(name, given)
        if by_channel is not None:
            return by_channel
    change = _CHANGES.get(name)
    if change is not None:
        return change(given, inputs)
    return operation(name, {}, Inbound(call.tensors, given), inputs)


def _renamed(name: str, arguments: Config) -> Config:
    own = OF_FUNCTIONS.get(name, SECOND)
    found: Config = {}
    for key, value in arguments.items():
        if key in IDLE and not (key == "batch_dims" and value):
            continue
        if key == "data_format" and value in ("NHWC", "channels_last"):
            continue
        key = own.get(key, ARGUMENTS.get(key, key))
        found[key] = value[0] if key == "axis" and _single(value) else value
    return found


def _single(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1


def _asked(name: str, given: Config, inputs: int) -> tuple[str, Params] | None:
    return operation(name, {}, Inbound([], given), inputs)


def _by_channel(name: str, given: Config) -> tuple[str, Params] | None:
    """Return arithmetic with a row of constants, such as the mean colors of ImageNet."""
    row = given.get("argument 2", given.get("argument 1"))
    while isinstance(row, list) and len(row) == 1:
        row = row[0]  # What stands before the channels is the same for all.
    if not isinstance(row, list) or not all(type(n) in (int, float) for n in row):
        return None
    if name in ("subtract", "divide") and "argument 1" in given:
        return None
    params: Params = {"mean": [0.0] * len(row), "variance": [1.0] * len(row)}
    if name in ("multiply", "divide"):
        if min(row) <= 0:
            return None
        params |= {"variance": [float(n) ** 2 for n in row], "invert": name == "multiply"}
    else:
        params["mean"] = [float(n) if name == "subtract" else -float(n) for n in row]
    spec = LAYERS.get("Normalization")
    return None if spec.check(params) else (spec.key, spec.trim(params))


def _leaky(given: Config, inputs: int) -> tuple[str, Params] | None:
    slope = given.pop("alpha", 0.2)
    if given or inputs != 1 or not isinstance(slope, (int, float)):
        return None
    return "LeakyReLU", LAYERS.get("LeakyReLU").trim({"negative_slope": slope})


def _resizing(given: Config, inputs: int) -> tuple[str, Params] | None:
    size = given.pop("shape", None)
    spec = LAYERS.get("Resizing")
    if not isinstance(size, list) or len(size) != 2 or inputs != 1:
        return None
    params = {"height": size[0], "width": size[1]}
    params["interpolation"] = str(given.pop("method", "bilinear")).lower()
    params["antialias"] = bool(given.pop("antialias", False))
    if any(given.values()) or spec.check(params):
        return None
    return spec.key, spec.trim(params)


def _squared_difference(given: Config, inputs: int) -> tuple[str, Params] | None:
    if given or inputs != 2:
        return None
    return "Expression", {"formula": "(a - b) ** 2"}


def _matmul(given: Config, inputs: int) -> tuple[str, Params] | None:
    """Return a product of matrices, turned where asked for; TensorFlow's names for it."""
    first, second = (
        given.pop(f"transpose_{side}", False) or given.pop(f"adjoint_{side}", False)
        for side in "ab"
    )
    if any(given.values()) or inputs != 2:
        return None
    if not first and not second:
        return "ops.matmul", {}
    left, right = "...ji" if first else "...ij", "...kj" if second else "...jk"
    return _asked("einsum", {"subscripts": f"{left},{right}->...ik"}, inputs)


def _normalize(given: Config, inputs: int) -> tuple[str, Params] | None:
    """Return a scaling to length 1; TensorFlow holds the square of the length above epsilon."""
    epsilon = given.pop("epsilon", 1e-12)
    if "axis" not in given or not isinstance(epsilon, (int, float)) or not 0 <= epsilon < 1:
        return None
    return _asked("normalize", given | {"epsilon": math.sqrt(epsilon)}, inputs)


def _split(given: Config, inputs: int) -> tuple[str, Params] | None:
    """Return a split; TensorFlow tells the sizes of the pieces, Keras where to cut."""
    pieces = given.get("indices_or_sections")
    if isinstance(pieces, list):
        if not pieces or any(type(piece) is not int or piece < 0 for piece in pieces):
            return None
        given["indices_or_sections"] = list(itertools.accumulate(pieces))[:-1]
    return _asked("split", given, inputs)


def _pad(given: Config, inputs: int) -> tuple[str, Params] | None:
    mode = str(given.pop("mode", "constant")).lower()
    if mode != "constant" or not given.get("constant_values"):
        given.pop("constant_values", None)
    return _asked("pad", given | {"mode": mode}, inputs)


def _norm(given: Config, inputs: int) -> tuple[str, Params] | None:
    if given.get("ord") in ("euclidean", 2):
        del given["ord"]
    return _asked("norm", given, inputs)


def _strided_slice(given: Config, inputs: int) -> tuple[str, Params] | None:
    """Return places and ranges, which TensorFlow tells as lists and bits of numbers."""
    begin, end = given.pop("start_indices", None), given.pop("end", None)
    strides = given.pop("strides", None)
    masks = {name: given.pop(f"{name}_mask", 0) for name in _MASKS}
    if not isinstance(begin, list) or not isinstance(end, list) or any(given.values()):
        return None
    strides = [1] * len(begin) if strides is None else strides
    if not isinstance(strides, list):
        return None
    numbers = [*begin, *end, *strides, *masks.values()]
    if len({len(begin), len(end), len(strides)}) > 1 or any(type(n) is not int for n in numbers):
        return None
    key: list[Any] = []
    for place, ends in enumerate(zip(begin, end, strides, strict=True)):
        bits = {name: bool(mask >> place & 1) for name, mask in masks.items()}
        if bits["ellipsis"]:
            key.append({"class_name": "__ellipsis__"})
        elif bits["new_axis"]:
            key.append(None)
        elif bits["shrink_axis"]:
            key.append(ends[0])
        else:
            start = None if bits["begin"] else ends[0]
            stop = None if bits["end"] else ends[1]
            key.append({"start": start, "stop": stop, "step": None if ends[2] == 1 else ends[2]})
    return _asked("get_item", {"key": key}, inputs)


_MASKS = ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
_CHANGES: dict[str, Callable[[Config, int], tuple[str, Params] | None]] = {
    "leaky_relu": _leaky,
    "squared_difference": _squared_difference,
    "matmul": _matmul,
    "normalize": _normalize,
    "split": _split,
    "pad": _pad,
    "norm": _norm,
    "strided_slice": _strided_slice,
}
