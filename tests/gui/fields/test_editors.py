"""Every declared field has an editor; only right values leave it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.datasets import DATASETS
from engine.fields import Choice, Field, Float, Int, IntTuple, Pairs, Shape, same_value
from engine.layers import LAYERS
from engine.training import OPTIMIZERS
from gui.fields.form import Form
from gui.fields.make import make_editor
from gui.fields.text_editors import LineEditor
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
    qtbot.keyClicks(editor.line, words) if words else editor._typed("")
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
