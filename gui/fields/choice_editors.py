"""Editors in which one picks: on or off, one of a few, several of a few, a held layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QToolButton, QVBoxLayout, QWidget

from engine.fields import Bool, Choice, Choices, Field, LayerRef
from engine.layers import LAYERS
from engine.layers.objects import ObjectRef
from gui.fields.editor import FieldEditor
from gui.i18n import tr, tr_text
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.fields.form import Form


# What an object's own parameters are called stands beside the names of the layer's.
INNER_LABEL_WIDTH = 68


class BoolEditor(FieldEditor):
    """A box to tick."""

    def __init__(self, field: Bool) -> None:
        super().__init__(field)
        self._box = QCheckBox()
        self._box.setAccessibleName(tr(field.label))
        self._box.clicked.connect(self.offer)
        self.row.addWidget(self._box)
        self.row.addStretch(1)
        self.watch()

    def inputs(self) -> list[QWidget]:
        return [self._box]

    def set_value(self, value: Any) -> None:
        self._box.setChecked(value is True)


class ChoiceEditor(FieldEditor):
    """A box of named values; an optional field offers none first."""

    def __init__(self, field: Choice) -> None:
        super().__init__(field)
        self._box = QComboBox()
        self._box.setAccessibleName(tr(field.label))
        self._box.setMinimumContentsLength(8)
        if field.optional:
            self._box.addItem(tr("none"), None)
        for option in field.options:
            self._box.addItem(option, option)
        self._known = self._box.count()
        self._box.activated.connect(lambda place: self.offer(self._box.itemData(place)))
        self.row.addWidget(self._box, 1)
        self.watch()

    def inputs(self) -> list[QWidget]:
        return [self._box]

    def set_value(self, value: Any) -> None:
        while self._box.count() > self._known:
            self._box.removeItem(self._known)
        place = next((at for at in range(self._known) if self._box.itemData(at) == value), -1)
        if place < 0:
            # A value of another version is shown as it is.
            self._box.addItem(str(value), value)
            place = self._known
        self._box.setCurrentIndex(place)
        problem = self.field.check(value)
        self.complain(tr_text(problem) if problem else "")


class ChoicesEditor(FieldEditor):
    """A switch for each named value."""

    def __init__(self, field: Choices) -> None:
        super().__init__(field)
        self._buttons = []
        column = QVBoxLayout()
        column.setSpacing(2)
        for option in field.options:
            button = QToolButton()
            button.setText(option)
            button.setCheckable(True)
            button.clicked.connect(self._clicked)
            column.addWidget(button)
            self._buttons.append(button)
        self.row.addLayout(column)
        self.watch()

    def inputs(self) -> list[QWidget]:
        return list(self._buttons)

    def set_value(self, value: Any) -> None:
        for button in self._buttons:
            button.setChecked(button.text() in (value or ()))

    def _clicked(self) -> None:
        self.offer([button.text() for button in self._buttons if button.isChecked()])


class ObjectEditor(FieldEditor):
    """An initializer, regularizer or constraint: its kind, and a form of its parameters."""

    def __init__(self, field: ObjectRef, theme: Theme) -> None:
        super().__init__(field)
        self._ref, self._theme = field, theme
        self._kind = ChoiceEditor(field)
        self._kind.edited.connect(self._kind_chosen)
        self._form: Form | None = None
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self._column.addWidget(self._kind)
        self.row.addLayout(self._column)
        self._params: dict[str, Any] = {}
        self._key = ""
        self.watch()

    def inputs(self) -> list[QWidget]:
        return self._kind.inputs()

    def set_value(self, value: Any) -> None:
        spec = self._ref.spec_of(value)
        self._params = self._ref.params_of(value)
        self._key = spec.key if spec is not None else ""
        self._kind.set_value(spec.key if spec is not None else value)
        fields = spec.fields if spec is not None else {}
        shown = {
            name: item for name, item in fields.items() if not item.advanced or name in self._params
        }
        if shown and self._form is None:
            self._form = self._make_form()
        if self._form is not None and spec is not None:
            self._form.set_fields(shown, spec.complete(self._params))
            self._form.setVisible(bool(shown))

    def _make_form(self) -> Form:
        # The form makes this editor for a layer's field, and this editor a form.
        from gui.fields.form import Form

        form = Form(self._theme, label_width=INNER_LABEL_WIDTH)
        form.edited.connect(self._param_edited)
        form.left.connect(self.left)
        self._column.addWidget(form)
        return form

    def _kind_chosen(self, value: object) -> None:
        self.set_value(value)
        self.offer(value)

    def _param_edited(self, name: str, entered: object) -> None:
        value = self._ref.short(self._key, {**self._params, name: entered})
        self._params = self._ref.params_of(value)
        self.offer(value)


class LayerEditor(FieldEditor):
    """The layer that a wrapper holds: its kind, and a form of its parameters."""

    def __init__(self, field: LayerRef, theme: Theme) -> None:
        super().__init__(field)
        # The form makes this editor for a wrapper's field, and this editor a form.
        from gui.fields.form import Form

        self._kind = QComboBox()
        self._kind.setAccessibleName(tr(field.label))
        for key in field.options:
            self._kind.addItem(tr(LAYERS.get(key).title), key)
        self._kind.activated.connect(self._kind_chosen)
        self._form = Form(theme)
        self._form.edited.connect(self._param_edited)
        self._form.left.connect(self.left)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._kind)
        column.addWidget(self._form)
        self.row.addLayout(column)
        self._value: dict[str, Any] = {}
        self.watch()

    def inputs(self) -> list[QWidget]:
        return [self._kind]

    def set_value(self, value: Any) -> None:
        self._value = dict(value) if isinstance(value, dict) else {}
        spec = LAYERS.find(str(self._value.get("layer")))
        if spec is None:
            self._form.set_fields({}, {})
            return
        self._kind.setCurrentIndex(self._kind.findData(spec.key))
        fields: dict[str, Field] = dict(spec.fields)
        self._form.set_fields(fields, spec.complete(self._value.get("params", {})))

    def _kind_chosen(self, place: int) -> None:
        value = {"layer": self._kind.itemData(place), "params": {}}
        self.set_value(value)
        self.offer(value)

    def _param_edited(self, name: str, entered: object) -> None:
        spec = LAYERS.get(self._value["layer"])
        params = spec.trim({**self._value.get("params", {}), name: entered})
        self._value = {**self._value, "params": params}
        self.offer(self._value)
