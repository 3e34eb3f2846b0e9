"""How a model was compiled comes into the recipe, and what does not fit is told."""

from __future__ import annotations

import json
from operator import attrgetter
from pathlib import Path
from typing import Any

import keras
import pytest

from engine.formats.keras_files.compiled import End, recipe_of
from engine.formats.keras_files.drawing import import_model
from engine.graph.document import Part, Recipe
from engine.training import LOSSES, METRICS, OPTIMIZERS
from main import main

ENDINGS = (".keras", ".h5")
CLASSES = {
    "kl_divergence": "KLDivergence",
    "log_cosh": "LogCosh",
} | {
    key: "".join(word.capitalize() for word in key.split("_"))
    for key in map(attrgetter("key"), LOSSES)
    if key not in ("kl_divergence", "log_cosh")
}
anyway = pytest.mark.filterwarnings("ignore:You are saving your model")
both = pytest.mark.parametrize("ending", ENDINGS)


@keras.saving.register_keras_serializable("theirs")
class Adam(keras.optimizers.SGD):
    """Somebody's own optimizer with a name that is known."""


@keras.saving.register_keras_serializable("theirs")
class Own(keras.metrics.Mean):
    """Somebody's own metric, named as one that is known."""


@keras.saving.register_keras_serializable("theirs")
def own_loss(wanted: Any, given: Any) -> Any:
    return keras.ops.mean(wanted - given)


def network(*names: str) -> keras.Model:
    start = keras.Input((4,))
    ends = [keras.layers.Dense(3, name=name)(start) for name in names or ("end",)]
    return keras.Model(start, ends if names else ends[0])


def read(
    tmp_path: Path, ending: str, model: keras.Model, **compiled: Any
) -> tuple[Recipe, list[str]]:
    """Return the recipe and the remarks of a model that Keras has saved."""
    model.compile(**compiled)
    path = tmp_path / f"net{ending}"
    model.save(path)
    imported = import_model(path)
    assert not any(remark.node or remark.opaque for remark in imported.remarks)
    return imported.document.recipe, [str(remark.message) for remark in imported.remarks]


@anyway
@both
def test_what_a_recipe_holds_comes_without_a_word(ending: str, tmp_path: Path) -> None:
    recipe, told = read(
        tmp_path,
        ending,
        network(),
        optimizer=keras.optimizers.SGD(0.3, momentum=0.5, clipnorm=2.0),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=["acc", keras.metrics.AUC(name="mine"), keras.metrics.TopKCategoricalAccuracy()],
    )
    assert told == []
    assert recipe.optimizer == Part("sgd", {"learning_rate": 0.3, "momentum": 0.5, "clipnorm": 2.0})
    assert recipe.loss == "categorical_crossentropy"
    assert recipe.metrics == ("accuracy", "auc", "top_k_categorical_accuracy")


@anyway
@both
def test_without_metrics_there_are_none(ending: str, tmp_path: Path) -> None:
    recipe, told = read(tmp_path, ending, network(), optimizer="adam", loss="mse")
    assert (recipe.loss, recipe.metrics, told) == ("mean_squared_error", (), [])


@anyway
@both
def test_outputs_that_differ(ending: str, tmp_path: Path) -> None:
    recipe, told = read(
        tmp_path,
        ending,
        network("a", "b"),
        optimizer="adam",
        loss=["sparse_categorical_crossentropy", "mse"],
        loss_weights=[1, 0.5],
        metrics=[["accuracy"], ["mae"]],
    )
    assert (recipe.loss, recipe.metrics) == ("sparse_categorical_crossentropy", ("accuracy",))
    assert told == [
        "The file watches other metrics at each output; here all are watched at every output.",
        "The file trains its outputs with several losses (Sparse categorical crossentropy, Mean"
        " squared error); here one is used for all outputs: “Sparse categorical crossentropy”.",
        "The file weighs the losses of its outputs (1, 0.5); here all count the same.",
        "The metric “Mean absolute error” of the file does not suit the loss “Sparse categorical"
        " crossentropy”: it is left out.",
    ]


@anyway
@both
def test_outputs_that_are_named(ending: str, tmp_path: Path) -> None:
    same = {"a": "mae", "b": "mae"}
    given = {"optimizer": "adam", "loss": same, "metrics": {"a": ["mse"], "b": ["mse"]}}
    recipe, told = read(tmp_path, ending, network("a", "b"), **given)
    assert (recipe.loss, recipe.metrics) == ("mean_absolute_error", ("mean_squared_error",))
    assert told == []
    recipe, told = read(tmp_path, ending, network("a", "b"), optimizer="adam", loss={"a": "mae"})
    assert recipe.loss == "mean_absolute_error"
    assert told == [
        "The file trains only 1 of 2 outputs; here all are trained with “Mean absolute error”."
    ]


