"""Any HDF5 file as a tree: read lazily, and nothing in it leads out of it."""

from __future__ import annotations

import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from helpers.h5_files import hostile, small_model
from helpers.real_data import shared_data

from engine.errors import FileProblem
from engine.formats.hdf5.content import attributes, head, storage
from engine.formats.hdf5.tree import Hdf5File
from engine.formats.hdf5.words import legible, shortened, type_words
from engine.formats.keras_files.guard import guarded_h5


def test_the_tree_of_a_model(tmp_path: Path) -> None:
    with Hdf5File(small_model(tmp_path / "m.h5")) as file:
        rows = {entry.path: entry for entry in file.walk()}
        kernel = rows["/model_weights/conv2d/kernel:0"]
        assert (kernel.kind, kernel.shape, kernel.dtype) == ("dataset", (3, 3, 2, 8), "float32")
        assert (kernel.size, kernel.name) == (576, "kernel:0")
        assert rows["/model_weights"].children == 2
        names = [entry.name for entry in file.children("/model_weights/conv2d")]
        assert names == ["bias:0", "kernel:0"]


@pytest.mark.parametrize("name", ["tiny_XCEPTION_KDEF.hdf5", "KERAS_conv2d_model_weights.h5"])
def test_real_models_of_keras(name: str) -> None:
    path = shared_data(f"models/{name}")
    expected: dict[str, tuple[int, ...]] = {}

    def look(name: str, thing: object) -> None:
        if isinstance(thing, h5py.Dataset):
            expected[f"/{name}"] = thing.shape

    with h5py.File(path) as plain:
        plain.visititems(look)
    with Hdf5File(path) as file:
        found = {entry.path: entry.shape for entry in file.walk() if entry.kind == "dataset"}
        assert found == expected
        assert expected


# --- laziness ------------------------------------------------------------------------------


def test_opening_a_large_file_reads_its_headers_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.h5"
    with h5py.File(path, "w") as file:
        for number in range(5):
            # Sparse on disk: 500 MB are declared, and written only at their end.
            data = file.create_dataset(f"layer_{number}/kernel", (25_000, 1000), "f4")
            data[-1, -1] = 1.0
    assert path.stat().st_size > 490e6
    before = _bytes_read()

    def refuse(*_: object) -> None:
        raise AssertionError("a data set was read")

    monkeypatch.setattr(h5py.Dataset, "__getitem__", refuse)
    with Hdf5File(path) as file:
        rows = list(file.walk())
    assert sum(entry.size for entry in rows) == 500_000_000
    if before is not None:
        assert (_bytes_read() or 0) - before < 2e6


def _bytes_read() -> int | None:
    """Return how many bytes this process has read so far, where the system tells."""
    counts = Path("/proc/self/io")
    if not counts.exists():
        return None
    return int(counts.read_text().split("rchar:")[1].split()[0])


def test_names_of_a_group_of_20_000_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "many.h5"
    with h5py.File(path, "w", libver="latest") as file:
        for number in range(20_000):
            file.create_dataset(f"d{number:05}", (), "i4")
    with Hdf5File(path) as file:
        started = time.perf_counter()
        names = file.names("/")
        assert file.entry(f"/{names[-1]}").shape == ()
        seconds = time.perf_counter() - started
        assert len(names) == 20_000
        assert sum(1 for _ in file.walk()) == 20_000
    assert seconds < 1.0


def test_a_thousand_groups_in_each_other(tmp_path: Path) -> None:
    path = tmp_path / "deep.h5"
    with h5py.File(path, "w") as file:
        group = file
        for _ in range(1000):
            group = group.create_group("g")
        group["end"] = np.arange(3)
    with Hdf5File(path) as file:
        rows = list(file.walk())
        assert len(rows) == 1001
        assert rows[-1].shape == (3,)
        assert head(file, rows[-1].path).rows == [["0"], ["1"], ["2"]]


# --- what others have made -------------------------------------------------------------------


def test_what_leads_out_of_the_file_is_refused_entry_by_entry(tmp_path: Path) -> None:
    with Hdf5File(hostile(tmp_path / "bad.h5")) as file:
        rows = {entry.path: entry for entry in file.walk()}
        refusals = {path: str(row.refusal) for path, row in rows.items() if row.refusal}
        assert refusals == {
            "/outside": "a link to another file",
            "/virtual": "data of other files",
            "/elsewhere": "data stored in another file",
            "/bomb": "far more data than the file is large",
            "/lump": "far more data than the file is large",
        }
        assert {path for path, row in rows.items() if row.kind == "link"} == {
            "/loop",
            "/nowhere",
            "/group/self",
            "/group/around",
        }
        assert rows["/loop"].target == "/loop"
        assert rows["/good"].kind == "dataset"
        for path in (*refusals, "/loop", "/group/self"):
            with pytest.raises(FileProblem, match="is not read"):
                file.dataset(path)


def test_paths_through_links_are_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file["inner/secret"] = np.arange(3)
    path = tmp_path / "bad.h5"
    with h5py.File(path, "w") as file:
        file["out"] = h5py.ExternalLink(str(other), "/inner")
        file["real/x"] = np.arange(3)
        file["soft"] = h5py.SoftLink("/real")
    with Hdf5File(path) as opened:
        for inside in ("/out/secret", "/soft/x"):
            with pytest.raises(FileProblem, match="a link"):
                opened.dataset(inside)


def test_pieces_too_large_for_the_memory_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "lump.h5"
    with h5py.File(path, "w") as file:
        # Small as a whole, so no bomb; but unpacking one number takes a gigabyte.
        file.create_dataset("x", (4,), "f4", maxshape=(None,), chunks=(2**28,), compression="gzip")
    with Hdf5File(path) as opened:
        assert opened.entry("/x").kind == "dataset"
        with pytest.raises(FileProblem, match="1024 MB"):
            head(opened, "/x")


