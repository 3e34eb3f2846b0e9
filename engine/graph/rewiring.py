"""Edits of the ways that data takes: a row of layers, a gap healed, a layer passed by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from engine.errors import text
from engine.graph.commands import connect, remove
from engine.graph.document import Change, Document, Edge, EdgeChange, Network, NodeChange
from engine.graph.geometry import CARD_WIDTH, GAP_X
from engine.graph.history import Edit
from engine.graph.inserting import free_spot


def connect_in_sequence(document: Document, ids: Iterable[str]) -> Edit:
    """Wire layers one behind the other, in the direction in which data flows.

    Raises:
        EditRefused: A wire cannot be drawn; the reason says which and why.
    """
    network = document.network
    right = document.flow == "right"
    row = sorted(
        (network.nodes[i] for i in ids), key=lambda node: node.at if right else node.at[::-1]
    )
    rehearsal = document.rehearsal()
    changes: list[Change] = []
    for first, second in pairwise(row):
        if any(edge.source == first.id for edge in rehearsal.network.inputs(second.id)):
            continue
        edit = connect(rehearsal, first.id, second.id)
        rehearsal.apply(edit.changes)
        changes += edit.changes
    return Edit(text("Connect in sequence"), tuple(changes))


def remove_and_heal(document: Document, ids: Sequence[str]) -> Edit:
    """Remove layers and lead their data past them: what fed them feeds what they fed.

    A layer with several inputs hands on the first of them.
    """
    network = document.network
    doomed = {node_id for node_id in ids if node_id in network.nodes}
    removal = remove(document, ids)
    healed = _bridges(network, doomed)
    # Removing takes the wires away first and the layers last; new wires fit in between.
    changes = (*removal.changes, *(EdgeChange(edge, True) for edge in healed))
    return Edit(text("Delete and reconnect"), changes)


def bypass(document: Document, ids: Sequence[str]) -> Edit:
    """Lead the data past layers, which stay on the canvas, unwired, beside their place."""
    network = document.network
    passed = {node_id for node_id in ids if network.inputs(node_id) and network.outputs(node_id)}
    cut = dict.fromkeys(
        edge for node_id in passed for edge in (*network.inputs(node_id), *network.outputs(node_id))
    )
    changes: list[Change] = [EdgeChange(edge, False) for edge in cut]
    changes += [EdgeChange(edge, True) for edge in _bridges(network, passed)]
    for node_id in passed:
        node = network.nodes[node_id]
        spot = free_spot(network, (node.at[0] + CARD_WIDTH + GAP_X, node.at[1]), {node_id})
        changes.append(NodeChange(node, replace(node, at=spot)))
    return Edit(text("Bypass"), tuple(changes))


def _bridges(network: Network, gone: set[str]) -> list[Edge]:
    """Return the wires that close the gaps which layers leave."""
    found: list[Edge] = []
    for node in network.ordered():
        if node.id in gone:
            continue
        for edge in network.inputs(node.id):
            if edge.source not in gone:
                continue
            source = _source_before(network, edge.source, gone)
            if source is not None:
                found.append(Edge(source, edge.target, edge.port))
    return found


def _source_before(network: Network, node_id: str, gone: set[str]) -> str | None:
    """Return the nearest layer up the first inputs that stays."""
    seen = set()
    while node_id in gone and node_id not in seen:
        seen.add(node_id)
        inputs = network.inputs(node_id)
        if not inputs:
            return None
        node_id = inputs[0].source
    return node_id if node_id not in gone else None
