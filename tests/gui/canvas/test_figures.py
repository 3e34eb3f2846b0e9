"""What cards show of a layer's costs, and their heat."""

from __future__ import annotations

import pytest
from helpers.networks import chain
from pytestqt.qtbot import QtBot

from engine.graph.costs import Costs
from engine.graph.document import Document
from engine.ipc.messages import NodeFacts, Shapes
from gui.bridge import Engine
from gui.canvas.card import heat_color
from gui.canvas.figures import figure_text, heat
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme

SMALL, LARGE = Costs(10, 852_380, 18_816, (5, 5)), Costs(2_000_000, 3_100_000_000, 5_000_000, None)


@pytest.mark.parametrize(
    ("figure", "small", "large"),
    [
        ("params", "10", "2,000,000"),
        ("flops", "852 k", "3.1 G"),
        ("memory", "18.8 kB", "5 MB"),
        ("field", "5×5", ""),
    ],
)
def test_figures_are_short(figure: str, small: str, large: str) -> None:
    assert (figure_text(SMALL, figure), figure_text(LARGE, figure)) == (small, large)
    assert figure_text(None, figure) == ""


def test_heat_runs_from_the_least_to_the_most() -> None:
    costs = {"none": Costs(), "small": SMALL, "middle": Costs(5000), "large": LARGE}
    found = heat(costs, "params")
    assert found["none"] == 0
    assert 0 < found["small"] < found["middle"] < found["large"] == pytest.approx(1)
    assert heat({}, "flops") == {}


def test_cards_follow_the_figure_and_the_heat(qtbot: QtBot, light_theme: Theme) -> None:
    session = Session(Document(chain(2)), Engine())
    view = CanvasView(light_theme, session)
    qtbot.addWidget(view)
    facts = {node: NodeFacts([None, 8], "float32", 72, 72) for node in ("dense_0", "dense_1")}
    facts["input"] = NodeFacts([None, 8], "float32")
    with qtbot.waitSignal(session.counting.changed):
        session.engine.received.emit(
            Shapes(
                document=session.id,
                revision=0,
                facts=facts,
                removed=[],
                problems=[],
                total=144,
                trainable=144,
            )
        )
    card = view.network.nodes["dense_0"]
    assert (card.face.figure, card.face.heat) == ("72", 0.0)
    view.network.show_figure("flops", True)
    assert (card.face.figure, card.face.heat) == (f"{8 * 17}", 1.0)
    assert heat_color(light_theme, 1.0) != light_theme.colors.surface
    assert session.counting.flops == 2 * 8 * 17
    assert session.counting.memory(batch_size=10) == (3 * 8 * 4) * 10 * 2 + 144 * 16
