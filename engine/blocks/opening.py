"""A built-in block as a document of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.blocks.placing import add_block
from engine.blocks.spec import BlockSpec
from engine.datasets import UNDECIDED
from engine.graph.arranging import lay_out
from engine.graph.blocks import new_block, set_collapsed
from engine.graph.commands import move
from engine.graph.document import Document, Network, Node, Part
from engine.layers import LAYERS


def open_application(
    spec: type[BlockSpec], title: str = "", params: Mapping[str, Any] | None = None
) -> Document:
    """Return a document that consists of a model behind its Input, opened.

    Args:
        spec: The model; one of its parameters is the shape of what feeds it.
        title: Its title, where that is not the declaration's.
        params: Parameters that differ from its defaults.
    """
    shape = {"shape": spec.complete(params or {})[spec.feeds]}
    entry = Node(id="input", layer=LAYERS.get("Input").key, params=shape)
    network = Network([entry])
    document = Document(network, title=title or spec.title, data=Part(UNDECIDED))
    edit = add_block(document, spec.key, (0.0, 0.0), title=title, params=params, source=entry.id)
    document.apply(edit.changes)
    document.apply(set_collapsed(document, new_block(edit), False).changes)
    document.apply(move(document, lay_out(document.network)).changes)
    return document
