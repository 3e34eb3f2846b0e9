"""Every declared layer against the installed Keras: names, defaults, and a call."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import pytest
from helpers.specimens import SPECIMENS, TOLD, sample_shapes

from engine.layers import LAYERS, LayerSpec
from engine.layers.objects import (
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
    ObjectRef,
    ObjectSpec,
)
from engine.layers.operation import Operation
from engine.worker.compile import called

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
    "flash_attention": "the machine's concern: Keras decides by itself",
    "ragged": "the program trains on dense arrays",
    "sparse": "the program trains on dense arrays",
    "gptq_unpacked_column_size": "an object, made after training",
    "stateful": "needs a batch of fixed size; training and prediction use several",
    "use_cudnn": "the machine's concern: Keras decides by itself",
    "lora_rank": "fine-tuning of loaded weights, not part of a drawing",
    "lora_alpha": "fine-tuning of loaded weights, not part of a drawing",
    "quantization_config": "an object, made after training",
    "weights": "weights are in the model file, not in the drawing",
    "backward_layer": "Keras mirrors the layer, which is what people want",
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
# Where Keras's default stands for an error, and the catalog had to choose one.
CHOSEN = {
    ("Input", "shape"),
    ("CategoryEncoding", "num_tokens"),
    ("Discretization", "bin_boundaries"),
}
# Not by one name in Keras.
OUR_OWN = ("PickOutput", "Expression", "ops.get_item", "Custom", "Lambda")
# What the catalog has and Keras takes with a call.
CALL_ONLY = {"use_causal_mask", "return_attention_scores", "reverse"}


def keras_parameters(spec: type[LayerSpec]) -> dict[str, inspect.Parameter]:
    if spec.key in OUR_OWN:
        return {}
    if issubclass(spec, Operation):
        found = inspect.signature(getattr(keras.ops, spec.keras_name())).parameters
        return {name: found[name] for name in (*spec.before, *spec.places)}
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
    ours = set(spec.fields) - {"trainable"} - set(spec.own) - set(spec.in_call)
    left_out = {} if spec.function else left_out
    if spec.key not in OUR_OWN:
        assert set(keras_parameters(spec)) - set(left_out) == ours
    assert set(spec.in_call) <= CALL_ONLY
    if spec.in_call:
        call = inspect.signature(getattr(keras.layers, spec.keras_name()).call)
        assert set(spec.in_call) <= set(call.parameters)


def test_nothing_is_left_out_in_vain() -> None:
    known = {name for spec in LAYERS for name in keras_parameters(spec)}
    assert (set(LEFT_OUT) | set(INPUT_LEFT_OUT)) - known == set()


@ALL
def test_defaults_are_those_of_keras(spec: type[LayerSpec]) -> None:
    for name, parameter in keras_parameters(spec).items():
        if name not in spec.fields:
            continue
        ours = spec.fields[name].default
        if parameter.default is inspect.Parameter.empty:
            assert name in spec.leading, name
        elif (spec.key, name) in CHOSEN:
            assert parameter.default is None, name
        elif issubclass(spec, Operation) and name in spec.always:
            assert spec.always[name] == parameter.default
        else:
            assert normal(name, ours) == normal(name, parameter.default), name
            assert isinstance(ours, bool) == isinstance(parameter.default, bool), name


@ALL
def test_leading_parameters_come_first_in_keras_and_are_all_that_it_requires(
    spec: type[LayerSpec],
) -> None:
    if spec.key == "Input":
        return
    if spec.key in OUR_OWN:
        return
    names = [name for name in keras_parameters(spec) if name != "self"]
    assert tuple(names[: len(spec.leading)]) == spec.leading


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


def inputs(spec: type[LayerSpec]) -> list[Any]:
    """Return tensors that suit a layer."""
    return [keras.KerasTensor((None, *shape), dtype=dtype) for shape, dtype in sample_shapes(spec)]


ALONE = pytest.mark.parametrize(
    "spec", [spec for spec in LAYERS if not (spec.held or spec.foreign)], ids=lambda spec: spec.key
)


@ALONE
def test_it_builds_and_takes_a_tensor(spec: type[LayerSpec]) -> None:
    params = TOLD.get(spec.key, {})
    layer = spec.make(keras, params, "one")
    assert layer.name == "one"
    if spec.max_inputs == 0:
        return
    outputs = called(spec, layer, params, inputs(spec))
    assert outputs[0].shape[0] is None or spec.key in ("ops.broadcast_to", "ops.slice")
    assert len(outputs) == spec.outputs(spec.complete(params))
    if spec.key != "Normalization":  # Its weights are the data's mean, not learned.
        assert bool(layer.weights) == spec.weighted


HOLDING = {
    "TimeDistributed": {"layer": {"layer": "Activation"}},
    "SpectralNormalization": {"layer": {"layer": "Conv2D"}},
}


@ALONE
def test_it_accepts_every_rank_that_it_declares(spec: type[LayerSpec]) -> None:
    params = HOLDING.get(spec.key, {})
    for rank in spec.ranks:
        shape = (None, *[8] * (rank - 2), 3)
        if rank == 3 and spec.ranks == (3, 4):  # One picture without its batch.
            shape = (8, 8, 3)
        if spec.key in SPECIMENS:
            shape = (None, *SPECIMENS[spec.key][0])
        tensors = [keras.KerasTensor(shape) for _ in range(max(spec.min_inputs, 1))]
        called(spec, spec.make(keras, params, None), params, tensors)


def test_layers_give_as_many_tensors_as_declared() -> None:
    sequence = keras.KerasTensor((None, 7, 3))
    cells = {"layer": "StackedRNNCells", "params": {}}
    for key, params, count in (
        ("LSTM", {}, 3),
        ("GRU", {}, 2),
        ("SimpleRNN", {}, 2),
        ("RNN", {}, 3),
        ("RNN", {"cell": {"layer": "GRUCell"}}, 2),
        ("RNN", {"cell": cells}, 5),
    ):
        spec = LAYERS.get(key)
        params = {**params, "return_state": True}
        found = called(spec, spec.make(keras, params, None), params, [sequence])
        assert len(found) == spec.outputs(spec.complete(params))
        assert len(found) == count
    films = keras.KerasTensor((None, 4, 8, 8, 3))
    params = {"return_state": True}
    spec = LAYERS.get("ConvLSTM2D")
    assert len(called(spec, spec.make(keras, params, None), params, [films])) == 3
    spec, params = LAYERS.get("MultiHeadAttention"), {"return_attention_scores": True}
    assert len(called(spec, spec.make(keras, params, None), params, [sequence] * 3)) == 2


def test_a_state_begins_where_another_layer_ended() -> None:
    sequence, state = keras.KerasTensor((None, 7, 3)), keras.KerasTensor((None, 64))
    spec, params = LAYERS.get("LSTM"), {"initial_state": True}
    assert spec.most_inputs(spec.complete(params)) == 3
    assert spec.most_inputs(spec.complete({})) == 1
    layer = spec.make(keras, params, None)
    assert called(spec, layer, params, [sequence, state, state])[0].shape == (None, 64)


@pytest.mark.parametrize(
    "spec",
    [spec for spec in LAYERS if not (spec.function or spec.foreign)],
    ids=lambda spec: spec.key,
)
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
