"""What is read of a script is what Keras builds when it runs the script."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from engine.formats.project import read_project
from engine.formats.python_reading.opening import import_script
from engine.formats.python_reading.signatures import positional
from engine.layers import LAYERS
from engine.layers.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS
from engine.worker.compile import build_model, compile_model
from main import main

SCRIPTS = {
    "mlp": """
from keras.models import Sequential
from keras.layers import Dense, Dropout
model = Sequential()
model.add(Dense(512, activation='relu', input_shape=(784,)))
model.add(Dropout(0.2))
model.add(Dense(10, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
""",
    "convnet": """
import numpy as np
import keras
from keras import layers
num_classes, input_shape = 10, (28, 28, 1)
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = np.expand_dims(x_train.astype('float32') / 255, -1)
model = keras.Sequential(
    [
        keras.Input(shape=input_shape),
        layers.Conv2D(32, kernel_size=(3, 3), activation='relu'),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(64, kernel_size=(3, 3), activation='relu'),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(num_classes, activation='softmax'),
    ]
)
model.summary()
batch_size, epochs = 128, 15
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs, validation_split=0.1)
score = model.evaluate(x_test, y_test, verbose=0)
print('Test loss:', score[0])
""",
    "vgg": """
import tensorflow as tf
from tensorflow.keras import layers, regularizers
decay = 5e-4
model = tf.keras.models.Sequential(name='vgg')
model.add(tf.keras.Input((32, 32, 3)))
for block, filters in enumerate([16, 32]):
    for number in range(2):
        model.add(layers.Conv2D(filters, (3, 3), padding='same', activation='relu',
                                kernel_regularizer=regularizers.l2(decay),
                                name='block%d_conv%d' % (block + 1, number + 1)))
        model.add(layers.BatchNormalization())
    model.add(layers.MaxPooling2D((2, 2), strides=(2, 2)))
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(10, 'softmax', kernel_initializer=tf.keras.initializers.HeNormal()))
""",
    "resnet": """
from keras import Input, Model
from keras.layers import Conv2D, BatchNormalization, ReLU, Add, GlobalAveragePooling2D, Dense

def conv(x, filters, stride=1, relu=True):
    x = Conv2D(filters, 3, strides=stride, padding='same', use_bias=False)(x)
    x = BatchNormalization(momentum=0.9)(x)
    return ReLU()(x) if relu else x

def residual(x, filters, stride):
    shortcut = x
    y = conv(x, filters, stride)
    y = conv(y, filters, relu=False)
    if stride != 1:
        shortcut = Conv2D(filters, 1, strides=stride)(x)
        shortcut = BatchNormalization()(shortcut)
    return ReLU()(Add()([shortcut, y]))

inputs = Input((32, 32, 3))
x = conv(inputs, 8)
for stage, count in enumerate((1, 2)):
    for i in range(count):
        x = residual(x, 8 * 2 ** stage, 2 if stage > 0 and i == 0 else 1)
x = GlobalAveragePooling2D()(x)
model = Model(inputs=inputs, outputs=Dense(10)(x))
""",
    "lstm": """
import keras
from keras.layers import *
max_features, maxlen = 20000, 80
inputs = Input(shape=(None,), dtype='int32')
x = Embedding(max_features, 128)(inputs)
x = Bidirectional(LSTM(64, return_sequences=True))(x)
x = Bidirectional(LSTM(64))(x)
outputs = Dense(1, activation='sigmoid')(x)
model = keras.Model(inputs, outputs)
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
""",
    "weather": """
import keras
from keras import layers
length, features = 120, 14
inputs = keras.Input(shape=(length, features))
x = layers.GRU(32, recurrent_dropout=0.5, return_sequences=True)(inputs)
x = layers.GRU(32, recurrent_dropout=0.5)(x)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.RMSprop(1e-3), loss='mse', metrics=['mae'])
""",
    "two inputs and outputs": """
import keras
from keras import layers
title = keras.Input(shape=(20,), name='title')
body = keras.Input(shape=(30,), name='body')
tags = keras.Input(shape=(12,), name='tags')
x = layers.concatenate([title, body, tags])
x = layers.Dense(64, activation='relu')(x)
priority = layers.Dense(1, name='priority')(x)
department = layers.Dense(4, name='department')(x)
model = keras.Model(inputs=[title, body, tags], outputs=[priority, department])
""",
    "siamese": """
