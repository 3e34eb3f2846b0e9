"""What the command box offers: the enabled actions, and every layer to add."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QKeySequence

from engine.layers import LAYERS
from gui.actions import Actions
from gui.command_box import Command
from gui.i18n import tr
from gui.theme import Theme

# The box itself need not offer to open itself.
LEFT_OUT = ("-", "commands", "keys")


def action_commands(actions: Actions) -> list[Command]:
    """Return a command for each action that is enabled now."""
    found = []
    for spec in actions.specs:
        if spec.key in LEFT_OUT or not actions[spec.key].isEnabled():
            continue
        action = actions[spec.key]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        found.append(Command(action.text(), spec.key, keys, action.icon(), action.trigger))
    return found


def layer_commands(theme: Theme, add: Callable[[str], object]) -> list[Command]:
    """Return a command that adds each layer of the catalog."""
    return [
        Command(
            tr("Add {layer}", layer=tr(spec.title)),
            " ".join((spec.key, *spec.search)),
            "",
            theme.icon("plus", theme.category(spec.category)),
            partial(add, spec.key),
        )
        for spec in LAYERS
    ]
