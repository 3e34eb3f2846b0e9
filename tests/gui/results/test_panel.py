"""The results tab: what a network makes of a sample, layer by layer."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.errors import text
from engine.graph.document import Document, Edge, Network, Node
from engine.ipc import messages as m
from gui.bridge import Answer, Engine
from gui.results.panel import ResultsPanel
from gui.session import Session
from gui.theme import Theme


class Asked:
    """One question that reached the engine."""

    def __init__(self, probe: str, answer: Answer, node: str, sample: int) -> None:
        self.probe, self.answer, self.node, self.sample = probe, answer, node, sample


def convolutional() -> Document:
    names = [("image", "Input"), ("conv", "Conv2D"), ("deep", "Conv2D"), ("out", "Dense")]
    nodes = [Node(id=name, layer=layer, order=n) for n, (name, layer) in enumerate(names)]
    edges = [Edge(a[0], b[0]) for a, b in itertools.pairwise(names)]
    return Document(Network(nodes, edges))


@pytest.fixture
def session(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Session:
    made = Session(convolutional(), Engine())
    made.asked = []  # type: ignore[attr-defined]

    def probe(key: str, answer: Answer, *, node: str = "", sample: int = 0) -> None:
        made.asked.append(Asked(key, answer, node, sample))  # type: ignore[attr-defined]

    monkeypatch.setattr(made, "probe", probe)
    return made


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> ResultsPanel:
    made = ResultsPanel(Theme("light"))
    qtbot.addWidget(made)
    made.resize(1280, 280)
    made.set_session(session)
    made.show()
    return made


def asked(session: Any) -> list[Asked]:
    return list(session.asked)


def train(session: Session) -> None:
    session.trained = True
    session.trained_changed.emit()


def picture(node: str, kind: str, values: np.ndarray) -> m.ProbePicture:
    return m.ProbePicture(node, node, kind, m.Array.of(values.astype(np.float32)))


def activations(sample: int = 0, prediction: str = "3 (97.0%)") -> m.Probed:
    random = np.random.default_rng(sample)
    pictures = [
        picture("image", "grid", random.random((1, 28, 28))),
        picture("conv", "grid", random.random((6, 24, 24))),
        picture("deep", "image", random.random((8, 30))),
        picture("out", "bars", random.random(10)),
    ]
    return m.Probed(
        document="d",
        probe="activations",
        pictures=pictures,
        sample=sample,
        samples=360,
        target="3",
        prediction=prediction,
    )


def kernels(channels: int) -> m.Probed:
    pictures = [
        m.ProbePicture(
            f"conv [{n}]", "conv", "grid", m.Array.of(np.full((8, 3, 3), n - 1.5, np.float32))
        )
        for n in range(channels)
    ]
    return m.Probed(document="d", probe="kernels", pictures=pictures)


def look(panel: ResultsPanel, probe: str) -> None:
    panel.controls.probe_box.setCurrentIndex(panel.controls.probe_box.findData(probe))


def test_untrained_network_says_what_to_do(panel: ResultsPanel, session: Session) -> None:
    assert panel.message() == "Train the network first, then look inside"
    assert not asked(session)


def test_activations_of_every_layer_are_shown(
    panel: ResultsPanel, session: Session, qtbot: QtBot
) -> None:
    train(session)
    qtbot.waitUntil(lambda: len(asked(session)) == 1)
    question = asked(session)[0]
    assert (question.probe, question.sample) == ("activations", 0)
    question.answer(activations())
    assert panel.message() == ""
    assert [row.kind for row in panel.rows] == ["grid", "grid", "image", "bars"]
    assert panel.rows[1].tiles is not None and panel.rows[1].tiles.count == 6
    assert "True: 3" in panel.controls._truth.text()
    assert "97.0%" in panel.controls._prediction.text()
    assert panel.controls._right
    panel.grab()


def test_wrong_prediction_is_marked(panel: ResultsPanel, session: Session, qtbot: QtBot) -> None:
    train(session)
    qtbot.waitUntil(lambda: len(asked(session)) == 1)
    asked(session)[0].answer(activations(prediction="8 (51.0%)"))
    assert not panel.controls._right


def test_another_sample_asks_again_and_old_answers_are_dropped(
    panel: ResultsPanel, session: Session, qtbot: QtBot
) -> None:
    train(session)
    qtbot.waitUntil(lambda: len(asked(session)) == 1)
    asked(session)[0].answer(activations())
    qtbot.mouseClick(panel.controls._after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(asked(session)) == 2)
    qtbot.mouseClick(panel.controls._after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(asked(session)) == 3)
    assert [question.sample for question in asked(session)] == [0, 1, 2]
    asked(session)[2].answer(activations(2))
    shown = panel.rows[1].values.copy()
    asked(session)[1].answer(activations(1))
    np.testing.assert_array_equal(panel.rows[1].values, shown)
    assert panel.controls.sample == 2


def test_rows_stay_while_numbers_change(
    panel: ResultsPanel, session: Session, qtbot: QtBot
) -> None:
    train(session)
    qtbot.waitUntil(lambda: len(asked(session)) == 1)
    asked(session)[0].answer(activations())
    rows = list(panel.rows)
    session.epoch_ended.emit(None)
    qtbot.waitUntil(lambda: len(asked(session)) == 2)
    asked(session)[1].answer(activations(5))
    assert panel.rows == rows


def test_tile_is_enlarged_with_its_values(
    panel: ResultsPanel, session: Session, qtbot: QtBot
) -> None:
    train(session)
    qtbot.waitUntil(lambda: len(asked(session)) == 1)
    asked(session)[0].answer(activations())
    row = panel.rows[1]
    assert row.tiles is not None
    place = row.tiles.tile_rect(4).center()
    qtbot.mouseClick(row.tiles, Qt.MouseButton.LeftButton, pos=place)
    assert panel.enlarged._title == "conv, map 5"
    np.testing.assert_array_equal(panel.enlarged._values, row.values[4])
    assert panel.rows[0].tiles is not None and panel.rows[0].tiles.selected == -1


def test_kernels_of_each_channel(panel: ResultsPanel, session: Session, qtbot: QtBot) -> None:
    train(session)
    look(panel, "kernels")
    qtbot.waitUntil(lambda: len(asked(session)) > 0 and asked(session)[-1].probe == "kernels")
    assert asked(session)[-1].node == "conv"
    asked(session)[-1].answer(kernels(3))
    assert panel.controls.channel_box.count() == 3
    assert [row.tiles.count for row in panel.rows if row.tiles] == [8]
    assert (panel.rows[0].low, panel.rows[0].high) == (-1.5, 1.5)
    assert panel.rows[0].values[0, 0, 0] == -1.5
    panel.controls.channel_box.setCurrentIndex(2)
    assert panel.rows[0].values[0, 0, 0] == 0.5
    assert (panel.rows[0].low, panel.rows[0].high) == (-1.5, 1.5)
    panel._theme.set_mode("dark")
    panel.grab()


def test_layer_follows_the_selection(panel: ResultsPanel, session: Session, qtbot: QtBot) -> None:
    train(session)
    look(panel, "kernels")
    qtbot.waitUntil(lambda: bool(asked(session)))
    before = len(asked(session))
    session.select(["deep"])
    qtbot.waitUntil(lambda: len(asked(session)) > before)
    assert asked(session)[-1].node == "deep"
    session.select(["out"])
    assert panel.controls.node == "deep"


def test_network_without_convolutions(qtbot: QtBot, panel: ResultsPanel) -> None:
    dense = Session(Document(Network([Node(id="input", layer="Input")])), Engine())
    dense.trained = True
    panel.set_session(dense)
    look(panel, "kernels")
    assert "no layer" in panel.message()


def test_failure_is_said(panel: ResultsPanel, session: Session, qtbot: QtBot) -> None:
    train(session)
    qtbot.waitUntil(lambda: len(asked(session)) == 1)
    asked(session)[0].answer(m.Failed(message=text("The network has changed: train again.")))
    assert panel.message() == "The network has changed: train again."
    assert panel.enlarged.isHidden()


def test_hidden_panel_asks_nothing(panel: ResultsPanel, session: Session, qtbot: QtBot) -> None:
    panel.hide()
    train(session)
    assert not panel._timer.isActive()
    panel.show()
    qtbot.waitUntil(lambda: len(asked(session)) == 1)


def test_other_session_forgets_the_pictures(
    panel: ResultsPanel, session: Session, qtbot: QtBot
) -> None:
    train(session)
    qtbot.waitUntil(lambda: len(asked(session)) == 1)
    asked(session)[0].answer(activations())
    panel.set_session(None)
    assert panel.message()
    assert panel.enlarged.isHidden()


def test_an_untrained_network_offers_its_own_layers(
    panel: ResultsPanel, session: Session, qtbot: QtBot
) -> None:
    train(session)
    look(panel, "kernels")
    assert panel.controls.node
    other = Session(Document(Network([Node(id="x", layer="Unknown")])), session.engine)
    panel.set_session(other)
    assert panel.controls.node_box.count() == 0
    assert panel.message() == "Train the network first, then look inside"
    other.load_weights(Path("model.h5"), later=True)
    panel.set_session(other)
    assert panel.message().startswith("The weights of the file are loaded once")
