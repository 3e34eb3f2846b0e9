"""Editors in which one types: numbers, sizes, shapes, text, paths."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from engine.fields import (
    Field,
    Float,
    Int,
    IntTuple,
    Pairs,
    Path,
    Shape,
    String,
    same_value,
)
from gui.fields.editor import FieldEditor
from gui.files import file_dialogs
from gui.i18n import tr, tr_text
from gui.labels import Label

Read = Callable[[str], Any]
Write = Callable[[Any], str]


class LineEditor(FieldEditor):
    """A line whose text stands for the value; `read` and `write` translate between them."""

    def __init__(self, field: Field, read: Read, write: Write) -> None:
        super().__init__(field)
        self._read, self._write = read, write
        self.line = NumberLine(self._step) if isinstance(field, (Int, Float)) else QLineEdit()
        self.line.setAccessibleName(tr(field.label))
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self._finished)
        self.row.addWidget(self.line, 1)
        if field.unit:
            unit = Label(tr(field.unit))
            unit.setProperty("role", "secondary")
            self.row.addWidget(unit)
        self._value: Any = None
        self.watch()

    def inputs(self) -> list[QWidget]:
        return [self.line]

    def set_value(self, value: Any) -> None:
        known, self._value = self._value, value
        # What a person is typing, half of a number too, stays while the document does not
        # change below it: the engine's answers refresh the form at any moment.
        if self.line.isModified() and same_value(value, known):
            return
        self.line.setText(self._write(value))
        self.complain(self._reason(value))

    def _reason(self, value: Any) -> str:
        problem = self.field.check(value)
        return tr_text(problem) if problem else ""

    def _typed(self, words: str) -> None:
        try:
            value = self._read(words if isinstance(self.field, String) else _half_width(words))
        except ValueError:
            value = words
        if self.field.check(value) is None:
            # Before it is offered: the document's answer to it must find it known.
            self._value = value
        self.offer(value)

    def _finished(self) -> None:
        # The last right value stays in the document, and now in the field again.
        self.line.setText(self._write(self._value))
        self.complain(self._reason(self._value))

    def _step(self, steps: int) -> None:
        field = self.field
        if isinstance(field, Int) and isinstance(self._value, int):
            value: Any = self._value + steps
        elif isinstance(field, Float) and isinstance(self._value, (int, float)):
            # Rates are stepped by factors, parts of one by twentieths.
            bounded = field.max is not None and field.max <= 1 and self._value >= 0.05
            value = round(self._value + 0.05 * steps, 6) if bounded else self._value * 2.0**steps
        else:
            return
        if field.check(value) is None:
            self.line.setText(self._write(value))
            self._value = value
            self.offer(value)


class NumberLine(QLineEdit):
    """A line in which the up and down keys step the number."""

    def __init__(self, step: Callable[[int], None]) -> None:
        super().__init__()
        self._step = step

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up:
            self._step(1)
        elif event.key() == Qt.Key.Key_Down:
            self._step(-1)
        else:
            super().keyPressEvent(event)


# What a Chinese keyboard types for the signs of sizes and numbers.
_HALF_WIDTH = str.maketrans("，、。．？×－（）", ",,..?,-()")


def _half_width(words: str) -> str:
    return words.translate(_HALF_WIDTH)


def is_nothing(words: str, optional: bool) -> bool:
    """Return whether a person has said that there is no value."""
    return optional and words.strip().lower() in ("", "none", tr("none"))


def int_editor(field: Int) -> LineEditor:
    """Make the editor of a whole number."""

    def read(words: str) -> Any:
        return None if is_nothing(words, field.optional) else int(words.replace(",", ""))

    return LineEditor(field, read, lambda value: "" if value is None else str(value))


def float_editor(field: Float) -> LineEditor:
    """Make the editor of a real number; small ones are written 1e-07."""

    def read(words: str) -> Any:
        return None if is_nothing(words, field.optional) else float(words)

    def write(value: Any) -> str:
        if not isinstance(value, (int, float)):
            return str(value or "")
        short = f"{value:.6g}"
        # A value with more digits is written out: reading it back must not change it.
        return short if float(short) == value else repr(value)

    return LineEditor(field, read, write)


def string_editor(field: String) -> LineEditor:
    """Make the editor of a line of text."""
    nothing = None if field.optional else ""
    return LineEditor(field, lambda words: words or nothing, lambda value: str(value or ""))


def shape_editor(field: Shape) -> LineEditor:
    """Make the editor of a shape: sizes with commas, ? for any."""

    def read(words: str) -> Any:
        if is_nothing(words, field.optional):
            return None
        parts = [part for part in words.replace(" ", ",").split(",") if part]
        return [None if part in ("?", "None") else int(part) for part in parts]

    editor = LineEditor(field, read, _write_sizes)
    editor.line.setPlaceholderText("28, 28, 1")
    return editor


def _write_sizes(value: Any) -> str:
    if not isinstance(value, (list, tuple)):
        return "" if value is None else str(value)
    return ", ".join("?" if size is None else str(size) for size in value)


def pairs_editor(field: Pairs) -> LineEditor:
    """Make the editor of amounts before and after each axis: 1 or 1, 2 or (1, 2), (3, 4)."""

    def read(words: str) -> Any:
        numbers = [int(part) for part in words.replace("(", "").replace(")", "").split(",")]
        if len(numbers) == 1:
            return numbers[0] if field.length != 1 else numbers
        length = field.length or len(numbers) // 2
        if len(numbers) == 2 * length and field.length != 1:
            return [[numbers[2 * at], numbers[2 * at + 1]] for at in range(length)]
        return numbers

    def write(value: Any) -> str:
        if isinstance(value, (list, tuple)):
            pairs = [
                f"({pair[0]}, {pair[1]})" if isinstance(pair, (list, tuple)) else str(pair)
                for pair in value
            ]
            return ", ".join(pairs)
        return str(value)

    return LineEditor(field, read, write)


class AxesEditor(FieldEditor):
    """A box for each axis; the first one fills the others while they are equal."""

    def __init__(self, field: IntTuple) -> None:
        super().__init__(field)
        assert field.length is not None
        self._length = field.length
        self._lines = []
        for place in range(field.length):
            line = NumberLine(partial(self._step, place))
            axis = tr(field.axes[place]) if place < len(field.axes) else ""
            line.setToolTip(axis)
            line.setAccessibleName(f"{tr(field.label)} {axis}".strip())
            line.setPlaceholderText(tr("none") if field.optional else "")
            line.textEdited.connect(lambda _, place=place: self._typed(place))
            line.editingFinished.connect(self._finished)
            self._lines.append(line)
            if place:
                self.row.addWidget(Label("×"))
            self.row.addWidget(line, 1)
        self._value: Any = None
        self.watch()

    def inputs(self) -> list[QWidget]:
        return list(self._lines)

    def set_value(self, value: Any) -> None:
        known, self._value = self._value, value
        if any(line.isModified() for line in self._lines) and same_value(value, known):
            return
        self._write()

    def _write(self) -> None:
        for line, size in zip(self._lines, self._sizes(), strict=False):
            words = "" if size is None else str(size)
            if line.text() != words:
                line.setText(words)
            line.setModified(False)
        problem = self.field.check(self._value)
        self.complain(tr_text(problem) if problem else "")

    def _sizes(self) -> list[Any]:
        """Return one size an axis; a single number stands for every axis."""
        value = self._value
        return list(value) if isinstance(value, (list, tuple)) else [value] * self._length

    def _typed(self, place: int) -> None:
        sizes = self._sizes()
        if place == 0 and sizes == sizes[:1] * self._length:
            for line in self._lines[1:]:
                line.setText(self._lines[0].text())
        words = [line.text().strip() for line in self._lines]
        value: Any = [int(word) if _whole(word) else word for word in words]
        if self.field.optional and not any(words):
            value = None
        if self.field.check(value) is None:
            self._value = value
        self.offer(value)

    def _finished(self) -> None:
        # Half a size is no size: the document's stay.
        self._write()

    def _step(self, place: int, steps: int) -> None:
        if _whole(self._lines[place].text()):
            self._lines[place].setText(str(int(self._lines[place].text()) + steps))
            self._typed(place)


def _whole(word: str) -> bool:
    return word.lstrip("-").isdigit()


class PathEditor(LineEditor):
    """A line with a button that opens the file dialog."""

    def __init__(self, field: Path) -> None:
        super().__init__(field, lambda words: words, lambda value: str(value or ""))
        self._pattern = field.pattern
        button = QPushButton(tr("Browse…"))
        button.clicked.connect(self._browse)
        self.row.addWidget(button)

    def _typed(self, words: str) -> None:
        """A path is a file only when it is typed to its end: see `_finished`."""

    def _finished(self) -> None:
        if self.line.isModified() and self.line.text() != self._value:
            super()._typed(self.line.text())
        super()._finished()

    def _browse(self) -> None:
        folder = str(FilePath(self._value).parent) if self._value else ""
        path = file_dialogs.open_file(self, tr(self.field.label), self._pattern, folder)
        if path is not None:
            super()._typed(str(path))
            super()._finished()


def axes_editor(field: IntTuple) -> FieldEditor:
    """Make the editor of whole numbers, one an axis, or any number of them."""
    if field.length is not None and field.length > 1:
        return AxesEditor(field)

    def read(words: str) -> Any:
        if is_nothing(words, field.optional):
            return None
        numbers = [int(part) for part in words.split(",") if part.strip()]
        return numbers[0] if len(numbers) == 1 else numbers

    def write(value: Any) -> str:
        items = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
        return ", ".join(map(str, items))

    return LineEditor(field, read, write)
