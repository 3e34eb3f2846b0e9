"""The editor of a text for which the other parameters offer values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from engine.fields import Suggested
from gui.fields.editor import FieldEditor
from gui.i18n import tr, tr_text


class SuggestEditor(FieldEditor):
    """A box of values in which one can type another."""

    def __init__(self, field: Suggested) -> None:
        super().__init__(field)
        self._suggest = field.suggest
        self.box = QComboBox()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setMinimumContentsLength(8)
        self.box.setAccessibleName(tr(field.label))
        self.line = QLineEdit()
        # The box around it has the border.
        self.line.setStyleSheet("QLineEdit { border: none; padding: 0; background: transparent; }")
        self.box.setLineEdit(self.line)
        self.line.textEdited.connect(self.offer)
        self.box.activated.connect(lambda _: self.offer(self.box.currentText()))
        self.row.addWidget(self.box, 1)
        self.watch()
        self.line.installEventFilter(self)

    def inputs(self) -> list[QWidget]:
        return [self.box]

    def set_value(self, value: Any) -> None:
        words = str(value or "")
        if words != self.line.text():
            self.line.setText(words)
        problem = self.field.check(value)
        self.complain(tr_text(problem) if problem else "")

    def see(self, values: Mapping[str, Any]) -> None:
        found = self._suggest(dict(values))
        if found != [self.box.itemText(place) for place in range(self.box.count())]:
            words = self.line.text()
            self.box.clear()
            self.box.addItems(found)
            self.box.setCurrentIndex(-1)
            self.line.setText(words)
        # What an empty line stands for.
        self.line.setPlaceholderText(found[0] if len(found) == 1 else "")
