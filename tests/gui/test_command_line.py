"""What the command line opens in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import gui.app
from engine.paths import TEMPLATES
from main import main

FILES = sorted(TEMPLATES.glob("*.netloom"))[:2]


@pytest.mark.parametrize("command", [[], ["open"]])
def test_files_open_with_and_without_the_command(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[list[Path]] = []
    monkeypatch.setattr(gui.app, "run", lambda files: opened.append(list(files)) or 0)
    assert main([*command, *map(str, FILES)]) == 0
    assert main([*command, "missing.keras"]) == 0
    assert opened == [FILES, [Path("missing.keras")]]


def test_nothing_opens_the_start_page(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[Path]] = []
    monkeypatch.setattr(gui.app, "run", lambda files: opened.append(list(files)) or 0)
    main([])
    assert opened == [[]]


def test_a_misspelt_command_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["trian"])
    assert left.value.code == 2
    assert "invalid choice: 'trian'" in capsys.readouterr().err


def test_several_files_open_in_tabs(qtbot: QtBot) -> None:
    app = gui.app.build(*FILES, theme_mode="light", language="en", start_engine=False)
    assert app.window.tabs.count() == 2
    app.close()
