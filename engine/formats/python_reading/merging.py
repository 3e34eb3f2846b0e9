"""An edit of a script becomes an edit of the drawing: what the script leaves as it was stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from engine.errors import EditRefused, text
from engine.fields import Params
from engine.formats.python_reading.known import Known
from engine.formats.python_reading.matching import match, title_of
from engine.formats.python_reading.placing import place_new
from engine.formats.python_reading.things import Call, Layer, Reading
from engine.graph.calls import owner_of
from engine.graph.copying import free_name
from engine.graph.differences import turning_into
from engine.graph.document import Document, Edge, Network, Node, Recipe
from engine.graph.history import Edit
from engine.graph.nesting import whole_blocks

MISSING = object()
EXPRESSION = "Expression"


@dataclass(frozen=True)
class Merged:
    """What an edited script makes of a document.

    Attributes:
        edit: The edit; without changes where the script says what the drawing shows.
        known: The script with its nodes, once the edit has been done.
    """

    edit: Edit
    known: Known


def merge(document: Document, base: Known, script: str, reading: Reading) -> Merged:
    """Return the edit that lets a document follow its edited script.

    Only what differs between the script before and after is changed, so that whatever no script
    tells stays: ids, places, blocks, locks, unknown parameters.

    Args:
        document: The document; it may have changed since `base` was its script.
        base: The script before.
        script: The script after.
        reading: The script after, read without an error.

    Raises:
        EditRefused: The drawing is so odd that its script says something else.
    """
    if not base.sound:
        raise EditRefused(
            "The code of this drawing cannot be followed: give its layers plain names and values."
        )
    work = _Merging(document, base, reading)
    network = work.merged()
    other = Document(
        network,
        title=_title(document, base.reading, reading),
        notes=document.notes,
        flow=document.flow,
        marks=document.marks.values(),
        data=document.data,
        recipe=_recipe(document.recipe, base.reading.recipe, reading.recipe),
    )
    edit = turning_into(document, other, text("Edit code"))
    return Merged(edit, Known(script, reading, tuple(work.ids)))


def _title(document: Document, before: Reading, after: Reading) -> str:
    changed = after.name and before.name and after.name != before.name
    return after.name if changed else document.title


def _recipe(recipe: Recipe, before: dict[str, Any], after: dict[str, Any]) -> Recipe:
    """Return a recipe with the fields that the script tells otherwise than before."""
    changed = {name: value for name, value in after.items() if before.get(name, MISSING) != value}
    return replace(recipe, **changed) if changed else recipe


class _Merging:
    """Builds the network that a document shall have.

    Attributes:
        ids: The node of each call of the new script; "" for calls that are none.
    """

    def __init__(self, document: Document, base: Known, after: Reading) -> None:
        self._document, self._base, self._after = document, base, after
        network = document.network
        self._matched = {
            here: there
            for here, there in match(base.reading, after).items()
            if base.ids[there] in network.nodes
        }
        self._taken = {*network.nodes, *network.blocks}
        self._taken |= {node.title for node in network.nodes.values()}
        self.ids = [self._id(place, call) for place, call in enumerate(after.calls)]
        self._named = set(self.ids)
        self._nodes = dict(network.nodes)
        self._old_of = {
            self.ids[here]: base.reading.calls[there]
            for here, there in self._matched.items()
            if self.ids[here]
        }
        self._restated = {
            self.ids[here]
            for here, there in self._matched.items()
            if self.ids[here] and self._is_restated(here, there)
        }

    def _id(self, place: int, call: Call) -> str:
        """Return the node that a call is, or the id of a new one."""
        there = self._matched.get(place)
        if there is not None:
            # What leads nowhere is part of the drawing only if it did so before.
            kept = call.used or not self._base.reading.calls[there].used
            return self._base.ids[there] if kept else ""
        if not call.used:
            return ""
        first = next(c for c in self._after.calls if c.used and c.layer is call.layer) is call
        wish = title_of(call) if first or not call.layer.name else call.variable
        found = free_name(self._taken, call.layer.kind, wish)
        self._taken.add(found)
        return found

    def _is_restated(self, here: int, there: int) -> bool:
        """Return whether a formula is another, or of other layers.

        Its inputs have numbers in the drawing and in the script, and these need not be the same:
        both the formula and the wires are those of the script then.
        """
        if self._document.network.nodes[self.ids[here]].layer != EXPRESSION:
            return False
        before, after = self._base.reading.calls[there], self._after.calls[here]
        wires = [self._base.ids[source] for source in before.sources]
        return (before.layer.kind, before.layer.params, wires) != (
            after.layer.kind,
            after.layer.params,
            [self.ids[source] for source in after.sources],
        )

    def merged(self) -> Network:
        """Return the network as it shall be."""
        network = self._document.network
        gone = {node_id for node_id in self._base.ids if node_id in self._nodes} - self._named
        new = self._add_nodes()
        for group in self._groups():
            self._describe(group, gone)
        self._free_sharers(gone)
        for node_id in gone:
            del self._nodes[node_id]
        edges = self._edges()
        doomed = whole_blocks(network, gone) if gone else set()
        self._order()
        blocks = [block for key, block in network.blocks.items() if key not in doomed]
        for node in self._nodes.values():
            if node.block in doomed:
                self._nodes[node.id] = replace(node, block="", role="")
        drawn = Network(sorted(self._nodes.values(), key=lambda n: n.order), edges, blocks)
        place_new(drawn, new, network, gone, self._document.flow)
        return drawn

    def _add_nodes(self) -> list[str]:
        """Add a node for each new call; returns their ids."""
        order = self._document.network.next_order()
        new: list[str] = []
        for place, call in enumerate(self._after.calls):
            node_id = self.ids[place]
            if node_id and place not in self._matched:
                self._nodes[node_id] = Node(
                    id=node_id, layer=call.layer.kind, order=order + len(new)
                )
                new.append(node_id)
        return new

    # --- layers ----------------------------------------------------------------------------

    def _groups(self) -> list[tuple[Layer, list[str]]]:
        """Return the layers with the nodes that call them."""
        groups: dict[int, tuple[Layer, list[str]]] = {}
        for place, call in enumerate(self._after.calls):
            if self.ids[place]:
                groups.setdefault(id(call.layer), (call.layer, []))[1].append(self.ids[place])
        # Whoever owns a layer keeps it; only then do others look for one that is left.
        nodes = self._document.network.nodes
        owners = {node_id for node_id, node in nodes.items() if not node.shares}
        return sorted(groups.values(), key=lambda group: owners.isdisjoint(group[1]))

    def _describe(self, group: tuple[Layer, list[str]], gone: set[str]) -> None:
        """Give the nodes that call one layer its kind, parameters and name."""
        layer, members = group
        network = self._document.network
        known = [node_id for node_id in members if node_id in network.nodes]
        owner = owner_of(network, known[0]).id if known else members[0]
        if owner in gone or (owner not in members and owner in self._named):
            owner = members[0]
        before = self._old_of[known[0]].layer if known else None
        source = owner_of(network, known[0]) if known else None
        node = self._nodes[owner]
        kind, params = layer.kind, layer.params
        unsaid = before is None or before.kind != kind or not self._restated.isdisjoint(members)
        if source is not None and before is not None and not unsaid:
            kind, params = source.layer, _changed(source.params, before.params, params)
        node = replace(node, layer=kind, params=params, shares="")
        heir = source is not None and source.id != owner
        self._nodes[owner] = self._renamed(node, None if heir else before, layer)
        for node_id in members:
            if node_id != owner:
                sharer = self._nodes[node_id]
                self._nodes[node_id] = replace(
                    sharer, layer=kind, shares=owner, params=self._own(sharer)
                )

    def _own(self, node: Node) -> Params:
        """Return what a node that shares another's layer holds: nothing, unless it did before."""
        return node.params if node.shares else {}

    def _renamed(self, node: Node, before: Layer | None, after: Layer) -> Node:
        """Return a node with the name that the script gives it, where that has changed."""
        if before is None:
            title = after.name or node.title
        elif after.name == before.name:
            return node
        else:
            title = after.name or free_name(self._taken - {node.title}, node.layer, "")
        self._taken.add(title)
        return replace(node, name="" if title == node.id else title)

    def _free_sharers(self, gone: set[str]) -> None:
        """Let nodes that no script shows keep a layer whose owner goes."""
        network = self._document.network
        for node in list(self._nodes.values()):
            if node.shares in gone and node.id not in gone:
                owner = network.nodes[node.shares]
                self._nodes[node.id] = replace(node, shares="", params=owner.params)

    # --- wires -----------------------------------------------------------------------------

    def _edges(self) -> list[Edge]:
        """Return the wires: of the script where it has changed them, else those that are there."""
        wires: dict[str, list[Edge]] = {
            node_id: [
                edge
                for edge in self._document.network.inputs(node_id)
                if edge.source in self._nodes
            ]
            for node_id in self._document.network.nodes
            if node_id in self._nodes
        }
        base = self._base
        for place, call in enumerate(self._after.calls):
            node_id, there = self.ids[place], self._matched.get(place)
            if not node_id:
                continue
            sources = [self.ids[source] for source in call.sources]
            if there is not None:
                earlier = [base.ids[source] for source in base.reading.calls[there].sources]
                if sources == earlier and node_id not in self._restated:
                    continue
            wires[node_id] = [
                Edge(source, node_id, port) for port, source in enumerate(sources) if source
            ]
        return [edge for edges in wires.values() for edge in edges]

    def _order(self) -> None:
        """Let inputs and outputs stand in the file as the script counts them, where it says so."""
        base, after = self._base, self._after
        for before, now in (
            (base.reading.inputs, after.inputs),
            (base.reading.outputs, after.outputs),
        ):
            earlier = [base.ids[place] for place in before]
            wanted = [self.ids[place] for place in now if self.ids[place]]
            if earlier == wanted:
                continue
            wanted = list(dict.fromkeys(wanted))
            places = sorted(self._nodes[node_id].order for node_id in wanted)
            for node_id, order in zip(wanted, places, strict=True):
                self._nodes[node_id] = replace(self._nodes[node_id], order=order)


def _changed(params: Params, before: Params, after: Params) -> Params:
    """Return a node's parameters with what a script says otherwise than before."""
    found = dict(params)
    for name in (*before, *after):
        if before.get(name, MISSING) == after.get(name, MISSING):
            continue
        if name in after:
            found[name] = after[name]
        else:
            found.pop(name, None)
    return found
