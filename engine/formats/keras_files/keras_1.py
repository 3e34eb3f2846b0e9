"""What Keras 1 and earlier told in another form, not only by another name."""

from __future__ import annotations

from typing import Any

from engine.formats.keras_files.inbound import Config

# Penalties and limits, which Keras 1 told by their name and values side by side.
OBJECTS = {
    "WeightRegularizer": "L1L2",
    "L1L2Regularizer": "L1L2",
    "ActivityRegularizer": "L1L2",
}
# Arguments that change nothing as long as they have these values.
IDLE = {"dropout": 0.0, "truncate_gradient": -1}
# Layers whose counts of inputs mean something of their own.
COUNTED = ("Embedding", "ReversibleEmbedding", "IntegerLookup", "StringLookup", "Hashing")


def reshaped(old: str, kind: str, config: Config) -> str:
    """Bring arguments to the form of Keras 3, and return the layer's class.

    Args:
        old: The class's name in the file.
        kind: Its name in Keras 3.
        config: Arguments by their names in Keras 3; changed in place.
    """
    for name, value in config.items():
        if name.endswith(("_regularizer", "_constraint")):
            config[name] = _object(value)
    if kind not in COUNTED and "input_dim" in config:
        del config["input_dim"]  # It follows from what comes before.
    if kind == "Conv2DTranspose":
        _output_padding(config)
    if old == "SeparableConvolution2D":
        _both_kernels(config)
    if kind == "ZeroPadding2D":
        config["padding"] = _sides(config.get("padding", 1))
    if kind == "Dot" and isinstance(config.get("axes"), list):
        config["axes"] = [axis[0] if _single(axis) else axis for axis in config["axes"]]
    for name, value in IDLE.items():
        if config.get(name) == value:
            del config[name]
    if kind == "BatchNormalization" and config.get("mode") == 1:
        return _each_sample(config)
    return kind


def _single(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1


def _object(value: Any) -> Any:
    if (
        not isinstance(value, dict)
        or "class_name" in value
        or not isinstance(value.get("name"), str)
    ):
        return value
    given = {name: item for name, item in value.items() if name != "name"}
    return {"class_name": OBJECTS.get(value["name"], value["name"]), "config": given}


def _each_sample(config: Config) -> str:
    """Turn a BatchNormalization that looked at each sample alone into what it was."""
    for name in ("mode", "momentum"):
        config.pop(name, None)
    return "LayerNormalization"


def _both_kernels(config: Config) -> None:
    """Let what was told of one kernel hold for both of a separable convolution."""
    for what in ("initializer", "regularizer", "constraint"):
        value = config.pop(f"kernel_{what}", None)
        if value is not None:
            config.setdefault(f"depthwise_{what}", value)
            config.setdefault(f"pointwise_{what}", value)


def _sides(value: Any) -> Any:
    """Return the padding of pictures; Keras 1 had four numbers where sides differ."""
    if isinstance(value, list) and len(value) == 4:
        return [value[:2], value[2:]]
    if isinstance(value, dict):
        names = (("top_pad", "bottom_pad"), ("left_pad", "right_pad"))
        return [[value.get(name, 0) for name in pair] for pair in names]
    return value


def _output_padding(config: Config) -> None:
    """Say by padding what the size of a transposed convolution's result was in Keras 1.

    The size stays where it follows in no other way, and is told as having no counterpart.
    """
    size = config.get("output_shape")
    kernel, strides = config.get("kernel_size") or [], config.get("strides") or [1, 1]
    if not isinstance(size, list) or len(size) != 4:
        return
    if any(not isinstance(given, list) or len(given) != 2 for given in (kernel, strides)):
        return
    if strides == [1, 1]:
        del config["output_shape"]
        return
    axes = size[2:] if config.get("data_format") == "channels_first" else size[1:3]
    if any(type(n) is not int or n < 1 for n in (*axes, *kernel, *strides)):
        return
    if config.get("padding") == "same":
        # The convolution that it reverses gives one pixel for each stride begun.
        before = [-(-axis // stride) for axis, stride in zip(axes, strides, strict=True)]
        usual = [n * stride for n, stride in zip(before, strides, strict=True)]
        even = [
            (n - 1) * stride + k - 2 * (k // 2)
            for n, stride, k in zip(before, strides, kernel, strict=True)
        ]
    else:
        before = [
            (axis - k) // stride + 1 for axis, k, stride in zip(axes, kernel, strides, strict=True)
        ]
        even = [(n - 1) * s + k for n, s, k in zip(before, strides, kernel, strict=True)]
        usual = [(n - 1) * s + max(k, s) for n, s, k in zip(before, strides, kernel, strict=True)]
    more = [axis - size for axis, size in zip(axes, even, strict=True)]
    if axes == usual:
        del config["output_shape"]
    elif all(0 <= n < stride for n, stride in zip(more, strides, strict=True)):
        del config["output_shape"]
        config["output_padding"] = more


# --- models --------------------------------------------------------------------------------


def with_classes(config: Config) -> Config:
    """Return a description of Keras 0.x, which told classes as names, as Keras 1 told it."""
    layers = config.get("layers")
    if "class_name" in config or config.get("name") != "Sequential" or not isinstance(layers, list):
        return config
    rows = [_with_class(layer) if isinstance(layer, dict) else layer for layer in layers]
    return {**config, "class_name": "Sequential", "config": rows}


def _with_class(layer: Config) -> Config:
    given = {name: value for name, value in layer.items() if name != "name"}
    if "custom_name" in given:
        given["name"] = given.pop("custom_name")
    if "input_shape" in given and isinstance(given["input_shape"], list):
        given["batch_input_shape"] = [None, *given.pop("input_shape")]
    for name, value in given.items():
        if isinstance(value, list) and value and all(_is_layer(item) for item in value):
            given[name] = [_with_class(item) for item in value]
    if layer.get("name") == "Sequential":
        return {"class_name": "Sequential", "config": given.get("layers", [])}
    return {"class_name": layer.get("name"), "config": given}


def _is_layer(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str)
