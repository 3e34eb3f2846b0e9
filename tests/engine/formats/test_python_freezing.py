"""Attributes that a script sets, layers that it freezes, and what it is told of its models."""

from __future__ import annotations

import pytest
from helpers.scripts import messages

from engine.formats.python_reading.reading import read_python
from engine.formats.python_reading.things import Reading

START = "import keras\nfrom keras import layers\n"
ROW = f"{START}model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])\n"
NESTED = (
    f"{START}base = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(5)],"
    " name='base')\n"
)


def trained(reading: Reading) -> list[bool]:
    return [
        call.layer.params.get("trainable", True)
        for call in reading.calls
        if call.used and call.layer.kind == "Dense"
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"{ROW}model.layers[0].trainable = False", [False, True]),
        (f"{ROW}model.layers[-1].trainable = False", [True, False]),
        (f"{ROW}for n, l in enumerate(model.layers):\n    l.trainable = n > 0", [False, True]),
        (f"{ROW}model.get_layer(index=1).trainable = False", [True, False]),
        (
            f"{NESTED}model = keras.Sequential([base, layers.Dense(2)])\n"
            "model.layers[0].trainable = False",
            [False, False, True],
        ),
        (
            f"{NESTED}x = keras.Input((4,))\nmodel = keras.Model(x, layers.Dense(2)(base(x)))\n"
            "model.layers[1].trainable = False",
            [False, False, True],
        ),
        (
            f"{NESTED}x = keras.Input((4,))\nmodel = keras.Model(x, layers.Dense(2)(base(x)))\n"
            "model.get_layer('base').trainable = False",
            [False, False, True],
        ),
    ],
)
def test_the_layer_that_is_meant_is_frozen(script: str, expected: list[bool]) -> None:
    reading = read_python(f"{script}\n")
    assert messages(reading) == []
    assert trained(reading) == expected


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("d.units = 5", "Dense: “units” is not carried over."),
        ("d.activation = keras.activations.relu", "Dense: “activation” is not carried over."),
        ("d.trainable = compute()", "Dense: “trainable” is not carried over."),
        ("o.learning_rate = 3", "Adam: “learning_rate” is not carried over."),
    ],
)
def test_attributes_that_are_set_are_told(line: str, told: str) -> None:
    script = f"{START}o = keras.optimizers.Adam()\nd = layers.Dense(3)\n{line}\n"
    assert told in messages(read_python(f"{script}y = d(keras.Input((4,)))\n"))


def test_a_model_in_a_model_has_no_layers_that_nothing_takes() -> None:
    script = f"{NESTED}x = keras.Input((4,))\nmodel = keras.Model(x, base(x))\n"
    assert messages(read_python(script)) == []
    script = f"{NESTED}model = keras.Sequential([keras.Input((4,)), base, layers.Dense(1)])\n"
    assert messages(read_python(script)) == []


def test_a_script_of_classes_names_them() -> None:
    script = (
        f"{START}class Stop(keras.callbacks.Callback):\n    pass\n"
        "class Net(keras.Model):\n    def call(self, x):\n        return x\n"
        "model = Net()\nmodel.compile('adam', 'mse')\n"
    )
    error = read_python(script).error
    assert error is not None
    assert error.line == 5
    assert "“Net”" in str(error.message)
    assert "--run" in str(error.message)
