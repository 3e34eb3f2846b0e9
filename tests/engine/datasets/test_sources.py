"""The contract of the data sources, and what the built-in ones give."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from helpers.real_data import shared_data

from engine.datasets import DATASETS, Dataset, DatasetSpec
from engine.errors import DataProblem

ALL = pytest.mark.parametrize("spec", DATASETS, ids=lambda spec: spec.key)
OFFLINE = ["digits", "iris", "wine", "breast_cancer", "diabetes"]
SIZES = {"digits": 1797, "iris": 150, "wine": 178, "breast_cancer": 569, "diabetes": 442}


@ALL
def test_it_explains_itself(spec: type[DatasetSpec]) -> None:
    assert spec.check({}) == {}
    assert json.loads(json.dumps(spec.defaults())) == spec.defaults()
    assert spec.title and spec.help().endswith(".")
    assert any(not word.isascii() for word in spec.search)
    for field in spec.fields.values():
        assert field.label and field.help.endswith(".")


@ALL
def test_its_code_is_python(spec: type[DatasetSpec]) -> None:
    code = spec.code({})
    compile("\n".join([*code.imports, code.body]), spec.key, "exec")
    assert {"x_train", "y_train", "x_test", "y_test"} <= set(re.findall(r"\w+", code.body))


@pytest.mark.parametrize("key", OFFLINE)
def test_built_in_data_is_ready_for_training(key: str) -> None:
    spec = DATASETS.get(key)
    data = spec.load({})
    assert len(data.x_train) + len(data.x_test) == SIZES[key]
    assert data.x_train.dtype == data.x_test.dtype == np.float32
    assert data.sample_shape == spec.sample_shape == data.x_test.shape[1:]
    assert data.task == spec.task
    assert data.class_names == spec.class_names
    assert np.isfinite(data.x_train).all()
    if data.task == "classes":
        assert data.y_train.dtype == np.int64
        assert set(data.y_train) == set(data.y_test) == set(range(data.classes))
        shares = [np.bincount(y) / len(y) for y in (data.y_train, data.y_test)]
        assert np.abs(shares[0] - shares[1]).max() < 0.02, "the parts have the same mixture"
    else:
        assert data.y_train.dtype == np.float32
    if not spec.picture:
        assert len(data.feature_names) == data.sample_shape[0]


@pytest.mark.parametrize("key", OFFLINE)
def test_the_same_seed_gives_the_same_parts(key: str) -> None:
    first, again, other = (DATASETS.get(key).load({"seed": seed}) for seed in (3, 3, 4))
    assert np.array_equal(first.x_train, again.x_train)
    assert np.array_equal(first.y_test, again.y_test)
    assert not np.array_equal(first.x_test, other.x_test)


@pytest.mark.parametrize("key", ["iris", "wine"])
def test_tables_sorted_by_class_are_mixed(key: str) -> None:
    data = DATASETS.get(key).load({})
    for y in (data.y_train, data.y_test):
        assert np.count_nonzero(np.diff(y)) > len(y) / 3


def test_tables_are_standardized_by_their_training_part() -> None:
    data = DATASETS.get("wine").load({})
    assert np.allclose(data.x_train.mean(axis=0), 0, atol=1e-4)
    assert np.allclose(data.x_train.std(axis=0), 1, atol=1e-4)
    assert not np.allclose(data.x_test.mean(axis=0), 0, atol=1e-4)
    assert DATASETS.get("wine").load({"standardize": False}).x_train.max() > 1000


def test_the_target_of_diabetes_can_be_turned_back() -> None:
    data = DATASETS.get("diabetes").load({})
    raw = DATASETS.get("diabetes").load({"standardize_target": False})
    assert raw.y_train.max() == 346
    assert (raw.target_mean, raw.target_scale) == (0.0, 1.0)
    back = data.y_train * data.target_scale + data.target_mean
    assert np.allclose(back, raw.y_train, atol=1e-3)


def test_digits_grow_to_the_size_of_mnist() -> None:
    spec = DATASETS.get("digits")
    small, large = spec.load({}), spec.load({"size": 28})
    assert large.sample_shape == spec.shape_of({"size": 28}) == (28, 28, 1)
    assert np.array_equal(large.y_train, small.y_train)
    assert large.x_train.min() >= 0 and large.x_train.max() <= 1
    assert np.abs(large.x_train.mean() - small.x_train.mean()) < 0.02
    assert spec.check({"size": 7}) and spec.check({"size": 1000})


class Reachable:
    def keras_dataset(self, name: str) -> Any:
        assert name == "mnist"
        images = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28)
        return (images, np.array([0, 9, 4], np.uint8)), (images[:1], np.array([1], np.uint8))


class Unreachable:
    def keras_dataset(self, name: str) -> Any:
        raise Exception(f"URL fetch failure on {name}")


def test_mnist_comes_from_keras() -> None:
    data = DATASETS.get("mnist").load({}, Reachable())
    assert data.x_train.shape == (3, 28, 28, 1)
    assert data.x_train.max() == 1 and data.x_train.dtype == np.float32
    assert data.y_train.tolist() == [0, 9, 4] and data.y_train.dtype == np.int64


@pytest.mark.parametrize("context", [Unreachable(), None])
def test_mnist_out_of_reach_names_the_other_way(context: Any) -> None:
    with pytest.raises(DataProblem, match=r"\.npz"):
        DATASETS.get("mnist").load({}, context)


@pytest.fixture(scope="module")
def real_digits() -> Dataset:
    return DATASETS.get("npz").load({"path": str(shared_data("mnist-10k.npz"))})


def test_real_digits_from_a_numpy_file(real_digits: Dataset) -> None:
    assert real_digits.x_train.shape == (8500, 28, 28, 1)
    assert real_digits.x_test.shape == (1500, 28, 28, 1)
    assert (real_digits.x_train.min(), real_digits.x_train.max()) == (0, 1)
    assert real_digits.task == "classes"
    assert real_digits.class_names == tuple("0123456789")
    assert real_digits.y_train.dtype == np.int64
    assert real_digits.title == "mnist-10k"
