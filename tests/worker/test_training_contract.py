"""Every declared optimizer, loss and metric against the installed Keras."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import numpy as np
import pytest

from engine.training import LOSSES, METRICS, OPTIMIZERS, LossSpec, MetricSpec, OptimizerSpec

ALL_OPTIMIZERS = pytest.mark.parametrize("spec", OPTIMIZERS, ids=lambda spec: spec.key)
ALL_LOSSES = pytest.mark.parametrize("spec", LOSSES, ids=lambda spec: spec.key)
ALL_METRICS = pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.key)


def keras_defaults(spec: type[OptimizerSpec]) -> dict[str, Any]:
    parameters = inspect.signature(getattr(keras.optimizers, spec.keras)).parameters
    return {
        name: parameter.default
        for name, parameter in parameters.items()
        if name != "name" and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }


@ALL_OPTIMIZERS
def test_arguments_and_defaults_are_those_of_keras(spec: type[OptimizerSpec]) -> None:
    assert spec.defaults() == keras_defaults(spec)


@ALL_OPTIMIZERS
def test_keras_knows_the_optimizer_by_the_same_key(spec: type[OptimizerSpec]) -> None:
    made = spec.make(keras, {"learning_rate": 0.5})
    assert type(keras.optimizers.get(spec.key)) is type(made)
    assert float(made.learning_rate) == 0.5


@ALL_OPTIMIZERS
def test_what_we_refuse_keras_refuses(spec: type[OptimizerSpec]) -> None:
    both = {"clipnorm": 1.0, "clipvalue": 0.5}
    assert spec.check(both)
    with pytest.raises(ValueError):
        spec.make(keras, both)


def targets_for(spec: type[LossSpec]) -> tuple[int, Any]:
    """Return a number of units and targets that suit a loss."""
    if spec.target == "labels":
        return 3, np.array([0, 2, 1, 1])
    if spec.target == "one_hot":
        return 3, np.eye(3, dtype="float32")[[0, 2, 1, 1]]
    if spec.target == "binary":
        return 1, np.array([[0.0], [1.0], [1.0], [0.0]], "float32")
    return 2, np.array([[0.5, 1], [2, 1], [0.1, 0.2], [3, 4]], "float32")


@ALL_LOSSES
def test_a_loss_trains_and_survives_h5(spec: type[LossSpec], tmp_path: Any) -> None:
    units, targets = targets_for(spec)
    activation = spec.activations[0] if spec.activations else None
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(units, activation=activation)(inputs))
    metrics = [key.make(keras) for key in METRICS if spec.target in key.targets]
    model.compile(optimizer="sgd", loss=spec.make(keras), metrics=metrics, jit_compile=False)
    x = np.linspace(0, 1, 12, dtype="float32").reshape(4, 3)
    history = model.fit(x, targets, verbose=0).history
    assert np.isfinite(history["loss"][0])
    names = {key.key for key in METRICS if spec.target in key.targets}
    assert names <= set(history)
    model.save(tmp_path / "model.h5")
    again = keras.models.load_model(tmp_path / "model.h5")
    assert again.evaluate(x, targets, verbose=0, return_dict=True)["loss"] == pytest.approx(
        model.evaluate(x, targets, verbose=0, return_dict=True)["loss"]
    )


@ALL_METRICS
def test_a_metric_is_named_by_its_key_every_time(spec: type[MetricSpec]) -> None:
    for _ in range(2):
        made = spec.make(keras)
        assert (made if isinstance(made, str) else made.name) == spec.key
    assert keras.metrics.get(spec.key) is not None
