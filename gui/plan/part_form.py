"""A choice of one declaration and its parameters: a data source, an optimizer."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from engine.fields import Params, Spec
from engine.graph.document import Part
from engine.registry import Registry
from gui.fields.form import Form
from gui.i18n import tr, tr_text
from gui.labels import Label
from gui.theme import Theme


class PartForm(QWidget):
    """Edits a `Part`: a box of all declarations, and a form of the chosen one's fields.

    What was typed for one declaration comes back when a person returns to it.

    Signals:
        edited: The person has changed something; carries the new `Part` and the name of the
            parameter, or "" where another declaration was chosen.
        left: The focus has left a field.
    """

    edited = Signal(object, str)
    left = Signal()

    def __init__(
        self, theme: Theme, registry: Registry[Any], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._registry = registry
        self._part = Part("")
        self._remembered: dict[str, Params] = {}
        self.choice = QComboBox()
        self.choice.setAccessibleName(name)
        self.choice.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for spec in registry:
            self.choice.addItem(tr(spec.title), spec.key)
            help_text = tr(spec.help())
            self.choice.setItemData(self.choice.count() - 1, help_text, Qt.ItemDataRole.ToolTipRole)
        self.choice.activated.connect(self._chosen)
        self._help = Label()
        self._help.setProperty("role", "secondary")
        self._help.setWordWrap(True)
        self.form = Form(theme)
        self.form.edited.connect(self._edited)
        self.form.left.connect(self.left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.choice, self._help, self.form):
            layout.addWidget(widget)

    @property
    def part(self) -> Part:
        """What is chosen now."""
        return self._part

    def set_part(self, part: Part) -> None:
        """Show another choice, or other parameters of the same."""
        spec = self._spec(part.kind)
        self._part = part
        self._remembered[part.kind] = part.params
        self.choice.setCurrentIndex(self.choice.findData(spec.key if spec else part.kind))
        if spec is None:
            unknown = tr("This version does not know “{name}”: choose another.", name=part.kind)
            self._help.setText(unknown)
            self.form.set_fields({}, {})
            return
        self._help.setText(tr(spec.help()))
        values = spec.complete(part.params)
        self.form.set_fields(spec.fields, values)
        self.form.setVisible(bool(spec.fields))
        wrong = spec.check(part.params)
        self.form.show_problems({name: tr_text(reason) for name, reason in wrong.items()})

    def _spec(self, kind: str) -> type[Spec] | None:
        found: type[Spec] | None = self._registry.find(kind)
        return found

    def _chosen(self, index: int) -> None:
        kind = self.choice.itemData(index)
        if kind != self._part.kind:
            part = Part(kind, self._remembered.get(kind, {}))
            self.set_part(part)
            self.edited.emit(part, "")

    def _edited(self, name: str, value: object) -> None:
        spec = self._spec(self._part.kind)
        if spec is None:
            return
        part = Part(self._part.kind, spec.trim({**self._part.params, name: value}))
        self.set_part(part)
        self.edited.emit(part, name)