@anyway
@both
def test_options_without_a_place_are_told(ending: str, tmp_path: Path) -> None:
    recipe, told = read(
        tmp_path,
        ending,
        network(),
        optimizer="adam",
        loss=keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
        metrics=[keras.metrics.AUC(curve="PR")],
        weighted_metrics=[keras.metrics.Recall(thresholds=0.3)],
    )
    assert (recipe.loss, recipe.metrics) == ("binary_crossentropy", ("auc", "recall"))
    without = "in the file, which has no counterpart here: it is used without."
    assert set(told) == {
        f"“Binary crossentropy” has from_logits = True, label_smoothing = 0.1 {without}",
        f"“AUC” has curve = PR {without}",
        f"“Recall” has thresholds = 0.3 {without}",
        "The file weighs samples for the metrics “Recall”; here every sample counts the same.",
    }


@anyway
@both
def test_accuracy_of_several_labels_is_told(ending: str, tmp_path: Path) -> None:
    compiled = {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["binary_accuracy"]}
    recipe, told = read(tmp_path, ending, network(), **compiled)
    assert recipe.metrics == ("accuracy",)
    assert told == [
        "The file counts which units of an output are right (binary_accuracy); here “Accuracy”"
        " counts in how many samples the largest unit is."
    ]
    one = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    assert read(tmp_path, ending, one, **compiled)[1] == []


SCHEDULES = keras.optimizers.schedules


@anyway
@both
@pytest.mark.parametrize(
    ("schedule", "rate"),
    [
        (SCHEDULES.ExponentialDecay(0.1, 10, 0.9), 0.1),
        (SCHEDULES.PiecewiseConstantDecay([5, 9], [0.2, 0.1, 0.05]), 0.2),
        (SCHEDULES.CosineDecay(0.0, 100, warmup_target=0.4, warmup_steps=10), 0.4),
    ],
    ids=lambda item: type(item).__name__,
)
def test_learning_rates_that_change(
    schedule: Any, rate: float, ending: str, tmp_path: Path
) -> None:
    optimizer = keras.optimizers.RMSprop(schedule)
    recipe, told = read(tmp_path, ending, network(), optimizer=optimizer, loss="mse")
    assert recipe.optimizer == Part("rmsprop", {"learning_rate": rate})
    assert told == [
        f"The file changes the learning rate while training ({type(schedule).__name__}); here it"
        f" stays at {rate}."
    ]


@anyway
@both
def test_what_is_not_known_is_named(ending: str, tmp_path: Path) -> None:
    recipe, told = read(
        tmp_path,
        ending,
        network(),
        optimizer=Adam(0.5),
        loss=own_loss,
        metrics=[Own(name="auc"), "mse"],
    )
    # The loss that is used in its place suits the metric, so that nothing is wrong from the start.
    assert recipe == Recipe(loss="mean_squared_error", metrics=("mean_squared_error",))
    assert told == [
        "The optimizer “theirs>Adam” of the file is not known here: “Adam” is used instead.",
        "The metric “theirs>Own” of the file is not known here: it is left out.",
        "The loss “theirs>own_loss” of the file is not known here: “Mean squared error” is used"
        " instead.",
    ]


@anyway
@both
def test_an_optimizer_inside_another(ending: str, tmp_path: Path) -> None:
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.AdamW(0.2))
    recipe, told = read(tmp_path, ending, network(), optimizer=optimizer, loss=None)
    assert recipe.optimizer == Part("adamw", {"learning_rate": 0.2})
    assert told == [
        "The file scales the loss for 16-bit training (LossScaleOptimizer); here it is not scaled.",
        "The file was compiled without a loss: “Sparse categorical crossentropy” is used instead.",
    ]


@pytest.mark.parametrize("key", LOSSES.keys())
def test_every_loss_as_keras_makes_it(key: str) -> None:
    loss = keras.losses.serialize(getattr(keras.losses, CLASSES[key])())
    recipe, remarks = recipe_of({"optimizer": "adam", "loss": loss}, [End()])
    assert (recipe.loss, remarks) == (key, [])


@pytest.mark.parametrize("key", METRICS.keys())
def test_every_metric_as_keras_makes_it(key: str) -> None:
    made = METRICS.get(key).make(keras)
    metric = made if isinstance(made, str) else keras.metrics.serialize(made)
    loss = next(
        (item.key for item in LOSSES if item.target in METRICS.get(key).targets), Recipe().loss
    )
    recipe, remarks = recipe_of({"optimizer": "adam", "loss": loss, "metrics": [metric]}, [End()])
    assert (recipe.metrics, remarks) == ((key,), [])


