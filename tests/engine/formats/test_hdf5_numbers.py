"""Statistics, pictures and comparison of data sets agree with NumPy on the whole array."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from helpers.h5_files import hostile, small_model
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.errors import FileProblem
from engine.formats.hdf5 import reading
from engine.formats.hdf5.comparing import apart, compare, gap, summary
from engine.formats.hdf5.pictures import Picture, picture
from engine.formats.hdf5.reading import Place, Stored, Values, blocks
from engine.formats.hdf5.statistics import BINS, Statistics, statistics
from engine.formats.hdf5.tree import Hdf5File
from engine.stopping import Stopped


class Held:
    """Numbers in memory, in chunks or not."""

    def __init__(self, values: Values, chunks: tuple[int, ...] | None = None) -> None:
        self.values, self.chunks = values, chunks
        self.shape, self.itemsize = values.shape, values.itemsize
        self.largest = 0

    def read(self, place: Place) -> Values:
        part = self.values[place]
        self.largest = max(self.largest, part.nbytes)
        return np.asarray(part)


def always(_: float) -> bool:
    return True


def counted(values: Values, chunks: tuple[int, ...] | None = None) -> Statistics:
    return statistics(Held(values, chunks), always)


def drawn(values: Values, **options: Any) -> Picture:
    found = picture(Held(values), always, **options)
    assert found is not None
    return found


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BLOCK", 64)


shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=9)


@given(st.data(), shapes)
def test_blocks_cover_everything_once(data: st.DataObject, shape: tuple[int, ...]) -> None:
    chunks = None
    if shape and data.draw(st.booleans()):
        chunks = tuple(data.draw(st.integers(1, size + 2)) for size in shape)
    held = Held(np.zeros(shape), chunks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK", data.draw(st.sampled_from([1, 64, 500, 10**6])))
        for place in blocks(held):
            held.values[place] += 1
    assert (held.values == 1).all()


def test_blocks_are_small_and_follow_the_chunks() -> None:
    held = Held(np.zeros((1000, 1000, 10), np.float32), (100, 1000, 10))
    for place in blocks(held):
        assert held.read(place).nbytes <= reading.BLOCK
        assert place[0].start % 100 == 0


# --- statistics ------------------------------------------------------------------------------


@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64, np.int32, np.uint8, np.bool_]),
        hnp.array_shapes(min_dims=0, max_dims=3, max_side=12),
    )
)
def test_statistics_are_those_of_numpy(values: Values) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK", 64)
        found = counted(values)
    exact = values.astype(np.float64)
    finite = exact[np.isfinite(exact)]
    assert (found.count, found.finite) == (values.size, finite.size)
    assert found.nans == np.isnan(exact).sum()
    assert found.infinite == np.isinf(exact).sum()
    assert found.zeros == (exact == 0).sum()
    assert int(found.histogram.sum()) == finite.size
    if finite.size and np.abs(finite).max() < 1e100:
        assert (found.low, found.high) == (finite.min(), finite.max())
        width = float(np.abs(finite).max()) or 1.0
        assert found.mean == pytest.approx(finite.mean(), rel=1e-9, abs=1e-9 * width)
        assert found.std == pytest.approx(finite.std(), rel=1e-6, abs=1e-6 * width)


def test_histogram_is_that_of_numpy() -> None:
    values = np.random.default_rng(1).normal(size=5000)
    found = counted(values)
    expected, _ = np.histogram(values, BINS)
    assert abs(found.histogram - expected).max() <= 1  # Values on an edge may round either way.


def test_statistics_of_nothing_finite() -> None:
    found = counted(np.array([np.nan, np.inf, -np.inf]))
    assert (found.finite, found.nans, found.infinite) == (0, 1, 2)
    assert math.isnan(found.low) and math.isnan(found.mean)


def test_large_whole_numbers_stay_exact() -> None:
    found = counted(np.array([2**62 + 1, 3], np.int64))
    assert (found.low, found.high) == (3, 2**62 + 1)


def test_statistics_of_equal_and_of_huge_numbers() -> None:
    assert counted(np.full(5, 0.1)).histogram.sum() == 5
    assert counted(np.array([1e308, -1e308])).histogram.sum() == 2


def test_larger_than_what_is_remembered_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(50, 40))
    expected = counted(values)
    monkeypatch.setattr("engine.formats.hdf5.statistics.REMEMBERED", 100)
    monkeypatch.setattr(reading, "BLOCK", 800)
    again = counted(values)
    assert again.histogram.tolist() == expected.histogram.tolist()
    assert again.std == pytest.approx(expected.std)


@pytest.mark.usefixtures("small_blocks")
def test_reading_stops_when_nobody_waits() -> None:
    told: list[float] = []

    def step(share: float) -> bool:
        told.append(share)
        return len(told) < 3

    with pytest.raises(Stopped):
        statistics(Held(np.zeros(1000)), step)
    assert len(told) == 3
    assert told == sorted(told)


def test_text_has_no_statistics(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["words"] = ["a", "b"]
    with Hdf5File(path) as opened, pytest.raises(FileProblem, match="holds no numbers"):
        Stored(opened.dataset("/words"), "/words")


# --- pictures --------------------------------------------------------------------------------


def test_a_kernel_is_tiles_of_one_input_channel() -> None:
    values = np.random.default_rng(0).normal(size=(3, 5, 4, 8))
    shown = drawn(values, channel=2)
    assert (shown.form, shown.channels, shown.notes) == ("tiles", 4, ())
    assert shown.values.shape == (8, 3, 5)
    np.testing.assert_array_equal(shown.values[6], values[:, :, 2, 6])


def test_many_filters_are_told_to_be_cut() -> None:
    shown = drawn(np.zeros((1, 1, 1, 1000)))
    assert len(shown.values) == 256
    assert [str(note) for note in shown.notes] == ["The first 256 of 1000."]


@pytest.mark.usefixtures("small_blocks")
def test_large_matrices_are_averaged() -> None:
    values = np.random.default_rng(0).normal(size=(1024, 6))
    shown = drawn(values)
    assert (shown.form, shown.values.shape) == ("map", (512, 6))
    np.testing.assert_allclose(shown.values, values.reshape(512, 2, 6).mean(1))
    assert shown.notes


def test_means_leave_out_what_is_not_finite() -> None:
    values = np.ones((1024, 2))
    values[0, 0], values[2:4, 1] = np.nan, np.inf
    shown = drawn(values)
    assert shown.values[0, 0] == 1.0
    assert math.isnan(shown.values[1, 1])


def test_small_matrices_and_vectors_are_shown_as_they_are() -> None:
    matrix = np.random.default_rng(0).normal(size=(7, 9))
    np.testing.assert_array_equal(drawn(matrix).values, matrix)
    vector = drawn(matrix[0])
    assert vector.form == "bars"
    np.testing.assert_array_equal(vector.values, matrix[0])
    assert picture(Held(np.array(3.0)), always) is None


@pytest.mark.parametrize(
    ("shape", "form", "result"),
    [
        ((60, 28, 28), "tiles", (60, 28, 28)),  # Grey pictures.
        ((5, 64, 12), "tiles", (12, 5, 64)),  # The kernel of a 1-D convolution.
        ((90, 32, 32, 3), "photos", (64, 32, 32, 3)),
        ((20, 200, 100, 3), "photos", (20, 96, 96, 3)),
        ((20, 30, 40, 50), "tiles", (30, 40, 50)),
        ((2, 3, 3, 4, 8), "tiles", (8, 3, 3)),
        ((2, 3, 4, 3, 3, 1, 1), "tiles", (1, 3, 3)),
    ],
)
def test_pictures_of_every_rank(shape: tuple[int, ...], form: str, result: tuple[int, ...]) -> None:
    shown = drawn(np.ones(shape, np.float32))
    assert (shown.form, shown.values.shape) == (form, result)
    assert (shown.values == 1).all()


def test_tiles_show_slices_in_their_order() -> None:
    values = np.random.default_rng(0).normal(size=(20, 30, 4, 5))
    np.testing.assert_array_equal(drawn(values).values, np.moveaxis(values[0], 0, 0))


def test_pictures_of_huge_photos_stay_small() -> None:
    held = Held(np.zeros((30, 3000, 3000, 1), np.uint8))
    shown = picture(held, always)
    assert shown is not None
    assert shown.values.shape == (7, 96, 96, 1)
    assert held.largest <= reading.BLOCK


# --- comparison ------------------------------------------------------------------------------


def test_a_file_equals_itself_and_its_copy(tmp_path: Path) -> None:
    path = small_model(tmp_path / "m.h5")
    copy = tmp_path / "copy.h5"
    copy.write_bytes(path.read_bytes())
    with Hdf5File(path) as first, Hdf5File(copy) as second:
        found = compare(first, second, always)
    assert {one.state for one in found} == {"equal"}
    assert [str(part) for part in summary(found)] == ["All 3 data sets are equal."]


def test_differences_are_measured_and_sorted(tmp_path: Path) -> None:
    one, other = tmp_path / "one.h5", tmp_path / "other.h5"
    base = np.array([3.0, 4.0])
    with h5py.File(one, "w") as file:
        file["same"] = file["a/little"] = file["much"] = base
        file["gone"], file["shape"], file["word"] = base, base, "x"
        file["words"], file["kind"] = ["x", "y"], base
    with h5py.File(other, "w") as file:
        file["same"], file["a/little"] = base, np.array([3.0, 4.5])
        file["much"], file["new"] = base * 3, base
        file["shape"], file["word"] = np.zeros((2, 2)), "x"
        file["words"], file["kind"] = ["x", "z"], ["x", "y"]
    with Hdf5File(one) as first, Hdf5File(other) as second:
        found = compare(first, second, always)
        little = next(row for row in found if row.path == "/a/little")
        np.testing.assert_array_equal(
            gap(first, second, "/a/little").read((slice(0, 2),)), [0.0, 0.5]
        )
        with pytest.raises(FileProblem, match="another shape"):
            gap(first, second, "/shape")
    assert [(row.path, row.state) for row in found] == [
        ("/gone", "first"),
        ("/new", "second"),
        ("/shape", "shape"),
        ("/kind", "unread"),
        ("/much", "values"),
        ("/a/little", "values"),
        ("/words", "values"),
        ("/same", "equal"),
        ("/word", "equal"),
    ]
    assert (little.unlike, little.most, little.mean) == (1, 0.5, 0.25)
    assert little.relative == pytest.approx(0.1)
    assert found[4].relative == pytest.approx(2.0)


def test_nan_equals_nan_and_differs_from_numbers() -> None:
    one = np.array([np.nan, np.inf, 1.0, np.nan])
    other = np.array([np.nan, np.inf, 2.0, 0.0])
    result = apart(one, other)
    assert result[:3].tolist() == [0.0, 0.0, 1.0]
    assert math.isnan(result[3])


def test_whole_numbers_too_large_for_floats_still_differ(tmp_path: Path) -> None:
    for name, value in (("a.h5", 2**62), ("b.h5", 2**62 + 1)):
        with h5py.File(tmp_path / name, "w") as file:
            file["x"] = np.array([value], np.int64)
    with Hdf5File(tmp_path / "a.h5") as first, Hdf5File(tmp_path / "b.h5") as second:
        found = compare(first, second, always)
    assert (found[0].state, found[0].unlike) == ("values", 1)


def test_refused_entries_are_not_compared(tmp_path: Path) -> None:
    path = hostile(tmp_path / "bad.h5")
    with Hdf5File(path) as first, Hdf5File(path) as second:
        found = {one.path: one for one in compare(first, second, always)}
    assert found["/bomb"].state == "unread"
    assert str(found["/virtual"].why) == "data of other files"
    assert found["/good"].state == "equal"


def test_comparison_stops_when_nobody_waits(tmp_path: Path) -> None:
    path = small_model(tmp_path / "m.h5")
    with Hdf5File(path) as file, pytest.raises(Stopped):
        compare(file, file, lambda share: share < 0.5)


def test_numbers_without_axes_have_a_difference() -> None:
    gap = apart(np.asarray(2.0), np.asarray(5.0))
    assert gap.shape == () and gap == 3.0
    assert apart(np.asarray(np.nan), np.asarray(np.nan)) == 0.0


def test_files_with_single_numbers_are_compared(tmp_path: Path) -> None:
    for name, rate in (("a.h5", 0.5), ("b.h5", 0.75)):
        with h5py.File(tmp_path / name, "w") as file:
            file["rate"] = np.float32(rate)
            file["same"] = np.float32(1.0)
    with Hdf5File(tmp_path / "a.h5") as first, Hdf5File(tmp_path / "b.h5") as second:
        found = {one.path: one for one in compare(first, second, lambda _: True)}
    assert found["/same"].state == "equal"
    assert (found["/rate"].state, found["/rate"].most) == ("values", 0.25)
