"""The engine is killed in mid-epoch: the window lives, keeps drawing and curve, and goes on."""

from __future__ import annotations

import os
import signal

from helpers.networks import template
from helpers.real_data import shared_data
from pytestqt.qtbot import QtBot

from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.document import Part, Recipe
from gui.app import Application

PATIENCE = 90_000


def test_a_killed_engine_costs_nothing_but_its_weights(
    application: Application, qtbot: QtBot
) -> None:
    window, engine = application.window, application.engine
    document = template("lenet")
    document.data = Part("npz", {"path": str(shared_data("mnist-10k.npz"))})
    document.recipe = Recipe(epochs=1000)
    session = window.add_document(document)
    with qtbot.waitSignal(session.data_changed, timeout=PATIENCE):
        pass
    qtbot.waitUntil(lambda: session.can_train, timeout=PATIENCE)
    window.train()
    qtbot.waitUntil(lambda: len(session.run.losses) > 50, timeout=PATIENCE)
    before, drawing = session.run.losses.copy(), to_json(session.document)
    pid = engine.pid
    assert pid is not None

    with qtbot.waitSignal(engine.died, timeout=PATIENCE):
        os.kill(pid, signal.SIGKILL)
    assert session.run.state == "idle"
    assert "ended unexpectedly" in window.messages.text
    assert (session.run.losses[: len(before)] == before).all()
    assert to_json(session.document) == drawing
    session.do(commands.set_param(session.document, ["fc1"], "units", 64))

    with qtbot.waitSignal(engine.ready, timeout=PATIENCE):
        pass
    assert engine.pid != pid
    qtbot.waitUntil(lambda: session.can_train, timeout=PATIENCE)
    # The new engine knows the edit that was made while there was none.
    qtbot.waitUntil(lambda: session.facts["fc1"].shape == [None, 64], timeout=PATIENCE)
    window.train()
    qtbot.waitUntil(lambda: len(session.run.losses) > 10, timeout=PATIENCE)
    session.stop()
    qtbot.waitUntil(lambda: session.run.ended is not None, timeout=PATIENCE)
    assert session.run.ended is not None
    assert session.run.ended.status == "stopped"
