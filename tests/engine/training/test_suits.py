"""What does not suit each other is said before training, in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from engine.graph.document import Recipe
from engine.training import OutputInfo, RecipeProblem, TaskInfo, problems

TEN = TaskInfo(task="classes", classes=10)
TWO = TaskInfo(task="classes", classes=2)
VALUE = TaskInfo(task="values")
PAIR = TaskInfo(task="values", target_shape=(2,))


def output(*shape: int | None, activation: str | None = None) -> OutputInfo:
    return OutputInfo(node="dense", name="dense", shape=shape, activation=activation)


def found(
    loss: str, info: TaskInfo | None, *outputs: OutputInfo, metrics: Any = ()
) -> list[RecipeProblem]:
    return problems(Recipe(loss=loss, metrics=metrics), info, outputs)


SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
BINARY, SQUARED = "binary_crossentropy", "mean_squared_error"


@pytest.mark.parametrize(
    ("loss", "info", "last"),
    [
        (SPARSE, TEN, output(10, activation="softmax")),
        (ONE_HOT, TEN, output(10, activation="softmax")),
        (BINARY, TWO, output(1, activation="sigmoid")),
        (BINARY, TEN, output(10, activation="sigmoid")),
        (SQUARED, VALUE, output(1, activation="linear")),
        (SQUARED, PAIR, output(2, activation="linear")),
        (SQUARED, VALUE, output(1, activation=None)),
        (SPARSE, TEN, output(None)),
    ],
)
def test_what_suits_is_left_in_peace(loss: str, info: TaskInfo, last: OutputInfo) -> None:
    assert found(loss, info, last) == []


@pytest.mark.parametrize(
    ("loss", "info", "last", "codes"),
    [
        (SPARSE, TEN, output(7, activation="softmax"), ["units-and-classes"]),
        (ONE_HOT, TEN, output(12, activation="softmax"), ["units-and-classes"]),
        (ONE_HOT, TEN, output(1, activation="linear"), ["units-and-classes", "output-activation"]),
        (BINARY, TEN, output(1, activation="sigmoid"), ["units-and-classes"]),
        (SPARSE, VALUE, output(1), ["loss-wants-classes"]),
        (SQUARED, VALUE, output(3), ["units-and-values"]),
        (SQUARED, PAIR, output(1), ["units-and-values"]),
        (SPARSE, TEN, output(7, 7, 10), ["output-rank"]),
        (BINARY, TWO, output(1, activation="softmax"), ["softmax-of-one"]),
        ("nonsense", TEN, output(10), ["unknown-loss"]),
    ],
)
def test_errors(loss: str, info: TaskInfo, last: OutputInfo, codes: list[str]) -> None:
    problems = found(loss, info, last)
    assert [problem.code for problem in problems] == codes
    assert problems[0].severity == "error"


def test_the_sentence_names_the_numbers_and_the_fix() -> None:
    problem = found(SPARSE, TEN, output(7, activation="softmax"))[0]
    assert problem.node == "dense"
    assert str(problem.message) == (
        "The data has 10 classes (labels 0–9), but output “dense” has 7 units: set its units to 10."
    )


@pytest.mark.parametrize(
    ("loss", "info", "last", "code"),
    [
        (SPARSE, TEN, output(12, activation="softmax"), "spare-units"),
        (SPARSE, TEN, output(10, activation="relu"), "output-activation"),
        (SPARSE, TEN, output(10, activation="linear"), "output-activation"),
        (SQUARED, TEN, output(10), "loss-wants-values"),
    ],
)
def test_warnings_do_not_prevent_training(
    loss: str, info: TaskInfo, last: OutputInfo, code: str
) -> None:
    assert [(p.code, p.severity) for p in found(loss, info, last)] == [(code, "warning")]


def test_metrics_must_suit_the_loss() -> None:
    last = output(10, activation="softmax")
    assert found(SPARSE, TEN, last, metrics=("accuracy",)) == []
    wrong = found(SPARSE, TEN, last, metrics=("mean_absolute_error", "nonsense"))
    assert [(problem.code, problem.field) for problem in wrong] == [("metric", "metrics")] * 2
    assert found(SQUARED, VALUE, output(1), metrics=("r2_score",)) == []
    assert found(SQUARED, VALUE, output(1), metrics=("accuracy",))[0].code == "metric"
    on_classes = found(SQUARED, TEN, output(10), metrics=("accuracy",))
    assert [problem.code for problem in on_classes] == ["loss-wants-values"]


def test_without_data_only_what_needs_none_is_said() -> None:
    assert found(SPARSE, None, output(7, activation="softmax")) == []
    assert found(BINARY, None, output(1, activation="softmax"))[0].code == "softmax-of-one"


def test_every_output_is_looked_at_and_errors_come_first() -> None:
    outputs = [output(12, activation="softmax"), output(7, activation="softmax")]
    assert [problem.code for problem in found(SPARSE, TEN, *outputs)] == [
        "units-and-classes",
        "spare-units",
    ]
