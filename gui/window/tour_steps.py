"""What the tour of the window shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.paths import TEMPLATES
from gui.i18n import tr
from gui.window.tour import Step

if TYPE_CHECKING:
    from gui.main_window import MainWindow

# LeNet-5: small, and with filters worth looking at.
TEMPLATE = 3


def take_tour(window: MainWindow) -> None:
    """Show a newcomer the three steps, on a template where no document is open."""
    if window.session is None:
        window.open_template(sorted(TEMPLATES.glob("*.netloom"))[TEMPLATE])
    window.sheets.tour.open(
        [
            Step(
                lambda: window.palette_panel,
                tr("Draw"),
                tr(
                    "Drag layers from here onto the canvas, or type on the canvas. Drop one on a"
                    " wire to put it in between."
                ),
            ),
            Step(
                lambda: window.toolbar,
                tr("Train"),
                tr("Press Train: the loss is drawn live while the network learns."),
                lambda: window.bottom.reveal("training"),
            ),
            Step(
                lambda: window.bottom,
                tr("Look inside"),
                tr(
                    "See filters, activations and predictions here, then export the model from the"
                    " File menu."
                ),
                lambda: window.bottom.reveal("results"),
            ),
        ]
    )
