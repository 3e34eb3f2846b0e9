"""Functions on tensors as operations of the catalog: of Keras, its old backend and TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import text
from engine.fields import Params
from engine.formats.keras_files.operator_names import NAMES, SIGNS
from engine.formats.keras_files.operators import CONSTANT_PLACES
from engine.formats.keras_files.values import parameters
from engine.formats.python_reading.making import Tell, argument_values, layer_name
from engine.formats.python_reading.names import MERGES, member
from engine.formats.python_reading.things import Layer, Lines, Path, Refused, Tensor
from engine.formula import FUNCTIONS
from engine.layers import LAYERS
from engine.layers.common import ACTIVATIONS
from engine.layers.operation import PREFIX, Listed, Operation

# Names of the old backend and of TensorFlow for what keras.ops calls otherwise.
_OTHERWISE = {
    "reduce_mean": "mean",
    "reduce_sum": "sum",
    "reduce_max": "max",
    "reduce_min": "min",
    "reduce_prod": "prod",
    "reduce_std": "std",
    "reduce_variance": "var",
    "reduce_any": "any",
    "reduce_all": "all",
    "reduce_logsumexp": "logsumexp",
    "concat": "concatenate",
    "pow": "power",
    "clip_by_value": "clip",
    "gather": "take",
    "truediv": "divide",
    "floordiv": "floor_divide",
    "floormod": "mod",
    "is_nan": "isnan",
    "is_finite": "isfinite",
    "reverse": "flip",
    "permute_dimensions": "transpose",
    "l2_normalize": "normalize",
    "repeat_elements": "repeat",
}
# What means the same there under the same name.
_SAME = {
    *("abs", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "square", "reciprocal", "sign"),
    *("floor", "ceil", "round", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid", "relu"),
    *("add", "subtract", "multiply", "divide", "maximum", "minimum", "negative", "power", "mod"),
    *("greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "where", "matmul"),
    *("logical_and", "logical_or", "logical_not", "logical_xor", "erf", "stop_gradient", "cast"),
    *("reshape", "transpose", "expand_dims", "squeeze", "stack", "unstack", "split", "tile"),
    *("concatenate", "clip", "softmax", "softplus", "softsign", "elu", "selu", "gelu", "argmax"),
    *("argmin", "cumsum", "cumprod", "one_hot", "pad", "einsum", "mean", "sum", "max", "min"),
    *("prod", "std", "var", "any", "all", "logsumexp", "log_softmax"),
}  # fmt: skip
# Defaults that are others there.
_DEFAULTS: dict[tuple[str, str], Params] = {
    ("backend", "concatenate"): {"axis": -1},
    ("backend", "expand_dims"): {"axis": -1},
    ("backend", "argmax"): {"axis": -1},
    ("backend", "take"): {"axis": 0},
    ("backend", "argmin"): {"axis": -1},
    ("backend", "cumsum"): {"axis": 0},
    ("backend", "cumprod"): {"axis": 0},
    ("tensorflow", "cumsum"): {"axis": 0},
    ("tensorflow", "cumprod"): {"axis": 0},
    ("tensorflow", "argmax"): {"axis": 0},
    ("tensorflow", "argmin"): {"axis": 0},
    ("tensorflow", "take"): {"axis": 0},
    ("backend", "normalize"): {"axis": None},
    ("tensorflow", "normalize"): {"axis": None},
}
# What means something else there under the same name.
_OTHERS = {("backend", "repeat")}
# Of two tensors these are layers of the catalog.
_MERGED = ("add", "subtract", "multiply", "maximum", "minimum")
# Their words for arguments.
_WORDS = {
    "shape": "newshape",
    "perm": "axes",
    "pattern": "axes",
    "multiples": "repeats",
    "rep": "repeats",
    "n": "repeats",
    "paddings": "pad_width",
    "depth": "num_classes",
    "num_or_size_splits": "indices_or_sections",
    "clip_value_min": "x_min",
    "clip_value_max": "x_max",
    "min_value": "x_min",
    "max_value": "x_max",
    "keep_dims": "keepdims",
    "dim": "axis",
}

# Names of activations that Keras has besides its own.
_ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}
# Activations with arguments: their layer, what it calls them in order, and its own defaults.
_WITH_ARGUMENTS: dict[str, tuple[str, tuple[str, ...], Params]] = {
    "elu": ("ELU", ("alpha",), {}),
    "leaky_relu": ("LeakyReLU", ("negative_slope",), {"negative_slope": 0.2}),
    "relu": ("ReLU", ("negative_slope", "max_value", "threshold"), {}),
}

# What functions call their tensors, in the order in which they take them.
_TENSORS = (
    *("condition", "xs", "x", "x1", "x2", "inputs", "input", "input_tensor", "tensors", "tensor"),
    *("values", "value", "logits", "params", "reference", "a", "b", "t", "y", "indices"),
)


def function_of(path: str) -> tuple[str, str]:
    """Return where a function on tensors is from and what keras.ops calls it, or ("", "")."""
    module, name = member(path)
    if module == "ops":
        return module, NAMES.get(name, name)
    if path == "builtins.abs":
        return "ops", "abs"
    if module not in ("backend", "activations") and path.startswith("tensorflow."):
        deeper = path.removeprefix("tensorflow.").removesuffix(name or path.rpartition(".")[2])
        module, name = "tensorflow", path.rpartition(".")[2]
        if deeper not in ("", "math.", "linalg."):
            return "", ""
    elif module == "activations" and path.startswith("tensorflow.nn."):
        if name in ACTIVATIONS:
            return module, name
        module = "tensorflow"
    elif module == "activations":
        return module, _ALIASES.get(name, name)
    name = _OTHERWISE.get(name, name)
    known = name in _SAME or (name in _OTHERWISE.values() and (module, name) not in _OTHERS)
    return (module, name) if module in ("backend", "tensorflow") and known else ("", "")


def layer_of(module: str, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Return the layer that computes the same as a function where no operation does, or ""."""
    if name in _MERGED and module != "activations" and len(args) == 2 and not kwargs:
        return MERGES[name]
    return "Activation" if name in ACTIVATIONS and len(args) == 1 and not kwargs else ""


