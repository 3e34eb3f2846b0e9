"""Small files that would unfold to far more than a machine has."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine.datasets import DATASETS
from engine.errors import DataProblem, FileProblem
from engine.formats.importing import import_any
from engine.formats.json_text import MOST_VALUES
from engine.formats.keras_files import stored
from engine.formats.keras_files.stored import stored_layers
from engine.formats.project import read_project

MILLION = 2**20
ENTRY = {
    "class_name": "InputLayer",
    "name": "in",
    "config": {"batch_shape": [None, 1], "dtype": "string", "name": "in"},
    "inbound_nodes": [],
}


def lookups(path: Path, count: int, weights: bytes, words: str = "a\nb\nc") -> Path:
    """Write a model of layers that each have learned words and their weights."""
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["in", 0, 0]}}
    layers: list[dict[str, Any]] = [ENTRY]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            name = f"string_lookup_{number}" if number else "string_lookup"
            config = {"name": name, "output_mode": "tf_idf", "oov_token": "[UNK]"}
            calls = [{"args": [tensor], "kwargs": {}}]
            layers.append({"class_name": "StringLookup", "name": name, "config": config,
                           "inbound_nodes": calls})  # fmt: skip
            archive.writestr(f"assets/layers/{name}/vocabulary.txt", words)
        ends = [[layer["name"], 0, 0] for layer in layers[1:]]
        model = {"name": "m", "layers": layers, "input_layers": [["in", 0, 0]],
                 "output_layers": ends}  # fmt: skip
        archive.writestr("config.json", json.dumps({"class_name": "Functional", "config": model}))
        archive.writestr("model.weights.h5", weights)
    return path


def idf_weights(*values: float) -> bytes:
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file["layers/string_lookup/vars/idf_weights"] = np.array(values, "f4")
        file["layers/string_lookup_1/vars/idf_weights"] = np.array(values[::-1], "f4")
    return made.getvalue()


def test_weights_that_are_zeros_for_the_most_part_are_refused(tmp_path: Path) -> None:
    path = lookups(tmp_path / "m.keras", 1, idf_weights(1) + bytes(65 * MILLION))
    with pytest.raises(FileProblem, match=r"“m.keras” is not opened: “model.weights.h5” in it"):
        import_any(path)
    with pytest.raises(FileProblem, match="far more data"), stored_layers(path):
        pass


def test_many_members_may_unfold_no_further_than_one(tmp_path: Path) -> None:
    path = lookups(tmp_path / "m.keras", 1, idf_weights(1))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(13):
            archive.writestr(f"assets/{number}", bytes(5 * MILLION))
    with pytest.raises(FileProblem, match="far more data"):
        import_any(path)


def test_what_members_claim_of_their_packed_size_does_not_count(tmp_path: Path) -> None:
    path = lookups(tmp_path / "m.keras", 1, idf_weights(1) + bytes(65 * MILLION))
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02")
    content[place + 20 : place + 24] = struct.pack("<I", 30 * MILLION)
    path.write_bytes(content)
    with pytest.raises(FileProblem, match="far more data"):
        import_any(path)


def test_zeros_that_are_not_packed_are_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    lookups(path, 1, idf_weights(1))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("assets/zeros", bytes(65 * MILLION))
    assert import_any(path).document.network.nodes


def test_weights_of_words_are_unpacked_once_for_all_layers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    real = stored.passing_folder

    @contextmanager
    def counted() -> Iterator[Path]:
        with real() as folder:
            made.append(folder)
            yield folder

    monkeypatch.setattr(stored, "passing_folder", counted)
    path = lookups(tmp_path / "m.keras", 20, idf_weights(0, 1, 2, 3))
    nodes = import_any(path).document.network.nodes
    assert len(made) == 1
    assert nodes["string_lookup"].params["idf_weights"] == [0, 1, 2]
    assert nodes["string_lookup_1"].params["idf_weights"] == [3, 2, 1]


def test_more_weights_than_words_can_have_are_not_read(tmp_path: Path) -> None:
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file.create_dataset(
            "layers/string_lookup/vars/idf_weights", (MOST_VALUES + 1,), "u1", chunks=(MOST_VALUES,)
        )[:1] = 1
    path = lookups(tmp_path / "m.keras", 1, made.getvalue())
    with pytest.raises(FileProblem, match=r"vocabularies in “m.keras” are too large"):
        import_any(path)


@pytest.mark.parametrize("words", ["a" * 5 * MILLION, "\n" * (MOST_VALUES + 1)])
def test_a_vocabulary_that_only_repeats_itself_is_refused(words: str, tmp_path: Path) -> None:
    path = lookups(tmp_path / "m.keras", 1, idf_weights(1), words)
    with pytest.raises(FileProblem, match=r"vocabularies in “m.keras” are too large"):
        import_any(path)


def test_weights_for_which_the_disk_has_no_room_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lookups(tmp_path / "m.keras", 1, idf_weights(1))
    usage = stored.shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr(stored.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(FileProblem, match=r"“m.keras” cannot be unpacked: its weights need 1 MB"):
        import_any(path)


def test_a_packed_description_of_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", '{"x":[' + "[]," * 2 * MILLION + "0]}")
    with pytest.raises(FileProblem, match=r"“config.json” in it holds far more data"):
        import_any(path)


def _project(path: Path) -> object:
    return read_project(path)


@pytest.mark.parametrize(
    ("name", "read"), [("m.json", import_any), ("m.keras", import_any), ("d.netloom", _project)]
)
def test_a_description_of_more_values_than_a_network_has_is_refused(
    name: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    content = '{"class_name":"Model","config":{},"netloom":2,"x":[' + "[]," * 1_300_000 + "0]}"
    path = tmp_path / name
    if path.suffix == ".keras":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", content)
    else:
        path.write_text(content)
    with pytest.raises(FileProblem, match=r"more (values )?than a network") as raised:
        read(path)
    assert name in str(raised.value)


def test_arrays_of_zeros_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.npz"
    x, y = np.zeros((4, 9 * MILLION), "u1"), np.zeros(4, "i8")
    np.savez_compressed(path, x_train=x, y_train=y, x_test=x, y_test=y)
    with pytest.raises(DataProblem, match=r"“d.npz” declares far more numbers"):
        DATASETS.get("npz").load({"path": str(path)})
