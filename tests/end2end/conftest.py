"""What tests of the whole program share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.app import Application, build

PATIENCE = 90_000


@pytest.fixture
def application(qtbot: QtBot) -> Iterator[Application]:
    application = build(theme_mode="light", language="en", start_engine=False)
    with qtbot.waitSignal(application.engine.ready, timeout=PATIENCE):
        application.engine.start()
    yield application
    application.close()
