"""Scripts of every usual manner are read as networks; what cannot be read is told by its line."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formats.python_reading.reading import read_python
from engine.formats.python_reading.things import Reading
from engine.graph.document import Part
from engine.layers import LAYERS

START = "import keras\nfrom keras import layers\n"
INPUT = f"{START}x = keras.Input(shape=(8, 8, 3))\n"


def read(script: str) -> Reading:
    """Read a script of which everything can be read."""
    reading = read_python(script, {})
    assert [str(remark.message) for remark in reading.remarks] == []
    return reading


def kinds(reading: Reading) -> list[str]:
    return [call.layer.kind for call in reading.calls]


def errors(script: str) -> list[tuple[int, str]]:
    return [
        (remark.line, str(remark.message))
        for remark in read_python(script, {}).remarks
        if remark.severity == "error"
    ]


@pytest.mark.parametrize(
    "script",
    [
        "import keras\nx = keras.Input((4,))\ny = keras.layers.Dense(3)(x)",
        "from keras import layers\nx = layers.Input((4,))\ny = layers.Dense(3)(x)",
        "from keras import Input, layers as L\nx = Input((4,))\ny = L.Dense(3)(x)",
        "import tensorflow as tf\nx = tf.keras.Input((4,))\ny = tf.keras.layers.Dense(3)(x)",
        "from tensorflow import keras\nx = keras.Input((4,))\ny = keras.layers.Dense(3)(x)",
        "import keras as k\nx = k.Input((4,))\ny = k.layers.Dense(3)(x)",
        "import tensorflow.keras.layers as L\nx = L.Input((4,))\ny = L.Dense(3)(x)",
        "from tensorflow.keras.layers import Dense, Input as In\nx = In((4,))\ny = Dense(3)(x)",
        "from keras.layers import *\nx = Input((4,))\ny = Dense(3)(x)",
        "from keras.layers.core import Dense\nfrom keras.layers import Input\n"
        "y = Dense(3)(Input((4,)))",
        "from keras import Sequential, layers\nm = Sequential([layers.Dense(3, input_shape=(4,))])",
        "from keras.models import Sequential\nfrom keras.layers import Dense\nm = Sequential()\n"
        "m.add(Dense(3, input_dim=4))",
        "import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])",
        "import keras\nm = keras.Sequential([keras.layers.InputLayer(input_shape=(4,))])\n"
        "m.add(keras.layers.Dense(3))",
        "import keras\nm = keras.Sequential([keras.layers.Dense(3)])\nm.build((None, 4))",
    ],
)
def test_every_usual_way_to_import_keras(script: str) -> None:
    reading = read(script)
    assert kinds(reading) == ["Input", "Dense"]
    assert [call.layer.params for call in reading.calls] == [{"shape": [4]}, {"units": 3}]
    assert reading.calls[1].sources == [0]


@pytest.mark.parametrize(
    ("code", "kind", "params"),
    [
        ('Conv2D(32, (3, 3), 2, "same", activation="relu")', "Conv2D",
         {"strides": 2, "padding": "same", "activation": "relu"}),
        ("Conv2D(16, kernel_size=(3, 5))", "Conv2D", {"filters": 16, "kernel_size": [3, 5]}),
        ('Dense(2 * 8 + 1, "tanh")', "Dense", {"units": 17, "activation": "tanh"}),
        ("Dense(4, activation=keras.activations.relu)", "Dense",
         {"units": 4, "activation": "relu"}),
        ("Dense(4, activation=layers.ReLU())", "Dense", {"units": 4, "activation": "relu"}),
        ("Dense(4, kernel_regularizer=keras.regularizers.L2(1e-4))", "Dense",
         {"units": 4, "kernel_regularizer": {"name": "l2", "params": {"l2": 0.0001}}}),
        ("Dense(4, kernel_regularizer=keras.regularizers.l1_l2(0.1, l2=0.2))", "Dense",
         {"units": 4, "kernel_regularizer": {"name": "l1l2", "params": {"l1": 0.1, "l2": 0.2}}}),
        ("Dense(4, kernel_initializer=keras.initializers.HeNormal())", "Dense",
         {"units": 4, "kernel_initializer": "he_normal"}),
        ('Dense(4, kernel_initializer="he_normal")', "Dense",
         {"units": 4, "kernel_initializer": "he_normal"}),
        ("Dense(4, kernel_constraint=keras.constraints.MaxNorm(3))", "Dense",
         {"units": 4, "kernel_constraint": {"name": "max_norm", "params": {"max_value": 3}}}),
        ("LeakyReLU(alpha=0.1)", "LeakyReLU", {"negative_slope": 0.1}),
        ("MaxPooling2D(3, 2)", "MaxPooling2D", {"pool_size": 3, "strides": 2}),
        ("MaxPool2D()", "MaxPooling2D", {}),
        ("Dropout(0.123456789012)", "Dropout", {"rate": 0.123456789012}),
        ("Concatenate(axis=-2)", "Concatenate", {"axis": -2}),
        ("Reshape((-1, 3))", "Reshape", {"target_shape": [-1, 3]}),
        ("GRU(5)", "GRU", {"units": 5}),
        ("Bidirectional(layers.LSTM(5, return_sequences=True))", "Bidirectional",
         {"layer": {"layer": "LSTM", "params": {"units": 5, "return_sequences": True}}}),
        ('Convolution2D(8, 3, 5, border_mode="same", subsample=(2, 2))', "Conv2D",
         {"filters": 8, "kernel_size": [3, 5], "strides": [2, 2], "padding": "same"}),
    ],
)  # fmt: skip
def test_arguments_become_parameters_of_the_catalog(
    code: str, kind: str, params: dict[str, Any]
) -> None:
    call = read(f"{INPUT}y = layers.{code}(x)\n").calls[-1]
    assert (call.layer.kind, call.layer.params) == (kind, params)


def test_loops_functions_and_arithmetic_are_unrolled() -> None:
    reading = read(
        f"{INPUT}"
        "def block(x, filters, *, pool=True, **more):\n"
        "    for _ in range(2):\n"
        "        x = layers.Conv2D(filters, 3, padding='same', **more)(x)\n"
        "    return layers.MaxPooling2D()(x) if pool else x\n"
        "sizes = [2 ** power for power in range(3, 5)]\n"
        "for number, size in enumerate(sizes):\n"
        "    x = block(x, size, pool=number == 0, activation='relu')\n"
        "heads = [layers.Dense(n, name=f'head_{n}')(x) for n in (1, 2)]\n"
        "model = keras.Model(x, heads)\n"
    )
    names = ["Input", "Conv2D", "Conv2D", "MaxPooling2D", "Conv2D", "Conv2D", "Dense", "Dense"]
    assert kinds(reading) == names
    assert [call.layer.params.get("filters", 32) for call in reading.calls[4:6]] == [16, 16]
    assert [call.layer.name for call in reading.calls[6:]] == ["head_1", "head_2"]
    assert reading.calls[7].sources == [5]


def test_operators_between_tensors_are_layers() -> None:
    reading = read(f"{INPUT}y = layers.ReLU()(x)\nz = x + y\nw = x - y\nz = z * w\nz += x\n")
    assert kinds(reading) == ["Input", "ReLU", "Add", "Subtract", "Multiply", "Add"]
    assert [call.sources for call in reading.calls[2:]] == [[0, 1], [0, 1], [2, 3], [4, 0]]


def test_the_end_of_a_loop_and_arguments_that_need_not_be_given_are_followed() -> None:
    reading = read(
        f"{INPUT}units = 0\nwhile units < 3:\n    units += 1\n"
        "else:\n    x = layers.Dense(units)(x)\n"
        "wide = lambda x, n=4, *, name=f'n{units}': layers.Dense(n, name=name)(x)\n"
        "y = wide(x)\nz = wide(y, name='z')\n"
        "for n in sorted([6, 7, 5], key=None, reverse=True):\n    z = layers.Dense(n)(z)\n"
    )
    assert [call.layer.params["units"] for call in reading.calls[1:]] == [3, 4, 4, 7, 6, 5]
    assert [call.layer.name for call in reading.calls[2:4]] == ["n3", "z"]


def test_functions_of_layers_are_layers() -> None:
    reading = read(
        f"{INPUT}y = keras.activations.relu(x)\nz = layers.add([x, y])\n"
        "w = layers.concatenate([x, z], axis=1)\n"
    )
    assert kinds(reading) == ["Input", "Activation", "Add", "Concatenate"]
    assert reading.calls[3].layer.params == {"axis": 1}


def test_a_layer_that_is_called_twice_is_one_layer() -> None:
    reading = read(f"{INPUT}twin = layers.Dense(3)\na = twin(x)\nb = twin(a)\n")
    assert reading.calls[1].layer is reading.calls[2].layer


def test_models_in_models_lie_in_blocks_and_share_their_layers() -> None:
    reading = read(
        f"{START}inner = keras.Sequential([layers.Dense(3), layers.ReLU()], name='inner')\n"
        "a, b = keras.Input((4,)), keras.Input((4,))\n"
        "out = layers.Add()([inner(a), inner(b)])\n"
        "model = keras.Model([a, b], out)\n"
    )
    assert kinds(reading) == ["Input", "Input", "Dense", "ReLU", "Dense", "ReLU", "Add"]
    assert [call.block for call in reading.calls[2:6]] == [("inner",)] * 2 + [("inner_2",)] * 2
    assert reading.calls[2].layer is reading.calls[4].layer
    assert reading.calls[6].sources == [3, 5]


def test_a_model_for_each_step_lies_in_a_block_of_layers_for_each_step() -> None:
    reading = read(
        f"{START}inner = keras.Sequential([layers.Dense(3), layers.Flatten()], name='inner')\n"
        "a, b = keras.Input((5, 4)), keras.Input((5, 4))\n"
        "each = layers.TimeDistributed(inner, name='each')\n"
        "out = layers.Add()([each(a),\n    layers.TimeDistributed(layer=inner)(b)])\n"
        "model = keras.Model([a, b], out)\n"
    )
    assert kinds(reading) == ["Input", "Input", *["TimeDistributed"] * 4, "Add"]
    held = [call.layer.params["layer"]["layer"] for call in reading.calls[2:6]]
    assert held == ["Dense", "Flatten"] * 2
    assert [call.block for call in reading.calls[2:6]] == [("each",)] * 2 + [("inner",)] * 2
    assert reading.calls[2].layer is reading.calls[4].layer
    # A line that calls a model means its layers, and so does the one that makes them.
    assert [call.lines[0] for call in reading.calls[2:6]] == [6, 6, 7, 7]
    assert [call.layer.lines[0] for call in reading.calls[2:6]] == [3] * 4


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("keras.Sequential([layers.Masking(), layers.LSTM(2)])", "“Masking” cannot be applied"),
        ("keras.Sequential([layers.Embedding(9, 4, mask_zero=True)])", "“Embedding” cannot"),
        ("keras.Sequential([layers.Lambda(lambda t: t * 2)])", "“Lambda” cannot be applied"),
        ("keras.Model(x, layers.Dot(1)([x, layers.Dense(3)(x)]))", "“Dot” cannot be applied"),
        ("keras.Model(x, [x, layers.Dense(3)(x)])", "one input and one output"),
        ("layers.Lambda(lambda t: t * 2)", "Lambda cannot be held by another layer"),
    ],
)
def test_what_steps_make_a_difference_to_is_refused(model: str, words: str) -> None:
    script = (
        f"{INPUT}inner = {model}\ny = layers.TimeDistributed(inner)(keras.Input((5, 8, 8, 3)))\n"
    )
    (found,) = errors(script)
    assert found[0] == 5 and words in found[1]


def test_layers_for_each_step_and_as_they_are_cannot_share_weights() -> None:
    script = (
        f"{INPUT}inner = keras.Sequential([layers.Dense(3)])\n"
        "y = layers.Add()([layers.TimeDistributed(inner)(x), inner(x)])\n"
        "model = keras.Model(x, y)\n"
    )
    ((line, words),) = errors(script)
    assert line == 4 and "“Dense” is applied to each step and also" in words


def test_the_model_that_is_compiled_is_meant() -> None:
    reading = read(
        f"{INPUT}h = layers.Dense(3)(x)\ny = layers.Dense(1)(h)\n"
        "model = keras.Model(x, y, name='whole')\nfeatures = keras.Model(x, h)\n"
        "model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss='mse',"
        " metrics=['mae'])\n"
        "model.fit(data, targets, 16, epochs=7, validation_split=0.25)\nmodel.summary()\n"
    )
    assert (reading.name, list(reading.outputs)) == ("whole", [2])
    assert reading.recipe == {
        "optimizer": Part("sgd", {"learning_rate": 0.1, "momentum": 0.9}),
        "loss": "mean_squared_error",
        "metrics": ("mean_absolute_error",),
        "batch_size": 16,
        "epochs": 7,
        "validation_split": 0.25,
        "shuffle": True,
    }


@pytest.mark.parametrize(
    ("loss", "key"),
    [
        ("'sparse_categorical_crossentropy'", "sparse_categorical_crossentropy"),
        ("keras.losses.BinaryCrossentropy()", "binary_crossentropy"),
        ("keras.losses.KLDivergence()", "kl_divergence"),
        ("keras.losses.mean_absolute_error", "mean_absolute_error"),
        ("{'a': 'mse', 'b': 'mse'}", "mean_squared_error"),
    ],
)
def test_losses_are_known_by_all_their_names(loss: str, key: str) -> None:
    script = f"{INPUT}model = keras.Model(x, layers.Dense(1)(x))\nmodel.compile(loss={loss})\n"
    assert read(script).recipe["loss"] == key


def test_what_a_training_is_told_only_when_the_script_runs_is_left_out() -> None:
    script = (
        f"{INPUT}import argparse\nargs = argparse.parse()\n"
        "model = keras.Model(x, layers.Dense(1)(x))\n"
        "model.compile(keras.optimizers.Adam(args.rate, beta_1=0.8), 'mse')\n"
        "model.fit(data, epochs=args.epochs, batch_size=8)\n"
    )
    reading = read_python(script, {})
    unknown = "“argparse.parse” is called only when the script runs."
    assert [(remark.line, remark.severity, str(remark.message)) for remark in reading.remarks] == [
        (7, "ignored", f"Adam: learning_rate is not known: {unknown}"),
        (8, "ignored", f"fit: epochs is not known: {unknown}"),
    ]
    assert reading.recipe["optimizer"] == Part("adam", {"beta_1": 0.8})
    assert reading.recipe["batch_size"] == 8 and "epochs" not in reading.recipe


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("y = layers.Dense(units)(x)", "“units” is not defined"),
        ("y = layers.Dens(3)(x)", "does not know the layer “Dens”"),
        ("y = layers.Dense(3, unit=4)(x)", "no parameter “unit”"),
        ("y = layers.Dense(3, name=4)(x)", "must be a text"),
        ("y = layers.Dense(-3)(x)", "≥ 1; -3 is not"),
        ("y = layers.Dense(3, activation='relo')(x)", "“relo” is not"),
        ("y = layers.Dense(3)(layers.Dense(4))", "not a layer: call"),
        ("y = layers.Dense(3)([x, x])", "takes 1 tensors; 2"),
        ("y = layers.Dense(2 ** 10 ** 10)(x)", "too large"),
        ("y = layers.Dense((x + 1).shape[-1])(x)", "shape of a tensor"),
        ("y = x / [1, 2]", "write a layer"),
        ("y = x + n", "“n” is not defined"),
        ("y = x << 2", "does not belong in a formula"),
        ("y = 0 < x < 1", "two tensors at a time"),
        ("y = x[:, 0.5]", "numbers and ranges"),
        ("y = x[n]", "“n” is not defined"),
        ("y = keras.ops.fft2(x)", "no layer"),
        ("y = keras.ops.mean(x, axes=1)", "no parameter “axes”"),
        ("y = keras.ops.reshape(x)", "reshape needs “newshape”"),
        ("y = keras.ops.mean(x, axis=1.5)", "1.5"),
        ("a, b, c = keras.ops.split(x, 2)", "2 tensors here; the line takes 3"),
        ("y = Own()(x)", "class of the script's own"),
        ("y = layers.Lambda(lambda t: t.numpy())(x)", "What this Lambda computes"),
        ("y = layers.Lambda(lambda t, u: t)(x)", "other arguments"),
        ("y = layers.Dense(3", "no Python"),
        ("y = layers.Dropout(0.5, None, 1, 2)(x)", "argument 4"),
        ("y = layers.Dense(4, kernel_regularizer=keras.regularizers.L3())(x)", "“L3”"),
        ("a, b = layers.Dense(3)(x)", "one tensor"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(line: str, words: str) -> None:
    own = "class Own(layers.Layer):\n    pass\n" if "Own" in line else "\n\n"
    found = errors(f"{INPUT}{own}{line}\n")
    assert [number for number, _ in found] == [6]
    assert words in found[0][1]


def test_an_error_is_told_once_and_not_again_where_it_leads() -> None:
    script = f"{INPUT}x = layers.Dense(n)(x)\nx = layers.ReLU()(x)\nm = keras.Model(x, x)\n"
    assert [line for line, _ in errors(script)] == [4]


def test_an_error_in_a_function_stands_on_its_line_there() -> None:
    script = f"{INPUT}def f(x):\n    return layers.Dense(n)(x)\ny = f(x)\nz = f(y)\n"
    assert [line for line, _ in errors(script)] == [5]


def test_two_layers_of_one_name_are_told() -> None:
    script = f"{INPUT}a = layers.ReLU(name='a')(x)\nb = layers.ReLU(name='a')(a)\n"
    assert errors(script) == [(5, "Another layer is already called “a”.")]


def test_what_is_no_part_of_the_network_is_left_out() -> None:
    reading = read_python(
        "import numpy as np\nfrom sklearn import datasets\nimport keras\n"
        "data = datasets.load_iris()\nx_train = np.array(data.data)[:, 0] / 255\n"
        "if data.ok:\n    n = 4\nelse:\n    n = 5\n"
        "for row in data:\n    print(row)\n"
        "with open('a') as file:\n    text = file.read()\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
        "history = model.fit(x_train, epochs=3)\nprint(history.history['loss'])\n",
        {},
    )
    assert reading.error is None
    assert [remark.line for remark in reading.remarks] == [6, 10]
    assert kinds(reading) == ["Input", "Dense"]
    assert reading.recipe["epochs"] == 3


def test_a_condition_that_is_not_known_is_told_where_it_matters() -> None:
    script = f"{INPUT}import os\nif os.name == 'nt':\n    n = 4\nelse:\n    n = 5\n"
    found = errors(f"{script}y = layers.Dense(n)(x)\n")
    assert len(found) == 1
    assert "line 5" in found[0][1]


UNCLEAR = f"{INPUT}import os\nlist_of = [x]\nsome = {{}}\n"


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        # Another network where the condition holds.
        (
            "def f(x):\n    if os.name:\n        return layers.ReLU()(x)\n    return x\n"
            "y = layers.Dense(3)(f(x))",
            8,
            "what is returned here",
        ),
        (
            "def f(x, y):\n    if os.name:\n        return x\n    return y\n"
            "y = layers.Dense(3)(f(x, x))",
            8,
            "what is returned here",
        ),
        (
            "def f(x):\n    for name in os.environ:\n        if name: return x\n"
            "y = layers.Dense(f(5))(x)",
            10,
            "it depends on line 8",
        ),
        (
            "m = keras.Sequential([x])\nif os.name:\n    m.add(os.layer)",
            8,
            "these layers are part",
        ),
        (
            "if os.name:\n    list_of.append(x)\ny = layers.Concatenate()(list_of)",
            9,
            "it depends on line 7",
        ),
        (
            "if os.name:\n    some['units'] = 5\ny = layers.Dense(some.get('units', 3))(x)",
            9,
            "it depends on line 7",
        ),
        (
            "for n in range(3):\n    if os.name:\n        break\n    x = layers.Dense(3)(x)",
            8,
            "these layers are part",
        ),
        (
            "from keras.layers import *\nif os.name:\n    Dense(3)(x)",
            8,
            "these layers are part",
        ),
        (
            "if os.name:\n    os.remove('a')\n    os.environ['A'] = 'b'\n"
            "y = layers.Dense(os.units)(x)",
            10,
            "units is nothing that can be read",
        ),
        (
            "n = 0\nfor _ in range(3):\n    if os.name:\n        continue\n    n += 1\n"
            "y = layers.Dense(n)(x)",
            12,
            "it depends on line 9",
        ),
    ],
)
def test_what_is_done_on_a_condition_that_is_not_known_is_no_silent_network(
    lines: str, line: int, words: str
) -> None:
    found = errors(f"{UNCLEAR}{lines}\n")
    assert found[0][0] == line and words in found[0][1]


def test_what_is_drawn_where_a_function_may_have_ended_before_is_told() -> None:
    script = (
        f"{UNCLEAR}def make(x):\n    if os.name:\n        y = 5\n        return None\n"
        "    if os.sep:\n        return\n    return keras.Model(x, layers.ReLU()(x))\n"
        "def count():\n    if os.name:\n        return 5\n    return 6\n"
        "model = make(x)\nn = count()\n"
    )
    reading = read_python(script, {})
    assert kinds(reading) == ["Input", "ReLU"]
    told = [(remark.line, remark.severity) for remark in reading.remarks]
    assert told == [(8, "error"), (11, "ignored"), (15, "ignored")]


def test_layers_that_nothing_takes_are_told_and_left_out() -> None:
    script = f"{INPUT}y = layers.ReLU()(x)\nz = layers.ReLU()(y)\nmodel = keras.Model(x, y)\n"
    reading = read_python(script, {})
    assert [call.used for call in reading.calls] == [True, True, False]
    assert [(remark.line, remark.severity) for remark in reading.remarks] == [(5, "ignored")]


HOSTILE = {
    "brackets": "(" * 5000,
    "lists": f"x = {'[' * 90}{']' * 90}",
    "signs": "-" * 15_000 + "1",
    "sum": "x = " + "+".join(["1"] * 5000),
    "attributes": "import keras\nx = keras" + ".a" * 5000,
    "calls": f"a = {'f(' * 80}{')' * 80}",
    "elif": "a = 1\nif a == 0: pass\n" + "".join(f"elif a == {n}: pass\n" for n in range(2, 900)),
    "while": "while True: pass",
    "long loop": "for i in range(10 ** 12): x = i",
    "loops in loops": "x = [i for i in range(9000) for j in range(9000)]",
    "comprehended range": "x = [i for i in range(-2 ** 62, 2 ** 62)]",
    "unpacked range": f"{INPUT}a, b = range(-2 ** 62, 2 ** 62)\ny = layers.Dense(a)(x)",
    "given range": f"{INPUT}y = layers.Dense(*range(2 ** 62, -2 ** 62, -1))(x)",
    "rounded": f"{INPUT}y = layers.Dense(round(5, -10 ** 12))(x)",
    "no step": f"{INPUT}from keras.datasets import mnist\na, b = mnist.load_data()\n"
    "y = layers.Dense(len(a[0][::0]))(x)",
    "power": "x = 2 ** 10 ** 10",
    "shift": "x = 1 << 10 ** 10",
    "long list": "x = [0] * 10 ** 9",
    "long text": "x = 'a' * 10 ** 9",
    "long sum": "x = sum(range(10 ** 12))",
    "doubled text": "s = 'a'\nfor i in range(60): s = f'{s}{s}'",
    "padded text": "s = '%1000000000d' % 1\nt = '{:1000000000}'.format(1)\nu = f'{1:1000000000}'",
    "doubled list": f"{INPUT}l = [1]\nfor i in range(60): l = [l, l]\n"
    "m = l == l\ny = layers.Dense(l)(x)",
    "model in itself": f"{START}m = keras.Sequential()\nm.add(m)\nm.add(layers.Dense(3))",
    "empty models": f"{START}m = keras.Sequential([keras.Sequential(), layers.Dense(3)])",
    "deep models": f"{START}m = keras.Sequential([layers.Dense(3)])\n"
    "for i in range(5000): m = keras.Sequential([m])",
    "deep steps": f"{INPUT}m = keras.Sequential([layers.Dense(3)])\n"
    "for i in range(5000): m = layers.TimeDistributed(m)\nm(x)",
    "recursion": "def f(x): return f(x)\nf(1)",
    "lambda": "a = lambda: a()\na()",
    "layers": f"{INPUT}while True: x = layers.Dense(3)(x)",
    "grown": f"{INPUT}y = x\nfor i in range(10 ** 9): y = y * 2 + x / 3",
    "long formula": f"{INPUT}y = {' + '.join(['x'] * 3000)}",
    "pieces": f"{INPUT}while True: a = keras.ops.unstack(x, 10_000)",
    "many pieces": f"{INPUT}y = keras.ops.split(x, 10 ** 12)",
    "slices": f"{INPUT}y = x[{', '.join(['0'] * 4000)}]",
    "large numbers": f"{INPUT}y = x * 10 ** 400 + 9 ** 9 ** 9",
    "lambdas": f"{INPUT}f = lambda t: f(t * 2)\ny = layers.Lambda(f)(x)",
    "branches": "def f(x):\n    f(x); f(x); f(x)\nf(1)",
    "long line": "y = '" + "a" * 900_000 + "'",
    "a megabyte": "y = '" + "a" * 1_100_000 + "'",
    "many lines": "x = 1\n" * 200_000,
    "zero byte": "x = 1\0",
    "half a character": "x = '\ud800'",
    "break": "break",
    "nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scripts_get_a_sentence_soon(name: str) -> None:
    start = time.monotonic()
    reading = read_python(HOSTILE[name], {})
    assert reading.error is not None
    assert str(reading.error.message)
    assert time.monotonic() - start < 6


def test_nothing_is_run(tmp_path: Any) -> None:
    target = tmp_path / "written"
    read_python(
        f"import os\nopen({str(target)!r}, 'w').write('x')\n"
        f"os.system('touch {target}')\n__import__('os').mkdir({str(target)!r})\n"
        f"exec(\"open({str(target)!r}, 'w')\")\n"
    )
    assert not target.exists()


WORDS = st.sampled_from(
    [
        *("x", "y", "=", "(", ")", "[", "]", ",", ":", "\n", "\n    ", "+", "*", "**", ".", "3"),
        *("for", "in", "range", "def", "return", "if", "while", "lambda", "import", "keras"),
        *("layers.Dense(3)", "keras.Input((4,))", "keras.Model(x, y)", "model", "None", "'a'"),
    ]
)


@given(st.lists(WORDS, max_size=25))
def test_any_words_are_read_without_harm(words: list[str]) -> None:
    reading = read_python(START + " ".join(words))
    assert reading.calls or reading.error is not None


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(script: str) -> None:
    reading = read_python(script)
    assert reading.calls or reading.error is not None


def test_a_name_that_is_not_defined_is_told_once() -> None:
    reading = read_python(f"{INPUT}y = layers.Dense(n)(x)\nprint(m)\n", {})
    assert [(remark.line, remark.severity) for remark in reading.remarks] == [
        (4, "error"),
        (5, "ignored"),
    ]


def test_only_unknown_layers_of_the_network_are_told() -> None:
    script = f"{INPUT}unused = layers.JaxLayer()\ny = layers.FlaxLayer(0.1)(x)\n"
    reading = read_python(script)
    assert [(remark.line, remark.opaque) for remark in reading.remarks] == [(5, True)]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("keras.backend.set_image_data_format('channels_first')", "error"),
        ("keras.config.set_image_data_format('channels_last')", ""),
        ("keras.mixed_precision.set_global_policy('mixed_float16')", "ignored"),
        ("keras.config.set_dtype_policy(keras.mixed_precision.Policy('float16'))", "ignored"),
        ("keras.config.set_floatx('float64')", "ignored"),
        ("keras.config.set_floatx('float32')", ""),
    ],
)
def test_settings_for_all_layers_are_told(line: str, severity: str) -> None:
    reading = read_python(f"import keras\n{line}\nx = keras.Input((4,))\n", {})
    told = [(remark.line, remark.severity) for remark in reading.remarks if remark.line == 2]
    assert told == ([(2, severity)] if severity else [])


MNIST = (
    "from keras.datasets import mnist\n(x_train, y_train), (x_test, y_test) = mnist.load_data()\n"
)


@pytest.mark.parametrize(
    ("lines", "shape"),
    [
        ("", [28, 28]),
        ("x_train = x_train.reshape(60000, 784).astype('float32') / 255", [784]),
        ("x_train = x_train.reshape((-1, 28 * 28))", [784]),
        ("x_train = x_train.reshape(x_train.shape[0], 28, 28, 1)", [28, 28, 1]),
        ("x_train = x_train.reshape(len(x_train), -1)", [784]),
        ("x_train = np.expand_dims(x_train, -1)\nx_train /= 255.0", [28, 28, 1]),
        ("x_train = x_train[..., np.newaxis]", [28, 28, 1]),
        ("x_train = x_train[:1000, :, :, None]", [28, 28, 1]),
        ("x_train = (x_train - x_train.mean()) / 255", [28, 28]),
        ("x_train = np.array(x_train)[5000:]", [28, 28]),
        ("x_train = keras.utils.to_categorical(y_train, 10)", [10]),
        ("x_train = keras.utils.to_categorical(y_train, dtype='int8', num_classes=10)", [10]),
        ("x_train = keras.utils.to_categorical(x_train[:, :, :1], 5)", [28, 5]),
        ("x_train = keras.utils.pad_sequences(y_train, maxlen=80)", [80]),
        ("x_train = keras.utils.pad_sequences(y_train, value=7, padding='post', maxlen=9)", [9]),
        ("x_train = np.expand_dims(axis=1, a=x_train)", [1, 28, 28]),
        ("x_train = np.reshape(x_train, newshape=(-1, 784))", [784]),
        ("x_train = 1 - x_train / np.float32(255)", [28, 28]),
        ("x_train = x_train[:, :1] * x_train", [28, 28]),
        ("x_train = x_train[..., None] - x_train[0, 0, :3]", [28, 28, 3]),
        ("x_train = x_train - np.mean(x_train, axis=0)", [28, 28]),
        ("x_train = x_train[:, 0] > x_train.max(axis=(1, 2), keepdims=True)", [60000, 28]),
        (
            "from keras import backend as K\nif K.image_data_format() == 'channels_first':\n"
            "    x_train = x_train.reshape(60000, 1, 28, 28)\n"
            "else:\n    x_train = x_train.reshape(60000, 28, 28, 1)",
            [28, 28, 1],
        ),
    ],
)
def test_the_shape_of_an_input_follows_from_the_data(lines: str, shape: list[int]) -> None:
    script = f"import numpy as np\n{START}{MNIST}{lines}\n"
    reading = read(f"{script}x = keras.Input(shape=x_train.shape[1:])\ny = layers.ReLU()(x)\n")
    assert LAYERS.get("Input").complete(reading.calls[0].layer.params)["shape"] == shape


@pytest.mark.parametrize(
    "line",
    [
        "x_train = x_train.reshape(7, 5)",
        "x_train = x_train[0, 0, 0, 0]",
        "x_train = np.load('x.npy')",
        "x_train = x_train.reshape(60000, 784) @ np.ones((784, 5))",
        "x_train = x_train @ x_train[0]",
        "x_train = x_train[..., None] * np.ones(3)",
        "x_train = x_train - x_train[:, :2]",
        "x_train = x_train.clip(np.zeros((9, 1, 1, 1)), 1)",
        "x_train = np.array(x_train, ndmin=4)",
        "x_train = keras.utils.pad_sequences(y_train, value=7)",
        "x_train = x_train.flatten_all()",
    ],
)
def test_data_that_cannot_be_followed_is_told(line: str) -> None:
    script = f"import numpy as np\n{START}{MNIST}{line}\nx = keras.Input(shape=x_train.shape[1:])\n"
    assert errors(f"{script}y = layers.ReLU()(x)\n")


def test_a_course_script_is_read_as_it_stands() -> None:
    script = f"""{START}
{MNIST}num_classes = 10
input_shape = (28, 28, 1)
x_train = x_train.astype("float32") / 255
y_train = keras.utils.to_categorical(y_train, num_classes)
print("x_train shape:", x_train.shape)
print(x_train.shape[0], "train samples")
model = keras.Sequential([
    keras.Input(shape=input_shape),
    layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
    layers.Flatten(),
    layers.Dense(y_train.shape[1], activation="softmax"),
])
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=128, epochs=15, validation_split=0.1)
"""
    reading = read(script)
    assert reading.calls[-1].layer.params["units"] == 10
