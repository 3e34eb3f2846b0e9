"""Editors of lists: several numbers, many words, several layers."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.errors import FileProblem
from engine.fields import Floats, LayerRef, LayerRefs, Strings, same_value
from engine.paths import read_small, reason
from gui.fields.choice_editors import LayerEditor
from gui.fields.editor import FieldEditor
from gui.fields.text_editors import LineEditor, is_nothing
from gui.files import file_dialogs
from gui.i18n import tr, tr_text
from gui.theme import Theme

WORDS_HEIGHT = 96


def floats_editor(field: Floats) -> LineEditor:
    """Make the editor of one number, or of several with commas."""

    def read(words: str) -> Any:
        if is_nothing(words, field.optional):
            return None
        numbers = [_number(part) for part in words.split(",") if part.strip()]
        return numbers[0] if len(numbers) == 1 and field.single else numbers

    def write(value: Any) -> str:
        items = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
        return ", ".join(str(item) for item in items)

    return LineEditor(field, read, write)


def _number(word: str) -> float | int:
    try:
        return int(word)
    except ValueError:
        return float(word)


class WordsEditor(FieldEditor):
    """A box with one word a line, which a file can fill."""

    def __init__(self, field: Strings) -> None:
        super().__init__(field)
        self._box = QPlainTextEdit()
        self._box.setFixedHeight(WORDS_HEIGHT)
        self._box.setAccessibleName(tr(field.label))
        self._box.setPlaceholderText(tr("One word a line"))
        self._box.setTabChangesFocus(True)
        self._box.textChanged.connect(self._typed)
        self._browse = QPushButton(tr("From file…"))
        self._browse.clicked.connect(self._read_file)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._box)
        column.addWidget(self._browse)
        self.row.addLayout(column)
        self._value: Any = None
        self.watch()

    def inputs(self) -> list[QWidget]:
        return [self._box]

    def set_value(self, value: Any) -> None:
        if same_value(value, self._value) and self._words() == (value or []):
            return
        self._value = value
        self._box.blockSignals(True)
        self._box.setPlainText("\n".join(map(str, value or [])))
        self._box.blockSignals(False)
        problem = self.field.check(value)
        self.complain(tr_text(problem) if problem else "")

    def _words(self) -> list[str]:
        return [line for line in self._box.toPlainText().split("\n") if line]

    def _typed(self) -> None:
        words: list[str] | None = self._words() or (None if self.field.optional else [])
        if not same_value(words, self._value):
            self._value = words
            self.offer(words)

    def _read_file(self) -> None:
        path = file_dialogs.open_file(self, tr(self.field.label), "*.txt", "")
        if path is None:
            return
        try:
            self._box.setPlainText(read_small(path).decode("utf-8-sig"))
        except FileProblem as error:
            self.complain(tr_text(error.text))
        except (OSError, UnicodeError) as error:
            self.complain(
                tr("“{path}” cannot be read: {reason}.", path=path.name, reason=reason(error))
            )


class LayersEditor(FieldEditor):
    """Layers below each other, each with its form; they can be moved, removed and added."""

    def __init__(self, field: LayerRefs, theme: Theme) -> None:
        super().__init__(field)
        self._refs, self._theme = field, theme
        self._value: list[Any] = []
        self._editors: list[LayerEditor] = []
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        add = QPushButton(tr("Add layer"))
        add.clicked.connect(self._add)
        outer = QVBoxLayout()
        outer.setSpacing(8)
        outer.addLayout(self._column)
        outer.addWidget(add)
        self.row.addLayout(outer)
        self._button = add
        self.watch()

    def inputs(self) -> list[QWidget]:
        return [self._button]

    def set_value(self, value: Any) -> None:
        self._value = list(value) if isinstance(value, (list, tuple)) else []
        while len(self._editors) > len(self._value):
            self._rows.pop().deleteLater()
            self._editors.pop()
        while len(self._editors) < len(self._value):
            self._add_row()
        for editor, item in zip(self._editors, self._value, strict=True):
            editor.set_value(item)
        problem = self.field.check(value)
        self.complain(tr_text(problem) if problem else "")

    def _add_row(self) -> None:
        place = len(self._editors)
        one = LayerRef(None, options=self._refs.options, label=self._refs.label)
        editor = LayerEditor(one, self._theme)
        editor.edited.connect(partial(self._edited, place))
        editor.left.connect(self.left)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(editor, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(0)
        for icon, words, act in (
            ("chevron-up", tr("Move up"), partial(self._move, place)),
            ("trash", tr("Remove"), partial(self._remove, place)),
        ):
            button = QToolButton()
            button.setIcon(self._theme.icon(icon))
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setAutoRaise(True)
            button.clicked.connect(act)
            buttons.addWidget(button)
        buttons.addStretch(1)
        line.addLayout(buttons)
        self._column.addWidget(row)
        self._rows.append(row)
        self._editors.append(editor)

    def _changed(self, value: list[Any]) -> None:
        if self.field.check(value) is None:
            self.set_value(value)
        self.offer(value)

    def _edited(self, place: int, value: object) -> None:
        self._changed([*self._value[:place], value, *self._value[place + 1 :]])

    def _add(self) -> None:
        self._changed([*self._value, {"layer": self._refs.options[0], "params": {}}])

    def _remove(self, place: int, *_: object) -> None:
        self._changed([*self._value[:place], *self._value[place + 1 :]])

    def _move(self, place: int, *_: object) -> None:
        if place:
            value = list(self._value)
            value[place - 1 : place + 1] = value[place], value[place - 1]
            self._changed(value)
