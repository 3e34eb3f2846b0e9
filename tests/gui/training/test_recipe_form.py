"""The form of the recipe: what is typed reaches the document, and what suits it is marked."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine.graph.document import Part, Recipe
from engine.ipc import messages as m
from gui.bridge import Engine
from gui.session import Session
from gui.theme import Theme
from gui.training.recipe_form import RecipeForm


@pytest.fixture
def form(qtbot: QtBot, theme: Theme, session: Session) -> RecipeForm:
    made = RecipeForm(theme)
    qtbot.addWidget(made)
    made.resize(304, 900)
    made.set_session(session)
    made.show()
    return made


def load(session: Session, task: str) -> None:
    info = m.DataInfo(
        title="Some",
        train=100,
        test=10,
        sample_shape=[4],
        task=task,
        classes=["a", "b", "c"] if task == "classes" else [],
        class_counts=[40, 30, 30] if task == "classes" else [],
    )
    numbers = m.Array.of(np.zeros((2, 4), np.float32))
    session._take_data(
        m.DataLoaded(data=session.document.data, info=info, samples=numbers, targets=numbers)
    )


def choose(form: RecipeForm, key: str) -> None:
    form.loss.setCurrentIndex(form.loss.findData(key))
    form.loss.activated.emit(form.loss.currentIndex())


def test_typing_reaches_the_document_as_one_step(
    form: RecipeForm, session: Session, qtbot: QtBot
) -> None:
    line = form.plain.editors["epochs"].findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, "12")
    assert session.document.recipe.epochs == 12
    session.undo()
    assert session.document.recipe.epochs == 5
    assert line.text() == "5"


def test_two_fields_are_two_steps(form: RecipeForm, session: Session) -> None:
    form.plain.edited.emit("epochs", 9)
    form.plain.edited.emit("batch_size", 64)
    session.undo()
    assert (session.document.recipe.epochs, session.document.recipe.batch_size) == (9, 32)
    session.redo()
    assert session.document.recipe.batch_size == 64


def test_wrong_number_stays_out_of_the_document(
    form: RecipeForm, session: Session, qtbot: QtBot
) -> None:
    line = form.plain.editors["batch_size"].findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, "0")
    assert session.document.recipe.batch_size == 32
    assert line.property("wrong")


def test_loss_metrics_and_device(form: RecipeForm, session: Session, qtbot: QtBot) -> None:
    load(session, "classes")
    choose(form, "categorical_crossentropy")
    assert session.document.recipe.loss == "categorical_crossentropy"
    qtbot.mouseClick(form.metrics._chips["accuracy"], Qt.MouseButton.LeftButton)
    assert session.document.recipe.metrics == ()
    session.undo()
    assert form.metrics._chips["accuracy"].isChecked()
    form.device.chosen.emit("cpu")
    assert session.document.recipe.device == "cpu"


def test_losses_for_classes_are_disabled_for_values(form: RecipeForm, session: Session) -> None:
    load(session, "values")
    places = {key: form.loss.findData(key) for key in ("binary_crossentropy", "huber")}
    assert not form.loss._items.item(places["binary_crossentropy"]).isEnabled()
    assert form.loss._items.item(places["huber"]).isEnabled()
    reason = form._reasons["loss"]
    assert reason.isVisible() and "numbers" in reason.text()
    choose(form, "huber")
    assert not reason.isVisible()


def test_losses_for_values_are_marked_for_classes(form: RecipeForm, session: Session) -> None:
    load(session, "classes")
    place = form.loss.findData("mean_squared_error")
    assert form.loss.itemText(place) == "Mean squared error (for numbers)"
    assert form.loss._items.item(place).isEnabled()


def test_metrics_that_do_not_suit_are_hidden_unless_chosen(
    form: RecipeForm, session: Session
) -> None:
    load(session, "classes")
    assert form.metrics._chips["accuracy"].isVisible()
    assert not form.metrics._chips["mean_absolute_error"].isVisible()
    load(session, "values")
    choose(form, "mean_squared_error")
    assert form.metrics._chips["mean_absolute_error"].isVisible()


def test_optimizer_and_its_fields(form: RecipeForm, session: Session) -> None:
    box = form.optimizer.choice
    box.setCurrentIndex(box.findData("sgd"))
    box.activated.emit(box.currentIndex())
    form.optimizer.form.edited.emit("momentum", 0.9)
    assert session.document.recipe.optimizer == Part("sgd", {"momentum": 0.9})
    session.undo()
    assert session.document.recipe.optimizer == Part("sgd")
    session.undo()
    assert session.document.recipe == Recipe()
    assert box.currentData() == "adam"


def test_title_and_notes(form: RecipeForm, session: Session, qtbot: QtBot) -> None:
    form.title.selectAll()
    qtbot.keyClicks(form.title, "LeNet")
    qtbot.keyClicks(form.notes, "fine")
    assert (session.document.title, session.document.notes) == ("LeNet", "fine")
    session.undo()
    assert form.notes.toPlainText() == ""
    session.undo()
    assert (session.document.title, form.title.text()) == ("Test", "Test")


def test_data_source(form: RecipeForm, session: Session) -> None:
    box = form.data.choice
    box.setCurrentIndex(box.findData("wine"))
    box.activated.emit(box.currentIndex())
    assert session.document.data == Part("wine")


def test_devices_of_the_engine_are_offered(
    form: RecipeForm, session: Session, engine: Engine
) -> None:
    devices = [m.Device("CPU:0", "CPU, 2 cores"), m.Device("GPU:0", "A graphics card")]
    engine.info = m.Ready(devices=devices, tensorflow="2", keras="3", seconds=1.0)
    engine.ready.emit(engine.info)
    names = [form.device.itemText(row) for row in range(form.device.count())]
    assert names == ["Automatic", "CPU, 2 cores", "A graphics card"]
    form.device.chosen.emit("cpu")
    assert form.device.currentText() == "CPU, 2 cores"
    form.device.chosen.emit("GPU:3")
    assert form.device.currentText() == "GPU:3 (not on this machine)"


def test_other_session_shows_its_own_recipe(form: RecipeForm, engine: Engine) -> None:
    from engine.graph.document import Document

    other = Session(Document(title="Other", recipe=Recipe(epochs=77)), engine)
    form.set_session(other)
    assert form.title.text() == "Other"
    line = form.plain.editors["epochs"].findChild(QLineEdit)
    assert line is not None and line.text() == "77"
    form.set_session(None)
    assert not form.isEnabled()