@pytest.mark.parametrize("length", [0, 7, 100, 2000])
def test_a_truncated_file_is_refused_in_a_sentence(tmp_path: Path, length: int) -> None:
    path = small_model(tmp_path / "m.h5")
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(FileProblem, match="damaged or no H5 file"):
        Hdf5File(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="No such file"):
        Hdf5File(tmp_path / "none.h5")


@pytest.mark.parametrize("seed", range(24))
def test_damage_is_told_and_never_raised(tmp_path: Path, seed: int) -> None:
    path = small_model(tmp_path / "m.h5")
    content = bytearray(path.read_bytes())
    random = np.random.default_rng(seed)
    for place in random.integers(100, len(content), 40):
        content[place] = random.integers(256)
    path.write_bytes(content)
    try:
        with Hdf5File(path) as file:
            for entry in file.walk():
                if entry.kind in ("group", "dataset"):
                    attributes(file, entry.path)
                if entry.kind == "dataset":
                    storage(file, entry.path)
                    head(file, entry.path)
    except FileProblem as problem:
        assert str(problem).startswith("“")


# --- attributes and first values ---------------------------------------------------------------


def test_attributes_are_decoded_and_descriptions_are_laid_out(tmp_path: Path) -> None:
    path = small_model(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        file.attrs["long"] = "word " * 1000
        file.attrs["names"] = np.array([b"conv2d", b"dense"])
        file.attrs["broken"] = np.bytes_(b"\xff\xfe")
        file.attrs["nothing"] = h5py.Empty("f4")
    with Hdf5File(path) as opened:
        found = {one.name: one for one in attributes(opened, "/")}
        trainable = attributes(opened, "/model_weights/dense/kernel:0")
    assert found["keras_version"].short == "3.15.1"
    assert found["model_config"].kind == "JSON"
    assert '\n  "class_name": "Sequential"' in found["model_config"].whole
    assert found["long"].short.endswith("…")
    assert found["long"].whole == "word " * 1000
    assert (found["names"].kind, found["names"].short) == ("text[6] 2", "[conv2d, dense]")
    assert found["broken"].short == "��"
    assert found["nothing"].short == ""
    assert [(one.name, one.short, one.kind) for one in trainable] == [("trainable", "True", "bool")]


def test_storage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        options = {"compression": "gzip", "compression_opts": 4, "shuffle": True}
        file.create_dataset("x", data=np.zeros((64, 64)), chunks=(16, 64), **options)
        file["plain"] = np.zeros(3)
    with Hdf5File(path) as opened:
        packed = storage(opened, "/x")
        assert (packed.chunks, packed.packing, packed.growing) == (
            (16, 64),
            "gzip 4, shuffle",
            False,
        )
        assert 0 < packed.stored < 64 * 64
        assert storage(opened, "/plain").stored == 24


def test_first_values_of_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["kernel"] = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
        file["scalar"] = 0.25
        file["texts"] = ["eins", "zwei"]
        table = np.zeros(2, [("mass", "f4"), ("name", "S4")])
        table[1] = (1.5, b"ab")
        file["table"] = table
        file["none"] = h5py.Empty("f4")
        file["long"] = np.arange(1000)
        file.create_dataset("ragged", (2,), h5py.vlen_dtype("i4"))
    with Hdf5File(path) as opened:
        kernel = head(opened, "/kernel")
        assert kernel.place == "[0, 0, 0:4, 0:5]"
        assert kernel.rows[1] == ["5", "6", "7", "8", "9"]
        assert head(opened, "/scalar").rows == [["0.25"]]
        assert head(opened, "/texts").rows == [["eins"], ["zwei"]]
        table_head = head(opened, "/table")
        assert (table_head.columns, table_head.rows[1]) == (["mass", "name"], ["1.5", "ab"])
        assert head(opened, "/none").rows == []
        assert len(head(opened, "/long").rows) == 100
        assert head(opened, "/ragged").rows == [["[]"], ["[]"]]


def test_texts_with_damaged_places_are_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["words"] = ["eins", "zwei"]
        references = file["words"].id.get_offset()
    content = path.read_bytes()
    heap = content.rindex(b"GCOL")

    def damaged(place: int, value: bytes) -> str:
        path.write_bytes(content[:place] + value + content[place + len(value) :])
        with Hdf5File(path) as opened, pytest.raises(FileProblem) as caught:
            head(opened, "/words")
        return str(caught.value)

    # A text of four gigabytes; a heap elsewhere; free space that takes no space.
    assert "is damaged" in damaged(references, b"\xff\xff\xff\xff")
    assert "is damaged" in damaged(references + 4, b"\x08")
    assert "is damaged" in damaged(heap + 16, bytes(16))
    path.write_bytes(content)
    with Hdf5File(path) as opened:
        assert head(opened, "/words").rows == [["eins"], ["zwei"]]


def test_words_for_types_and_texts() -> None:
    assert type_words(np.dtype("f2")) == "float16"
    assert type_words(h5py.string_dtype()) == "text"
    assert type_words(np.dtype([("x", "f4"), ("n", "i8", (3,))])) == "{x: float32, n: int64 × 3}"
    assert legible("a\udcffb\x07") == "a�b�"
    assert legible(b"a\xff") == "a�"
    assert shortened("a\n b   c") == "a b c"
    assert len(shortened("x" * 500)) == 160


def test_a_file_that_is_looked_into_can_be_imported_too(tmp_path: Path) -> None:
    path = small_model(tmp_path / "m.h5")
    with Hdf5File(path), guarded_h5(path) as file:
        assert "model_weights" in file
