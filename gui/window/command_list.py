"""What the command box offers: the enabled actions, every layer and block to add."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QKeySequence

from engine.blocks import BLOCKS, PREFIX, BlockSpec
from engine.graph.commands import connect, disconnect, refusal
from engine.graph.document import Edge
from engine.layers import LAYERS, LayerSpec
from gui.actions import Actions
from gui.i18n import tr
from gui.session import Session
from gui.theme import Theme
from gui.window.command_box import Command

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


def wire_commands(theme: Theme, session: Session) -> list[Command]:
    """Return commands that draw a wire from the selected layer, or take one away."""
    network = session.document.network
    (node,) = session.selection
    found = [
        Command(
            tr("Disconnect from {name}", name=network.nodes[edge.target].title),
            "",
            "",
            theme.icon("minus"),
            partial(_disconnect, session, edge),
        )
        for edge in network.outputs(node)
    ]
    for other in network.ordered():
        if refusal(network, node, other.id) is None:
            found.append(
                Command(
                    tr("Connect to {name}", name=other.title),
                    other.layer,
                    "",
                    theme.icon("plus"),
                    partial(_connect, session, node, other.id),
                )
            )
    return found


def _disconnect(session: Session, edge: Edge) -> None:
    session.do(disconnect([edge]))


def _connect(session: Session, source: str, target: str) -> None:
    session.do(connect(session.document, source, target))


def layer_commands(theme: Theme, add: Callable[[str], object]) -> list[Command]:
    """Return a command that adds each layer of the catalog and each built-in block."""
    specs: dict[str, type[LayerSpec] | type[BlockSpec]] = {
        spec.key: spec for spec in LAYERS if not (spec.held or spec.hidden)
    }
    specs |= {PREFIX + spec.key: spec for spec in BLOCKS}
    return [
        Command(
            tr("Add {layer}", layer=tr(spec.title)),
            " ".join((spec.key, *spec.search)),
            "",
            theme.icon("plus", theme.category(spec.category)),
            partial(add, key),
        )
        for key, spec in specs.items()
    ]
