"""The sheet on which layers get weights of a file: what it shows, what keys do, undo."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.answers import weights_loaded
from helpers.h5_files import layers_file
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from engine.errors import text
from engine.formats.keras_files.matching import Match
from engine.graph import commands
from engine.ipc import messages as m
from engine.ipc.client import EngineDied
from engine.paths import TEMPLATES
from gui.app import Application
from gui.files import file_dialogs
from gui.files.inspecting import close_workbenches, open_workbench
from gui.session import Session
from gui.weights.sheet import WeightsSheet
from gui.weights.table import HOW, LAYER, STORED

LENET = next(TEMPLATES.glob("*lenet-5*"))
SHAPES = {
    "conv1": [(5, 5, 1, 6), (6,)],
    "conv2": [(5, 5, 6, 16), (16,)],
    "fc1": [(400, 120), (120,)],
    "fc2": [(120, 84), (84,)],
    "digit": [(84, 10), (10,)],
}
STORED_LAYERS = {
    "conv1": SHAPES["conv1"],
    "head_a": SHAPES["digit"],
    "head_b": SHAPES["digit"],
    "extra": [(3, 3), (3,)],
}
READY = m.Ready(devices=[], tensorflow="", keras="", seconds=0.0)


@pytest.fixture
def app(app: Application) -> Iterator[Application]:
    app.window.resize(1280, 800)
    app.window.open_template(LENET)
    yield app
    close_workbenches(app.window)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return layers_file(tmp_path / "other.h5", STORED_LAYERS)


def session_of(app: Application) -> Session:
    session = app.window.session
    assert session is not None
    return session


class Listener:
    """An engine that only listens: what it is asked, and how to answer."""

    def __init__(self, app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[m.AnyRequest] = []
        self.answers: list[object] = []
        monkeypatch.setattr(app.engine, "info", READY)
        monkeypatch.setattr(app.engine, "send", self.send)

    def send(self, request: m.AnyRequest, answer: object = None) -> None:
        self.asked.append(request)
        self.answers.append(answer)

    def last(self, kind: type) -> m.AnyRequest:
        return next(one for one in reversed(self.asked) if isinstance(one, kind))

    def answer(self, kind: type, reply: m.AnyReply) -> None:
        place = max(at for at, one in enumerate(self.asked) if isinstance(one, kind))
        self.answers[place](reply)  # type: ignore[operator]


def matched(session: Session) -> m.WeightsMatched:
    rows = [
        Match(node, "conv1", "name", shapes, shapes)
        if node == "conv1"
        else Match(node, "", "", shapes, [])
        for node, shapes in SHAPES.items()
    ]
    stored = [m.Stored(name, shapes) for name, shapes in STORED_LAYERS.items()]
    fitting: dict[str, list[int]] = {node: [] for node in SHAPES}
    fitting |= {"conv1": [0], "digit": [1, 2]}
    return m.WeightsMatched(document=session.id, table=rows, stored=stored, fitting=fitting)


@pytest.fixture
def engine(app: Application, monkeypatch: pytest.MonkeyPatch) -> Listener:
    return Listener(app, monkeypatch)


@pytest.fixture
def sheet(
    app: Application, engine: Listener, path: Path, monkeypatch: pytest.MonkeyPatch
) -> WeightsSheet:
    monkeypatch.setattr(file_dialogs, "open_file", lambda *_: path)
    app.window.actions_["load_weights"].trigger()
    sheet = app.window.sheets.weights
    assert sheet is not None and sheet.isVisible()
    assert sheet.parts.bar.isVisible() and not sheet.button.isEnabled()
    engine.answer(m.MatchWeights, matched(session_of(app)))
    return sheet


def cells(sheet: WeightsSheet, column: int) -> list[str]:
    table = sheet.table
    return [table.index(row, column).data() for row in range(table.rowCount())]


# --- what is shown -------------------------------------------------------------------------


def test_each_layer_says_what_it_gets_and_why(sheet: WeightsSheet, path: Path) -> None:
    assert cells(sheet, LAYER) == list(SHAPES)
    assert cells(sheet, STORED) == ["conv1", *["keeps its own"] * 4]
    assert cells(sheet, HOW) == [
        "name",
        *["no layer in the file has these shapes"] * 3,
        "2 layers fit: choose one",
    ]
    assert sheet.table.index(0, 1).data() == "Conv2D"
    assert sheet.table.index(0, 2).data() == "5×5×1×6, 6"
    assert sheet.parts.name.text() == "other.h5"
    assert sheet.parts.folder.text() == str(path.parent)
    assert sheet.button.text() == "Load weights of 1 layer"
    assert sheet.parts.unused.text().endswith("3")
    assert not sheet.parts.left.isVisible()
    sheet.parts.unused.click()
    assert sheet.parts.left.isVisible()
    first = sheet.parts.left.model().index(0, 0)
    assert first.data() == "head_a    84×10, 10"


def test_space_ticks_and_the_boxes_too(sheet: WeightsSheet) -> None:
    sheet.view.selectRow(0)
    QTest.keyClick(sheet.view, Qt.Key.Key_Space)
    assert sheet.choices == {} and not sheet.button.isEnabled()
    QTest.keyClick(sheet.view, Qt.Key.Key_Space)
    assert sheet.choices == {"conv1": "conv1"}
    box = sheet.view.visualRect(sheet.table.index(0, LAYER)).topLeft() + QPoint(18, 14)
    QTest.mouseClick(sheet.view.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert sheet.choices == {}
    sheet.view.selectAll()
    QTest.keyClick(sheet.view, Qt.Key.Key_Space)
    # What fits nothing stays; what was open takes the first that fits.
    assert sheet.choices == {"conv1": "conv1", "digit": "head_a"}
    assert cells(sheet, HOW)[4] == "hand"
    assert sheet.parts.unused.text().endswith("2")


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_another_layer_is_chosen_from_those_that_fit(sheet: WeightsSheet) -> None:
    sheet.view.selectRow(4)
    QTest.keyClick(sheet.view, Qt.Key.Key_F2)
    box = sheet.view.findChild(QComboBox)
    assert [box.itemText(place) for place in range(box.count())] == [
        "keeps its own",
        "head_a",
        "head_b",
    ]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert sheet.choices == {"conv1": "conv1", "digit": "head_b"}
    assert sheet.button.text() == "Load weights of 2 layers"
    sheet.view.selectRow(1)
    QTest.keyClick(sheet.view, Qt.Key.Key_F2)  # Nothing fits: there is no list.
    assert sheet.view.currentIndex().row() == 1


def test_a_filter_and_all_and_none_of_what_it_shows(sheet: WeightsSheet) -> None:
    sheet.parts.filter.setText("DENSE")
    assert cells(sheet, LAYER) == ["fc1", "fc2", "digit"]
    sheet.parts.none.click()
    assert sheet.choices == {"conv1": "conv1"}
    sheet.parts.filter.clear()
    sheet.parts.none.click()
    assert sheet.choices == {}
    sheet.parts.all.click()
    assert sheet.choices == {"conv1": "conv1"}


def test_five_hundred_layers_are_there_at_once(
    sheet: WeightsSheet, app: Application, engine: Listener
) -> None:
    session = session_of(app)
    while len(session.document.network.nodes) < 500:
        session.do(commands.insert(session.document, session.document.network, text("Paste")))
    nodes = list(session.document.network.nodes)[:500]
    shapes = [(84, 10), (10,)]
    names = [f"layer_{number}" for number in range(500)]
    reply = m.WeightsMatched(
        document=session.id,
        table=[Match(node, "", "", shapes, []) for node in nodes],
        stored=[m.Stored(name, shapes) for name in names],
        fitting={node: list(range(500)) for node in nodes},
    )
    sheet.ask_file()
    began = time.perf_counter()
    engine.answer(m.MatchWeights, reply)
    sheet.view.selectAll()
    QTest.keyClick(sheet.view, Qt.Key.Key_Space)
    sheet.grab()
    assert time.perf_counter() - began < 3
    assert list(sheet.choices.values()) == names


# --- loading -------------------------------------------------------------------------------


def test_enter_loads_and_the_step_can_be_undone(
    sheet: WeightsSheet, app: Application, engine: Listener, path: Path
) -> None:
    session = session_of(app)
    QTest.keyClick(sheet.view, Qt.Key.Key_Return)
    request = engine.last(m.GraftWeights)
    assert isinstance(request, m.GraftWeights)
    assert (request.path, request.choices) == (str(path), {"conv1": "conv1"})
    assert not sheet.button.isEnabled()
    QTest.keyClick(sheet.view, Qt.Key.Key_Return)  # Once is enough.
    assert sum(isinstance(one, m.GraftWeights) for one in engine.asked) == 1
    engine.answer(m.GraftWeights, m.WeightsGrafted(document=session.id, graft=request.graft))
    assert not sheet.isVisible()
    assert "other.h5" in app.window.messages.text
    assert session.trained
    assert app.window.actions_["undo"].text() == "Undo: Load weights of “conv1”"
    assert session.history.is_saved  # The drawing is as it was.
    app.window.actions_["undo"].trigger()
    edit = engine.last(m.EditDocument)
    assert isinstance(edit, m.EditDocument)
    (change,) = edit.changes
    assert (change.graft, change.applied) == (request.graft, False)  # type: ignore[union-attr]
    session._receive(m.WeightsMoved(document=session.id, trained=False))
    assert not session.trained


def test_a_refusal_stays_on_the_sheet(
    sheet: WeightsSheet, app: Application, engine: Listener
) -> None:
    sheet.button.click()
    engine.answer(m.GraftWeights, m.Failed(message=text("A network is training.")))
    assert sheet.isVisible() and sheet.button.isEnabled()
    assert sheet.parts.sentence.text() == "A network is training."
    assert session_of(app).history.last is None
    sheet.button.click()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    engine.answer(m.GraftWeights, m.Failed(message=text("Still training.")))
    assert app.window.messages.text == "Still training."


def test_weights_in_training_are_not_exchanged(
    sheet: WeightsSheet, app: Application, engine: Listener
) -> None:
    session = session_of(app)
    sheet.button.click()
    request = engine.last(m.GraftWeights)
    assert isinstance(request, m.GraftWeights)
    engine.answer(m.GraftWeights, m.WeightsGrafted(document=session.id, graft=request.graft))
    session.run.state = "running"
    assert not session.undo()
    assert "stop the training first" in app.window.messages.text
    session.run.state = "idle"
    assert session.undo() and not session.undo()
    session._receive(m.WeightsMoved(document=session.id, trained=True, lost=True))
    assert "no longer known" in app.window.messages.text


def test_a_file_that_cannot_be_read_is_told(
    sheet: WeightsSheet, engine: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs, "open_file", lambda *_: tmp_path / "bad.h5")
    sheet.parts.other.click()
    assert sheet.parts.name.text() == "bad.h5" and cells(sheet, LAYER) == []
    engine.answer(m.MatchWeights, m.Failed(message=text("It is damaged.")))
    assert sheet.parts.sentence.text() == "It is damaged."
    assert not sheet.button.isEnabled() and not sheet.parts.bar.isVisible()


# --- what happens meanwhile ----------------------------------------------------------------


def test_edits_ask_anew_and_what_was_chosen_stays(
    sheet: WeightsSheet, app: Application, engine: Listener, qtbot: QtBot
) -> None:
    session = session_of(app)
    sheet.table.choose(4, "head_b")
    count = len(engine.asked)
    session.do(commands.rename(session.document, "fc1", "wide"))
    qtbot.waitUntil(
        lambda: any(isinstance(one, m.MatchWeights) for one in engine.asked[count:]), timeout=5000
    )
    engine.answer(m.MatchWeights, matched(session))
    assert sheet.choices == {"conv1": "conv1", "digit": "head_b"}
    assert cells(sheet, LAYER)[2] == "wide"


def test_an_engine_that_dies_and_comes_back(
    sheet: WeightsSheet, app: Application, engine: Listener, qtbot: QtBot
) -> None:
    count = len(engine.asked)
    app.engine.died.emit(EngineDied(True))
    assert cells(sheet, LAYER) == []
    assert "ended unexpectedly" in sheet.parts.sentence.text()
    app.engine.ready.emit(READY)
    qtbot.waitUntil(
        lambda: any(isinstance(one, m.MatchWeights) for one in engine.asked[count:]), timeout=5000
    )
    engine.answer(m.MatchWeights, matched(session_of(app)))
    assert cells(sheet, LAYER) == list(SHAPES)


def test_the_sheet_belongs_to_its_document(sheet: WeightsSheet, app: Application) -> None:
    app.window.new_document()
    assert not sheet.isVisible()


def test_a_closed_document_is_let_go(sheet: WeightsSheet, app: Application) -> None:
    app.window.close_tab(0)
    assert not sheet.isVisible()
    assert sheet._session is None


# --- other ways to it ----------------------------------------------------------------------


def test_an_import_that_lacks_weights_offers_the_table(
    app: Application, engine: Listener, path: Path
) -> None:
    session = session_of(app)
    session.load_weights(path, partly=True)
    table = [row for row in matched(session).table if row.node]
    weights_loaded(session, table, path)
    assert app.window.messages.text.startswith("4 of 5 layers keep new weights")
    assert [button.text() for button in app.window.messages._buttons] == ["Show table", "Close"]
    app.window.messages._buttons[0].click()
    sheet = app.window.sheets.weights
    assert sheet is not None and sheet.isVisible()
    assert sheet.parts.name.text() == path.name


def test_the_workbench_gives_its_file_to_the_document_in_front_last(
    app: Application, engine: Listener, path: Path
) -> None:
    window = app.window
    lenet = session_of(app)
    window.new_document()
    window.tabs.setCurrentIndex(0)
    page = open_workbench(window, path)
    assert page is not None and page.use_button.isEnabled()
    assert "LeNet-5" in page.use_button.toolTip()
    page.use_button.click()
    assert window.session is lenet
    assert window.sheets.weights is not None and window.sheets.weights.isVisible()
    request = engine.last(m.MatchWeights)
    assert isinstance(request, m.MatchWeights)
    assert (request.document, request.path) == (lenet.id, str(path))
    window.close_tab(0)
    window.close_tab(0)
    assert window.tabs.currentWidget() is page
    assert not page.use_button.isEnabled()


def test_with_an_engine_weights_come_and_go(app: Application, qtbot: QtBot, path: Path) -> None:
    window, session = app.window, session_of(app)
    page = open_workbench(window, path)
    assert page is not None
    page.use_button.click()
    sheet = window.sheets.weights
    assert sheet is not None
    assert "still starting" in sheet.parts.sentence.text()
    app.engine.start()
    qtbot.waitUntil(lambda: bool(sheet.table.rows), timeout=90_000)
    assert sheet.choices == {"conv1": "conv1"}
    sheet.table.choose(4, "head_b")
    with qtbot.waitSignal(session.trained_changed, timeout=60_000):
        sheet.load()
    assert session.trained and not sheet.isVisible()
    with qtbot.waitSignal(session.trained_changed, timeout=60_000):
        window.actions_["undo"].trigger()
    assert not session.trained
    with qtbot.waitSignal(session.trained_changed, timeout=60_000):
        window.actions_["redo"].trigger()
    assert session.trained
    assert [str(step) for step in session.history.steps] == ["Load weights of 2 layers"]
