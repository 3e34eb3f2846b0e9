"""A NumPy file of the user's own: what is taken, and what is said of the rest."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.datasets import DATASETS, Dataset
from engine.errors import DataProblem


def arrays(**changed: Any) -> dict[str, Any]:
    """Return four arrays that are right, some replaced; None leaves one out."""
    right = {
        "x_train": np.zeros((6, 4, 4), np.uint8),
        "y_train": np.array([0, 1, 2, 0, 1, 2]),
        "x_test": np.zeros((3, 4, 4), np.uint8),
        "y_test": np.array([0, 1, 2]),
    }
    return {key: value for key, value in {**right, **changed}.items() if value is not None}


def save(folder: Path, **changed: Any) -> Path:
    path = folder / "mine.npz"
    np.savez(path, **arrays(**changed))
    return path


def load(path: Path) -> Dataset:
    return DATASETS.get("npz").load({"path": str(path)})


def test_bytes_become_images_from_0_to_1(tmp_path: Path) -> None:
    images = np.full((6, 4, 4), 51, np.uint8)
    data = load(save(tmp_path, x_train=images))
    assert data.x_train.shape == (6, 4, 4, 1)
    assert data.x_train.dtype == np.float32
    assert np.allclose(data.x_train, 0.2)
    assert data.class_names == ("0", "1", "2")


def test_colored_images_and_tables_keep_their_shape(tmp_path: Path) -> None:
    colored = {key: np.zeros((n, 4, 4, 3), np.uint8) for key, n in (("x_train", 6), ("x_test", 3))}
    assert load(save(tmp_path, **colored)).sample_shape == (4, 4, 3)
    table = {key: np.full((n, 5), 7.5) for key, n in (("x_train", 6), ("x_test", 3))}
    data = load(save(tmp_path, **table))
    assert data.sample_shape == (5,) and data.x_train[0, 0] == 7.5
    column = {key: np.arange(n) for key, n in (("x_train", 6), ("x_test", 3))}
    assert load(save(tmp_path, **column)).sample_shape == (1,)


def test_sequences_of_numbers_get_no_channel(tmp_path: Path) -> None:
    series = {key: np.ones((n, 10, 2)) for key, n in (("x_train", 6), ("x_test", 3))}
    assert load(save(tmp_path, **series)).sample_shape == (10, 2)


def test_numbers_with_a_point_are_values(tmp_path: Path) -> None:
    data = load(save(tmp_path, y_train=np.linspace(0, 1, 6), y_test=np.array([[0.5]] * 3)))
    assert data.task == "values" and data.target_shape == ()
    assert data.y_train.dtype == np.float32 and data.class_names == ()
    pairs = {"y_train": np.ones((6, 2)) / 3, "y_test": np.ones((3, 2)) / 3}
    assert load(save(tmp_path, **pairs)).target_shape == (2,)


@pytest.mark.parametrize("kind", ["uint8", "float32", "bool"])
def test_one_hot_rows_become_labels(tmp_path: Path, kind: str) -> None:
    rows = np.eye(3, dtype=kind)[[0, 1, 2, 0, 1, 2]]
    data = load(save(tmp_path, y_train=rows, y_test=rows[:3]))
    assert data.y_train.tolist() == [0, 1, 2, 0, 1, 2]
    assert data.y_train.dtype == np.int64


def test_the_number_of_classes_comes_from_both_parts(tmp_path: Path) -> None:
    assert load(save(tmp_path, y_test=np.array([0, 1, 5]))).classes == 6


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"y_test": None, "labels": np.zeros(3)}, "lacks y_test; it holds labels, x_test"),
    ({"x_train": np.zeros((5, 4, 4), np.uint8)}, "5 samples and y_train 6 targets"),
    ({"x_test": np.zeros((3, 5, 5), np.uint8)}, "4×4×1 and those of x_test 5×5×1"),
    ({"x_train": np.array(["a"] * 6)}, "x_train in “mine.npz” holds text"),
    ({"x_train": np.zeros((6, 4, 4), complex)}, "holds complex128, not numbers"),
    ({"x_train": np.zeros((0, 4, 4)), "y_train": np.zeros(0, int)}, "is empty"),
    ({"x_train": np.float32(3)}, "is empty"),
    ({"x_train": np.full((6, 4, 4), np.nan)}, "96 values that are missing"),
    ({"x_train": np.full((6, 4, 4), 1e300)}, "infinite"),
    ({"y_train": np.array([0, 1, 2, 0, 1, -1])}, "has the label -1"),
    ({"y_train": np.array([0, 1, 2, 0, 1, 20000])}, "save them as float32"),
    ({"y_train": np.array([[1, 2]] * 6), "y_test": np.array([[1, 2]] * 3)}, "one-hot"),
    ({"y_train": np.zeros((6, 2, 2))}, "6×2×2"),
    ({"y_train": np.zeros((6, 2))}, "differ in shape"),
    ({"y_test": np.array([0.5, np.inf, 1])}, "y_test in “mine.npz” holds 1 values"),
    ({"x_train": np.array([{}] * 6, object)}, "could run programs"),
]


@pytest.mark.parametrize(("changed", "sentence"), WRONG, ids=[text for _, text in WRONG])
def test_wrong_arrays_are_named(tmp_path: Path, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataProblem) as raised:
        load(save(tmp_path, **changed))
    assert sentence in str(raised.value)


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="Choose an"):
        DATASETS.get("npz").load({})
    with pytest.raises(DataProblem, match="does not exist"):
        load(tmp_path / "none.npz")
    with pytest.raises(DataProblem, match="does not exist"):
        load(tmp_path)
    (tmp_path / "text.npz").write_text("no zip at all")
    with pytest.raises(DataProblem, match="damaged or of another kind"):
        load(tmp_path / "text.npz")
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(DataProblem, match="damaged or of another kind"):
        load(tmp_path / "one.npy")


def header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    """Return the header of an array, without the array."""
    file = io.BytesIO()
    content = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [((10**12, 28, 28), "do not fit into memory"), ((1000, 28, 28), "damaged")],
)
def test_declared_shapes_are_not_believed(
    tmp_path: Path, shape: tuple[int, ...], sentence: str
) -> None:
    path = save(tmp_path, x_train=None)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", header(shape))
    with pytest.raises(DataProblem, match=sentence):
        load(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(start=st.integers(0, 3000), noise=st.binary(min_size=1, max_size=60), cut=st.booleans())
def test_damage_is_one_sentence_or_none(
    tmp_path: Path, start: int, noise: bytes, cut: bool
) -> None:
    content = bytearray(save(tmp_path).read_bytes())
    content[start : start + len(noise)] = noise
    path = tmp_path / "damaged.npz"
    path.write_bytes(content[: start + len(noise)] if cut else content)
    try:
        data = load(path)
    except DataProblem as problem:
        assert 10 < len(str(problem)) < 300
    else:
        assert len(data.x_train) == len(data.y_train)


SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)
KINDS = st.sampled_from(["u1", "i8", "f4", "f8", "?", "S3", "U2", "c8", "M8[s]", "f2", "O"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    shapes=st.tuples(SHAPES, SHAPES, SHAPES, SHAPES), kinds=st.tuples(KINDS, KINDS, KINDS, KINDS)
)
def test_any_arrays_load_right_or_are_refused_in_a_sentence(
    tmp_path: Path, shapes: tuple[Any, ...], kinds: tuple[str, ...]
) -> None:
    keys = ("x_train", "y_train", "x_test", "y_test")
    made = {
        key: np.zeros(shape, kind) for key, shape, kind in zip(keys, shapes, kinds, strict=True)
    }
    try:
        data = load(save(tmp_path, **made))
    except DataProblem as problem:
        assert str(problem)
    else:
        assert data.x_train.dtype == np.float32 and data.x_train.ndim >= 2
        assert data.y_train.dtype == (np.int64 if data.task == "classes" else np.float32)
        assert len(data.x_train) == len(data.y_train) > 0
        assert data.sample_shape == data.x_test.shape[1:]
