"""Models as others make them compute the same once imported, or say what they cannot keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from engine.formats.keras_files.drawing import Imported, import_model
from engine.worker.compile import build_model
from engine.worker.weights import load_weights

RANDOM = np.random.default_rng(0)
PICTURES = RANDOM.normal(size=(2, 6, 6, 3)).astype("float32")
STEPS = RANDOM.normal(size=(2, 5, 3)).astype("float32")
VIDEOS = RANDOM.normal(size=(2, 3, 6, 6, 3)).astype("float32")
TOKENS = np.array([[1, 2, 3, 0], [4, 0, 0, 0]])
ROWS = RANDOM.random((9, 2), "float32")
ENDINGS = pytest.mark.parametrize("ending", [".keras", ".h5"])


def imported(model: keras.Model, path: Path) -> tuple[Imported, keras.Model]:
    """Save a model, and return its import with the model built of it."""
    model.save(path)
    found = import_model(path)
    network = found.document.network
    ours = build_model(network)
    if ours.weights:
        load_weights(ours, network, path)
    return found, ours


def predicted(model: keras.Model, samples: Any) -> list[Any]:
    return [np.asarray(one) for one in keras.tree.flatten(model.predict(samples, verbose=0))]


def assert_same(model: keras.Model, samples: Any, path: Path) -> Imported:
    found, ours = imported(model, path)
    for theirs, own in zip(predicted(model, samples), predicted(ours, samples), strict=True):
        np.testing.assert_array_equal(own, theirs)
    return found


@ENDINGS
@pytest.mark.parametrize(
    "function",
    [
        lambda x: ops.elu(x, alpha=0.3),
        lambda x: keras.activations.elu(x, 0.3),
        lambda x: ops.leaky_relu(x, 0.3),
        lambda x: ops.leaky_relu(x),
        lambda x: ops.gelu(x),
        lambda x: ops.gelu(x, approximate=False),
        lambda x: ops.celu(x, alpha=0.4),
        lambda x: ops.squareplus(x, b=2),
        lambda x: ops.threshold(x, 0.1, 0.2),
        lambda x: ops.soft_shrink(x, 0.2),
        lambda x: ops.hard_shrink(x, 0.2),
        lambda x: ops.hard_tanh(x),
        lambda x: ops.log_sigmoid(x),
        lambda x: ops.tanh_shrink(x),
        lambda x: ops.sparse_plus(x),
        lambda x: ops.sparse_sigmoid(x),
        lambda x: ops.glu(x[..., :2]),
        lambda x: ops.take(x, [0, 2], axis=-1),
        lambda x: ops.take(x, 1, axis=1),
        lambda x: ops.image.resize(x, (12, 10)),
        lambda x: ops.image.resize(x, (4, 4), interpolation="nearest"),
        lambda x: ops.image.resize(x, (3, 3), antialias=True, pad_to_aspect_ratio=True),
        lambda x: ops.abs(x) @ ops.swapaxes(x, -1, -2),
        lambda x: ops.concatenate([x[:, ::2, :, :], ops.cast(x[:, 1::2] > 0, "float32")]),
        lambda x: (1 - ops.std(x, axis=-1, keepdims=True)) / 2.0,
        lambda x: x * np.arange(3, dtype="float32") - np.array([[[1.5, 2.5, -3]]], "float32"),
        lambda x: keras.applications.resnet50.preprocess_input(x),
        lambda x: keras.applications.mobilenet_v2.preprocess_input(x),
        lambda x: layers.Dense(4, activation=layers.LeakyReLU(0.1))(x),
        lambda x: layers.Conv2D(4, 3, activation=layers.ReLU(6.0))(x),
        lambda x: layers.Dropout(0.2, noise_shape=(None, 1, 1, 1))(x),
        lambda x: x,
        lambda x: layers.Softmax(axis=(1, 2))(x),
        lambda x: layers.Rescaling([1.0, 2.0, 3.0], [0.0, 1.0, 0.0])(x),
    ],
)
def test_operators_keep_their_arguments(
    function: Callable[[Any], Any], ending: str, tmp_path: Path
) -> None:
    picture = keras.Input((6, 6, 3))
    model = keras.Model(picture, function(picture))
    assert assert_same(model, PICTURES, tmp_path / f"model{ending}").remarks == []


@pytest.mark.parametrize(
    ("layer", "samples"),
    [
        (layers.Bidirectional(layers.LSTM(3), merge_mode=None), STEPS),
        (layers.Bidirectional(layers.GRU(3, return_state=True), merge_mode=None), STEPS),
        (layers.Bidirectional(layers.ConvLSTM2D(2, 2)), VIDEOS),
    ],
)
def test_both_directions(layer: Any, samples: Any, tmp_path: Path) -> None:
    sequence = keras.Input(samples.shape[1:])
    model = keras.Model(sequence, layer(sequence))
    assert assert_same(model, samples, tmp_path / "model.keras").remarks == []


def test_another_layer_backwards_is_kept_unread(tmp_path: Path) -> None:
    sequence = keras.Input((5, 3))
    backward = layers.GRU(3, go_backwards=True)
    model = keras.Model(
        sequence, layers.Bidirectional(layers.LSTM(3), backward_layer=backward)(sequence)
    )
    model.save(tmp_path / "model.keras")
    (remark,) = import_model(tmp_path / "model.keras").remarks
    assert remark.opaque and "backward_layer" in str(remark.message)


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (layers.TimeDistributed(keras.Sequential([layers.Masking()])), "Sequential"),
        (lambda x: x + RANDOM.normal(size=(5, 3)).astype("float32"), "Add"),
        (lambda x: x / np.array([1.0, 0.0, 2.0], "float32"), "an array"),
    ],
)
def test_what_no_drawing_holds_is_kept_unread(function: Any, named: str, tmp_path: Path) -> None:
    sequence = keras.Input((5, 3))
    keras.Model(sequence, function(sequence)).save(tmp_path / "model.keras")
    (remark,) = import_model(tmp_path / "model.keras").remarks
    assert remark.opaque and named in str(remark.message)


def test_masks_of_h5_files_are_found_again(tmp_path: Path) -> None:
    tokens = keras.Input((None,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=True)(tokens)
    model = keras.Model(tokens, layers.Bidirectional(layers.LSTM(3))(x))
    assert assert_same(model, TOKENS, tmp_path / "model.h5").remarks == []


@ENDINGS
def test_a_tensor_given_twice_is_given_twice(ending: str, tmp_path: Path) -> None:
    row = keras.Input((2,))
    y = layers.Dense(2)(row)
    assert_same(keras.Model(row, [y, y, row]), ROWS, tmp_path / f"model{ending}")


@ENDINGS
def test_an_input_that_nothing_takes_is_told(ending: str, tmp_path: Path) -> None:
    row, idle = keras.Input((2,)), keras.Input((3,), name="idle")
    model = keras.Model([row, idle], layers.Dense(2)(row))
    found, _ = imported(model, tmp_path / f"model{ending}")
    (remark,) = found.remarks
    assert remark.node == "idle" and "idle" in str(remark.message)


@ENDINGS
def test_named_inputs_and_outputs_stand_in_the_order_of_keras(ending: str, tmp_path: Path) -> None:
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    y = layers.Dense(3, name="y")(layers.Concatenate()([b, a]))
    outputs = {"two": layers.Dense(1, name="z")(y), "one": layers.ReLU()(y)}
    model = keras.Model({"b": b, "a": a}, outputs)
    found, ours = imported(model, tmp_path / f"model{ending}")
    first, second = (str(remark.message) for remark in found.remarks)
    assert first.endswith("a, b.") and second.endswith("one, two.")
    theirs = model.predict({"a": ROWS, "b": ROWS * 2}, verbose=0)
    own = ours.predict([ROWS, ROWS * 2], verbose=0)
    np.testing.assert_array_equal(own[0], theirs["one"])
    np.testing.assert_array_equal(own[1], theirs["two"])


def test_a_model_in_a_model_takes_its_inputs_by_name(tmp_path: Path) -> None:
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    inner = keras.Model({"b": b, "a": a}, layers.Subtract()([b, a]))
    row = keras.Input((2,))
    model = keras.Model(row, layers.ReLU()(inner({"b": row * 3.0, "a": row})))
    assert_same(model, ROWS, tmp_path / "model.keras")


def decoder() -> keras.Model:
    code = keras.Input((2,))
    x = layers.Dense(3)(code)
    return keras.Model(code, [x, layers.Dense(1)(x)], name="decoder")


@ENDINGS
def test_a_model_in_a_model_gives_the_outputs(ending: str, tmp_path: Path) -> None:
    row = keras.Input((2,))
    inner = decoder()
    first, second = inner(layers.Dense(2)(row)), inner(row)
    model = keras.Model(row, [second[1], first[0], layers.ReLU()(first[1])])
    assert assert_same(model, ROWS, tmp_path / f"model{ending}").remarks == []


def test_keras_2_counts_the_first_call_of_a_model_too(tmp_path: Path) -> None:
    """Keras 2 counts the call that a functional model begins with wherever it names tensors."""

    def layer(kind: str, name: str, config: Any, *taken: Any) -> dict[str, Any]:
        nodes = [[list(tensor) for tensor in taken]] if taken else []
        return {
            "class_name": kind,
            "name": name,
            "config": {"name": name, **config},
            "inbound_nodes": nodes,
        }

    def entry(name: str) -> dict[str, Any]:
        return layer("InputLayer", name, {"batch_input_shape": [None, 2], "dtype": "float32"})

    inner = {
        "layers": [entry("code"), layer("Dense", "wide", {"units": 3}, ["code", 0, 0, {}])],
        "input_layers": [["code", 0, 0]],
        "output_layers": [["wide", 0, 0]],
    }
    outer = {
        "name": "outer",
        "layers": [
            entry("row"),
            layer("Functional", "inner", inner, ["row", 0, 0, {}]),
            layer("Dense", "last", {"units": 4}, ["inner", 1, 0, {}]),
        ],
        "input_layers": [["row", 0, 0]],
        "output_layers": [["last", 0, 0], ["inner", 1, 0]],
    }
    path = tmp_path / "model.json"
    path.write_text(
        json.dumps({"class_name": "Functional", "keras_version": "2.9.0", "config": outer})
    )
    found = import_model(path)
    assert found.remarks == []
    assert build_model(found.document.network).output_shape == [(None, 4), (None, 3)]


def words() -> Any:
    return keras.Input((1,), dtype="string")


def looked_up(**given: Any) -> tuple[keras.Model, Any]:
    layer, word = layers.StringLookup(**given), words()
    layer.adapt(["red", "green", "red", "blue 蓝"])
    return keras.Model(word, layer(word)), tf.constant([["red"], ["blue 蓝"], ["?"], ["green"]])


def vectorized(**given: Any) -> tuple[keras.Model, Any]:
    layer, word = layers.TextVectorization(**given), words()
    layer.adapt(["a red thing", "green\nthing", "红 色"])
    return keras.Model(word, layer(word)), tf.constant([["a red thing"], ["红"], ["new green"]])


def numbered(**given: Any) -> tuple[keras.Model, Any]:
    layer, number = layers.IntegerLookup(**given), keras.Input((1,), dtype="int64")
    layer.adapt(np.array([1, 5, 5, 900]))
    return keras.Model(number, layer(number)), np.array([[1], [5], [900], [7]])


@pytest.mark.parametrize(
    ("make", "given"),
    [
        (looked_up, {}),
        (looked_up, {"output_mode": "tf_idf"}),
        (looked_up, {"output_mode": "tf_idf", "max_tokens": 10, "pad_to_max_tokens": True}),
        (looked_up, {"mask_token": ""}),
        (looked_up, {"num_oov_indices": 3}),
        (looked_up, {"output_mode": "multi_hot", "mask_token": "red"}),
        (vectorized, {"output_sequence_length": 4}),
        (vectorized, {"output_mode": "tf_idf"}),
        (vectorized, {"output_mode": "count", "ngrams": 2}),
        (numbered, {}),
        (numbered, {"output_mode": "one_hot", "num_oov_indices": 2}),
        (numbered, {"mask_token": 0}),
    ],
)
def test_vocabularies_of_the_data_come_with_the_file(
    make: Callable[..., tuple[keras.Model, Any]], given: dict[str, Any], tmp_path: Path
) -> None:
    model, samples = make(**given)
    assert assert_same(model, samples, tmp_path / "model.keras").remarks == []


def test_a_vocabulary_in_a_model_in_a_model(tmp_path: Path) -> None:
    inner, samples = looked_up()
    word = words()
    assert assert_same(keras.Model(word, inner(word)), samples, tmp_path / "m.keras").remarks == []


def test_a_vocabulary_that_the_file_has_lost_is_told(tmp_path: Path) -> None:
    model, _ = looked_up()
    model.save(tmp_path / "model.h5")
    (remark,) = import_model(tmp_path / "model.h5").remarks
    assert "vocabulary" in str(remark.message)


@ENDINGS
def test_bins_of_the_data_come_with_the_file(ending: str, tmp_path: Path) -> None:
    layer, row = layers.Discretization(num_bins=4), keras.Input((2,))
    layer.adapt(RANDOM.random((100, 2)))
    model = keras.Model(row, layer(row))
    assert assert_same(model, ROWS, tmp_path / f"model{ending}").remarks == []


@ENDINGS
@pytest.mark.parametrize(
    "attend",
    [
        lambda x, mask: layers.MultiHeadAttention(2, 3)(x, x, attention_mask=mask),
        lambda x, mask: layers.MultiHeadAttention(2, 3)(x, x, key=x * 2, attention_mask=mask),
        lambda x, mask: layers.MultiHeadAttention(2, 3)(
            query=x, attention_mask=mask, value=x, key=x * 2
        ),
        lambda x, mask: layers.GroupQueryAttention(4, 2, 1)(x, x, attention_mask=mask),
    ],
)
def test_attention_masks_come_by_a_wire(attend: Any, ending: str, tmp_path: Path) -> None:
    sequence, allowed = keras.Input((5, 5)), keras.Input((5, 5), dtype="bool")
    model = keras.Model([sequence, allowed], attend(sequence, allowed))
    steps = RANDOM.normal(size=(2, 5, 5)).astype("float32")
    samples = [steps, np.tril(np.ones((2, 5, 5), bool))]
    found = assert_same(model, samples, tmp_path / f"model{ending}")
    assert found.remarks == []
    theirs = model.predict([steps, np.ones((2, 5, 5), bool)], verbose=0)
    assert np.abs(theirs - model.predict(samples, verbose=0)).max() > 1e-3


def test_masks_of_single_tensors_are_told(tmp_path: Path) -> None:
    sequence, counts = keras.Input((5, 3)), keras.Input((5,), dtype="bool")
    seen = layers.MultiHeadAttention(2, 3)(sequence, sequence, value_mask=counts)
    keras.Model([sequence, counts], seen).save(tmp_path / "model.keras")
    told = [str(remark.message) for remark in import_model(tmp_path / "model.keras").remarks]
    assert any("value_mask = a tensor" in sentence for sentence in told)


@ENDINGS
@pytest.mark.parametrize(
    "compute",
    [
        lambda x: (x - np.array([1, 2, 3], "float32")) / np.array([1, 2, 4], "float32"),
        lambda x: keras.applications.densenet.preprocess_input(x),
    ],
)
def test_numbers_for_each_channel_divide(compute: Any, ending: str, tmp_path: Path) -> None:
    picture = keras.Input((6, 6, 3))
    model = keras.Model(picture, compute(picture * 1.0))
    _, ours = imported(model, tmp_path / f"model{ending}")
    np.testing.assert_allclose(
        ours.predict(PICTURES, verbose=0), model.predict(PICTURES, verbose=0), rtol=1e-5
    )


@ENDINGS
def test_an_embedding_that_begins_with_vectors_has_them(ending: str, tmp_path: Path) -> None:
    tokens = keras.Input((4,), dtype="int32")
    vectors = RANDOM.normal(size=(9, 3)).astype("float32")
    embedding = layers.Embedding(
        9, 3, embeddings_initializer=keras.initializers.Constant(vectors), trainable=False
    )
    model = keras.Model(tokens, layers.GlobalMaxPooling1D()(embedding(tokens)))
    found = assert_same(model, TOKENS, tmp_path / f"model{ending}")
    (remark,) = found.remarks
    assert "embeddings_initializer is an array" in str(remark.message)
    assert len(str(remark.message)) < 200


@ENDINGS
def test_frozen_layers_without_weights_say_nothing(ending: str, tmp_path: Path) -> None:
    row = keras.Input((2,))
    model = keras.Model(row, layers.ReLU()(layers.Dense(3)(row)))
    model.trainable = False
    found = assert_same(model, ROWS, tmp_path / f"model{ending}")
    assert found.remarks == []


def test_steps_that_are_zeros_where_masked_are_told(tmp_path: Path) -> None:
    tokens = keras.Input((4,), dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=True)(tokens)
    x = layers.LSTM(3, return_sequences=True, zero_output_for_mask=True)(x)
    keras.Model(tokens, x).save(tmp_path / "model.keras")
    (remark,) = import_model(tmp_path / "model.keras").remarks
    assert "zero_output_for_mask = True" in str(remark.message)


@ENDINGS
def test_a_call_that_tells_something_else_is_kept_unread(ending: str, tmp_path: Path) -> None:
    tokens = keras.Input((4,), dtype="int32")
    embedding = layers.ReversibleEmbedding(9, 4)
    model = keras.Model(tokens, embedding(embedding(tokens), reverse=True))
    model.save(tmp_path / f"model{ending}")
    found = import_model(tmp_path / f"model{ending}")
    (remark,) = found.remarks
    assert remark.opaque and "told something else here" in str(remark.message)
    first, again = list(found.document.network.nodes.values())[1:3]
    assert first.params["input_dim"] == 9 and not again.shares