import keras
from keras import layers
tower = keras.Sequential(
    [layers.Dense(16, activation='relu'), layers.Dense(8)], name='tower')
left, right = keras.Input((10,)), keras.Input((10,))
a, b = tower(left), tower(right)
merged = layers.Dot(axes=1, normalize=True)([a, b])
model = keras.Model([left, right], layers.Dense(1, activation='sigmoid')(merged))
""",
    "shared layers": """
import keras
from keras import layers
embed = layers.Dense(8, activation='tanh')
inputs = [keras.Input(shape=(6,)) for _ in range(3)]
vectors = [embed(each) for each in inputs]
x = layers.Average()(vectors)
x = layers.Multiply()([x, vectors[0]])
model = keras.Model(inputs, layers.Dense(2)(x))
""",
    "autoencoder": """
import keras
from keras import layers
def make_encoder(size):
    inputs = keras.Input(shape=(size,))
    hidden = layers.Dense(32, activation='relu')(inputs)
    return keras.Model(inputs, layers.Dense(4)(hidden), name='encoder')
def make_decoder(size):
    inputs = keras.Input(shape=(4,))
    hidden = layers.Dense(32, activation='relu')(inputs)
    return keras.Model(inputs, layers.Dense(size, activation='sigmoid')(hidden), name='decoder')
encoder, decoder = make_encoder(64), make_decoder(64)
inputs = keras.Input(shape=(64,))
model = keras.Model(inputs, decoder(encoder(inputs)), name='autoencoder')
""",
    "inception": """
import keras
from keras import layers
def inception(x, sizes):
    one, three, five, pool = sizes
    a = layers.Conv2D(one, 1, padding='same', activation='relu')(x)
    b = layers.Conv2D(three[0], 1, padding='same', activation='relu')(x)
    b = layers.Conv2D(three[1], 3, padding='same', activation='relu')(b)
    c = layers.Conv2D(five[0], 1, padding='same', activation='relu')(x)
    c = layers.Conv2D(five[1], 5, padding='same', activation='relu')(c)
    d = layers.MaxPooling2D(3, strides=1, padding='same')(x)
    d = layers.Conv2D(pool, 1, padding='same', activation='relu')(d)
    return layers.Concatenate(axis=-1)([a, b, c, d])
config = {'first': (4, (4, 8), (2, 4), 4), 'second': (8, (4, 8), (2, 4), 4)}
x = inputs = keras.Input((32, 32, 3))
for name, sizes in config.items():
    x = inception(x, sizes)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs=[inputs], outputs=[layers.Dense(10, activation='softmax')(x)])
""",
    "unet": """
import keras
from keras import layers
inputs = keras.Input(shape=(32, 32, 1))
x, skips = inputs, []
filters = [8, 16]
for f in filters:
    x = layers.Conv2D(f, 3, padding='same', activation='relu')(x)
    skips.append(x)
    x = layers.MaxPooling2D()(x)
x = layers.Conv2D(32, 3, padding='same', activation='relu')(x)
for f, skip in zip(reversed(filters), reversed(skips)):
    x = layers.Conv2DTranspose(f, 2, strides=2, padding='same')(x)
    x = layers.concatenate([x, skip], axis=3)
    x = layers.Conv2D(f, 3, padding='same', activation='relu')(x)
outputs = layers.Conv2D(1, 1, activation='sigmoid')(x)
model = keras.Model(inputs, outputs)
""",
    "separable": """
import keras
from keras import layers
model = keras.Sequential([
    layers.Rescaling(1. / 255, input_shape=(32, 32, 3)),
    layers.SeparableConv2D(8, 3, 1, 'same', depth_multiplier=2),
    layers.LeakyReLU(negative_slope=0.1),
    layers.DepthwiseConv2D(3, padding='same'),
    layers.PReLU(shared_axes=[1, 2]),
    layers.LayerNormalization(epsilon=1e-5),
    layers.Reshape((32 * 32, -1)),
    layers.TimeDistributed(layers.Dense(4)),
    layers.Flatten(),
    layers.Dense(2, kernel_regularizer=keras.regularizers.L1L2(1e-5, 1e-4),
                 bias_initializer=keras.initializers.Constant(0.1),
                 kernel_constraint=keras.constraints.max_norm(2.5)),
])
""",
    "seq2seq": """
