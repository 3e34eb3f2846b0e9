"""The workbench shows what a file holds, without reading it in the window's thread."""

from __future__ import annotations

import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from helpers.h5_files import hostile, small_model
from helpers.workbench import Open, choose, place, words
from pytestqt.qtbot import QtBot

from engine.errors import FileProblem
from engine.formats.hdf5 import questions
from gui.theme import Theme
from gui.workbench.page import Workbench
from gui.workbench.tree_model import NAME, PORTION, SHAPE, SIZE, TYPE
from tests.helpers import misbehaving  # As the other process finds it.


def test_the_tree_opens_at_its_first_data_set(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = opened(small_model(tmp_path / "m.h5"))
    qtbot.waitUntil(lambda: not page.reading.busy)
    entry = page.browser.entry()
    assert entry is not None
    assert entry.path == "/model_weights/conv2d/bias:0"
    assert page.details.title.text() == "bias:0"
    row = words(page, place(page, "/model_weights/conv2d/kernel:0"))
    assert (row[NAME], row[SHAPE], row[TYPE], row[SIZE]) == (
        "kernel:0",
        "3×3×2×8",
        "float32",
        "576 B",
    )
    assert words(page, place(page, "/model_weights"))[SHAPE] == "2 entries"
    page.grab()


def test_a_kernel_is_shown_with_figures_picture_and_first_values(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    path = small_model(tmp_path / "m.h5")
    page = opened(path)
    choose(page, "/model_weights/conv2d/kernel:0", qtbot)
    with h5py.File(path, "r", locking=False) as file:
        values = file["model_weights/conv2d/kernel:0"][...]
    details = page.details
    facts = dict(details.facts.pairs)
    assert facts["Shape"] == "3×3×2×8"
    figures = dict(details.figures.lines.pairs)
    assert float(figures["Mean"]) == pytest.approx(values.mean(), abs=1e-5)
    assert figures["Values"] == "144"
    picture = details.tensor.picture
    assert picture is not None
    np.testing.assert_array_equal(picture.values[3], values[:, :, 0, 3])
    assert details.values.rows[0][0] == f"{values[0, 0, 0, 0]:.6g}"
    page.grab()
    with qtbot.waitSignal(page.picturing.finished):
        details.tensor.channel_box.setCurrentIndex(1)
    assert details.tensor.picture is not None
    np.testing.assert_array_equal(details.tensor.picture.values[3], values[:, :, 1, 3])
    page.grab()


def test_the_file_itself_shows_its_descriptions(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = opened(small_model(tmp_path / "m.h5"))
    page.browser.tree.setCurrentIndex(page.browser.model.index(0, NAME))
    qtbot.waitUntil(lambda: not page.reading.busy)
    details = page.details
    assert details.title.text() == "m.h5"
    assert [row[0] for row in details.attributes.rows] == ["keras_version", "model_config"]
    assert details.text.isHidden()
    details._attributes_view.selectRow(1)
    assert details.text.toPlainText().startswith('{\n  "class_name": "Sequential"')
    details._attributes_view.selectRow(0)
    assert details.text.isHidden()


@pytest.mark.parametrize(
    ("path", "form"),
    [("/map", "map"), ("/bars", "bars"), ("/photos", "photos"), ("/scalar", None)],
)
def test_every_form_of_picture_is_painted(
    opened: Open, tmp_path: Path, qtbot: QtBot, path: str, form: str | None
) -> None:
    file_path = tmp_path / "x.h5"
    with h5py.File(file_path, "w") as file:
        file["map"] = np.random.default_rng(0).normal(size=(600, 30))
        file["bars"] = np.arange(20.0)
        file["photos"] = np.zeros((4, 20, 20, 3), np.uint8)
        file["scalar"] = 3.5
    page = opened(file_path)
    choose(page, path, qtbot)
    picture = page.details.tensor.picture
    assert (picture.form if picture else None) == form
    assert page.details.tensor.isHidden() == (form is None)
    page.grab()
    page._theme.set_mode("dark")
    page.grab()


def test_refused_entries_stay_in_the_tree_with_their_reason(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    page = opened(hostile(tmp_path / "bad.h5"))
    assert words(page, place(page, "/outside"))[SHAPE] == "refused"
    assert words(page, place(page, "/loop"))[NAME] == "loop → /loop"
    around = place(page, "/group/around")
    assert words(page, around)[NAME] == "around → /group"
    assert not page.browser.model.hasChildren(around)
    choose(page, "/bomb", qtbot)
    assert page.details.problem == "Not read: far more data than the file is large."
    choose(page, "/good", qtbot)
    assert page.details.problem == ""
    assert dict(page.details.figures.lines.pairs)["Mean"] == "1.5"


def test_text_has_first_values_but_no_figures(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["words"] = ["eins", "zwei"]
    page = opened(path)
    choose(page, "/words", qtbot)
    assert page.details.figures.message == "It holds no real numbers."
    assert [list(row) for row in page.details.values.rows] == [["eins"], ["zwei"]]


def test_damaged_numbers_are_told_and_the_rest_stays(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("x", data=np.arange(64.0), chunks=(64,), compression="gzip")
        where = data.id.get_chunk_info(0).byte_offset
    content = bytearray(path.read_bytes())
    content[where : where + 8] = b"\xff" * 8
    path.write_bytes(content)
    page = opened(path)
    choose(page, "/x", qtbot)
    assert "cannot be read" in page.details.problem
    assert "cannot be read" in page.details.figures.message
    assert dict(page.details.facts.pairs)["Compression"] == "gzip 4"


def test_what_cannot_be_opened_makes_no_page(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    path.write_text("no HDF5")
    with pytest.raises(FileProblem):
        Workbench(Theme("light"), path)


# --- laziness ------------------------------------------------------------------------------


def test_the_window_itself_opens_no_file(
    opened: Open, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_model(tmp_path / "m.h5")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("HDF5 is left to another process")

    monkeypatch.setattr(h5py, "File", refuse)
    page = opened(path)
    choose(page, "/model_weights/dense/kernel:0", qtbot)
    assert page.details.figures.lines.pairs
    page.compare(path)
    qtbot.waitUntil(lambda: not page.comparing.busy)
    assert page.differences.found


def test_a_file_that_kills_its_reader_leaves_the_window(
    opened: Open, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(small_model(tmp_path / "m.h5"))
    monkeypatch.setattr(questions, "names", misbehaving.die)
    page.reload()
    assert page.browser.message == (
        "“m.h5” is damaged: the process that read it crashed. Restore it from a copy."
    )
    assert page.browser.model.rowCount(page.browser.model.index(0, NAME)) == 0
    monkeypatch.undo()
    page.reload()
    assert page.browser.message == ""
    choose(page, "/model_weights/dense/kernel:0", qtbot)


def test_a_group_of_20_000_is_listed_by_portions(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "many.h5"
    with h5py.File(path, "w", libver="latest") as file:
        for number in range(20_000):
            file.create_dataset(f"d{number:05}", (), "i4")
    started = time.perf_counter()
    page = opened(path)
    page.grab()
    seconds = time.perf_counter() - started
    model, tree = page.browser.model, page.browser.tree
    top = model.index(0, NAME)
    assert model.rowCount(top) == PORTION + 1
    assert seconds < 2.0
    more = model.index(PORTION, NAME, top)
    assert more.data() == "19,500 more…"
    tree.setCurrentIndex(more)
    qtbot.waitUntil(lambda: model.rowCount(top) == 2 * PORTION + 1)
    assert tree.currentIndex().data() == f"d{PORTION:05}"
    assert [model.index(row, NAME, top).row() for row in (0, 700, 1000)] == [0, 700, 1000]
    assert model.index(2 * PORTION, NAME, top).data() == "19,000 more…"
    page.browser.filter.setText("d19999")
    qtbot.waitUntil(lambda: page.browser.message == "1 found")
    qtbot.waitUntil(lambda: not page.reading.busy)


def test_another_choice_ends_the_reading_before(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["large"], file["small"] = np.ones(4_000_000, np.float32), np.arange(3.0)
    page = opened(path)
    page.browser.tree.setCurrentIndex(place(page, "/large"))
    assert page.details.figures.message == "Reading…"
    choose(page, "/small", qtbot)
    assert dict(page.details.figures.lines.pairs)["Values"] == "3"
    assert page.details.title.text() == "small"


def test_closing_waits_for_no_large_file(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["large"] = np.ones(4_000_000, np.float32)
    page = opened(path)
    page.close_file()
    assert not page.reading.busy
