"""The script of the document: shown, colored, copied, saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QTextDocument
from pytestqt.qtbot import QtBot

from engine.errors import Text
from engine.formats.python_code import to_python
from engine.graph import commands
from engine.settings import Settings
from gui.code.highlighter import PythonHighlighter
from gui.code.panel import CodePanel
from gui.files import file_dialogs
from gui.numbers import bytes_text
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def panel(qtbot: QtBot, light_theme: Theme, lenet_session: Session) -> CodePanel:
    panel = CodePanel(light_theme, Settings())
    qtbot.addWidget(panel)
    panel.set_session(lenet_session)
    return panel


def set_units(session: Session, units: int) -> None:
    session.do(commands.set_param(session.document, ["fc1"], "units", units))


def test_edits_are_followed_only_while_visible(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot
) -> None:
    set_units(lenet_session, 321)
    assert panel.text.toPlainText() == ""
    assert not panel._timer.isActive()
    panel.show()
    assert "321" in panel.text.toPlainText()
    with qtbot.waitSignal(panel.text.textChanged):
        set_units(lenet_session, 654)
    assert "654" in panel.text.toPlainText()
    assert "321" not in panel.text.toPlainText()


def test_without_a_document_there_is_no_code(panel: CodePanel) -> None:
    panel.show()
    assert panel.copy.isEnabled()
    panel.set_session(None)
    assert panel.text.toPlainText() == ""
    assert not panel.copy.isEnabled()
    assert not panel.save.isEnabled()


def test_copy_takes_the_newest_code(panel: CodePanel, lenet_session: Session) -> None:
    panel.show()
    set_units(lenet_session, 987)
    panel.copy.click()
    assert QGuiApplication.clipboard().text() == to_python(lenet_session.document)


def test_save_writes_the_script_and_says_where(
    panel: CodePanel,
    lenet_session: Session,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposals: list[Path] = []

    def answer(parent: object, title: str, path: Path, pattern: str) -> Path:
        proposals.append(path)
        return tmp_path / "script"

    monkeypatch.setattr(file_dialogs, "save_file", answer)
    panel.show()
    with qtbot.waitSignal(lenet_session.posted) as posted:
        panel.save.click()
    assert proposals[0].name == f"{lenet_session.document.title}.py"
    written = (tmp_path / "script.py").read_text(encoding="utf-8")
    assert written == to_python(lenet_session.document)
    message, severity = posted.args
    assert severity == "info"
    assert "script.py" in str(message)


def test_a_name_keeps_its_dots_and_the_folder_is_remembered(
    qtbot: QtBot,
    light_theme: Theme,
    lenet_session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings(folder=str(tmp_path / "last"))
    panel = CodePanel(light_theme, settings)
    qtbot.addWidget(panel)
    panel.set_session(lenet_session)
    proposals: list[Path] = []

    def answer(parent: object, title: str, path: Path, pattern: str) -> Path:
        proposals.append(path)
        return tmp_path / "net.v2"

    monkeypatch.setattr(file_dialogs, "save_file", answer)
    panel.show()
    with qtbot.waitSignal(lenet_session.posted) as posted:
        panel.save.click()
    assert proposals[0].parent == tmp_path / "last"
    size = (tmp_path / "net.v2.py").stat().st_size
    assert f"({bytes_text(size)})" in str(posted.args[0])
    assert settings.folder == str(tmp_path)


def test_a_place_that_cannot_be_written_is_told(
    panel: CodePanel,
    lenet_session: Session,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file_dialogs, "save_file", lambda *_: tmp_path / "nowhere" / "a.py")
    panel.show()
    with qtbot.waitSignal(lenet_session.posted) as posted:
        panel.save.click()
    message, severity = posted.args
    assert isinstance(message, Text)
    assert severity == "error"


def test_a_change_of_mind_writes_nothing(
    panel: CodePanel, lenet_session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs, "save_file", lambda *_: None)
    panel.show()
    with qtbot.assertNotEmitted(lenet_session.posted):
        panel.save.click()


def colored(document: QTextDocument, theme: Theme) -> dict[str, list[str]]:
    """Return the words of each color, by its name."""
    names = {
        theme.category("normalization").name(): "string",
        theme.category("recurrent").name(): "keyword",
        theme.category("activation").name(): "number",
        theme.colors.text_secondary.name(): "comment",
    }
    found: dict[str, list[str]] = {}
    block = document.begin()
    while block.isValid():
        for part in block.layout().formats():
            tint = QColor(part.format.foreground().color()).name()
            words = block.text()[part.start : part.start + part.length]
            found.setdefault(names.get(tint, "other"), []).append(words)
        block = block.next()
    return found


def test_strings_may_span_lines_and_hold_quotes(qtbot: QtBot, light_theme: Theme) -> None:
    document = QTextDocument()
    highlighter = PythonHighlighter(light_theme, document)
    document.setPlainText(
        '"""A title\nfor 3 of us\n"""\nimport x  # for 2\ny = "a \\" for 1" + \'\'\'in\'\'\'\n'
    )
    highlighter.rehighlight()
    assert colored(document, light_theme) == {
        "string": ['"""A title', "for 3 of us", '"""', '"a \\" for 1"', "'''in'''"],
        "keyword": ["import"],
        "comment": ["# for 2"],
    }


def test_another_look_colors_the_code_anew(qtbot: QtBot, light_theme: Theme) -> None:
    document = QTextDocument("import x")
    highlighter = PythonHighlighter(light_theme, document)
    highlighter.rehighlight()
    light_theme.set_mode("dark")
    assert colored(document, light_theme) == {"keyword": ["import"]}