import keras
from keras.layers import LSTM, Dense, Input
num_encoder_tokens, num_decoder_tokens, latent_dim = 71, 94, 32
encoder_inputs = Input(shape=(None, num_encoder_tokens))
encoder = LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]
decoder_inputs = Input(shape=(None, num_decoder_tokens))
decoder_lstm = LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(num_decoder_tokens, activation='softmax')
decoder_outputs = decoder_dense(decoder_outputs)
model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
""",
    "translation with GRUs": """
import keras
from keras import layers
source = keras.Input(shape=(20,), dtype='int64', name='english')
x = layers.Embedding(500, 16, mask_zero=True)(source)
encoded = layers.Bidirectional(layers.GRU(24), merge_mode='sum')(x)
past = keras.Input(shape=(20,), dtype='int64', name='spanish')
x = layers.Embedding(600, 16, mask_zero=True)(past)
x = layers.GRU(24, return_sequences=True)(x, initial_state=encoded)
x = layers.Dropout(0.5)(x)
model = keras.Model([source, past], layers.Dense(600, activation='softmax')(x))
""",
    "attention with a mask": """
import keras
from keras import layers
steps = keras.Input((5, 8))
allowed = keras.Input((5, 5), dtype='bool')
x = layers.MultiHeadAttention(2, 4)(steps, steps, attention_mask=allowed)
x = layers.MultiHeadAttention(2, 4)(query=x, value=steps, key=x, attention_mask=allowed)
model = keras.Model([steps, allowed], x)
""",
    "transformer": """
import keras
from keras import layers, ops
embed_dim, num_heads, ff_dim, maxlen = 32, 2, 32, 40

def encoder(x, rate=0.1):
    attention = layers.MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim)(x, x)
    attention = layers.Dropout(rate)(attention)
    x = layers.LayerNormalization(epsilon=1e-6)(x + attention)
    hidden = keras.Sequential([layers.Dense(ff_dim, activation='relu'), layers.Dense(embed_dim)])(x)
    hidden = layers.Dropout(rate)(hidden)
    return layers.LayerNormalization(epsilon=1e-6)(x + hidden)

inputs = keras.Input(shape=(maxlen,))
x = layers.Embedding(input_dim=2000, output_dim=embed_dim)(inputs)
x = x * embed_dim ** 0.5
for _ in range(2):
    x = encoder(x)
x = ops.mean(x, axis=1)
x = layers.Dropout(0.1)(x)
outputs = layers.Dense(2, activation='softmax')(x)
model = keras.Model(inputs=inputs, outputs=outputs)
""",
    "variational encoder": """
import keras
from keras import layers, ops
latent_dim = 2
inputs = keras.Input(shape=(28, 28, 1))
noise = keras.Input(shape=(latent_dim,), name='noise')
x = layers.Conv2D(8, 3, activation='relu', strides=2, padding='same')(inputs)
x = layers.Flatten()(x)
z_mean = layers.Dense(latent_dim, name='z_mean')(x)
z_log_var = layers.Dense(latent_dim, name='z_log_var')(x)
z = z_mean + ops.exp(0.5 * z_log_var) * noise
kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=1)
model = keras.Model([inputs, noise], [z, kl], name='encoder')
""",
    "squeeze and excite": """
