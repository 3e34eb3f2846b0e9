"""Code of others on its sheet: read, trusted, trusted no longer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers.own_layers import SCALE, hostile, lambda_config, write_scale
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from engine.foreign import lambdas
from engine.foreign.code import Code
from engine.graph.analysis import Problem
from engine.graph.document import Document, Edge, Network, Node, Part
from engine.ipc import messages as m
from engine.trust import all_trusted, is_trusted, trust, trust_file
from gui.app import Application
from gui.fields.suggest_editor import SuggestEditor
from gui.files import file_dialogs
from gui.problems.fix_button import FixButton
from gui.problems.panel import ProblemsPanel
from gui.session import Session
from gui.trust.sheet import TrustSheet


@pytest.fixture
def app(app: Application) -> Application:
    app.window.resize(1280, 800)
    return app


def drawn(app: Application, layer: str, **params: Any) -> Session:
    """Open a drawing with one layer between Input and Dense."""
    nodes = [
        Node(id="flowers", layer="Input", params={"shape": [4]}),
        Node(id="own", layer=layer, params=params, at=(0, 120), order=1),
        Node(id="last", layer="Dense", params={"units": 3}, at=(0, 240), order=2),
    ]
    edges = [Edge("flowers", "own"), Edge("own", "last")]
    document = Document(Network(nodes, edges), title="own", data=Part("iris"))
    return app.window.add_document(document)


def problems_of(session: Session, node: str) -> list[Problem]:
    return [problem for problem in session.problems if problem.node == node]


def labels(app: Application) -> dict[str, list[str]]:
    """Return the ways out that the list of problems offers, by the problems' codes."""
    session = app.window.session
    panel = app.window.bottom.findChild(ProblemsPanel)
    assert session is not None and panel is not None
    found = {}
    for row, problem in enumerate(session.problems):
        button = panel.list.itemWidget(panel.list.item(row))
        if isinstance(button, FixButton):
            found[problem.code] = [str(fix.label) for fix in button.fixes]
    return found


def press(app: Application, qtbot: QtBot, label: str) -> None:
    """Press the button of a way out in the list of problems."""
    panel = app.window.bottom.findChild(ProblemsPanel)
    assert panel is not None
    for button in panel.list.findChildren(FixButton):
        for fix in button.fixes:
            if str(fix.label).startswith(label):
                button._apply(fix)
                QApplication.processEvents()
                return
    raise AssertionError(label)


def sheet_of(app: Application) -> TrustSheet:
    sheet = app.window.trusting.sheet
    assert sheet is not None
    return sheet


