"""Every declared layer against the installed Keras: names, defaults, and a call."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import pytest

from engine.layers import LAYERS, LayerSpec
from engine.layers.objects import (
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
    ObjectRef,
    ObjectSpec,
)

ALL = pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.key)

OBJECTS = {
    "initializers": INITIALIZERS,
    "regularizers": REGULARIZERS,
    "constraints": CONSTRAINTS,
}
# Arguments of Keras that the catalog leaves out, and why.
LEFT_OUT = {
    "name": "the node's name",
    "dtype": "the precision belongs to the whole network, not to a layer",
    "return_state": "a node has one output tensor",
    "stateful": "needs a batch of fixed size; training and prediction use several",
    "use_cudnn": "the machine's concern: Keras decides by itself",
    "lora_rank": "fine-tuning of loaded weights, not part of a drawing",
    "lora_alpha": "fine-tuning of loaded weights, not part of a drawing",
    "quantization_config": "an object, made after training",
    "weights": "weights are in the model file, not in the drawing",
    "backward_layer": "Keras mirrors the layer, which is what people want",
    "noise_shape": "names the batch axis; SpatialDropout does what it is used for",
    "renorm_clipping": "a dictionary of tensors",
}
INPUT_LEFT_OUT = {
    "batch_size": "the batch size is in the recipe",
    "batch_shape": "the batch size is in the recipe",
    "sparse": "the program trains on dense arrays",
    "ragged": "the program trains on dense arrays",
    "input_tensor": "a live object",
    "optional": "every input gets data",
    "name": "the node's name",
}
# Where Keras has no default and the catalog had to choose one.
REQUIRED = {
    ("Input", "shape"),
    ("Dense", "units"),
    ("Activation", "activation"),
    ("Reshape", "target_shape"),
    ("Permute", "dims"),
    ("RepeatVector", "n"),
    ("AveragePooling1D", "pool_size"),
    ("AveragePooling2D", "pool_size"),
    ("Embedding", "input_dim"),
    ("Embedding", "output_dim"),
    ("Bidirectional", "layer"),
    ("TimeDistributed", "layer"),
    ("Dot", "axes"),
    ("GaussianNoise", "stddev"),
    ("Rescaling", "scale"),
    *((key, "rate") for key in ("Dropout", "AlphaDropout", "GaussianDropout")),
    *((f"SpatialDropout{n}D", "rate") for n in (1, 2)),
    *(
        (f"{kind}{n}D{suffix}", name)
        for kind, suffix in (("Conv", ""), ("Conv", "Transpose"), ("SeparableConv", ""))
        for n in (1, 2)
        for name in ("filters", "kernel_size")
    ),
    ("DepthwiseConv2D", "kernel_size"),
    *((key, "units") for key in ("SimpleRNN", "LSTM", "GRU")),
}


def keras_parameters(spec: type[LayerSpec]) -> dict[str, inspect.Parameter]:
    name = "InputLayer" if spec.key == "Input" else spec.keras_name()
    found = inspect.signature(getattr(keras.layers, name)).parameters
    return {
        name: parameter
        for name, parameter in found.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }


def normal(name: str, value: Any) -> Any:
    """Bring the spellings that mean the same to Keras to one."""
    if isinstance(value, str) and name.endswith("_initializer"):
        made = keras.initializers.get(value)
        return type(made).__name__, {k: v for k, v in made.get_config().items() if k != "seed"}
    if isinstance(value, (list, tuple)):
        items = [normal(name, item) for item in value]
        return items[0] if all(item == items[0] for item in items) else items
    return value


@ALL
def test_every_argument_of_keras_is_declared_or_left_out(spec: type[LayerSpec]) -> None:
    left_out = INPUT_LEFT_OUT if spec.key == "Input" else LEFT_OUT
    # Keras takes whether a layer learns among its unnamed arguments.
    assert set(keras_parameters(spec)) - set(left_out) == set(spec.fields) - {"trainable"}


def test_nothing_is_left_out_in_vain() -> None:
    known = {name for spec in LAYERS for name in keras_parameters(spec)}
    assert (set(LEFT_OUT) | set(INPUT_LEFT_OUT)) - known == set()


@ALL
def test_defaults_are_those_of_keras(spec: type[LayerSpec]) -> None:
    for name, parameter in keras_parameters(spec).items():
        if name not in spec.fields:
            continue
        ours = spec.fields[name].default
        if (spec.key, name) in REQUIRED:
            assert parameter.default in (inspect.Parameter.empty, None), name
        else:
            assert normal(name, ours) == normal(name, parameter.default), name
            assert isinstance(ours, bool) == isinstance(parameter.default, bool), name


@ALL
def test_leading_parameters_come_first_in_keras_and_are_all_that_it_requires(
    spec: type[LayerSpec],
) -> None:
    if spec.key == "Input":
        return
    names = [name for name in keras_parameters(spec) if name != "self"]
    assert tuple(names[: len(spec.leading)]) == spec.leading
    assert {name for key, name in REQUIRED if key == spec.key} <= set(spec.leading)


@ALL
def test_choices_are_known_to_keras(spec: type[LayerSpec]) -> None:
    for name, field in spec.fields.items():
        for kind in ("activation", "initializer", "regularizer", "constraint"):
            if name.endswith(kind):
                getter = getattr(keras, f"{kind}s").get
                options = [
                    field.for_keras(option) if isinstance(field, ObjectRef) else option
                    for option in field.options
                ]
                assert all(getter(option) is not None for option in options), name


@pytest.mark.parametrize(
    "spec", [*INITIALIZERS, *REGULARIZERS, *CONSTRAINTS], ids=lambda spec: spec.key
)
def test_an_object_has_the_parameters_and_defaults_of_keras(spec: type[ObjectSpec]) -> None:
    made = getattr(getattr(keras, spec.module), spec.keras)()
    config = made.get_config()
    assert {name: config[name] for name in spec.fields} == pytest.approx(spec.defaults(), abs=1e-6)
    # The axes of unusual kernels belong to layers that have such.
    assert all(config[name] is None for name in config.keys() - spec.fields.keys())
    field = ObjectRef(None, registry=OBJECTS[spec.module], label="it")
    value = field.for_keras({"name": spec.key, "params": {}})
    assert type(getattr(keras, spec.module).get(value)) is type(made)
    assert field.check(spec.key) is None and field.check({"name": spec.key}) is None
    assert field.check({"name": spec.key, "params": {"nothing": 1}}) is not None


def inputs(spec: type[LayerSpec], channels: int = 32) -> list[Any]:
    """Return tensors that suit a layer."""
    rank = spec.ranks[0] if spec.ranks else 4
    shape = (None, *[8] * (rank - 2), channels)
    dtype = "int32" if spec.key == "Embedding" else "float32"
    shape = {"Embedding": (None, 8), "Permute": (None, 8, channels)}.get(spec.key, shape)
    return [keras.KerasTensor(shape, dtype=dtype) for _ in range(max(spec.min_inputs, 1))]


@ALL
def test_it_builds_and_takes_a_tensor(spec: type[LayerSpec]) -> None:
    layer = spec.make(keras, {}, "one")
    assert layer.name == "one"
    if spec.max_inputs == 0:
        return
    tensors = inputs(spec)
    output = layer(tensors if len(tensors) > 1 else tensors[0])
    assert output.shape[0] is None
    assert bool(layer.weights) == spec.weighted


@ALL
def test_it_accepts_every_rank_that_it_declares(spec: type[LayerSpec]) -> None:
    held = {"layer": {"layer": "Activation"}} if spec.key == "TimeDistributed" else {}
    for rank in spec.ranks:
        spec.make(keras, held, None)(keras.KerasTensor((None, *[8] * (rank - 2), 4)))


@ALL
def test_what_keras_keeps_of_a_layer_makes_the_same_layer(spec: type[LayerSpec]) -> None:
    layer = spec.make(keras, {}, "one")
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


REFUSED_BY_BOTH = [
    ("Conv2D", {"strides": [2, 2], "dilation_rate": [1, 2]}),
    ("Conv2D", {"filters": 4, "groups": 3}),
    ("Conv2DTranspose", {"strides": [2, 2], "output_padding": [1, 2]}),
    ("Conv1DTranspose", {"strides": 2, "dilation_rate": 2}),
    ("Permute", {"dims": [2, 3]}),
    ("LeakyReLU", {"negative_slope": -1.0}),
    ("GaussianNoise", {"stddev": 2.0}),
    ("Dropout", {"rate": 1.5}),
]


@pytest.mark.parametrize(("key", "params"), REFUSED_BY_BOTH)
def test_what_we_refuse_keras_refuses(key: str, params: dict[str, Any]) -> None:
    spec = LAYERS.get(key)
    assert spec.check(params)
    with pytest.raises(ValueError):
        spec.make(keras, params, None)(*inputs(spec))


def test_wrappers_hand_on_the_parameters_of_the_layer_they_hold() -> None:
    held = {"layer": "GRU", "params": {"units": 5, "return_sequences": True}}
    layer = LAYERS.get("Bidirectional").make(keras, {"layer": held, "merge_mode": "sum"}, "both")
    assert layer(keras.KerasTensor((None, 7, 3))).shape == (None, 7, 5)


def test_channels_first_is_handed_on() -> None:
    layer = LAYERS.get("Conv2D").make(keras, {"data_format": "channels_first"}, None)
    assert layer(keras.KerasTensor((None, 3, 8, 8))).shape == (None, 32, 6, 6)
