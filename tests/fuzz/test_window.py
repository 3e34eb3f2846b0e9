"""Spoiled files in the window itself: none ends it, and of each that is refused one sentence tells.

The other campaigns look at the readers; this one at the window around them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fuzz.files import Files
from fuzz.harness import LONGEST_SENTENCE, Case
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.app import Application, build
from gui.window.message_bar import MessageBar

COUNT, SEED = 200, "window"
FORMATS = (
    "project", "json", "old json", "python", "h5", "drawn h5", "keras", "weights", "any h5",
    "recovery",
)  # fmt: skip


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the message bar says."""
    found: list[str] = []
    for name in ("post", "ask", "offer"):
        monkeypatch.setattr(MessageBar, name, _told(found, getattr(MessageBar, name)))
    return found


def _told(found: list[str], tell: Callable[..., None]) -> Callable[..., None]:
    def told(bar: MessageBar, sentence: str, *more: object) -> None:
        found.append(sentence)
        tell(bar, sentence, *more)

    return told


@pytest.fixture
def app(qtbot: QtBot, told: list[str]) -> Iterator[Application]:
    app = build(theme_mode="light", language="en", start_engine=False)
    yield app
    app.close()


def _cases(files: Files) -> Iterator[Case]:
    """Take the formats in turn; a drawing's text may come under the name of any."""
    each = [files.cases(format, COUNT, SEED) for format in FORMATS]
    yield from itertools.islice(itertools.chain.from_iterable(zip(*each, strict=True)), COUNT)


def test_the_window_opens_or_refuses_each_spoiled_file(
    app: Application, files: Files, told: list[str], tmp_path: Path
) -> None:
    window = app.window
    window.show()
    opened = refused = 0
    for case in _cases(files):
        path = tmp_path / f"case{case.ending}"
        path.write_bytes(case.content)
        session = window.open_path(path)
        QApplication.processEvents()
        assert QApplication.activeModalWidget() is None, case.name
        assert QApplication.activePopupWidget() is None, case.name
        if session is None:
            refused += 1
            assert len(told) == 1, (case.name, told)
            assert path.name in told[0], (case.name, told)
        else:
            opened += 1
            assert len(told) <= 1, (case.name, told)
            for view in window.tabs.views():
                window.tabs.close_document(view)
        for sentence in told:
            assert 0 < len(sentence) <= LONGEST_SENTENCE and "\n" not in sentence, case.name
        assert window.tabs.count() == 0, case.name
        told.clear()
        path.unlink()
    QApplication.processEvents()
    assert window.isVisible()
    print(f"{opened} opened, {refused} refused")
    assert opened > COUNT // 10 and refused > COUNT // 10
