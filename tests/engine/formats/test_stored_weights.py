"""Arrays of files, read as they lie there or by HDF5."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from engine.errors import FileProblem
from engine.formats.apart import asking
from engine.formats.keras_files.stored import StoredWeight, stored_layers

VALUES = np.arange(12, dtype="<f4").reshape(3, 4)
Make = Callable[[h5py.Group], object]


def one_weight(path: Path, make: Make, user_block: int = 0) -> StoredWeight:
    """Write a file with one layer that has one weight, and find it there."""
    with h5py.File(path, "w", userblock_size=user_block) as file:
        file.attrs["layer_names"] = ["dense"]
        group = file.create_group("dense")
        group.attrs["weight_names"] = ["kernel:0"]
        make(group)
    with stored_layers(path) as [layer]:
        [weight] = layer.weights
        return weight


def plain(group: h5py.Group) -> None:
    group["kernel:0"] = VALUES


def no_process(*_: object, **__: object) -> None:
    raise AssertionError("a process is asked for numbers")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what forbids to ask a process from then on."""
    return lambda: monkeypatch.setattr(asking.READERS, "answers", no_process)


@pytest.mark.parametrize("user_block", [0, 512])
def test_numbers_that_lie_as_in_memory_take_no_way_through_a_process(
    tmp_path: Path, alone: Callable[[], None], user_block: int
) -> None:
    weight = one_weight(tmp_path / "w.h5", plain, user_block)
    alone()
    values = np.empty((3, 4), np.float32)
    weight.read_into(values)
    assert np.array_equal(values, VALUES)
    assert np.array_equal(weight.read(), VALUES) and weight.read().dtype == np.float32


def big_endian(group: h5py.Group) -> None:
    group["kernel:0"] = VALUES.astype(">f4")


def doubles(group: h5py.Group) -> None:
    group["kernel:0"] = VALUES.astype("<f8")


def packed(group: h5py.Group) -> None:
    group.create_dataset("kernel:0", data=VALUES, compression="gzip", shuffle=True)


def compact(group: h5py.Group) -> None:
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple(VALUES.shape)
    kind = h5py.h5t.py_create(VALUES.dtype)
    data = h5py.h5d.create(group.id, b"kernel:0", kind, space, properties)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, VALUES)


def odd_floats(group: h5py.Group) -> None:
    """Write numbers whose exponent begins elsewhere than usual: as bits they are others."""
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_ebias(126)
    space = h5py.h5s.create_simple(VALUES.shape)
    data = h5py.h5d.create(group.id, b"kernel:0", kind, space)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, VALUES, h5py.h5t.NATIVE_FLOAT)


@pytest.mark.parametrize("make", [big_endian, doubles, packed, compact, odd_floats])
def test_numbers_stored_otherwise_come_out_the_same(tmp_path: Path, make: Make) -> None:
    weight = one_weight(tmp_path / "w.h5", make)
    values = np.empty((3, 4), np.float32)
    weight.read_into(values)
    assert np.array_equal(values, VALUES)
    assert np.array_equal(weight.read(), VALUES)


def test_an_array_that_lies_otherwise_in_memory_is_filled_too(tmp_path: Path) -> None:
    weight = one_weight(tmp_path / "w.h5", plain)
    values = np.empty((4, 3), np.float32).T
    weight.read_into(values)
    assert np.array_equal(values, VALUES)


def test_single_numbers_and_empty_arrays(tmp_path: Path) -> None:
    def number(group: h5py.Group) -> None:
        group["kernel:0"] = np.int64(7)

    assert one_weight(tmp_path / "n.h5", number).read() == 7

    def nothing(group: h5py.Group) -> None:
        group["kernel:0"] = np.empty((0, 4), np.float32)

    assert one_weight(tmp_path / "e.h5", nothing).read().shape == (0, 4)


def test_another_shape_is_not_filled(tmp_path: Path) -> None:
    weight = one_weight(tmp_path / "w.h5", plain)
    with pytest.raises(ValueError, match="kernel:0"):
        weight.read_into(np.empty((4, 3), np.float32))


def test_a_file_cut_off_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.h5"
    weight = one_weight(path, plain)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FileProblem, match=r"“w.h5” is damaged"):
        weight.read()


def test_a_header_that_promises_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.h5"

    def many(group: h5py.Group) -> None:
        group["kernel:0"] = np.zeros(5000, np.float32)

    one_weight(path, many)
    content = path.read_bytes()
    for size in (5000, 20_000):  # The count of numbers, and their bytes.
        content = content.replace(size.to_bytes(8, "little"), (1000 * size).to_bytes(8, "little"))
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=r"“w.h5” is damaged"), stored_layers(path):
        pass
