"""A model with code of others: its weights come once a person has trusted or replaced the code."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.fixes import fixes
from engine.fixes.fix import Fix
from engine.graph.situation import Situation
from engine.ipc import messages as m
from gui.app import Application
from gui.session import Session

PATIENCE = 90_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Lambda(lambda x: x * 2 + 1, name="own")(inputs)
    model = keras.Model(inputs, keras.layers.Conv2D(2, 3, name="last")(x))
    model.get_layer("last").set_weights([KERNEL, np.zeros(2, np.float32)])
    model.save(tmp_path / "model.keras")
    return tmp_path / "model.keras"


KERNEL = np.arange(18, dtype=np.float32).reshape(3, 3, 1, 2)


def open_untrusted(application: Application, qtbot: QtBot, path: Path) -> Session:
    """Open the model and wait until its formula has been read."""
    session = application.window.open_path(path)
    assert session is not None
    assert "weights come as soon as" in application.window.messages.text
    qtbot.waitUntil(lambda: len(ways_out(session)) == 2, timeout=PATIENCE)
    assert not session.loading and not session.trained
    return session


def ways_out(session: Session) -> list[Fix]:
    problem = next(p for p in session.problems if p.code == "untrusted-code")
    return list(fixes(Situation(session.document, {}), problem))


def see_the_kernel(qtbot: QtBot, session: Session) -> None:
    """Look at the weights that the model has now."""
    found: list[m.AnyReply] = []
    session.probe("kernels", found.append, node="last")
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert isinstance(found[0], m.Probed), found[0]
    values = np.concatenate([one.values.numpy().ravel() for one in found[0].pictures])
    assert sorted(values) == sorted(KERNEL.ravel())


def test_trusted_code_lets_the_weights_in(
    application: Application, qtbot: QtBot, path: Path
) -> None:
    session = open_untrusted(application, qtbot, path)
    session.asked.emit("trust", "own")
    sheet = application.window.trusting.sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.isVisible, timeout=PATIENCE)
    with qtbot.waitSignal(session.trained_changed, timeout=PATIENCE):
        QTest.mouseClick(sheet.agree, Qt.MouseButton.LeftButton)
    assert session.trained
    see_the_kernel(qtbot, session)


def test_a_formula_in_its_place_lets_them_in_too(
    application: Application, qtbot: QtBot, path: Path
) -> None:
    session = open_untrusted(application, qtbot, path)
    formula = next(fix for fix in ways_out(session) if not fix.asks)
    with qtbot.waitSignal(session.trained_changed, timeout=PATIENCE):
        session.do(formula.edit)
    assert session.document.network.nodes["own"].layer == "Expression"
    see_the_kernel(qtbot, session)
