"""What files call things is shown as it is, and never as markup."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.foreign.code import Code
from engine.graph.document import Document, Edge, Network, Node, Part
from gui.app import Application
from gui.labels import Short, tip

NAME = 'dense <img src="/red.png"> <b>Checked: harmless</b>'


@pytest.fixture
def app(app: Application) -> Application:
    app.window.resize(1280, 800)
    return app


def opened(app: Application) -> None:
    nodes = [Node(id="in", layer="Input", params={"shape": [4]}), Node(id=NAME, layer=NAME)]
    document = Document(Network(nodes, [Edge("in", NAME)]), title=NAME, data=Part("iris"))
    app.window.add_document(document).select([NAME])


def test_no_label_takes_words_of_others_for_markup(app: Application, qtbot: QtBot) -> None:
    opened(app)
    app.window.actions_["trusted"].trigger()
    sheet = app.window.trusting.open_sheet()
    sheet.open(Code("lambda", NAME, "", "code", b"code"), lambda: None)
    assert sheet.isVisible() and NAME in sheet.title.text()
    formats = {
        label.text(): label.textFormat()
        for label in app.window.findChildren(QLabel)
        if label.textFormat() not in (Qt.TextFormat.PlainText, Qt.TextFormat.RichText)
    }
    assert formats == {}
    rich = [
        label.text()
        for label in app.window.findChildren(QLabel)
        if label.textFormat() == Qt.TextFormat.RichText
    ]
    assert not any("<img" in words for words in rich)


def test_tips_are_plain() -> None:
    assert tip("3 > 2") == "3 > 2" and tip("") == ""
    assert "<img" not in tip(NAME) and "&lt;img" in tip(NAME)


def test_short_labels_are_cut_only_where_there_is_no_room(qtbot: QtBot) -> None:
    label = Short("a name that takes some room, " * 3)
    qtbot.addWidget(label)
    whole = label.text()
    label.resize(label.sizeHint())
    label.show()
    assert QLabel.text(label) == whole and label.toolTip() == ""
    label.resize(label.minimumSizeHint())
    assert label.width() == 120
    assert "…" in QLabel.text(label) and label.toolTip() == whole
    assert label.text() == label.accessibleName() == whole
    label.setText("short")
    assert QLabel.text(label) == "short" and label.toolTip() == ""
