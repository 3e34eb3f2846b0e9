"""Arguments of a layer in a file become parameters of the catalog's layer."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from typing import Any

from engine.fields import Choice, Field, IntTuple, LayerRef, LayerRefs, Params
from engine.formats.keras_files.legacy import modern
from engine.layers import LAYERS, LayerSpec
from engine.layers.common import on_axes
from engine.layers.objects import INITIALIZERS, ObjectRef, ObjectSpec
from engine.registry import Registry

# What files hold that says nothing about the drawing, whatever its value.
NOTHING_TOLD = {
    "name",
    "batch_input_shape",
    "batch_shape",
    "input_shape",
    "input_length",
    "input_dtype",
    "build_config",
    "compile_config",
    "implementation",
    "consume_less",
    "ragged",
    "autocast",
    "cache_size",
    "fused",
    "use_cudnn",
    "supports_masking",
    "experimental_autocast",
    "time_major",
    "arguments",
    "output_mask",
    "vocabulary_size",
    "rms_scaling",
}
# What says nothing as long as it has this value.
USUAL: dict[str, tuple[Any, ...]] = {
    "trainable": (True,),
    "dtype": (None, "float32"),
    "sparse": (False,),
    "stateful": (False,),
    "mode": (0, None),
    "groups": (1,),
    "virtual_batch_size": (None,),
    "renorm_clipping": (None,),
    "noise_shape": (None,),
    "oov_method": ("floormod",),
    "seed": (None,),
    "weights": (None,),
    "input_dim": (None,),
    "quantization_config": (None,),
    "lora_rank": (None,),
    "lora_alpha": (None,),
    "zero_output_for_mask": (False, None),
    "activity_regularizer": (None,),
    "data_format": (None, "channels_last"),
    "unroll": (False,),
    "output_shape": (None, []),
    "output_shape_type": ("raw",),
    "adjustment": (None,),
    "num_layers": (None,),
    "keepdims": (False,),
    "output_padding": (None,),
    "dilation_rate": (1, [1], [1, 1]),
}
# As what files hold arrays.
ARRAYS = ("__tensor__", "__numpy__")
# Spellings of VarianceScaling that have names of their own, without their seeds.
_FAMILY = {
    ("fan_avg", "uniform", 1.0): "glorot_uniform",
    ("fan_avg", "truncated_normal", 1.0): "glorot_normal",
    ("fan_avg", "normal", 1.0): "glorot_normal",
    ("fan_in", "uniform", 2.0): "he_uniform",
    ("fan_in", "truncated_normal", 2.0): "he_normal",
    ("fan_in", "normal", 2.0): "he_normal",
    ("fan_in", "uniform", 1.0): "lecun_uniform",
    ("fan_in", "truncated_normal", 1.0): "lecun_normal",
    ("fan_in", "normal", 1.0): "lecun_normal",
}
_OBJECTS = {"l1_l2": "l1l2", "maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"}


def parameters(
    spec: type[LayerSpec],
    config: Mapping[str, Any],
    version: tuple[int, ...],
    *,
    exact: bool = False,
) -> tuple[Params, dict[str, Any]]:
    """Return a layer's parameters, and the arguments that the catalog has no place for.

    Args:
        spec: The layer.
        config: Its arguments in the words of Keras 3.
        version: Version of Keras that wrote the file.
        exact: Whether numbers are as people wrote them, and never were in a file.
    """
    return _parameters(spec, config if exact else _shortened(config), version)


def _parameters(
    spec: type[LayerSpec], config: Mapping[str, Any], version: tuple[int, ...]
) -> tuple[Params, dict[str, Any]]:
    found: Params = {}
    left: dict[str, Any] = {}
    for name, value in config.items():
        field = spec.fields.get(name)
        if field is None:
            # Models freeze all their layers, also those that have no weights.
            idle = name == "trainable" and not spec.weighted
            if not idle and not says_nothing(name, value) and not _usual_type(spec, name, value):
                left[name] = value
            continue
        if isinstance(field, ObjectRef) and holds_array(value):
            left[name] = value
            continue
        ours = _value(field, value, version)
        if name == "data_format" and ours == "channels_last":
            ours = None
        if ours == "linear" and field.default is None:
            ours = None
        found[name] = ours
    if "pool_size" in found and found.get("strides") == found["pool_size"]:
        found["strides"] = None  # As usual, and as people leave it.
    # In the order of the form, whatever the order of the file.
    return spec.trim({name: found[name] for name in spec.fields if name in found}), left


def _usual_type(spec: type[LayerSpec], name: str, value: Any) -> bool:
    """Return whether it is the type of the numbers that words and categories become."""
    return spec.category == "preprocessing" and name == "dtype" and policy(value) == "int64"


def says_nothing(name: str, value: Any) -> bool:
    """Return whether an argument can be left out without changing the network."""
    if name == "dtype":
        value = policy(value)
    return name in NOTHING_TOLD or (name in USUAL and value in USUAL[name])


def policy(value: Any) -> Any:
    """Return the name of a data type or of a policy of data types."""
    if isinstance(value, Mapping) and isinstance(value.get("config"), Mapping):
        return value["config"].get("name")
    return value


def _value(field: Field, value: Any, version: tuple[int, ...]) -> Any:
    if value is None:
        return None
    if isinstance(field, LayerRef):
        return _held_layer(value, version)
    if isinstance(field, LayerRefs) and isinstance(value, list):
        return [_held_layer(item, version) for item in value]
    if isinstance(field, ObjectRef):
        return _object(field, value)
    if field.name == "dtype":
        return policy(value)
    if isinstance(field, Choice):
        return _choice(value)
    bare = plain(value)
    if isinstance(field, IntTuple) and field.optional and bare == []:
        return None  # Keras writes no axis at all as an empty list.
    if isinstance(field, IntTuple) and isinstance(bare, list) and field.length is not None:
        # One number stands for all axes.
        usual = on_axes(field.default, field.length) == bare
        return field.default if usual else bare[0] if len(bare) == 1 else bare
    if isinstance(field, IntTuple) and type(bare) is int and field.length is not None:
        usual = on_axes(field.default, field.length) == on_axes(bare, field.length)
        return field.default if usual else bare
    return bare


def plain(value: Any) -> Any:
    """Return a value as JSON has it; Keras 3 wraps tuples and numbers of its own."""
    if isinstance(value, Mapping) and value.get("class_name") == "__tuple__":
        return [plain(item) for item in value.get("items", [])]
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _shortened(value: Any) -> Any:
    """Return a value with the numbers in it as people wrote them, before a file of 32 bits."""
    if isinstance(value, Mapping):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return short_number(value) if isinstance(value, float) and math.isfinite(value) else value


def short_number(value: float) -> float:
    """Undo what a pass through 32 bits did: 0.009999999776482582 was 0.01."""
    short = float(f"{value:.7g}")
    try:
        same = _in_32_bits(short) == _in_32_bits(value)
    except OverflowError:
        return value
    return short if same and abs(value - short) < abs(value) * 6e-8 else value


def _in_32_bits(value: float) -> bytes:
    return struct.pack("f", value)


def _choice(value: Any) -> Any:
    """Return the name of an activation, which newer files wrap."""
    if not isinstance(value, Mapping):
        return value
    config = value.get("config")
    if isinstance(config, str):
        return config
    name = value.get("class_name")
    return name if isinstance(name, str) else value


def _held_layer(value: Any, version: tuple[int, ...]) -> Any:
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        return value
    kind, config = modern(str(value.get("class_name")), dict(value["config"]))
    spec = LAYERS.find(kind)
    if spec is None:
        return {"layer": kind, "params": dict(config)}
    params, left = _parameters(spec, config, version)
    return {"layer": kind, "params": {**params, **left}}


def _object(field: ObjectRef, value: Any) -> Any:
    """Return an initializer, regularizer or constraint as the catalog writes it."""
    if isinstance(value, str):
        return known_object(field.registry, value) or value
    if not isinstance(value, Mapping) or not isinstance(value.get("class_name"), str):
        return value
    config = value.get("config")
    given = {} if not isinstance(config, Mapping) else {k: plain(v) for k, v in config.items()}
    key = known_object(field.registry, value["class_name"])
    if key is None:
        return value["class_name"]
    if "name" in given:  # Of Keras 2.
        given = {name: item for name, item in given.items() if name != "name"}
    if key == "max_norm" and "m" in given:  # Of Keras 1.
        given["max_value"] = given.pop("m")
    if key == "variance_scaling" and field.registry is INITIALIZERS:
        return _variance_scaling(field, given)
    if key == "l1l2":
        return _penalty(field, given)
    return field.short(key, _declared(field, key, given))


def holds_array(value: Any) -> bool:
    """Return whether a value is an array, or an object that is given one."""
    if not isinstance(value, Mapping):
        return False
    config = value.get("config")
    if value.get("class_name") in ARRAYS:
        return True
    # Keras 2 writes the array of a Constant as a list.
    given = config.get("value") if isinstance(config, Mapping) else None
    return isinstance(given, list) or holds_array(given)


def known_object(registry: Registry[type[ObjectSpec]], name: str) -> str | None:
    """Return the key of an object by any of its spellings: GlorotUniform, glorot_uniform."""
    wanted = _spelled(_OBJECTS.get(name.lower(), name))
    for spec in registry:
        if wanted in (_spelled(spec.key), _spelled(spec.keras)):
            return spec.key
    return None


def _spelled(word: str) -> str:
    return word.replace("_", "").lower()


def _declared(field: ObjectRef, key: str, given: Params) -> Params:
    """Return the parameters that the catalog knows; axes of kernels are always the usual ones."""
    spec: type[ObjectSpec] = field.registry.get(key)
    return {name: value for name, value in given.items() if name in spec.fields}


def _variance_scaling(field: ObjectRef, given: Params) -> Any:
    mode, distribution = given.get("mode"), given.get("distribution")
    scale = given.get("scale", 1.0)
    seed = {"seed": given["seed"]} if given.get("seed") is not None else {}
    known = isinstance(scale, (int, float))
    named = _FAMILY.get((str(mode), str(distribution), scale)) if known else None
    if named is not None:
        return field.short(named, seed)
    if distribution == "normal":
        given = {**given, "distribution": "truncated_normal"}
    return field.short("variance_scaling", _declared(field, "variance_scaling", given))


def _penalty(field: ObjectRef, given: Params) -> Any:
    """Return L1L2 of Keras 2, by which it wrote L1 and L2 too, by the name that fits."""
    l1, l2 = given.get("l1") or 0.0, given.get("l2") or 0.0
    if not l1 and not l2:
        return None
    if not l1:
        return field.short("l2", {"l2": l2})
    if not l2:
        return field.short("l1", {"l1": l1})
    return field.short("l1l2", {"l1": l1, "l2": l2})
