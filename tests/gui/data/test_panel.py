"""The data tab: samples as pictures or rows, problems, and the choice of a source."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from pytestqt.qtbot import QtBot

from engine.datasets import UNDECIDED
from engine.errors import text
from engine.graph import commands
from engine.graph.document import Document, Part
from engine.ipc import messages as m
from gui.bridge import Engine
from gui.data.panel import DataPanel
from gui.data.sample_table import number_words, target_words
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(Document(data=Part("digits")), Engine())


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> DataPanel:
    made = DataPanel(Theme("light"))
    qtbot.addWidget(made)
    made.resize(1280, 250)
    made.set_session(session)
    made.show()
    return made


def digits(data: Part) -> m.DataLoaded:
    random = np.random.default_rng(0)
    return m.DataLoaded(
        data=data,
        info=m.DataInfo(
            title="Digits",
            train=1438,
            test=359,
            sample_shape=[8, 8, 1],
            task="classes",
            classes=list("0123456789"),
            class_counts=[142] * 10,
            source="scikit-learn",
        ),
        samples=m.Array.of(random.random((30, 8, 8, 1)).astype(np.float32)),
        targets=m.Array.of(np.arange(30) % 10),
    )


def diabetes(data: Part) -> m.DataLoaded:
    return m.DataLoaded(
        data=data,
        info=m.DataInfo(
            title="Diabetes",
            train=354,
            test=88,
            sample_shape=[3],
            task="values",
            features=["age", "sex", "bmi"],
            source="scikit-learn",
        ),
        samples=m.Array.of(np.array([[0.5, -1.25, 3.0], [1, 2, 3]], np.float32)),
        targets=m.Array.of(np.array([0.75, -2.0], np.float32)),
    )


def arrive(session: Session, message: m.AnyReply) -> None:
    session._take_data(message)


def test_pictures_are_shown_with_their_labels(panel: DataPanel, session: Session) -> None:
    arrive(session, digits(session.document.data))
    assert panel.message() == ""
    assert panel.preview.tiles.isVisible()
    assert panel.preview.tiles.count == 30
    assert panel.preview.tiles._captions[:3] == ["0", "1", "2"]
    assert panel.facts._scroll.isVisible() and not panel.facts._histogram.isVisible()
    panel.grab()


def test_tables_are_shown_as_rows(panel: DataPanel, session: Session) -> None:
    session.do(commands.set_plan(session.document, "data", Part("diabetes")))
    arrive(session, diabetes(session.document.data))
    model = panel.preview.model
    assert not panel.preview.tiles.isVisible()
    assert (model.rowCount(), model.columnCount()) == (2, 4)
    assert [model.index(0, column).data() for column in range(4)] == [
        "0.750",
        "0.500",
        "-1.250",
        "3",
    ]
    names = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(4)]
    assert names == ["Target", "age", "sex", "bmi"]
    alignment = model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole)
    assert alignment & Qt.AlignmentFlag.AlignRight
    assert panel.facts._histogram.isVisible()
    panel.grab()


def test_problem_is_said_in_red(panel: DataPanel, session: Session) -> None:
    arrive(session, m.Failed(message=text("The file “x.npz” does not exist: choose another.")))
    assert panel.message() == "The file “x.npz” does not exist: choose another."
    assert panel._message.property("role") == "error"
    session.load_data()
    assert panel._message.property("role") == "secondary"


def test_no_data_yet_is_no_error(panel: DataPanel, session: Session) -> None:
    session.do(commands.set_plan(session.document, "data", Part(UNDECIDED)))
    arrive(session, m.Failed(message=text("No data is chosen yet.")))
    assert "on the left" in panel.message()
    assert panel._message.property("role") == "secondary"


def test_says_that_it_waits_for_the_engine(panel: DataPanel, session: Session) -> None:
    assert "engine" in panel.message()
    ready = m.Ready(devices=[], tensorflow="2", keras="3", seconds=1.0)
    session.engine.info = ready
    session.load_data()
    assert panel.message() == "Loading the data…"


def test_choice_reaches_the_document_and_can_be_undone(panel: DataPanel, session: Session) -> None:
    box = panel.source.choice
    box.setCurrentIndex(box.findData("iris"))
    box.activated.emit(box.currentIndex())
    assert session.document.data == Part("iris")
    session.undo()
    assert session.document.data == Part("digits")
    assert box.currentData() == "digits"


def test_parameters_reach_the_document_without_defaults(panel: DataPanel, session: Session) -> None:
    panel.source.form.edited.emit("size", 28)
    assert session.document.data == Part("digits", {"size": 28})
    panel.source.form.edited.emit("size", 8)
    assert session.document.data == Part("digits")


def test_typed_parameters_come_back_with_their_source(panel: DataPanel, session: Session) -> None:
    panel.source.form.edited.emit("size", 28)
    box = panel.source.choice
    for key in ("iris", "digits"):
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())
    assert session.document.data == Part("digits", {"size": 28})
    session.undo()
    assert session.document.data == Part("iris")


def test_unknown_source_is_said(panel: DataPanel, session: Session) -> None:
    session.do(commands.set_plan(session.document, "data", Part("quantum")))
    assert "quantum" in panel.source._help.text()
    assert panel.source.choice.currentIndex() == -1


def test_hidden_panel_shows_data_when_it_is_shown(panel: DataPanel, session: Session) -> None:
    panel.hide()
    arrive(session, digits(session.document.data))
    assert panel.preview.tiles.count == 0
    panel.showEvent(QShowEvent())
    assert panel.preview.tiles.count == 30


def test_without_a_document(panel: DataPanel) -> None:
    panel.set_session(None)
    assert not panel.isEnabled()
    assert panel.message()


def test_words_for_targets_and_numbers() -> None:
    assert number_words(3.0) == "3"
    assert number_words(0.12345) == "0.123"
    assert number_words(1.5e-7) == "1.5e-07"
    assert number_words(float("nan")) == "nan"
    loaded = diabetes(Part("diabetes"))
    assert target_words(loaded) == ["0.750", "-2"]
