"""Search and comparison in the workbench, and answers that come when something else is shown."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from helpers.h5_files import small_model
from helpers.workbench import Open, choose, place, words
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.errors import FileProblem
from gui.files import file_dialogs
from gui.workbench.tree_model import NAME, SHAPE

# --- search --------------------------------------------------------------------------------


def test_search_finds_in_groups_that_were_never_opened(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    page = opened(small_model(tmp_path / "m.h5"))
    browser = page.browser
    browser.filter.setText("KERNEL dense")
    qtbot.waitUntil(lambda: browser.message == "1 found")
    model = browser.model
    assert [model.index(row, NAME).data() for row in range(model.rowCount())] == [
        "model_weights/dense/kernel:0"
    ]
    browser.tree.setCurrentIndex(model.index(0, NAME))
    assert page.details.title.text() == "kernel:0"
    browser.filter.setText("nothing like that")
    qtbot.waitUntil(lambda: browser.message == "0 found")
    browser.filter.clear()
    qtbot.waitUntil(lambda: browser.message == "")
    assert model.index(0, NAME).data() == "m.h5"
    qtbot.waitUntil(lambda: not page.reading.busy)


# --- comparison ------------------------------------------------------------------------------


def test_comparison_lists_differences_and_shows_one_as_a_picture(
    opened: Open, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = small_model(tmp_path / "a.h5"), small_model(tmp_path / "b.h5", seed=1)
    page = opened(one)
    monkeypatch.setattr(file_dialogs, "open_file", lambda *_: other)
    with qtbot.waitSignal(page.comparing.finished):
        qtbot.mouseClick(page.compare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.reading.busy)
    assert page.differences.message == "2 with other values · 1 equal"
    found = page.differences.found
    assert [row.state for row in found] == ["values", "values", "equal"]
    number = next(n for n, row in enumerate(found) if "conv2d/kernel" in row.path)
    page.differences.table.selectRow(number)
    qtbot.waitUntil(lambda: not page.reading.busy)
    assert page.details.title.text() == "Difference of kernel:0"
    with h5py.File(one, "r", locking=False) as a, h5py.File(other, "r", locking=False) as b:
        path = found[number].path
        gap = b[path][...].astype(float) - a[path][...].astype(float)
    picture = page.details.tensor.picture
    assert picture is not None
    np.testing.assert_allclose(picture.values[0], gap[:, :, 0, 0])
    assert dict(page.details.facts.pairs)["Greatest difference"] == f"{abs(gap).max():.6g}"
    page.grab()
    with qtbot.waitSignal(page.picturing.finished):
        page.details.tensor.channel_box.setCurrentIndex(1)
    np.testing.assert_allclose(page.details.tensor.picture.values[0], gap[:, :, 1, 0])
    page.end_comparison()
    assert page.left.currentWidget() is page.browser
    qtbot.waitUntil(lambda: not page.reading.busy)
    assert page.details.title.text() == "bias:0"


def test_comparison_with_what_is_no_hdf5_file_is_told(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "x.h5"
    other.write_text("no HDF5")
    page = opened(small_model(tmp_path / "m.h5"))
    page.compare(other)
    qtbot.waitUntil(lambda: not page.comparing.busy)
    assert "damaged or no H5 file" in page.differences.message
    assert page.differences.found == []


def test_a_file_that_has_vanished_meanwhile_is_told(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    path = small_model(tmp_path / "m.h5")
    page = opened(path)
    qtbot.waitUntil(lambda: not page.reading.busy)
    path.unlink()
    choose(page, "/model_weights/dense/kernel:0", qtbot)
    assert "No such file" in page.details.problem
    page.compare(path)
    qtbot.waitUntil(lambda: not page.comparing.busy)
    assert "No such file" in page.differences.message
    page.end_comparison()
    qtbot.waitUntil(lambda: not page.reading.busy)


def test_reload_shows_what_was_written_since(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    path = small_model(tmp_path / "m.h5")
    page = opened(path)
    qtbot.waitUntil(lambda: not page.reading.busy)
    newer = tmp_path / "newer.h5"
    with h5py.File(newer, "w") as file:
        file["fresh"] = np.arange(3)
    newer.replace(path)
    page.reload()
    entry = page.browser.entry()
    assert entry is not None
    assert entry.path == "/fresh"
    path.unlink()
    with pytest.raises(FileProblem):
        page.reload()
    assert words(page, place(page, "/fresh"))[SHAPE] == "3"
    qtbot.waitUntil(lambda: not page.reading.busy)


def test_a_search_of_the_file_before_finds_nothing_in_the_new_one(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    path = small_model(tmp_path / "m.h5")
    page = opened(path)
    qtbot.waitUntil(lambda: not page.reading.busy)
    browser = page.browser
    browser.filter.setText("kernel")
    browser._timer.stop()
    browser._search()
    assert browser.background.busy
    page.reload()
    assert not browser.background.busy
    assert browser.message == ""
    assert browser.model.index(0, NAME).data() == "m.h5"
    qtbot.waitUntil(lambda: not page.reading.busy)


def test_a_channel_that_cannot_be_read_is_told_and_the_one_before_stays(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    path = small_model(tmp_path / "m.h5")
    page = opened(path)
    choose(page, "/model_weights/conv2d/kernel:0", qtbot)
    tensor = page.details.tensor
    before = tensor.picture
    path.unlink()
    with qtbot.waitSignal(page.picturing.failed):
        tensor.channel_box.setCurrentIndex(1)
    assert "No such file" in tensor._note.text()
    assert tensor.channel_box.currentIndex() == 0
    assert tensor.picture is before


def test_a_comparison_begins_with_an_empty_page(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    path = small_model(tmp_path / "m.h5")
    page = opened(path)
    choose(page, "/model_weights/conv2d/kernel:0", qtbot)
    late: list[object] = []
    page.picturing.answered.connect(late.append)
    page.details.tensor.channel_box.setCurrentIndex(1)
    assert page.picturing.busy
    page.compare(small_model(tmp_path / "b.h5", seed=1))
    assert not page.picturing.busy
    assert page.details.tensor.picture is None
    qtbot.waitUntil(lambda: not page.comparing.busy and not page.reading.busy)
    assert late == []
