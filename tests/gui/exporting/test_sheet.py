"""The sheet on which a network leaves: every format, what it says, what it compares."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.errors import text
from engine.formats import exporting
from engine.formats.exporting import EXTRA, FORMATS
from engine.graph import commands
from engine.ipc import messages as m
from engine.paths import TEMPLATES
from gui.app import Application
from gui.exporting.formats import PICTURE
from gui.exporting.sheet import ExportSheet
from gui.files import file_dialogs

LENET = next(TEMPLATES.glob("*lenet-5*"))


@pytest.fixture
def app(app: Application, tmp_path: Path) -> Application:
    app.window.settings.folder = str(tmp_path)
    app.window.show()
    app.window.open_template(LENET)
    return app


@pytest.fixture
def sheet(app: Application) -> ExportSheet:
    app.window.actions_["export"].trigger()
    sheet = app.window.sheets.export
    assert sheet is not None
    return sheet


def answer(sheet: ExportSheet, app: Application, monkeypatch: pytest.MonkeyPatch) -> list[m.Export]:
    """Let an engine that only listens take the requests."""
    asked: list[m.Export] = []
    session = app.window.session
    assert session is not None

    def export(path: Path, format: str, tell: object) -> None:
        asked.append(m.Export(document=session.id, path=str(path), format=format))
        sheet.tell = tell  # type: ignore[attr-defined]

    monkeypatch.setattr(session, "export", export)
    monkeypatch.setattr(app.engine, "info", object())
    return asked


def test_every_format_is_listed_with_its_ending(sheet: ExportSheet) -> None:
    assert sheet.isVisible()
    for key, item in FORMATS.items():
        sheet.formats.select(key)
        assert sheet.detail.title.text() == item.title
        assert sheet.detail.help.text() == item.help
        variant = f"-{item.variant}" if item.variant else ""
        assert sheet.detail.path.text().endswith(f"LeNet-5{variant}{item.ending}")
    sheet.formats.select(PICTURE)
    assert not sheet.detail.path.isVisible()


@pytest.mark.parametrize("words", ["", "  ", "/", "//", ".", "..", "sub", "sub/", "new/"])
def test_a_folder_is_no_file_to_write(words: str, sheet: ExportSheet, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    sheet.formats.select("python")
    sheet.detail.path.setText(words)
    assert not sheet.detail.button.isEnabled()
    assert sheet.detail.exists.isVisible()
    sheet.detail.export()
    assert [path.name for path in tmp_path.rglob("*.py")] == []
    sheet.detail.path.setText("sub/net")
    assert sheet.detail.button.isEnabled()
    assert not sheet.detail.exists.isVisible()
    sheet.detail.export()
    assert (tmp_path / "sub" / "net.py").exists()


def test_a_proposal_keeps_the_dots_of_a_name(tmp_path: Path) -> None:
    proposed = file_dialogs.proposed
    for name in ("net.102-0.66.hdf5", "net.102-0.66.weights.h5", "net.102-0.66.netloom"):
        found = proposed(tmp_path / name, "", "", ".onnx")
        assert found == tmp_path / "net.102-0.66.onnx"


def test_what_is_typed_lies_beside_the_proposal(tmp_path: Path) -> None:
    typed = file_dialogs.typed
    assert typed("net", tmp_path, ".h5") == tmp_path / "net.h5"
    assert typed(" net.h5 ", tmp_path, ".h5") == tmp_path / "net.h5"
    assert typed("~/net", tmp_path, ".h5") == Path.home() / "net.h5"
    assert typed("~nobody-of-this-name", tmp_path, ".h5") == tmp_path / "~nobody-of-this-name.h5"
    assert typed("/", tmp_path, ".h5") is None
    (tmp_path / "net.savedmodel").mkdir()
    assert typed("net", tmp_path, ".savedmodel") == tmp_path / "net.savedmodel"
    assert typed("net.savedmodel", tmp_path, ".savedmodel") == tmp_path / "net.savedmodel"


def test_code_and_report_are_written_without_the_engine(
    sheet: ExportSheet, app: Application, tmp_path: Path
) -> None:
    sheet.formats.select("python")
    sheet.detail.export()
    code = (tmp_path / "LeNet-5.py").read_text(encoding="utf-8")
    assert "keras.Model(" in code
    assert sheet.detail.result.isVisible()
    assert not sheet.detail.figures["difference"].isVisible()
    sheet.formats.select("html")
    assert "no curves" in sheet.detail.advice.text()
    session = app.window.session
    assert session is not None
    epochs = ((0.9, 0.5), (0.4, 0.8))
    for number, (loss, accuracy) in enumerate(epochs):
        logs = {"loss": loss, "accuracy": accuracy, "val_loss": loss + 0.1}
        session.run.epochs.append(
            m.EpochEnded(number=0, run="r", epoch=number, step=1, logs=logs, seconds=1.0)
        )
    QTest.keyClick(sheet.detail.path, Qt.Key.Key_Return)
    page = (tmp_path / "LeNet-5.html").read_text(encoding="utf-8")
    assert "<svg" in page and "Conv2D" in page and "0.4000" in page and "0.8000" in page
    assert sheet.formats._rows["html"].text(1).startswith("✓")


def test_the_measured_difference_is_shown(
    sheet: ExportSheet, app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(sheet, app, monkeypatch)
    sheet.formats.select("onnx")
    QTest.mouseClick(sheet.detail.button, Qt.MouseButton.LeftButton)
    assert [(one.path, one.format) for one in asked] == [(str(tmp_path / "LeNet-5.onnx"), "onnx")]
    assert sheet.detail.bar.isVisible() and not sheet.detail.button.isEnabled()
    sheet.detail.export()
    assert len(asked) == 1  # one at a time
    reply = m.Exported(
        number=1,
        path=asked[0].path,
        format="onnx",
        bytes=249_000,
        difference=3e-8,
        reader="ONNX Runtime",
        samples=8,
        note=text("The file takes one sample at a time, as recurrent layers ask for."),
    )
    sheet.tell(reply)  # type: ignore[attr-defined]
    figures = {key: label.text() for key, label in sheet.detail.figures.items()}
    assert figures == {
        "file": Path(asked[0].path).name,
        "size": "249 kB",
        "reader": "ONNX Runtime",
        "difference": "3.0e-08 over 8 samples",
    }
    assert "one sample at a time" in sheet.detail.note.text()
    assert not sheet.detail.bar.isVisible() and sheet.detail.button.isEnabled()
    sheet.formats.select("h5")
    assert not sheet.detail.result.isVisible()
    sheet.formats.select("onnx")
    assert sheet.detail.result.isVisible()


def test_a_refusal_is_said_on_the_sheet_or_above_the_canvas(
    sheet: ExportSheet, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(sheet, app, monkeypatch)
    sheet.formats.select("tflite")
    sheet.detail.export()
    failed = m.Failed(number=1, message=text("The model cannot be written."))
    sheet.tell(failed)  # type: ignore[attr-defined]
    assert sheet.detail.sentence.text() == "The model cannot be written."
    assert sheet.detail.button.isEnabled()
    sheet.detail.export()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    sheet.tell(failed)  # type: ignore[attr-defined]
    assert app.window.messages.text == "The model cannot be written."


def test_a_refusal_is_told_while_another_format_is_in_front(
    sheet: ExportSheet, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(sheet, app, monkeypatch)
    sheet.formats.select("tflite")
    sheet.detail.export()
    sheet.formats.select("h5")
    failed = m.Failed(number=1, message=text("The model cannot be written."))
    sheet.tell(failed)  # type: ignore[attr-defined]
    assert sheet.formats._rows["tflite"].text(1) == "failed"
    assert sheet.formats._rows["h5"].text(1) == ".h5"
    assert app.window.messages.text == "The model cannot be written."
    sheet.formats.select("tflite")
    assert sheet.detail.sentence.text() == "The model cannot be written."


def test_a_closed_document_is_forgotten(sheet: ExportSheet, app: Application) -> None:
    sheet.formats.select("python")
    sheet.detail.export()
    assert sheet._outcomes and sheet._paths
    app.window.close_tab(0)
    assert sheet._outcomes == {} and sheet._paths == {}
    assert sheet._session is None


def test_missing_packages_are_named_before_anything_is_tried(
    sheet: ExportSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting.importlib.util, "find_spec", lambda name: None)
    sheet.formats.select("onnx")
    assert "onnxruntime" in sheet.detail.sentence.text()
    assert not sheet.detail.button.isEnabled()
    QTest.mouseClick(sheet.detail.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == EXTRA


def test_what_is_there_already_is_told_and_another_place_can_be_chosen(
    sheet: ExportSheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.py").write_text("old", encoding="utf-8")
    monkeypatch.setattr(file_dialogs, "save_file", lambda *_: tmp_path / "there.py")
    sheet.formats.select("python")
    assert not sheet.detail.exists.isVisible()
    QTest.mouseClick(sheet.detail.browse, Qt.MouseButton.LeftButton)
    assert sheet.detail.exists.isVisible()
    sheet.detail.path.setText(str(tmp_path / "nowhere" / "x"))
    assert not sheet.detail.exists.isVisible()
    sheet.detail.export()
    assert "x.py" in sheet.detail.sentence.text()
    assert (tmp_path / "there.py").read_text(encoding="utf-8") == "old"


def test_the_sheet_belongs_to_its_document(sheet: ExportSheet, app: Application) -> None:
    app.window.new_document()
    assert not sheet.isVisible()
    app.window.actions_["export"].trigger()
    assert sheet.isVisible()
    sheet.formats.select("python")
    sheet.detail.export()
    assert sheet.detail.sentence.text() or sheet.detail.result.isVisible()
    sheet.formats.select(PICTURE)
    QTest.mouseClick(sheet.detail.button, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()
    assert app.window.view is not None and app.window.view.picture_bar.isVisible()


def test_an_engine_writes_what_the_sheet_asks_for(
    app: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(app.engine.ready, timeout=60_000):
        app.engine.start()
    window = app.window
    session = window.session
    assert session is not None
    session.do(commands.set_param(session.document, ["fc1"], "units", 12))
    window.actions_["export"].trigger()
    sheet = window.sheets.export
    assert sheet is not None
    sheet.formats.select("h5")
    assert "not been trained" in sheet.detail.advice.text()
    with qtbot.waitSignal(sheet._exporter.ended, timeout=120_000):
        sheet.detail.export()
    assert sheet.detail.sentence.text() == ""
    assert sheet.detail.figures["difference"].text() == "0 over 8 samples"
    assert (tmp_path / "LeNet-5.h5").stat().st_size > 100_000
    assert window.settings.folder == str(tmp_path)


def test_the_keyboard_stays_in_the_sheet_and_goes_back(app: Application) -> None:
    window = app.window
    window.activateWindow()
    view = window.view
    assert view is not None
    view.setFocus()
    window.actions_["export"].trigger()
    sheet = window.sheets.export
    assert sheet is not None
    sheet.formats.select("onnx")
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        for _ in range(12):
            QTest.keyClick(window.focusWidget(), key)
            assert sheet.isAncestorOf(window.focusWidget())
    sheet.detail.button.setFocus()
    sheet.detail.set_busy(busy=True)
    assert not sheet.detail.button.isEnabled()
    assert sheet.isAncestorOf(window.focusWidget())
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert window.focusWidget() is view
