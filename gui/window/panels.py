"""Makes the panels below the canvas; those with plots are imported late."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from engine.settings import Settings
from gui.history.panel import HistoryPanel
from gui.i18n import tr
from gui.problems.panel import ProblemsPanel
from gui.theme import Theme
from gui.window.bottom_panel import BottomPanel

LEAST_HEIGHT = 160


def make_bottom(
    theme: Theme,
    settings: Settings,
    reveal_node: Callable[[str], object],
    scroll_to: Callable[[str], object],
) -> BottomPanel:
    """Make the tabs below the canvas.

    Args:
        theme: The look.
        settings: Where the folder used last is kept.
        reveal_node: Selects a node and shows it in the middle of the canvas, by its id.
        scroll_to: Scrolls the canvas only as far as needed to show a node.
    """

    def problems() -> QWidget:
        panel = ProblemsPanel(theme)
        panel.problem_activated.connect(reveal_node)
        return panel

    # The plots' library takes longer to import than all the rest of the window.

    def training() -> QWidget:
        from gui.training.panel import TrainingPanel

        return TrainingPanel(theme)

    def results() -> QWidget:
        from gui.results.panel import ResultsPanel

        return ResultsPanel(theme)

    def data() -> QWidget:
        from gui.data.panel import DataPanel

        return DataPanel(theme)

    def code() -> QWidget:
        from gui.code.panel import CodePanel

        panel = CodePanel(theme, settings)
        panel.node_chosen.connect(scroll_to)
        return panel

    bottom = BottomPanel()
    bottom.add("problems", tr("Problems"), problems)
    bottom.add("training", tr("Training"), training)
    bottom.add("results", tr("Results"), results)
    bottom.add("data", tr("Data"), data)
    bottom.add("code", tr("Code"), code)
    bottom.add("history", tr("History"), lambda: HistoryPanel(theme))
    bottom.setMinimumHeight(LEAST_HEIGHT)
    bottom.reveal("problems")
    return bottom
