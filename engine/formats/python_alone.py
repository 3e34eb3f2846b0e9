"""Scripts for those who do not have this program, and what keeps them from running."""

from __future__ import annotations

from copy import copy

from msgspec.structs import replace

from engine.errors import Text, text
from engine.foreign import lambdas
from engine.formats.python_code import to_python
from engine.graph.document import Document, Network
from engine.graph.elements import Node
from engine.layers import LAYERS

_LAMBDA = "Lambda"


def script_of(document: Document) -> tuple[str, Text | None]:
    """Return a script that runs by itself, and what keeps it from that, or None.

    Lambda layers that compute a formula are written as this formula. Others, and layers that are
    kept without being understood, cannot be written as code: the script says so before it ends.
    """
    nodes = [_written(node, document.network) for node in document.network.ordered()]
    missing = [node for node in nodes if node.layer == _LAMBDA or LAYERS.find(node.layer) is None]
    alone = copy(document)
    alone.network = Network(nodes, document.network.edges(), document.network.blocks.values())
    if not missing:
        return to_python(alone, alone=True), None
    names = ", ".join(f"“{node.title}”" for node in missing)
    script = to_python(alone, alone=True, lacking=[node.title for node in missing])
    note = text(
        "The script stops where the network begins: {names} cannot be written as code. Write them"
        " there yourself, or replace them by other layers first.",
        names=names,
    )
    return script, note


def _written(node: Node, network: Network) -> Node:
    """Return a node as it is written: a Lambda that is a formula becomes an Expression."""
    if node.layer != _LAMBDA or node.shares:
        return node
    formula = lambdas.formula(node.params, len(network.inputs(node.id)))
    if formula is None:
        return node
    return replace(node, layer="Expression", params={"formula": formula})
