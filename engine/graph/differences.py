"""What two documents have in common and where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from engine.errors import Text
from engine.graph.document import (
    BlockChange,
    Change,
    Document,
    Edge,
    EdgeChange,
    Mark,
    MarkChange,
    Node,
    NodeChange,
    PlanChange,
    PlanPart,
)
from engine.graph.history import Edit

_PLAN: tuple[PlanPart, ...] = ("title", "notes", "flow", "data", "recipe")


def turning_into(document: Document, other: Document, label: Text) -> Edit:
    """Return the edit that makes a document equal to another."""
    here, there = document.network, other.network
    gone_edges = set(here.edges()) - set(there.edges())
    new_edges = set(there.edges()) - set(here.edges())
    changes: list[Change] = [EdgeChange(edge, False) for edge in sorted(gone_edges)]
    for node_id in here.nodes.keys() | there.nodes.keys():
        before, after = here.nodes.get(node_id), there.nodes.get(node_id)
        if before != after:
            changes.append(NodeChange(before, after))
    for block_id in here.blocks.keys() | there.blocks.keys():
        old, new = here.blocks.get(block_id), there.blocks.get(block_id)
        if old != new:
            changes.append(BlockChange(old, new))
    changes += [EdgeChange(edge, True) for edge in sorted(new_edges)]
    for mark_id in document.marks.keys() | other.marks.keys():
        drawn: Mark | None = document.marks.get(mark_id)
        wanted: Mark | None = other.marks.get(mark_id)
        if drawn != wanted:
            changes.append(MarkChange(drawn, wanted))
    for part in _PLAN:
        if getattr(document, part) != getattr(other, part):
            changes.append(PlanChange(part, getattr(document, part), getattr(other, part)))
    return Edit(label, tuple(changes))


@dataclass(frozen=True)
class Differences:
    """How a document differs from another one, its earlier self perhaps.

    Attributes:
        added: Ids of nodes that only this document has.
        changed: Ids of nodes whose layer, parameters, name or sharing are others.
        removed: Nodes that only the other document has.
        new_edges: Wires that only this document has.
        lost_edges: Wires that only the other document has.
        plan: Parts of the plan that are others: "data", "recipe".
    """

    added: frozenset[str]
    changed: frozenset[str]
    removed: tuple[Node, ...]
    new_edges: frozenset[Edge]
    lost_edges: frozenset[Edge]
    plan: tuple[str, ...]


def differences(document: Document, other: Document) -> Differences:
    """Compare a document with another one; where cards lie does not count."""
    here, there = document.network, other.network
    both = here.nodes.keys() & there.nodes.keys()
    changed = {key for key in both if _keras(here.nodes[key]) != _keras(there.nodes[key])}
    mine, theirs = set(here.edges()), set(there.edges())
    return Differences(
        frozenset(here.nodes.keys() - there.nodes.keys()),
        frozenset(changed),
        tuple(node for node in there.ordered() if node.id not in here.nodes),
        frozenset(mine - theirs),
        frozenset(theirs - mine),
        tuple(p for p in ("data", "recipe") if getattr(document, p) != getattr(other, p)),
    )


def _keras(node: Node) -> Node:
    """Return a node without what only people see."""
    return replace(node, at=(0.0, 0.0), order=0, block="", role="", part="", locked=False, extra={})
