"""The form of a document: its name, data, training and notes."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.datasets import DATASETS
from engine.graph import commands
from engine.graph.document import Part, PlanPart, Recipe
from engine.training import OPTIMIZERS, RecipeSpec, problems
from gui.fields.form import Form
from gui.i18n import tr, tr_text
from gui.labels import Label, wrapped
from gui.plan.part_form import PartForm
from gui.session import Session
from gui.theme import Theme
from gui.training.choices import DeviceChoice, LossChoice, MetricChips
from gui.training.suitable import task_info

# These have widgets of their own: what they offer depends on the data and on the machine.
OWN_WIDGETS = ("loss", "metrics", "device")


class RecipeForm(QWidget):
    """Shown where a node's form is, while nothing is selected. Every change is an edit."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session: Session | None = None
        self._last_edit = ""
        self.title = QLineEdit()
        self.title.setPlaceholderText(tr("Name of the network"))
        self.title.textEdited.connect(lambda words: self._edit("title", "title", words))
        self.notes = QPlainTextEdit()
        self.notes.setPlaceholderText(tr("What this network is for, and what you found out"))
        self.notes.setFixedHeight(88)
        self.notes.setTabChangesFocus(True)
        self.notes.textChanged.connect(self._notes_typed)
        self.data = PartForm(theme, DATASETS, tr("Data"))
        self.data.edited.connect(lambda part, name: self._edit("data", f"data {name}", part))
        self.optimizer = PartForm(theme, OPTIMIZERS, tr("Optimizer"))
        self.optimizer.edited.connect(self._optimizer_edited)
        self.loss, self.metrics, self.device = LossChoice(), MetricChips(theme), DeviceChoice()
        self.loss.chosen.connect(lambda key: self._edit_recipe("loss", key))
        self.metrics.chosen.connect(lambda keys: self._edit_recipe("metrics", keys))
        self.device.chosen.connect(lambda name: self._edit_recipe("device", name))
        self.plain = Form(theme)
        self.plain.edited.connect(self._edit_recipe)
        for part in (self.data, self.optimizer, self.plain):
            part.left.connect(self._left)
        self._reasons = {name: wrapped("secondary") for name in ("loss", "metrics")}
        for reason in self._reasons.values():
            reason.hide()
        self._build()
        self.setEnabled(False)

    def _build(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        sections: list[tuple[str, list[QWidget]]] = [
            (tr("Name"), [self.title]),
            (tr("Data"), [self.data]),
            (tr("Loss"), [self.loss, self._reasons["loss"]]),
            (tr("Metrics"), [self.metrics, self._reasons["metrics"]]),
            (tr("Optimizer"), [self.optimizer]),
            (tr("Training"), [self.plain]),
            (tr("Device"), [self.device]),
            (tr("Notes"), [self.notes]),
        ]
        for number, (heading, widgets) in enumerate(sections):
            label = Label(heading)
            label.setProperty("role", "heading")
            if number:
                column.addSpacing(8)
            column.addWidget(label)
            for widget in widgets:
                column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        for part in (page, scroll.viewport()):
            part.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        fields = {n: f for n, f in RecipeSpec.fields.items() if n not in OWN_WIDGETS}
        self.plain.set_fields(fields, {name: field.default for name, field in fields.items()})

    def set_session(self, session: Session | None) -> None:
        """Follow a session instead of the one before."""
        if self._session is not None:
            self._session.edited.disconnect(self._document_edited)
            self._session.data_changed.disconnect(self._show)
            self._session.engine.ready.disconnect(self._engine_ready)
        self._session = session
        self._last_edit = ""
        self.setEnabled(session is not None)
        if session is not None:
            session.edited.connect(self._document_edited)
            session.data_changed.connect(self._show)
            session.engine.ready.connect(self._engine_ready)
            self._show_devices()
        self._show()

    # --- showing ---------------------------------------------------------------------------

    def _document_edited(self, changes: tuple[Any, ...]) -> None:
        if any(hasattr(change, "part") for change in changes):
            self._show()

    def _engine_ready(self, _: object) -> None:
        self._show_devices()

    def _show_devices(self) -> None:
        if self._session is not None:
            info = self._session.engine.info
            devices = info.devices if info is not None else []
            self.device.show_devices(devices, self._session.document.recipe.device)

    def _show(self) -> None:
        session = self._session
        if session is None:
            return
        document = session.document
        if self.title.text() != document.title:
            self.title.setText(document.title)
        if self.notes.toPlainText() != document.notes:
            self.notes.blockSignals(True)
            self.notes.setPlainText(document.notes)
            self.notes.blockSignals(False)
        if self.data.part != document.data:
            self.data.set_part(document.data)
        recipe = document.recipe
        if self.optimizer.part != recipe.optimizer:
            self.optimizer.set_part(recipe.optimizer)
        self._show_devices()
        self._show_recipe(recipe)

    def _show_recipe(self, recipe: Recipe) -> None:
        session = self._session
        task = task_info(session.data.info if session is not None and session.data else None)
        self.loss.show_recipe(recipe, task)
        self.metrics.show_recipe(recipe, task)
        values = {name: getattr(recipe, name) for name in RecipeSpec.fields}
        self.plain.set_values({n: v for n, v in values.items() if n not in OWN_WIDGETS})
        checked = {**values, "metrics": list(recipe.metrics)}
        wrong = {name: tr_text(reason) for name, reason in RecipeSpec.check(checked).items()}
        self.plain.show_problems({n: r for n, r in wrong.items() if n not in OWN_WIDGETS})
        grave = set(wrong)
        for problem in reversed(problems(recipe, task, [])):
            wrong[problem.field] = tr_text(problem.message)
            if problem.severity == "error":
                grave.add(problem.field)
        for name, label in self._reasons.items():
            label.setText(wrong.get(name, ""))
            label.setVisible(name in wrong)
            color = self._theme.colors.error if name in grave else self._theme.colors.warning
            label.setStyleSheet(f"color: {color.name()};")

    # --- editing ---------------------------------------------------------------------------

    def _left(self) -> None:
        """What is typed after coming back to a field is a step of its own."""
        self._last_edit = ""

    def _notes_typed(self) -> None:
        self._edit("notes", "notes", self.notes.toPlainText())

    def _optimizer_edited(self, part: Part, name: str) -> None:
        self._edit_recipe("optimizer", part, f"optimizer {name}")

    def _edit_recipe(self, name: str, value: Any, what: str = "") -> None:
        if self._session is not None:
            recipe = self._session.document.recipe
            changed = msgspec.structs.replace(recipe, **{name: value})
            self._edit("recipe", f"recipe {what or name}", changed)

    def _edit(self, part: PlanPart, what: str, value: Part | Recipe | str) -> None:
        """Do an edit; typing in one field is one step of the history, another field another."""
        session = self._session
        if session is None:
            return
        if what != self._last_edit or what.endswith(" "):
            session.history.end_merge()
        self._last_edit = what
        session.do(commands.set_plan(session.document, part, value))
