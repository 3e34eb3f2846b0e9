"""The window joins its panels; files are opened, saved and closed without dialogs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.datasets import UNDECIDED
from engine.errors import text
from engine.formats.exporting import FORMATS
from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.document import Part
from engine.ipc import messages as m
from engine.paths import ROOT, TEMPLATES
from engine.settings import Settings, load_settings, save_settings, settings_file
from gui.app import Application
from gui.exporting.exporter import Exporter
from gui.files import file_dialogs
from gui.layer_search import find_layers

LENET = next(TEMPLATES.glob("*lenet-5*"))


def edit(app: Application) -> None:
    session = app.window.session
    assert session is not None
    session.do(commands.set_param(session.document, ["fc1"], "units", 99))


def test_a_template_opens_with_data_and_recipe_set(app: Application) -> None:
    window = app.window
    assert window.session is None
    window.start_page.template_chosen.emit(LENET)
    assert window.session is not None
    assert window.session.document.title == "LeNet-5"
    assert window.tabs.tabText(0) == "LeNet-5"
    assert window.session.problems == []
    assert not window.actions_["train"].isEnabled()  # there is no engine yet


def test_training_without_data_leads_to_the_data(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = app.window
    session = window.open_template(LENET)
    assert session is not None
    ready = m.Ready(devices=[], tensorflow="2", keras="3", seconds=1.0)
    monkeypatch.setattr(app.engine, "info", ready)
    session.do(commands.set_plan(session.document, "data", Part(UNDECIDED)))
    assert session.can_train
    window.actions_["train"].trigger()
    assert window.bottom.tabText(window.bottom.currentIndex()) == "Data"
    assert "Data tab" in window.messages.text
    assert session.run.state == "idle"


def test_edits_show_in_inspector_problems_and_undo(app: Application) -> None:
    window = app.window
    session = window.open_template(LENET)
    assert session is not None
    session.select(["fc1"])
    window.inspector.form.edited.emit("units", 64)
    assert session.document.network.nodes["fc1"].params["units"] == 64
    assert window.tabs.tabText(0).startswith("●")
    session.do(commands.set_param(session.document, ["fc1"], "units", 0))
    assert window.bottom.tabText(0) == "Problems (1)"
    assert "Undo: Change units" in window.actions_["undo"].text()
    window.actions_["undo"].trigger()
    assert window.bottom.tabText(0) == "Problems"
    assert "units" in window.inspector.form.editors


@pytest.mark.parametrize(
    ("action", "chosen", "label"),
    [
        ("heal", ["pool1"], "Delete and reconnect"),
        ("bypass", ["pool1"], "Bypass"),
        ("align_left", ["conv1", "moved"], "Align"),
        ("distribute_down", ["image", "conv1", "moved"], "Distribute"),
        ("sequence", ["digit", "moved"], "Connect in sequence"),
    ],
)
def test_actions_on_the_selection_are_one_step_each(
    app: Application, action: str, chosen: list[str], label: str
) -> None:
    session = app.window.open_template(LENET)
    assert session is not None
    document = session.document
    session.do(commands.add_node(document, "Dense", (500.0, 1500.0)))
    session.do(commands.rename(document, "dense", "moved"))
    ids = {node.title: node.id for node in document.network.nodes.values()}
    session.select([ids[name] for name in chosen])
    before = to_json(document)
    app.window.actions_[action].trigger()
    assert to_json(document) != before
    assert str(session.history.undo_label) == label
    app.window.actions_["undo"].trigger()
    assert to_json(document) == before


def test_what_cards_show_is_remembered(app: Application) -> None:
    window = app.window
    window.open_template(LENET)
    window.actions_["figure_memory"].trigger()
    window.actions_["heat"].trigger()
    window.actions_["minimap"].trigger()
    settings = window.settings
    assert (settings.figure, settings.heat, settings.minimap) == ("memory", True, False)
    session = window.new_document()
    assert window.view is not None
    assert window.view.session is session
    assert (window.view.network.faces._figure, window.view.network.faces._heated) == (
        "memory",
        True,
    )
    assert not window.view.minimap.wanted


def test_save_and_open_again(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, path = app.window, tmp_path / "mine.netloom"
    window.open_template(LENET)
    edit(app)
    monkeypatch.setattr(file_dialogs, "save_file", lambda *_: tmp_path / "mine")
    assert window.save()
    assert window.tabs.tabText(0) == "mine"
    window.close_tab(0)
    assert window.session is None
    session = window.open_path(path)
    assert session is not None
    assert session.document.network.nodes["fc1"].params["units"] == 99
    assert window.open_path(path) is session
    assert app.settings.recent == [str(path)]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.netloom", b"{", "damaged"),
        ("x.netloom", b'{"netloom": 7}', "newer Netloom"),
        ("x.h5", b"not HDF5", "no H5 file"),
        ("missing.netloom", None, "cannot be opened"),
    ],
)
def test_files_that_cannot_be_read_give_one_sentence(
    app: Application, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert app.window.open_path(path) is None
    assert words in app.window.messages.text
    assert app.window.messages.isVisible()
    assert app.window.session is None


def test_a_file_that_cannot_be_saved_gives_one_sentence(app: Application, tmp_path: Path) -> None:
    app.window.open_template(LENET)
    session = app.window.session
    assert session is not None
    session.path = tmp_path / "gone" / "x.netloom"
    assert not app.window.save()
    assert "folder does not exist" in app.window.messages.text


@pytest.mark.parametrize(("answer", "left"), [("Discard", 0), ("Cancel", 1)])
def test_closing_with_changes_asks_in_the_window(
    app: Application, qtbot: QtBot, answer: str, left: int
) -> None:
    window = app.window
    window.open_template(LENET)
    edit(app)
    window.close_tab(0)
    assert window.tabs.count() == 1
    button = next(button for button in window.messages._buttons if button.text() == answer)
    button.click()
    assert window.tabs.count() == left


def write(app: Application, path: Path) -> Exporter:
    """Let a file be on its way to the disk, written by an engine that gives no answer yet."""
    app.engine._deliver(m.Ready(devices=[], tensorflow="2", keras="3", seconds=1.0))
    session = app.window.open_template(LENET)
    app.window.sheets.open_export()
    exporter = app.window.sheets.exporter
    assert session is not None and exporter is not None
    exporter.start(session, FORMATS["keras"], path)
    assert exporter.busy
    return exporter


def press(app: Application, words: str) -> None:
    next(button for button in app.window.messages._buttons if button.text() == words).click()


def test_quitting_waits_for_what_is_being_exported(app: Application, tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    exporter = write(app, path)
    session = app.window.session
    assert session is not None
    app.window.close()
    assert app.window.isVisible() and "still being exported" in app.window.messages.text
    press(app, "Cancel")
    assert app.window.isVisible()
    app.window.close()
    press(app, "Quit when it is written")
    assert app.window.isVisible()
    reply = m.Exported(path=str(path), format="keras", bytes=1)
    exporter._answered(session, FORMATS["keras"], path, reply)
    assert not app.window.isVisible()


def test_waiting_for_an_export_can_be_taken_back(app: Application, tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    exporter = write(app, path)
    app.window.close()
    press(app, "Quit when it is written")
    app.window.close()
    press(app, "Cancel")
    session = app.window.session
    assert session is not None
    reply = m.Exported(path=str(path), format="keras", bytes=1)
    exporter._answered(session, FORMATS["keras"], path, reply)
    assert app.window.isVisible()


def test_an_export_that_fails_keeps_the_window(app: Application, tmp_path: Path) -> None:
    exporter = write(app, tmp_path / "net.keras")
    app.window.close()
    press(app, "Quit when it is written")
    session = app.window.session
    assert session is not None
    failed = m.Failed(message=text("The disk is full."))
    exporter._answered(session, FORMATS["keras"], tmp_path / "net.keras", failed)
    assert app.window.isVisible()


def test_an_export_can_be_given_up(app: Application, tmp_path: Path) -> None:
    write(app, tmp_path / "net.keras")
    edit(app)
    app.window.close()
    press(app, "Quit now")
    assert "unsaved changes" in app.window.messages.text
    press(app, "Discard")
    assert not app.window.isVisible()


def test_the_command_box_finds_layers_and_actions(app: Application, qtbot: QtBot) -> None:
    window = app.window
    window.open_template(LENET)
    window.actions_["commands"].trigger()
    qtbot.keyClicks(window.sheets.commands._field, "conv2d")
    assert "Conv2D" in window.sheets.commands._shown[0].text
    qtbot.keyClick(window.sheets.commands._field, "\r")
    assert window.session is not None
    assert "conv2d" in window.session.document.network.nodes


def test_the_theme_can_be_changed(app: Application) -> None:
    window = app.window
    window.open_template(LENET)
    light = app.theme.colors.canvas
    window.actions_["theme_dark"].trigger()
    assert app.theme.mode == "dark"
    assert app.theme.colors.canvas != light
    assert not window.grab().isNull()


def test_the_palette_finds_by_purpose_in_two_languages() -> None:
    assert "MaxPooling2D" in [spec.key for spec in find_layers("downsample")]
    assert "Conv2D" in [spec.key for spec in find_layers("卷积")]
    assert find_layers("max")[0].key.startswith("Max")
    assert find_layers("no such thing") == []


def test_the_windows_process_never_imports_tensorflow() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from gui.app import build\n"
        f"app = build(Path({str(LENET)!r}), start_engine=False)\n"
        "app.window.build_panels()\n"
        "for key in ('training', 'results', 'data', 'code'): app.window.bottom.reveal(key)\n"
        "names = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted(names & {'tensorflow', 'keras', 'sklearn'}))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.stdout.splitlines()[-1:] == ["[]"], result.stderr


def test_settings_survive_and_damaged_ones_are_put_aside(tmp_path: Path) -> None:
    settings = Settings(theme="dark")
    settings.remember(tmp_path / "a.netloom")
    save_settings(settings)
    assert load_settings() == settings
    settings_file().write_bytes(b"{oops")
    assert load_settings() == Settings()
    assert settings_file().with_suffix(".bad").exists()


def test_messages_go_with_their_document_and_questions_stay(app: Application) -> None:
    window = app.window
    window.open_template(next(TEMPLATES.glob("3-*")))
    window.messages.post("This file is damaged.", "error")
    window.tabs.setCurrentIndex(0)
    window.open_template(next(TEMPLATES.glob("2-*")))
    assert window.messages.isHidden()
    window.messages.ask("Save the changes?", [("Save", lambda: None)])
    window.open_template(next(TEMPLATES.glob("1-*")))
    assert not window.messages.isHidden()
