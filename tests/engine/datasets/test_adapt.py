"""Data is fitted to a network, or the sentence says how to change the network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import Dataset, fit_inputs, fit_targets, split_validation
from engine.datasets.split import split
from engine.errors import DataProblem


def samples(*shape: int) -> Any:
    return np.arange(2 * np.prod(shape), dtype=np.float32).reshape(2, *shape)


@pytest.mark.parametrize(
    ("sample", "wanted", "fitted"),
    [
        ((28, 28, 1), (28, 28, 1), (28, 28, 1)),
        ((28, 28, 1), (784,), (784,)),
        ((28, 28, 1), (28, 28), (28, 28)),
        ((784,), (28, 28, 1), (28, 28, 1)),
        ((28, 28, 1), (None, None, 1), (28, 28, 1)),
        ((28, 28, 1), (None, 28), (28, 28)),
        ((28, 28, 1), (None,), (784,)),
        ((10,), (None, 1), (10, 1)),
        ((4,), (4,), (4,)),
    ],
)
def test_samples_take_the_shape_of_the_input(
    sample: tuple[int, ...], wanted: tuple[int | None, ...], fitted: tuple[int, ...]
) -> None:
    x = samples(*sample)
    (got,) = fit_inputs(x, [wanted])
    assert got.shape == (2, *fitted)
    assert np.array_equal(got.ravel(), x.ravel())


@pytest.mark.parametrize(
    ("sample", "wanted", "axes"),
    [
        ((6, 5, 3), (3, 6, 5), (0, 3, 1, 2)),
        ((6, 5, 3), (3, None, None), (0, 3, 1, 2)),
        ((3, 6, 5), (6, 5, 3), (0, 2, 3, 1)),
    ],
)
def test_channels_go_where_the_input_wants_them(
    sample: tuple[int, ...], wanted: tuple[int | None, ...], axes: tuple[int, ...]
) -> None:
    x = samples(*sample)
    (got,) = fit_inputs(x, [wanted])
    assert np.array_equal(got, x.transpose(axes))


@pytest.mark.parametrize(
    ("sample", "wanted"),
    [
        ((8, 8, 1), (28, 28, 1)),
        ((28, 28, 1), (None, 14)),
        ((4,), (5,)),
        ((4,), (2, None, None)),
    ],
)
def test_samples_that_do_not_fit_are_refused(
    sample: tuple[int, ...], wanted: tuple[int | None, ...]
) -> None:
    with pytest.raises(DataProblem):
        fit_inputs(samples(*sample), [wanted])


def test_the_sentence_names_both_shapes_and_the_fix() -> None:
    with pytest.raises(DataProblem) as raised:
        fit_inputs(samples(8, 8, 1), [(28, 28, 1)], ["image"])
    assert str(raised.value) == (
        "“image” takes samples of 28×28×1, but this data has samples of 8×8×1: set the Input's "
        "shape to 8, 8, 1."
    )


def test_every_input_gets_the_samples() -> None:
    first, second = fit_inputs(samples(8, 8, 1), [(8, 8, 1), (64,)])
    assert first.shape == (2, 8, 8, 1) and second.shape == (2, 64)


def dataset(y: Any, classes: int = 0) -> Dataset:
    y = np.asarray(y, np.int64 if classes else np.float32)
    x = np.zeros((len(y), 1), np.float32)
    return Dataset(
        x_train=x,
        y_train=y,
        x_test=x[:0],
        y_test=y[:0],
        task="classes" if classes else "values",
        title="Mine",
        class_names=tuple(str(label) for label in range(classes)),
    )


def fitted(data: Dataset, target: str, *units: int) -> list[Any]:
    outputs = [(f"out{number}", (count,)) for number, count in enumerate(units)]
    return fit_targets(data, data.y_train, target, outputs)


def test_targets_take_the_form_of_the_loss() -> None:
    three = dataset([0, 2, 1], classes=3)
    assert fitted(three, "labels", 3)[0].tolist() == [0, 2, 1]
    assert fitted(three, "labels", 9)[0].dtype == np.int64
    assert fitted(three, "one_hot", 3)[0].tolist() == np.eye(3)[[0, 2, 1]].tolist()
    assert fitted(three, "binary", 3)[0].tolist() == np.eye(3)[[0, 2, 1]].tolist()
    assert fitted(three, "values", 1)[0].tolist() == [[0], [2], [1]]
    assert fitted(three, "values", 3)[0].shape == (3, 3)
    two = dataset([0, 1], classes=2)
    assert fitted(two, "binary", 1)[0].tolist() == [[0], [1]]
    assert fitted(two, "binary", 1)[0].dtype == np.float32
    assert fitted(dataset([0.5, 1.5]), "values", 1)[0].tolist() == [[0.5], [1.5]]
    assert fitted(dataset([[1, 2], [3, 4]]), "values", 2)[0].shape == (2, 2)


def test_every_output_gets_the_targets() -> None:
    first, second = fitted(dataset([0, 1], classes=2), "labels", 2, 5)
    assert first.tolist() == second.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("data", "target", "units", "sentence"),
    [
        (
            dataset([0, 9], classes=10),
            "labels",
            7,
            "The data has 10 classes (labels 0–9) but output “out0” has 7 units: "
            "set its units to 10.",
        ),
        (dataset([0, 1], classes=10), "one_hot", 12, "set its units to 10"),
        (dataset([0, 1], classes=10), "binary", 1, "One unit tells two classes apart"),
        (dataset([0, 1], classes=10), "binary", 3, "set its units to 10"),
        (dataset([0.5, 1]), "labels", 1, "has numbers as targets"),
        (dataset([0.5, 1]), "values", 2, "Each sample has 1 target values"),
    ],
)
def test_targets_that_do_not_fit(data: Dataset, target: str, units: int, sentence: str) -> None:
    with pytest.raises(DataProblem) as raised:
        fitted(data, target, units)
    assert sentence in str(raised.value)


@pytest.mark.parametrize("shape", [(7, 7, 3), (None,), ()])
def test_outputs_that_are_no_row(shape: Any) -> None:
    data = dataset([0, 1], classes=2)
    with pytest.raises(DataProblem, match="Flatten"):
        fit_targets(data, data.y_train, "labels", [("out", shape)])


@given(n=st.integers(2, 300), fraction=st.floats(0.01, 0.99), seed=st.integers(0, 2**31 - 1))
def test_a_split_is_a_partition(n: int, fraction: float, seed: int) -> None:
    first, second = split(n, fraction, seed)
    assert sorted([*first, *second]) == list(range(n))
    assert len(first) > 0 and len(second) > 0
    again = split(n, fraction, seed)
    assert np.array_equal(first, again[0])


@given(
    labels=st.lists(st.integers(0, 3), min_size=2, max_size=200),
    fraction=st.floats(0.05, 0.9),
)
def test_a_split_by_class_keeps_the_mixture(labels: list[int], fraction: float) -> None:
    y = np.array(labels)
    first, second = split(len(y), fraction, 0, y)
    assert sorted([*first, *second]) == list(range(len(y)))
    if len(second) > 4:
        for label in set(labels):
            wanted = fraction * np.count_nonzero(y == label)
            assert abs(np.count_nonzero(y[second] == label) - wanted) <= 1


def test_nothing_is_held_back_without_a_validation_split() -> None:
    kept, held = split_validation(10, 0, 0)
    assert len(kept) == 10 and len(held) == 0
    kept, held = split_validation(10, 0.25, 0)
    assert (len(kept), len(held)) in ((8, 2), (7, 3))
    assert [len(part) for part in split_validation(1, 0.5, 0)] == [1, 0]
