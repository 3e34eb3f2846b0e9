"""The training tab follows a run from its first batch to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.graph import commands
from engine.graph.document import Document, Recipe
from engine.ipc.client import EngineDied
from gui.bridge import Engine
from gui.session import Session
from gui.theme import Theme
from gui.training.panel import SHORTEST_PAUSE_MS, TrainingPanel


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, session: Session) -> TrainingPanel:
    made = TrainingPanel(theme)
    qtbot.addWidget(made)
    made.resize(1280, 250)
    made.set_session(session)
    made.show()
    made.prepare()
    return made


def line(panel: TrainingPanel) -> np.ndarray:
    """Return the points of the smoothed loss that are on the screen."""
    assert panel._charts is not None
    y = panel._charts.loss_chart._line.yData
    return np.empty(0) if y is None else y


def drawn(panel: TrainingPanel, qtbot: QtBot) -> None:
    """Wait until what is new has been drawn."""
    charts = panel._charts
    timers = [panel._timer]
    if charts is not None:
        timers += [charts.loss_chart._read_out_soon, charts.metric_chart._read_out_soon]
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))


def test_says_what_to_do_before_the_first_run(panel: TrainingPanel, session: Session) -> None:
    assert panel._pages.currentWidget() is panel._empty
    assert "learning rate 0.001" in panel._empty._recipe.text()
    session.do(commands.set_plan(session.document, "recipe", Recipe(epochs=7)))
    assert "7 epochs" in panel._empty._recipe.text()


def test_curve_grows_with_the_run(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(5)
    drawn(panel, qtbot)
    assert len(line(panel)) == 5
    run.train(6)
    drawn(panel, qtbot)
    assert len(line(panel)) == 11
    assert panel._row.text().startswith("Training  Epoch 1/3  Batch 11/20")
    assert "1,234 samples/s" in panel._row.text()
    assert "about 12 s left" in panel._row.text()


def test_messages_are_drawn_together(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin()
    drawn(panel, qtbot)
    assert panel._charts is not None
    with patch.object(panel._charts, "show_next", wraps=panel._charts.show_next) as show_next:
        for _ in range(50):
            run.train(1)
        assert show_next.call_count == 0
        drawn(panel, qtbot)
        # The loss, and the metric in a turn of its own.
        assert show_next.call_count == 2
    assert panel._timer.interval() >= SHORTEST_PAUSE_MS
    assert len(line(panel)) == 50


def test_nothing_is_drawn_while_hidden(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(3)
    drawn(panel, qtbot)
    panel.hide()
    run.train(10)
    assert not panel._timer.isActive()
    assert len(line(panel)) == 3
    panel.show()
    drawn(panel, qtbot)
    assert len(line(panel)) == 13


def test_epochs_become_points(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(20).end_epoch(loss=0.5, accuracy=0.7, val_loss=0.4, val_accuracy=0.8)
    drawn(panel, qtbot)
    assert panel._charts is not None
    assert list(panel._charts.loss_chart._validation.yData) == [0.4]
    assert list(panel._charts.metric_chart._validation.yData) == [0.8]
    assert "validation 0.8000" in panel._charts.metric_chart.legend.text()


def test_end_is_summed_up(panel: TrainingPanel, run: Any) -> None:
    run.begin(epochs=2)
    run.train(20).end_epoch(loss=0.5, accuracy=0.7, val_loss=0.4, val_accuracy=0.8)
    run.train(20).end_epoch(loss=0.4, accuracy=0.8, val_loss=0.5, val_accuracy=0.7)
    run.end()
    words = panel._row.text()
    assert words.startswith("Finished")
    assert "test accuracy 0.9631" in words
    assert "validation accuracy 0.7000 (best 0.8000, epoch 1)" in words
    assert "validation loss 0.5000 (best 0.4000, epoch 1)" in words
    assert "time 12 s" in words
    assert panel._notice.isHidden()


def test_divergence_is_said_and_marked(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(8).train(1, loss=float("nan"))
    run.end("diverged", "The loss became NaN at batch 9 of epoch 1, so training stopped.")
    drawn(panel, qtbot)
    assert "NaN at batch 9" in panel._notice.text()
    assert panel._notice.isVisible()
    assert panel._charts is not None
    assert panel._charts.loss_chart._break.isVisible()
    assert panel._charts.loss_chart._break.value() == 9
    low, high = panel._charts.loss_chart.plot.vb.viewRange()[1]
    assert np.isfinite([low, high]).all()


def test_death_of_the_engine_keeps_the_curve(
    panel: TrainingPanel, run: Any, engine: Engine, qtbot: QtBot
) -> None:
    run.begin().train(8)
    engine.died.emit(EngineDied(True))
    drawn(panel, qtbot)
    assert len(line(panel)) == 8
    assert "ended unexpectedly" in panel._notice.text()
    assert panel._row.text().startswith("Interrupted")


def test_run_before_stays_as_a_ghost(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(12)
    run.end()
    run.begin().train(4)
    drawn(panel, qtbot)
    assert panel._charts is not None
    assert len(panel._charts.loss_chart._ghost.xData) == 12
    assert len(line(panel)) == 4


def test_run_that_did_not_start_shows_what_to_do(panel: TrainingPanel, session: Session) -> None:
    session.run.state = "starting"
    session.run_changed.emit()
    assert panel._pages.currentWidget() is panel._run_page
    session.run.state = "idle"
    session.run_changed.emit()
    assert panel._pages.currentWidget() is panel._empty


def test_metric_can_be_chosen(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin(metrics=("accuracy", "mae")).train(4)
    drawn(panel, qtbot)
    assert panel._charts is not None
    assert panel._charts._choice.isVisible()
    panel._charts._choice.setCurrentIndex(1)
    drawn(panel, qtbot)
    assert list(panel._charts.metric_chart._line.yData) == pytest.approx([0.1])


def test_smoothing_follows_the_slider(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(6)
    drawn(panel, qtbot)
    assert panel._charts is not None
    panel._charts._slider.setValue(0)
    drawn(panel, qtbot)
    np.testing.assert_allclose(line(panel), [1 / k for k in range(1, 7)], rtol=1e-6)


def test_log_scale(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(6)
    drawn(panel, qtbot)
    assert panel._charts is not None
    panel._charts._slider.setValue(0)
    panel._charts._log.click()
    drawn(panel, qtbot)
    np.testing.assert_allclose(line(panel), np.log10([1 / k for k in range(1, 7)]), atol=1e-6)


def test_cursor_shows_values_in_both_charts(panel: TrainingPanel, run: Any, qtbot: QtBot) -> None:
    run.begin().train(6)
    drawn(panel, qtbot)
    assert panel._charts is not None
    panel._charts._slider.setValue(0)
    panel._charts.metric_chart.hovered.emit(2.0)
    drawn(panel, qtbot)
    assert "batch 2" in panel._charts.loss_chart.legend.text()
    assert "training 0.5000" in panel._charts.loss_chart.legend.text()
    panel._charts.metric_chart.hovered.emit(None)
    assert "batch" not in panel._charts.loss_chart.legend.text()


def test_going_to_another_document_and_back_loses_nothing(
    panel: TrainingPanel,
    session: Session,
    engine: Engine,
    run: Any,
    new_run: Callable[[Session], Any],
    qtbot: QtBot,
) -> None:
    run.begin().train(6)
    other = Session(Document(), engine)
    panel.set_session(other)
    assert panel._pages.currentWidget() is panel._empty
    run.train(4)
    panel.set_session(session)
    drawn(panel, qtbot)
    assert len(line(panel)) == 10
    panel.set_session(None)
    assert panel._pages.currentWidget() is panel._empty


def test_colors_follow_the_theme(panel: TrainingPanel, theme: Theme, run: Any) -> None:
    run.begin().train(6)
    assert panel._charts is not None
    theme.set_mode("dark")
    pen = panel._charts.loss_chart._line.opts["pen"]
    assert pen.color() == theme.colors.plot_train
    assert panel._charts.loss_chart._view.backgroundBrush().color() == theme.colors.surface