@pytest.mark.parametrize("key", OPTIMIZERS.keys())
def test_every_optimizer_as_keras_makes_it(key: str) -> None:
    optimizer = keras.optimizers.serialize(OPTIMIZERS.get(key).make(keras, {}))
    recipe, remarks = recipe_of({"optimizer": optimizer, "loss": "mse"}, [End()])
    assert (recipe.optimizer, remarks) == (Part(key), [])


WRAPPED = {"class_name": "MeanMetricWrapper", "config": {"name": "acc", "dtype": "float32"}}
OLD = {
    "Keras 1": {
        "optimizer_config": {
            "class_name": "SGD",
            "config": {"lr": 0.1, "decay": 0.0, "momentum": 0.0, "nesterov": False},
        },
        "loss": "categorical_crossentropy",
        "metrics": ["acc"],
        "sample_weight_mode": None,
        "loss_weights": None,
    },
    "Keras 2": {
        "optimizer_config": {
            "class_name": "SGD",
            "config": {
                "name": "SGD",
                "learning_rate": 0.10000000149011612,
                "decay": 0.0,
                "momentum": 0.0,
                "nesterov": False,
                "is_legacy_optimizer": True,
                "jit_compile": False,
            },
        },
        "loss": {
            "class_name": "CategoricalCrossentropy",
            "config": {
                "reduction": "auto",
                "name": "categorical_crossentropy",
                "from_logits": False,
                "label_smoothing": 0,
                "axis": -1,
            },
        },
        "metrics": [[WRAPPED | {"config": {"name": "acc", "fn": "categorical_accuracy"}}]],
        "weighted_metrics": None,
        "loss_weights": None,
    },
}


@pytest.mark.parametrize("version", OLD)
def test_how_older_versions_wrote_it(version: str) -> None:
    recipe, remarks = recipe_of(OLD[version], [End()])
    assert remarks == []
    assert recipe == Recipe(
        optimizer=Part("sgd", {"learning_rate": 0.1}),
        loss="categorical_crossentropy",
        metrics=("accuracy",),
    )


def test_a_rate_that_sank_in_older_versions_is_told() -> None:
    training = OLD["Keras 1"] | {
        "optimizer_config": {"class_name": "Adam", "config": {"lr": 0.1, "decay": 0.01}}
    }
    _, remarks = recipe_of(training, [End()])
    assert [str(remark.message) for remark in remarks] == [
        "“Adam” has decay = 0.01 in the file, which has no counterpart here: it is used without."
    ]


@pytest.mark.parametrize("rubbish", [5, [], {}, [[5]], {"class_name": 5}, {"config": {"fn": 1}}])
def test_rubbish_is_no_reason_to_fail(rubbish: Any) -> None:
    training = dict.fromkeys(
        ("optimizer", "loss", "metrics", "weighted_metrics", "loss_weights"), rubbish
    )
    recipe, _ = recipe_of(training, [End(), End()])
    assert recipe.metrics == ()


def test_long_lists_are_cut() -> None:
    training = {"optimizer": "adam", "loss": "mse", "loss_weights": [2] * 20}
    _, remarks = recipe_of(training | {"metrics": ["strange"] * 20}, [End()])
    assert [str(remark.message) for remark in remarks] == [
        "The metric “strange” of the file is not known here: it is left out.",
        "The file weighs the losses of its outputs (2, 2, 2, 2, 2, 2, 2, 2 …); here all count the"
        " same.",
    ]


@anyway
def test_the_command_tells_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = network()
    model.compile("adam", "mse", loss_weights=[0.5])
    model.save(tmp_path / "net.keras")
    target = tmp_path / "net.netloom"
    assert main(["import", str(tmp_path / "net.keras"), "--to", str(target), "--json"]) == 0
    report = json.loads(capfd.readouterr().out.strip().splitlines()[-1])
    assert report["remarks"] == [
        {
            "layer": "",
            "message": "The file weighs the losses of its outputs (0.5); here all count the same.",
        }
    ]


@anyway
@both
@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [
        (1, "sigmoid", "binary_crossentropy"),
        (3, None, "mean_squared_error"),
        (3, "softmax", "sparse_categorical_crossentropy"),
    ],
)
def test_a_model_that_was_not_compiled_gets_a_loss_that_suits(
    units: int, activation: str | None, loss: str, ending: str, tmp_path: Path
) -> None:
    start = keras.Input((4,))
    model = keras.Model(start, keras.layers.Dense(units, activation=activation)(start))
    model.save(tmp_path / f"net{ending}")
    found = import_model(tmp_path / f"net{ending}")
    assert found.document.recipe.loss == loss and found.remarks == []