def activation_of(
    name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[str, dict[str, Any]] | None:
    """Return the layer that an activation with arguments is, and what it is given; or None."""
    if name not in _WITH_ARGUMENTS:
        return None
    kind, words, defaults = _WITH_ARGUMENTS[name]
    slope = "alpha" if kind == "ELU" else "negative_slope"
    named = {slope if word == "alpha" else word: value for word, value in kwargs.items()}
    given = {**dict(zip(words, args[1:], strict=False)), **named}
    fits = len(args) <= 1 + len(words) and given.keys() <= {*words, "name"}
    return (kind, {**defaults, **given}) if fits else None


def is_formula(module: str, name: str) -> bool:
    """Return whether a function can be part of a formula."""
    return module in ("ops", "backend", "tensorflow") and (name in FUNCTIONS or name in SIGNS)


def operation_of(
    name: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
) -> type[Operation] | None:
    """Return the operation of the catalog that a function of keras.ops is, given these."""
    if name in CONSTANT_PLACES:
        given = (*args[1:2], *([kwargs["indices"]] if kwargs and "indices" in kwargs else ()))
        if given and not _holds_tensors(given[0]):
            name = CONSTANT_PLACES[name]
    spec = LAYERS.find(name if name == "Expression" else PREFIX + name)
    return spec if spec is not None and issubclass(spec, Operation) else None


def stands_alone(name: str, args: Sequence[Any]) -> bool:
    """Return whether a call of a function is one layer of the catalog: its tensors are tensors."""
    spec = operation_of(name, args)
    if spec is not None:
        return all(isinstance(value, Tensor) for value in args[: spec.min_inputs])
    every = all(isinstance(value, Tensor) for value in args)
    return every and layer_of("ops", name, args, {}) != ""


def make_operation(
    spec: type[Operation],
    module: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    lines: Lines,
    tell: Tell,
) -> tuple[Layer, list[Any]]:
    """Return the layer that a function stands for, and what it takes in the place of tensors.

    Args:
        spec: The operation.
        module: Where the function is from, as `function_of` tells.
        args: Arguments without names.
        kwargs: Arguments with names.
        lines: Where it is called.
        tell: Takes what does not fit.
    """
    name = spec.keras_name()
    tensors, config = _arguments(spec, args, kwargs)
    title = layer_name(config.pop("name", None), tell) if module == "tensorflow" else ""
    given = {
        **spec.always,
        **_DEFAULTS.get((module, name), {}),
        **_translated(spec, module, config),
    }
    for word in spec.leading:
        if word not in given:
            tell(text("{layer} needs “{name}”.", layer=name, name=word), "error")
    values = argument_values(given, name, tell)
    params, left = parameters(spec, values, (), exact=True)
    for word in left:
        tell(text("{layer} has no parameter “{name}”.", layer=name, name=word), "error")
    for problem in spec.check(params).values():
        tell(problem, "error")
    return Layer(spec.key, params, title, lines), tensors


def _arguments(
    spec: type[Operation], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return what stands for tensors, and the other arguments by their names."""
    title = spec.keras_name()
    config = dict(zip(spec.before, args, strict=False))
    rest = list(args[len(spec.before) :])
    tensors: list[Any] = []
    if issubclass(spec, Listed):
        first = rest.pop(0) if rest else ()
        tensors = list(first) if isinstance(first, (list, tuple)) else [first]
    else:
        most = spec.max_inputs
        while rest and isinstance(rest[0], Tensor) and (most is None or len(tensors) < most):
            tensors.append(rest.pop(0))
    named = {word: kwargs[word] for word in _TENSORS if _holds_tensors(kwargs.get(word))}
    for value in named.values():
        tensors += list(value) if isinstance(value, (list, tuple)) else [value]
    if rest and len(tensors) < spec.min_inputs and not issubclass(spec, Listed):
        raise Refused(
            text(
                "{layer} takes {most} tensors; {count} are given.",
                layer=title,
                most=spec.min_inputs,
                count=len(tensors),
            )
        )
    if len(rest) > len(spec.places):
        raise Refused(text("{layer} takes other arguments than these.", layer=title))
    config |= dict(zip(spec.places, rest, strict=False))
    further = {word: value for word, value in kwargs.items() if word not in named}
    for word in config.keys() & further:
        raise Refused(text("{layer}: “{name}” is given twice.", layer=title, name=word))
    return tensors, config | further


def _holds_tensors(value: Any) -> bool:
    """Return whether a value is a tensor, or a list of some."""
    several = value if isinstance(value, (list, tuple)) else [value]
    return any(isinstance(item, Tensor) for item in several)


def _translated(spec: type[Operation], module: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments in the words of keras.ops."""
    found: dict[str, Any] = {}
    for word, value in config.items():
        ours = word if word in spec.fields else _WORDS.get(word, word)
        if ours == "dtype" and isinstance(value, Path):
            value = value.last
        if ours == "mode" and isinstance(value, str):
            value = value.lower()
        if module == "tensorflow" and ours == "indices_or_sections" and not isinstance(value, int):
            raise Refused(text("{layer} into given sizes cannot be read.", layer="tf.split"))
        found[ours if ours in spec.fields else word] = value
    return found
