"""What floats over the window: the box of commands, the tour, and the sheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.settings import save_settings
from gui.canvas.picture import Picture
from gui.session import Session
from gui.theme import PAPER, Theme
from gui.window.command_box import CommandBox
from gui.window.command_list import action_commands, layer_commands, wire_commands
from gui.window.keys_sheet import KeysSheet
from gui.window.tour import Tour

if TYPE_CHECKING:
    from gui.exporting.exporter import Exporter
    from gui.exporting.sheet import ExportSheet
    from gui.main_window import MainWindow
    from gui.weights.sheet import WeightsSheet


class Sheets:
    """Opens what floats over the window; what is not needed to draw is made when it is wanted.

    Attributes:
        commands: The search for actions, layers and wires.
        keys: All keys.
        tour: The first steps.
        export: Every format that a network leaves in; None until it is needed.
        exporter: What writes those files; None until it is needed.
        weights: Which weights of a file fit; None until it is needed.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.commands = CommandBox(window.theme, window)
        self.keys = KeysSheet(window.theme, window.actions_, window)
        self.keys.keys_changed.connect(self._set_keys)
        self.tour = Tour(window.theme, window)
        self.export: ExportSheet | None = None
        self.exporter: Exporter | None = None
        self.weights: WeightsSheet | None = None

    def set_session(self, session: Session | None) -> None:
        """Tell sheets that are about one document which is in front."""
        for sheet in (self.export, self.weights):
            if sheet is not None:
                sheet.set_session(session)

    def hide(self) -> None:
        """Hide what stands at places that a window of another size has not."""
        for part in (self.commands, self.keys, self.tour):
            part.hide()

    # --- commands and keys -----------------------------------------------------------------

    def open_commands(self) -> None:
        """Open the search for actions and layers."""
        window = self._window
        entries = action_commands(window.actions_)
        if window.view is not None:
            entries += layer_commands(window.theme, window.add_layer)
        self.commands.open(entries)

    def open_wires(self) -> None:
        """Open the list of wires that the selected layer can get or lose."""
        session = self._window.session
        if session is not None and len(session.selection) == 1:
            self.commands.open(wire_commands(self._window.theme, session))

    def open_keys(self) -> None:
        """Show all keys."""
        self.keys.open()

    def _set_keys(self, action: str, keys: str | None) -> None:
        self._window.actions_.set_keys(action, keys)
        settings = self._window.settings
        settings.keys.pop(action, None)
        if keys is not None:
            settings.keys[action] = keys
        save_settings(settings)

    # --- what leaves and what comes in -----------------------------------------------------

    def open_export(self) -> None:
        """Show what the document in front can be written as."""
        session = self._window.session
        if session is None:
            return
        if self.export is None:
            self.export = self._make_export()
        self.export.open(session)

    def _make_export(self) -> ExportSheet:
        from gui.exporting.exporter import Exporter
        from gui.exporting.sheet import ExportSheet

        window = self._window
        self.exporter = Exporter(window.settings, _drawn, window)
        picture = window.actions_["picture"].trigger
        return ExportSheet(window.theme, self.exporter, window.messages.post, picture, window)

    def open_weights(self, session: Session, path: Path) -> None:
        """Show what of a file fits a document."""
        if self.weights is None:
            self.weights = self._make_weights()
        self.weights.open(session, path)

    def _make_weights(self) -> WeightsSheet:
        from gui.weights.sheet import WeightsSheet

        window = self._window
        post, ask = window.messages.post, window.files.ask_weights
        return WeightsSheet(window.theme, window.engine, post, ask, window)


def _drawn(session: Session) -> str:
    """Return the drawing as SVG for print."""
    picture = Picture(session, Theme(PAPER))
    try:
        return picture.svg()
    finally:
        picture.close()
