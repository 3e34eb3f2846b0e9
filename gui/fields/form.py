"""A form: label, editor, help and reason for each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from engine.fields import Field, LayerRef
from gui.fields.editor import FieldEditor
from gui.fields.make import make_editor
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme

LABEL_WIDTH = 104


class Form(QWidget):
    """Edits values of declared fields; rarely used ones wait behind "More".

    Signals:
        edited: A right value was entered; carries the field's name and the value.
        left: The focus has left an editor.
    """

    edited = Signal(str, object)
    left = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, label_width: int = LABEL_WIDTH
    ) -> None:
        super().__init__(parent)
        self._theme, self._label_width = theme, label_width
        self._fields: dict[str, Field] = {}
        self._rows: dict[str, Row] = {}
        self._open = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.s)
        self._more = QPushButton()
        self._more.setProperty("flat", True)
        self._more.setStyleSheet("text-align: left; padding: 4px 0;")
        self._more.clicked.connect(self._toggle)
        self._column.addWidget(self._more)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def editors(self) -> dict[str, FieldEditor]:
        """The editors by field name."""
        return {name: row.editor for name, row in self._rows.items()}

    def set_fields(self, fields: Mapping[str, Field], values: Mapping[str, Any]) -> None:
        """Show these fields; when they are the ones shown already, only the values change."""
        if list(self._fields.values()) == list(fields.values()):
            self.set_values(values)
            return
        for row in self._rows.values():
            self._column.removeWidget(row)
            row.deleteLater()
        self._fields, self._rows = dict(fields), {}
        for name, field in sorted(fields.items(), key=lambda entry: entry[1].advanced):
            row = Row(field, values.get(name, field.default), self._theme, self._label_width)
            row.editor.edited.connect(lambda value, name=name: self.edited.emit(name, value))
            row.editor.left.connect(self.left)
            self._rows[name] = row
            self._column.insertWidget(self._place(field), row)
        self._let_see(values)
        self._fold()

    def _place(self, field: Field) -> int:
        """Plain fields stand before the "More" button, advanced ones behind it."""
        return self._column.count() if field.advanced else self._column.indexOf(self._more)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values without reporting them."""
        for name, value in values.items():
            self.set_value(name, value)
        self._let_see(values)

    def _let_see(self, values: Mapping[str, Any]) -> None:
        for row in self._rows.values():
            row.editor.see(values)

    def set_value(self, name: str, value: Any) -> None:
        """Show a value without reporting it."""
        if name in self._rows:
            self._rows[name].editor.set_value(value)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong with the document's values, by field name; nothing with the others."""
        for name in self._rows:
            self.show_problem(name, problems.get(name))
        if not self._open and any(
            row.editor.field.advanced and name in problems for name, row in self._rows.items()
        ):
            # What is wrong must be seen.
            self._toggle()

    def show_problem(self, name: str, problem: str | None) -> None:
        """Show what is wrong with a value, or that nothing is."""
        if name in self._rows:
            self._rows[name].editor.show_problem(problem)

    def _toggle(self) -> None:
        self._open = not self._open
        self._fold()

    def _fold(self) -> None:
        advanced = [row for row in self._rows.values() if row.editor.field.advanced]
        self._more.setVisible(bool(advanced))
        for row in advanced:
            row.setVisible(self._open)
        self._dress()

    def _dress(self) -> None:
        self._more.setText(tr("Fewer settings") if self._open else tr("More settings"))
        self._more.setIcon(self._theme.icon("chevron-down" if self._open else "chevron-right"))


class Row(QWidget):
    """One field of a form."""

    def __init__(self, field: Field, value: Any, theme: Theme, label_width: int) -> None:
        super().__init__()
        self.editor = make_editor(field, value, theme)
        label = Label(tr(field.label))
        label.setWordWrap(True)
        hint = field.range_text()
        tip = f"{tr(field.help)}  ({hint})" if hint else tr(field.help)
        for widget in (label, self.editor):
            widget.setToolTip(tip)
        self._note = Label()
        self._note.setWordWrap(True)
        self._note.hide()
        self._help = tip
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.s)
        grid.setVerticalSpacing(2)
        if isinstance(field, LayerRef):
            grid.addWidget(label, 0, 0)
            grid.addWidget(self.editor, 1, 0)
            grid.addWidget(self._note, 2, 0)
        else:
            label.setFixedWidth(label_width)
            grid.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(self.editor, 0, 1)
            grid.addWidget(self._note, 1, 0, 1, 2)
        self._problem = ""
        self.editor.complained.connect(self._complained)
        self.editor.entered.connect(lambda: self._show_note(self._help))
        self.editor.left.connect(lambda: self._show_note(""))
        # A value of the document can be wrong before anyone has typed.
        self._complained(self.editor.sentence)

    def _complained(self, problem: str) -> None:
        self._problem = problem
        self._show_note("")

    def _show_note(self, help_text: str) -> None:
        """Show the problem, or the help while the field is being edited."""
        words = self._problem or help_text
        role = "error" if self._problem else "secondary"
        if self._note.property("role") != role:
            self._note.setProperty("role", role)
            self._note.style().unpolish(self._note)
            self._note.style().polish(self._note)
        self._note.setText(words)
        self._note.setVisible(bool(words))