def test_a_file_is_read_and_trusted(app: Application, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_scale(tmp_path, trusted=False)
    session = drawn(app, "Custom", file=str(path))
    assert labels(app) == {"untrusted-code": ["Read and trust…"]}
    press(app, qtbot, "Read and trust")
    sheet = sheet_of(app)
    assert sheet.isVisible() and sheet.view.isReadOnly()
    assert "“Scale”" in sheet.title.text() and sheet.view.toPlainText() == SCALE
    QTest.mouseClick(sheet.decline, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible() and all_trusted() == [] and session.problems
    press(app, qtbot, "Read and trust")
    QTest.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible() and is_trusted(path.read_bytes())
    assert problems_of(session, "own") == []
    (entry,) = all_trusted()
    assert (entry.kind, entry.name) == ("layer", str(path))


def test_what_is_trusted_is_what_was_shown(app: Application, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_scale(tmp_path, trusted=False)
    session = drawn(app, "Custom", file=str(path))
    press(app, qtbot, "Read and trust")
    path.write_text(hostile(tmp_path / "marker"))
    QTest.mouseClick(sheet_of(app).agree, Qt.MouseButton.LeftButton)
    assert not is_trusted(path.read_bytes()) and is_trusted(SCALE.encode())
    assert "has changed" in str(problems_of(session, "own")[0].message)


def test_keys_alone_trust_nothing(app: Application, qtbot: QtBot, tmp_path: Path) -> None:
    drawn(app, "Custom", file=str(write_scale(tmp_path, trusted=False)))
    press(app, qtbot, "Read and trust")
    sheet = sheet_of(app)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Y):
        QTest.keyClick(sheet.view, key)
    assert sheet.isVisible() and all_trusted() == []
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_store_that_cannot_be_written_is_told_on_the_sheet(
    app: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    drawn(app, "Custom", file=str(write_scale(tmp_path, trusted=False)))
    press(app, qtbot, "Read and trust")
    trust_file().mkdir(parents=True)
    (trust_file() / "inside").touch()
    sheet = sheet_of(app)
    QTest.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert sheet.isVisible() and "trusted.json" in sheet._foot.text()


def test_the_sheet_opens_for_anything(app: Application, qtbot: QtBot) -> None:
    done: list[str] = []
    sheet = app.window.trusting.open_sheet()
    code = Code("script", "train.py", "/a/train.py", "print(1)", b"print(1)")
    sheet.open(code, lambda: done.append("run"))
    assert sheet.isVisible() and done == []
    QTest.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert done == ["run"]
    sheet.open(code, lambda: done.append("again"))
    assert not sheet.isVisible() and done == ["run", "again"]


def test_a_file_changed_in_another_program_is_noticed(
    app: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_scale(tmp_path)
    session = drawn(app, "Custom", file=str(path))
    assert problems_of(session, "own") == []
    sent: list[Any] = []
    monkeypatch.setattr(app.engine, "send", lambda request, *_: sent.append(request))
    path.write_text(SCALE + "\n# more\n")
    monkeypatch.setattr(app.window, "isActiveWindow", lambda: True)
    with qtbot.waitSignal(session.problems_changed):
        QApplication.sendEvent(app.window, QEvent(QEvent.Type.ActivationChange))
    assert [problem.code for problem in problems_of(session, "own")] == ["untrusted-code"]
    assert m.LookAgain(document=session.id, nodes=["own"]) in sent


# --- Lambda --------------------------------------------------------------------------------


def test_a_straight_lambda_is_replaced_with_one_click(app: Application, qtbot: QtBot) -> None:
    params = {"function": lambda_config(lambda x: x * 5 - 4)}
    session = drawn(app, "Lambda", **params)
    qtbot.waitUntil(lambda: len(labels(app).get("untrusted-code", ())) == 2)
    assert labels(app)["untrusted-code"] == [
        "Replace by Expression: a * 5 - 4",
        "Read and trust…",
    ]
    press(app, qtbot, "Replace by Expression")
    node = session.document.network.nodes["own"]
    assert (node.layer, node.params) == ("Expression", {"formula": "a * 5 - 4"})
    assert problems_of(session, "own") == []
    session.undo()
    assert session.document.network.nodes["own"].params == params


def test_the_disassembly_of_other_lambdas_is_shown(app: Application, qtbot: QtBot) -> None:
    params = {"function": lambda_config(lambda x: print("/etc/passwd"))}
    session = drawn(app, "Lambda", **params)
    qtbot.waitUntil(lambda: lambdas.is_read(params))
    press(app, qtbot, "Read and trust")
    sheet = sheet_of(app)
    qtbot.waitUntil(sheet.isVisible)
    words = sheet.view.toPlainText()
    assert "'/etc/passwd'" in words and "LOAD_GLOBAL" in words
    QTest.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert is_trusted(lambdas.content(params), "lambda") and problems_of(session, "own") == []
    assert [(entry.kind, entry.name) for entry in all_trusted()] == [("lambda", "own")]


# --- layers of files -----------------------------------------------------------------------


def test_an_unknown_layer_gets_the_file_with_its_code(
    app: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_scale(tmp_path, trusted=False)
    session = drawn(app, "mine>Scale", start=3.0, plus=1.5, name="own", dtype="float32")
    monkeypatch.setattr(file_dialogs, "open_file", lambda *_: None)
    press(app, qtbot, "Give the file")
    assert session.document.network.nodes["own"].layer == "mine>Scale"
    monkeypatch.setattr(file_dialogs, "open_file", lambda *_: path)
    press(app, qtbot, "Give the file")
    node = session.document.network.nodes["own"]
    assert node.layer == "Custom"
    assert node.params == {
        "file": str(path),
        "class_name": "Scale",
        "kwargs": "start=3.0, plus=1.5",
    }
    # The file is shown at once.
    assert sheet_of(app).isVisible()
    session.undo()
    assert session.document.network.nodes["own"].layer == "mine>Scale"


def test_the_form_offers_the_classes_of_the_file(
    app: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "own.py"
    path.write_text(SCALE + "\n\nclass Other(Scale):\n    pass\n")
    trust(path.read_bytes(), str(path))
    session = drawn(app, "Custom")
    session.select(["own"])
    form = app.window.inspector.form
    editor = form.editors["class_name"]
    assert isinstance(editor, SuggestEditor) and editor.box.count() == 0
    form.edited.emit("file", str(path))
    assert [editor.box.itemText(place) for place in range(editor.box.count())] == [
        "Scale",
        "Other",
    ]
    assert "choose one of" in editor.sentence
    editor.box.setCurrentIndex(1)
    editor.box.activated.emit(1)
    assert session.document.network.nodes["own"].params["class_name"] == "Other"
    assert editor.sentence == ""
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "Gone")
    assert "no class of layers “Gone”" in editor.sentence
    assert editor.line.text() == "Gone"


# --- the list ------------------------------------------------------------------------------


def test_trust_is_taken_back_in_the_list(app: Application, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_scale(tmp_path)
    session = drawn(app, "Custom", file=str(path))
    assert problems_of(session, "own") == []
    app.window.actions_["trusted"].trigger()
    ledger = app.window.trusting.ledger
    assert ledger is not None and ledger.isVisible()
    buttons = [b for b in ledger.findChildren(QPushButton) if b.text() == "Trust no longer"]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert all_trusted() == []
    assert [problem.code for problem in problems_of(session, "own")] == ["untrusted-code"]
    assert "Nothing is trusted" in ledger._note.text()
    QTest.keyClick(ledger, Qt.Key.Key_Escape)
    assert not ledger.isVisible()
