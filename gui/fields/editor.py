"""What every editor of a field is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.fields import Field
from gui.i18n import tr_text


class FieldEditor(QWidget):
    """Edits one value; only right values leave it.

    Signals:
        edited: The person has entered a right value; carries it.
        complained: What is wrong with what is entered, or "".
        left: The focus has left the editor.
        entered: The focus has come.
    """

    edited = Signal(object)
    complained = Signal(str)
    left = Signal()
    entered = Signal()

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self._typed_problem = self._given_problem = ""
        self._sentence = ""
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)

    def set_value(self, value: Any) -> None:
        """Show a value without reporting it."""
        raise NotImplementedError

    def see(self, values: Mapping[str, Any]) -> None:
        """Take notice of all values of the form; for editors that depend on others."""

    @property
    def sentence(self) -> str:
        """What is wrong at this moment, or ""."""
        return self._sentence

    def inputs(self) -> list[QWidget]:
        """Return the widgets that a person types into."""
        return []

    def watch(self) -> None:
        """Follow the focus and keep the wheel from changing values; called once built."""
        for widget in self.inputs():
            widget.installEventFilter(self)

    def offer(self, value: Any) -> bool:
        """Report a value if it is right, else say why it is not; returns whether it is."""
        problem = self.field.check(value)
        self.complain(tr_text(problem) if problem else "")
        if problem is None:
            self.edited.emit(value)
        return problem is None

    def complain(self, sentence: str) -> None:
        """Show red what is wrong with what is entered, or that nothing is."""
        self._typed_problem = sentence
        self._show_wrong()

    def show_problem(self, sentence: str | None) -> None:
        """Show red what is wrong with the value that the document holds, or that nothing is.

        What is wrong with what is being entered comes first and stays.
        """
        self._given_problem = sentence or ""
        self._show_wrong()

    def _show_wrong(self) -> None:
        sentence = self._typed_problem or self._given_problem
        if sentence == self._sentence:
            return
        self._sentence = sentence
        for widget in self.inputs():
            if bool(widget.property("wrong")) != bool(sentence):
                widget.setProperty("wrong", bool(sentence))
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        self.complained.emit(sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        elif event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.Wheel:
            # Scrolling a form must not change what the mouse happens to pass over.
            event.ignore()
            return True
        return super().eventFilter(watched, event)