import keras
from keras import layers, ops
def squeeze_excite(x, channels, ratio=4):
    se = layers.GlobalAveragePooling2D()(x)
    se = layers.Reshape((1, 1, channels))(se)
    se = layers.Dense(channels // ratio, activation='relu', use_bias=False)(se)
    se = layers.Dense(channels, activation='sigmoid', use_bias=False)(se)
    return layers.Multiply()([x, se])
inputs = keras.Input((16, 16, 3))
x = layers.Conv2D(16, 3, padding='same')(inputs)
x = squeeze_excite(x, 16)
average = ops.mean(x, axis=-1, keepdims=True)
highest = ops.max(x, axis=-1, keepdims=True)
mask = layers.Conv2D(1, 7, padding='same', activation='sigmoid')(
    ops.concatenate([average, highest], axis=-1))
x = x * mask
left, right = ops.split(x, 2, axis=-1)
x = ops.stack([left[:, ::2], right[:, 1::2]], axis=1)
x = ops.transpose(x[:, 0], (0, 3, 1, 2))
model = keras.Model(inputs, ops.reshape(x, (-1, 8 * 8 * 16)))
""",
    "outputs on the way": """
import keras
from keras import layers
x = keras.Input((4,))
a, b = keras.ops.split(x, 2, axis=-1)
h = layers.Dense(3, activation='tanh')(b)
o = layers.Dense(2)(h)
model = keras.Model(x, [h, a, b, o, o, x])
""",
    "stacked cells": """
import keras
from keras import layers
inputs = keras.Input((12, 6))
cells = [layers.LSTMCell(8), layers.GRUCell(5)]
x, (h, c), last = layers.RNN(layers.StackedRNNCells(cells), return_state=True)(inputs)
x = layers.Concatenate()([x, h, c, last])
model = keras.Model(inputs, layers.Dense(1)(x))
""",
}


def ran(script: str) -> Any:
    """Run the part of a script that makes its model."""
    lines = [
        line for line in script.splitlines() if not line.startswith(("(x_", "x_train", "print"))
    ]
    kept = [line for line in lines if not line.startswith(("model.fit", "score"))]
    space: dict[str, Any] = {}
    exec(compile("\n".join(kept), "script", "exec"), space)
    return space["model"]


def layers_of(model: Any) -> list[tuple[str, str]]:
    """Return class and arguments of all layers, those in nested models too; names do not count."""
    found: list[tuple[str, str]] = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            inner = layers_of(layer)
            found += [item for item in inner if item[0] != "InputLayer"]
            continue
        found.append((type(layer).__name__, str(sorted(nameless(layer.get_config()).items()))))
    return found


def nameless(value: Any) -> Any:
    if isinstance(value, dict):
        unsaid = ("name", "build_config", "shared_object_id")
        return {key: nameless(item) for key, item in value.items() if key not in unsaid}
    return [nameless(item) for item in value] if isinstance(value, (list, tuple)) else value


def computed(model: Any) -> list[Any]:
    """Return what a model computes with weights and inputs that only their shapes decide."""

    def drawn(shape: tuple[int, ...]) -> Any:
        values = np.random.default_rng(sum(shape)).normal(0, 0.1, shape)
        return values if len(shape) > 1 else np.abs(values)  # No variance is negative.

    for layer in model.layers:
        layer.set_weights([drawn(weights.shape) for weights in layer.get_weights()])
    given = []
    for number, tensor in enumerate(model.inputs):
        shape = (2, *(size or 5 for size in tensor.shape[1:]))
        values = np.random.default_rng(number).integers(0, 2, shape)
        given.append(values.astype(tensor.dtype))
    found = keras.Function(model.inputs, list(model.outputs))(given)
    return [keras.ops.convert_to_numpy(tensor) for tensor in found]


# In Keras's models these operators are no layers, and outputs need no way out of their own.
OPERATORS = ("Add", "Subtract", "Multiply", "Identity")


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_model_read_is_the_model_run(name: str, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(SCRIPTS[name])
    imported = import_script(path)
    assert [str(remark.message) for remark in imported.remarks] == []
    document = imported.document
    ours, theirs = build_model(document.network), ran(SCRIPTS[name])
    inputs = ("InputLayer", "")
    left, right = (
        [
            item if item[0] != "InputLayer" else inputs
            for item in layers_of(model)
            if item[0] not in OPERATORS
        ]
        for model in (ours, theirs)
    )
    if isinstance(theirs, keras.Sequential):
        right.append(inputs)
    assert sorted(left) == sorted(right)
    assert ours.count_params() == theirs.count_params()
    assert [tuple(t.shape) for t in ours.inputs] == [tuple(t.shape) for t in theirs.inputs]
    assert [tuple(t.shape) for t in ours.outputs] == [tuple(t.shape) for t in theirs.outputs]
    for result, wanted in zip(computed(ours), computed(theirs), strict=True):
        assert np.ptp(wanted) > 0
        np.testing.assert_allclose(result, wanted, rtol=1e-4, atol=1e-5)
    if theirs.compiled:
        compile_model(ours, document.recipe)
        ours_config = nameless(ours.optimizer.get_config())
        assert ours_config == nameless(theirs.optimizer.get_config())


STEPWISE = {
    "video": """
import keras
from keras import layers
picture = keras.Input((6, 6, 3))
h = layers.Conv2D(3, 3, padding='same', activation='relu', name='sees')(picture)
h = layers.BatchNormalization()(h)
h = keras.activations.relu(h) + picture
h = layers.Concatenate(axis=3)([h, picture])
frame = keras.Model(picture, layers.GlobalAveragePooling2D()(h), name='frame')
videos = keras.Input((3, 6, 6, 3))
each = layers.TimeDistributed(frame, name='each')
x = layers.LSTM(4)(each(videos))
again = layers.GRU(2)(layers.TimeDistributed(frame)(videos * 2))
model = keras.Model(videos, layers.Dense(2)(layers.Concatenate()([x, again])))
""",
    "text": """
from tensorflow.keras import Sequential, layers
def sentence(words):
    model = Sequential()
    model.add(layers.Embedding(words, 4))
    model.add(layers.Bidirectional(layers.LSTM(3, return_sequences=True)))
    model.add(layers.TimeDistributed(Sequential([layers.Dense(4), layers.ReLU()])))
    model.add(layers.GlobalMaxPooling1D())
    return model
model = Sequential()
model.add(layers.Input((5, 7)))
model.add(layers.TimeDistributed(sentence(50)))
model.add(layers.GRU(3))
model.add(layers.Dense(1, activation='sigmoid'))
""",
    "steps of steps": """
import keras
from keras import layers
row = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.UnitNormalization()])
x = keras.Input((4, 5, 3))
y = layers.TimeDistributed(layers.TimeDistributed(row))(x)
model = keras.Model(x, layers.Flatten()(y))
""",
}


@pytest.mark.parametrize("name", STEPWISE)
def test_models_for_each_step_compute_what_keras_computes(name: str, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(STEPWISE[name])
    imported = import_script(path)
    assert [str(remark.message) for remark in imported.remarks] == []
    ours, theirs = build_model(imported.document.network), ran(STEPWISE[name])
    assert ours.count_params() == theirs.count_params()
    for result, wanted in zip(computed(ours), computed(theirs), strict=True):
        assert np.ptp(wanted) > 0
        np.testing.assert_allclose(result, wanted, rtol=1e-4, atol=1e-5)


def parameters_of(kind: Any) -> list[str]:
    """Return what a class of Keras takes without names."""
    given = inspect.signature(kind.__init__).parameters.values()
    plain = [item.name for item in given if item.kind is item.POSITIONAL_OR_KEYWORD]
    return [name for name in plain if name != "self"]


CLASSES = [spec.key for spec in LAYERS if not (spec.function or spec.foreign)]


@pytest.mark.parametrize("key", sorted({*CLASSES} - {"Input", "PickOutput"}))
def test_arguments_without_names_have_keras_order(key: str) -> None:
    kind = LAYERS.get(key).keras_name()
    names = positional(kind, key)
    assert names == tuple(parameters_of(getattr(keras.layers, kind))[: len(names)])


@pytest.mark.parametrize(
    ("module", "registry"),
    [
        (keras.initializers, INITIALIZERS),
        (keras.regularizers, REGULARIZERS),
        (keras.constraints, CONSTRAINTS),
    ],
    ids=["initializers", "regularizers", "constraints"],
)
def test_objects_without_names_have_keras_order(module: Any, registry: Any) -> None:
    for spec in registry:
        taken = parameters_of(getattr(module, spec.keras))
        ours = tuple(spec.fields)
        assert ours == tuple(taken[: len(ours)]), spec.key


def test_the_command_imports_a_script(tmp_path: Path, capsys: Any) -> None:
    path, target = tmp_path / "script.py", tmp_path / "net.netloom"
    path.write_text(SCRIPTS["convnet"])
    assert main(["import", str(path), "--to", str(target), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["layer"] for row in report["layers"]][:2] == ["Input", "Conv2D"]
    assert read_project(target).recipe.epochs == 15
    path.write_text(SCRIPTS["convnet"].replace("num_classes, activation", "classes, activation"))
    assert main(["import", str(path), "--to", str(target)]) == 1
    assert "“classes” is not defined" in capsys.readouterr().err
