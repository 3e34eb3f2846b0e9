"""What a script says of its training counts, or is told as it is of files."""

from __future__ import annotations

import pytest

from engine.formats.python_reading.reading import read_python
from engine.formats.python_reading.things import Reading

START = (
    "import keras\nfrom keras import layers\n"
    "x = keras.Input((4,))\nmodel = keras.Model(x, layers.Dense(3)(x))\n"
)


def told(reading: Reading) -> list[str]:
    assert all(remark.severity == "ignored" for remark in reading.remarks)
    return [str(remark.message) for remark in reading.remarks]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("'adam', 'mse', loss_weights=[0.5, 2]", "weighs the losses of its outputs (0.5, 2)"),
        ("'adam', 'mse', [0.5], ['mae']", "weighs the losses of its outputs (0.5)"),
        ("'adam', 'mse', weighted_metrics=['mae']", "weighs samples for the metrics"),
        ("'adam', {'a': 'mse', 'b': 'mae'}", "several losses"),
        ("'adam', ['mse', 'mae']", "several losses"),
    ],
)
def test_what_a_recipe_cannot_hold_is_told(arguments: str, words: str) -> None:
    reading = read_python(f"{START}model.compile({arguments})\n")
    assert len(told(reading)) == 1
    assert words in told(reading)[0]
    assert reading.recipe["loss"] == "mean_squared_error"


def test_weighted_metrics_are_watched() -> None:
    reading = read_python(f"{START}model.compile('adam', 'mse', weighted_metrics=['mae'])\n")
    assert reading.recipe["metrics"] == ("mean_absolute_error",)


def test_metrics_may_stand_third_as_in_keras_2() -> None:
    reading = read_python(f"{START}model.compile('adam', 'mse', ['mae'])\n")
    assert told(reading) == []
    assert reading.recipe["metrics"] == ("mean_absolute_error",)


def test_a_loss_that_is_not_known_beside_one_that_is() -> None:
    reading = read_python(f"{START}model.compile('adam', ['mse', 'theirs'])\n")
    assert told(reading) == ["This loss is none that is known here: it is left out."]
    assert reading.recipe["loss"] == "mean_squared_error"


@pytest.mark.parametrize(
    "schedule",
    [
        "ExponentialDecay(0.1, 100, .9)",
        "PiecewiseConstantDecay([100], [0.1, 0.2])",
        "CosineDecay(0.0, 100, warmup_target=0.1)",
        "ExponentialDecay(0.1, int(input()), .9)",
        "PolynomialDecay(initial_learning_rate=0.1, decay_steps=steps)",
    ],
)
def test_a_schedule_gives_its_first_rate(schedule: str) -> None:
    script = f"{START}steps = 5\nrate = keras.optimizers.schedules.{schedule}\n"
    reading = read_python(f"{script}model.compile(keras.optimizers.SGD(rate), 'mse')\n")
    assert len(told(reading)) == 1
    assert "here it stays at 0.1." in told(reading)[0]
    assert reading.recipe["optimizer"].params["learning_rate"] == 0.1


@pytest.mark.parametrize(
    "argument",
    [
        "class_weight={0: 2}",
        "sample_weight=w",
        "steps_per_epoch=7",
        "callbacks=[keras.callbacks.EarlyStopping()]",
        "initial_epoch=3",
    ],
)
def test_what_fit_is_given_besides_is_told(argument: str) -> None:
    script = f"{START}model.compile('adam', 'mse')\nmodel.fit(a, b, epochs=3, {argument})\n"
    reading = read_python(script)
    name = argument.partition("=")[0]
    assert told(reading) == [f"fit: “{name}” is not carried over."]
    assert reading.recipe["epochs"] == 3
    quiet = f"{START}model.fit(a, b, callbacks=[], class_weight=None, verbose=2, initial_epoch=0)\n"
    assert told(read_python(quiet)) == []


def test_inputs_and_outputs_with_names_stand_as_keras_sorts_them() -> None:
    script = (
        "import keras\nfrom keras import layers\na, b = keras.Input((1,)), keras.Input((2,))\n"
        "c, d = layers.Dense(3)(a), layers.Dense(4)(b)\n"
        "model = keras.Model({'zeta': a, 'alpha': b}, {'z': c, 'a': d})\n"
    )
    reading = read_python(script)
    assert (reading.inputs, reading.outputs) == ([1, 0], [3, 2])
    assert told(reading) == [
        "The model takes inputs by name; here they are a list in this order: alpha, zeta.",
        "The model gives outputs by name; here they are a list in this order: a, z.",
    ]
