"""What is not saved outlives the program's death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine import recovery
from engine.formats.project import to_json
from engine.graph import commands
from engine.paths import ROOT, TEMPLATES
from gui.app import Application, build

LENET = next(TEMPLATES.glob("*lenet-5*"))

CHILD = """
import sys
from pathlib import Path
from gui.app import build
from engine.graph import commands
from engine.formats.project import to_json
app = build(theme_mode="light", language="en", start_engine=False)
session = app.window.open_template(Path(sys.argv[1]))
session.do(commands.set_param(session.document, ["fc1"], "units", 77))
Path(sys.argv[2]).write_text(to_json(session.document), encoding="utf-8")
app.qt.exec()
"""


def copies() -> list[Path]:
    return list(recovery.folder().glob("*.recovery"))


def buttons(app: Application) -> dict[str, QPushButton]:
    bar = app.window.messages
    return {button.text(): button for button in bar._buttons if bar.isVisible()}


def leave_behind(process: int = 999_999_999, name: str = "old") -> str:
    """Leave a copy as a dead process would, and return its document's text."""
    text = LENET.read_text(encoding="utf-8").replace("120", "121")
    recovery.keep(name, recovery.Copy(title="LeNet-5", document=text))
    path = next(path for path in copies() if name in path.name)
    path.write_bytes(path.read_bytes().replace(str(os.getpid()).encode(), str(process).encode()))
    return text


def test_killed_in_the_middle_of_work(qtbot: QtBot, tmp_path: Path) -> None:
    expected = tmp_path / "expected.json"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(LENET), str(expected)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        qtbot.waitUntil(expected.exists, timeout=20_000)
        edited = time.monotonic()
        qtbot.waitUntil(lambda: bool(copies()), timeout=10_000)
        assert time.monotonic() - edited < 5
        assert recovery.found() == {}  # It is still alive.
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    app = build(theme_mode="light", language="en", start_engine=False)
    qtbot.waitUntil(lambda: "Restore" in buttons(app))
    assert "“LeNet-5”" in app.window.messages.text
    buttons(app)["Restore"].click()
    session = app.window.session
    assert session is not None
    assert to_json(session.document) == expected.read_text(encoding="utf-8")
    assert not session.history.is_saved
    app.close()


def test_restored_is_unsaved_and_protected_anew(app: Application, qtbot: QtBot) -> None:
    text = leave_behind()
    app.window.offer_recovered()
    buttons(app)["Restore"].click()
    session = app.window.session
    assert session is not None
    assert to_json(session.document) == text
    assert app.window.tabs.tabText(0).startswith("●")
    qtbot.waitUntil(lambda: bool(copies()))
    assert str(os.getpid()) in copies()[0].name


def test_many_copies_are_counted(app: Application) -> None:
    for number in range(7):
        leave_behind(name=f"old-{number}")
    app.window.offer_recovered()
    assert app.window.messages.text.count("“LeNet-5”") == 3
    assert "and 4 more" in app.window.messages.text
    buttons(app)["Restore"].click()
    assert app.window.tabs.count() == 7


def test_discarded_is_gone(app: Application) -> None:
    leave_behind()
    app.window.offer_recovered()
    buttons(app)["Discard"].click()
    assert copies() == []
    assert app.window.session is None


def test_nothing_is_offered_of_a_living_process_nor_of_damaged_copies(app: Application) -> None:
    leave_behind(os.getppid())
    (recovery.folder() / "7-x.recovery").write_bytes(b"{")
    app.window.offer_recovered()
    assert buttons(app) == {}


def test_saving_and_closing_remove_the_copy(app: Application, qtbot: QtBot, tmp_path: Path) -> None:
    session = app.window.open_template(LENET)
    assert session is not None
    session.do(commands.set_param(session.document, ["fc1"], "units", 77))
    qtbot.waitUntil(lambda: bool(copies()))
    session.saved_to(tmp_path / "a.netloom")
    qtbot.waitUntil(lambda: not copies())
    session.do(commands.set_param(session.document, ["fc1"], "units", 78))
    qtbot.waitUntil(lambda: bool(copies()))
    app.window.close_tab(0)
    buttons(app)["Discard"].click()
    qtbot.waitUntil(lambda: not copies())


def test_a_full_disk_leaves_the_work_alone(
    app: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("NETLOOM_DATA", str(blocked))
    session = app.window.open_template(LENET)
    assert session is not None
    session.do(commands.set_param(session.document, ["fc1"], "units", 77))
    autosave = next(iter(app.window.tabs._autosaves.values()))
    qtbot.waitUntil(lambda: not autosave._timer.isActive())
    app.window.tabs._pool.submit(lambda: None).result()
    assert session.document.network.nodes["fc1"].params["units"] == 77
