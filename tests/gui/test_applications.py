"""Models of `keras.applications` in the window: opened, frozen, given weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.blocks import BLOCKS, PREFIX, pretrained
from engine.blocks.pretrained import weights_file
from engine.formats.project import to_json
from engine.graph.nesting import members
from engine.settings import Settings
from engine.stopping import Step
from gui.bridge import Engine
from gui.main_window import MainWindow
from gui.session import Session
from gui.start.application_list import ApplicationList
from gui.theme import Theme


@pytest.fixture
def window(
    qtbot: QtBot, light_theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A window without an engine."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    window = MainWindow(light_theme, Engine(), Settings())
    qtbot.addWidget(window)
    yield window
    for view in window.tabs.views():
        view.session.history.mark_saved()


def chosen(window: MainWindow, key: str) -> tuple[Session, str]:
    """Open a model and select its block."""
    session = window.open_application(key)
    assert session is not None
    network = session.document.network
    block = next(block.id for block in network.blocks.values() if block.made is not None)
    session.select(members(network, block))
    return session, block


def put(key: str) -> Path:
    """Put a file where Keras has the weights of a model."""
    path = weights_file(key, top=True).path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    return path


def test_the_start_page_opens_each_model(qtbot: QtBot, light_theme: Theme) -> None:
    page = ApplicationList(light_theme)
    qtbot.addWidget(page)
    buttons = {button.accessibleName(): button for button in page.findChildren(QPushButton)}
    specs = [spec for spec in BLOCKS if spec.group == "applications"]
    assert list(buttons) == [spec.title for spec in specs]
    with qtbot.waitSignal(page.chosen) as signal:
        buttons["EfficientNetV2 S"].click()
    assert signal.args == ["EfficientNetV2S"]
    assert buttons["EfficientNetV2 S"].text() == "S"


def test_a_model_opens_as_a_new_document(window: MainWindow) -> None:
    window.start_page.application_chosen.emit("MobileNet")
    assert window.session is not None
    assert window.session.document.title == "MobileNet"
    assert window.center.currentWidget() is window.tabs
    assert window.view is not None
    cards = window.view.network.nodes
    assert "input" in cards
    assert "conv1" in cards
    assert "conv_pw_1" not in cards


def test_a_model_goes_onto_the_canvas_as_one_closed_block(window: MainWindow) -> None:
    window.new_document()
    assert window.view is not None
    window.view.add_layer(PREFIX + "VGG16")
    assert len(window.view.network.nodes) == 1
    assert window.session is not None
    assert "block5_conv3" in window.session.document.network.nodes


def test_freezing_is_one_step(window: MainWindow) -> None:
    session, _ = chosen(window, "VGG16")
    before = to_json(session.document)
    rows = window.inspector.block_form.pretrained
    words = [rows.choice.itemText(place) for place in range(rows.choice.count())]
    assert words[:3] == ["none", "before block2", "before block3"]
    assert words[-1] == "all"
    rows.choice.setCurrentIndex(2)
    rows.choice.activated.emit(2)
    nodes = session.document.network.nodes
    assert nodes["block2_conv2"].params["trainable"] is False
    assert "trainable" not in nodes["block3_conv1"].params
    assert rows.choice.currentIndex() == 2
    session.undo()
    assert to_json(session.document) == before
    assert rows.choice.currentIndex() == 0


def test_weights_that_lie_in_the_cache_are_loaded(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, block = chosen(window, "EfficientNetB0")
    path = put("EfficientNetB0")
    loaded: list[object] = []
    monkeypatch.setattr(session, "load_weights", lambda path, partly: loaded.append(path))
    with qtbot.waitSignal(window.pretrained.fetching.fetched):
        window.inspector.block_form.pretrained.imagenet.click()
    assert loaded == [path]
    assert path.read_bytes() == b"weights"
    assert "“Train further”" in window.messages.text
    # These weights expect it, and undo takes it back.
    assert session.document.network.blocks[block].made.params == {"rescaled": True}
    session.undo()
    assert "rescaling_1" not in session.document.network.nodes


def test_weights_in_training_are_not_replaced(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, block = chosen(window, "EfficientNetB0")
    put("EfficientNetB0")
    loaded: list[object] = []
    monkeypatch.setattr(session, "load_weights", lambda path, partly: loaded.append(path))
    button = window.inspector.block_form.pretrained.imagenet
    session.run.state = "running"
    button.click()
    assert "stop the training first" in window.messages.text
    assert not window.pretrained.fetching.busy
    assert session.document.network.blocks[block].made.params == {}
    # A training that begins while they are fetched is not disturbed either.
    session.run.state = "idle"
    button.click()
    session.run.state = "running"
    window.messages.post("")
    with qtbot.waitSignal(window.pretrained.fetching.fetched):
        pass
    assert "stop the training first" in window.messages.text
    assert loaded == []
    session.run.state = "idle"


def test_what_cannot_be_fetched_is_told(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(window, "VGG16")
    answer = pretrained.WeightsFile("http://127.0.0.1:9/x.h5", "x.h5", "")
    monkeypatch.setattr("gui.loading.pretrained.weights_file", lambda *_, **__: answer)
    with qtbot.waitSignal(window.pretrained.fetching.failed):
        window.inspector.block_form.pretrained.imagenet.click()
    assert "“x.h5” cannot be fetched from 127.0.0.1:9" in window.messages.text
    assert window.inspector.block_form.pretrained.imagenet.text() == "ImageNet"


def test_fetching_can_be_stopped(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(window, "VGG16")
    ended: list[float] = []

    def forever(_: object, step: Step) -> Path:
        share = 0.0
        while step(share):
            share = min(0.5, share + 0.01)
        ended.append(share)
        raise pretrained.Stopped

    monkeypatch.setattr("gui.loading.pretrained.fetch", forever)
    button = window.inspector.block_form.pretrained.imagenet
    with qtbot.waitSignal(window.pretrained.fetching.progressed):
        button.click()
    assert button.text().startswith("Stop (")
    button.click()
    qtbot.waitUntil(lambda: bool(ended))
    assert button.text() == "ImageNet"
    assert not window.pretrained.fetching.busy
