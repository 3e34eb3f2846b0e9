"""Every declared field has an editor; only right values leave it."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.datasets import DATASETS
from engine.fields import (
    Choice,
    Field,
    Float,
    Int,
    IntTuple,
    Pairs,
    Path,
    Shape,
    same_value,
)
from engine.layers import LAYERS
from engine.training import OPTIMIZERS
from gui.fields.form import Form
from gui.fields.make import make_editor
from gui.fields.text_editors import LineEditor
from gui.files import file_dialogs
from gui.theme import Theme

FIELDS = [
    pytest.param(field, id=f"{spec.key}.{name}")
    for registry in (LAYERS, DATASETS, OPTIMIZERS)
    for spec in registry
    for name, field in spec.fields.items()
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_an_editor_that_takes_its_default(
    field: Field, qtbot: QtBot, light_theme: Theme
) -> None:
    editor = make_editor(field, field.default, light_theme)
    qtbot.addWidget(editor)
    if isinstance(editor, LineEditor) and field.default not in (None, ""):
        seen: list[Any] = []
        editor.edited.connect(seen.append)
        editor._typed(editor.line.text())
        assert len(seen) == 1
        assert same_value(seen[0], field.default)


@pytest.mark.parametrize(
    ("field", "words", "value"),
    [
        (Int(1, min=1, label="Units"), "12", 12),
        (Float(0.1, label="Rate"), "1e-7", 1e-7),
        (Int(None, optional=True, label="Seed"), "", None),
        (Shape([1], label="Shape"), "28, 28, 1", [28, 28, 1]),
        (Shape([1], label="Shape"), "28×?×3", [28, None, 3]),
        (Shape([1], label="Shape"), "28，28，1", [28, 28, 1]),
        (Float(0.1, label="Rate"), "1e－3", 1e-3),
        (Pairs(0, length=2, label="Padding"), "1, 2, 3, 4", [[1, 2], [3, 4]]),
    ],
)
def test_what_is_typed_is_understood(
    field: Field, words: str, value: object, qtbot: QtBot, light_theme: Theme
) -> None:
    editor = make_editor(field, field.default, light_theme)
    qtbot.addWidget(editor)
    assert isinstance(editor, LineEditor)
    seen: list[object] = []
    editor.edited.connect(seen.append)
    editor.line.clear()
    # Qt's test keys know ASCII only.
    qtbot.keyClicks(editor.line, words) if words and words.isascii() else editor._typed(words)
    assert seen[-1] == value


def test_wrong_input_turns_red_and_does_not_leave(qtbot: QtBot, light_theme: Theme) -> None:
    field = Int(32, min=1, label="Units")
    form = Form(light_theme)
    qtbot.addWidget(form)
    field.name = "units"
    form.set_fields({"units": field}, {"units": 32})
    seen: list[object] = []
    form.edited.connect(lambda name, value: seen.append(value))
    editor = form.editors["units"]
    assert isinstance(editor, LineEditor)
    editor.line.clear()
    qtbot.keyClicks(editor.line, "-4")
    assert seen == []
    assert editor.line.property("wrong") is True
    editor.line.editingFinished.emit()
    assert editor.line.text() == "32"
    assert editor.line.property("wrong") is False


def test_a_kernel_size_fills_both_axes_and_keeps_them_apart(
    qtbot: QtBot, light_theme: Theme
) -> None:
    field = IntTuple([3, 3], length=2, label="Kernel size")
    editor = make_editor(field, [3, 3], light_theme)
    qtbot.addWidget(editor)
    first, second = editor.inputs()
    seen: list[object] = []
    editor.edited.connect(seen.append)
    first.clear()
    qtbot.keyClicks(first, "5")
    second.clear()
    qtbot.keyClicks(second, "7")
    assert seen == [[5, 5], [5, 7]]


def test_the_wheel_changes_nothing(qtbot: QtBot, light_theme: Theme) -> None:
    editor = make_editor(Choice("a", options=("a", "b"), label="Mode"), "a", light_theme)
    qtbot.addWidget(editor)
    editor.show()
    box = editor.inputs()[0]
    seen: list[object] = []
    editor.edited.connect(seen.append)
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)
    assert seen == []
    assert box.currentText() == "a"


def test_half_a_number_survives_a_refresh_but_not_an_undo(qtbot: QtBot, light_theme: Theme) -> None:
    editor = make_editor(Float(0.001, label="Rate"), 0.001, light_theme)
    qtbot.addWidget(editor)
    assert isinstance(editor, LineEditor)
    entered: list[object] = []
    editor.edited.connect(entered.append)
    # The document answers each right value by refreshing the form, as the engine does later.
    editor.edited.connect(editor.set_value)
    editor.line.clear()
    for key in "1e-4":
        qtbot.keyClicks(editor.line, key)
        editor.set_value(entered[-1])
    assert editor.line.text() == "1e-4"
    assert entered == [1.0, 1e-4]
    qtbot.keyClicks(editor.line, "e")
    assert editor.line.property("wrong") is True
    editor.set_value(0.001)
    assert editor.line.text() == "0.001"
    assert editor.line.property("wrong") is False


def test_what_is_wrong_in_the_document_is_red_from_the_start(
    qtbot: QtBot, light_theme: Theme
) -> None:
    fields: dict[str, Field] = {
        "units": Int(32, min=1, label="Units"),
        "mode": Choice("a", options=("a", "b"), label="Mode"),
    }
    form = Form(light_theme)
    qtbot.addWidget(form)
    form.set_fields(fields, {"units": 0, "mode": "z"})
    wrong = {name: editor.inputs()[0].property("wrong") for name, editor in form.editors.items()}
    assert wrong == {"units": True, "mode": True}
    form.set_values({"units": 8, "mode": "b"})
    assert not any(editor.inputs()[0].property("wrong") for editor in form.editors.values())
    box = form.editors["mode"].inputs()[0]
    assert isinstance(box, QComboBox)
    assert [box.itemText(at) for at in range(box.count())] == ["a", "b"]


def test_a_problem_of_the_document_gives_way_to_one_being_typed(
    qtbot: QtBot, light_theme: Theme
) -> None:
    form = Form(light_theme)
    qtbot.addWidget(form)
    form.set_fields({"units": Int(32, min=1, label="Units")}, {"units": 32})
    editor = form.editors["units"]
    assert isinstance(editor, LineEditor)
    said: list[str] = []
    editor.complained.connect(said.append)
    form.show_problems({"units": "It does not fit."})
    editor._typed("x")
    form.show_problems({})
    assert editor.line.property("wrong") is True
    editor.line.editingFinished.emit()
    assert said[0] == "It does not fit."
    assert "whole number" in said[1]
    assert said[-1] == ""


def test_half_a_size_goes_back_to_the_last_good_one(qtbot: QtBot, light_theme: Theme) -> None:
    editor = make_editor(IntTuple([3, 3], length=2, label="Kernel size"), [3, 5], light_theme)
    qtbot.addWidget(editor)
    first, second = editor.inputs()
    assert isinstance(first, QLineEdit)
    assert isinstance(second, QLineEdit)
    entered: list[object] = []
    editor.edited.connect(entered.append)
    second.clear()
    qtbot.keyClicks(second, "x")
    editor.set_value([3, 5])
    assert second.text() == "x"
    assert second.property("wrong") is True
    second.editingFinished.emit()
    assert (first.text(), second.text()) == ("3", "5")
    assert second.property("wrong") is False
    assert entered == []


def test_a_path_is_reported_when_it_is_complete(
    qtbot: QtBot, light_theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = make_editor(Path("", pattern="*.npz", label="File"), "", light_theme)
    qtbot.addWidget(editor)
    assert isinstance(editor, LineEditor)
    entered: list[object] = []
    editor.edited.connect(entered.append)
    qtbot.keyClicks(editor.line, "a/b.npz")
    assert entered == []
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert entered == ["a/b.npz"]
    asked: list[tuple[object, ...]] = []

    def choose(*arguments: object) -> FilePath:
        asked.append(arguments)
        return FilePath("a/c.npz")

    monkeypatch.setattr(file_dialogs, "open_file", choose)
    editor.findChildren(QPushButton)[0].click()
    assert entered[-1] == editor.line.text() == str(FilePath("a/c.npz"))
    assert asked[0][2:] == ("*.npz", "a")


def test_a_wrong_value_of_the_document_has_its_reason_from_the_first_moment(
    qtbot: QtBot, light_theme: Theme
) -> None:
    form = Form(light_theme)
    qtbot.addWidget(form)
    form.set_fields({"units": Int(1, min=1, label="Units")}, {"units": "many"})
    reasons = [label.text() for label in form.findChildren(QLabel) if label.isVisibleTo(form)]
    assert form.editors["units"].sentence
    assert form.editors["units"].sentence in reasons
