"""Every edit of a document, as functions that read the document and return an `Edit`.

None of them changes anything: hand the result to `History.do`. They take and return ids and
values, never live objects, and raise `EditRefused` with the reason when an edit makes no sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from engine.errors import EditRefused, Text, text
from engine.graph.analysis import reaches
from engine.graph.calls import most_inputs, owner_of
from engine.graph.copying import copy_part, new_id
from engine.graph.document import (
    BlockChange,
    Change,
    Document,
    Edge,
    EdgeChange,
    Network,
    Node,
    NodeChange,
    Part,
    PlanChange,
    PlanPart,
    Recipe,
)
from engine.graph.history import Edit
from engine.graph.nesting import whole_blocks
from engine.layers import LAYERS

LONGEST_NAME = 120


def add_node(
    document: Document,
    layer: str,
    at: tuple[float, float],
    *,
    params: Mapping[str, Any] | None = None,
    source: str | None = None,
    block: str = "",
) -> Edit:
    """Add a layer, wired behind `source` where that is given. The new id is `added(edit)[0]`.

    It comes into the block of its source, or into `block` where it has none.
    """
    spec = LAYERS.get(layer)
    node = Node(
        id=new_id(document.network, layer),
        layer=spec.key,
        params=spec.trim(plain(params or {})),
        at=at,
        block=document.network.nodes[source].block if source is not None else block,
        order=document.network.next_order(),
    )
    changes: list[Change] = [NodeChange(None, node)]
    if source is not None:
        if spec.max_inputs == 0:
            raise EditRefused("{layer} takes no wire: data enters there.", layer=spec.title)
        changes.append(EdgeChange(Edge(source, node.id), True))
    return Edit(text("Add {layer}", layer=spec.title), tuple(changes))


def added(edit: Edit) -> list[str]:
    """Return the ids of the nodes that an edit adds."""
    return [
        change.id
        for change in edit.changes
        if isinstance(change, NodeChange) and change.before is None
    ]


def connect(document: Document, source: str, target: str, port: int | None = None) -> Edit:
    """Draw a wire; a wire already in the port is replaced.

    Args:
        document: The document.
        source: Id of the node that gives the tensor.
        target: Id of the node that takes it.
        port: Input port, or None for the next free one (the only one of most layers).
    """
    if reason := refusal(document.network, source, target, port):
        raise EditRefused(reason.template, **reason.values)
    inputs = document.network.inputs(target)
    most = most_inputs(document.network, target)
    if port is None:
        port = 0 if most == 1 else max((edge.port for edge in inputs), default=-1) + 1
    changes: list[Change] = [EdgeChange(edge, False) for edge in inputs if edge.port == port]
    changes.append(EdgeChange(Edge(source, target, port), True))
    return Edit(text("Connect"), tuple(changes))


def connect_all(
    document: Document,
    source: str,
    ends: Iterable[tuple[str, int | None]],
    instead: Iterable[Edge] = (),
) -> Edit:
    """Draw a wire to each of several input ports, as one wire into a block does.

    Args:
        document: The document.
        source: Id of the node that gives the tensor.
        ends: Pairs of a node and its input port, None for the next free one.
        instead: Wires that are taken away first, as when the end of a wire is moved.

    Raises:
        EditRefused: A wire cannot be drawn; the reason says which and why.
    """
    rehearsal = document.rehearsal()
    cut = [EdgeChange(edge, False) for edge in instead]
    changes: list[Change] = [*cut]
    rehearsal.apply(cut)
    for target, port in ends:
        edit = connect(rehearsal, source, target, port)
        rehearsal.apply(edit.changes)
        changes += edit.changes
    again = {change.edge for change in changes[len(cut) :] if isinstance(change, EdgeChange)}
    if again == {change.edge for change in cut}:
        changes = []  # The end of a wire was put back where it was.
    return Edit(text("Connect"), tuple(changes))


def refusal(network: Network, source: str, target: str, port: int | None = None) -> Text | None:
    """Return why a wire cannot be drawn, or None where it can."""
    node = network.nodes.get(target)
    if node is None or source not in network.nodes:
        return text("A wire needs a layer at both ends.")
    if source == target:
        return text("A layer cannot feed itself.")
    most = most_inputs(network, target)
    inputs = network.inputs(target)
    if most == 0:
        return text("“{node}” is an Input: it takes no wire.", node=node.title)
    if any(edge.source == source and edge.port == port for edge in inputs):
        return text("These two are already connected.")
    if most == 1 and any(edge.source == source for edge in inputs):
        return text("These two are already connected.")
    if most is not None and most > 1 and port is None and len(inputs) >= most:
        return text("“{node}” takes {count} wires and has them all.", node=node.title, count=most)
    if port is not None and most is not None and port >= most:
        return text("“{node}” has no input {port}.", node=node.title, port=port + 1)
    if reaches(network, target, source):
        return text("This wire would make a cycle: data could never get through.")
    return None


def disconnect(edges: Iterable[Edge]) -> Edit:
    """Remove wires."""
    return Edit(text("Disconnect"), tuple(EdgeChange(edge, False) for edge in edges))


def remove(document: Document, ids: Iterable[str], edges: Iterable[Edge] = ()) -> Edit:
    """Remove nodes with all their wires, and further wires.

    A node that shares the layer of a removed node becomes a layer of its own, with the same
    parameters; further sharers follow it.
    """
    network = document.network
    doomed = [node_id for node_id in dict.fromkeys(ids) if node_id in network.nodes]
    cut = dict.fromkeys(edges)
    for node_id in doomed:
        cut.update(dict.fromkeys([*network.inputs(node_id), *network.outputs(node_id)]))
    changes: list[Change] = [EdgeChange(edge, False) for edge in cut]
    changes += _heirs(network, set(doomed))
    changes += [NodeChange(network.nodes[node_id], None) for node_id in doomed]
    changes += [
        BlockChange(network.blocks[block], None) for block in sorted(whole_blocks(network, doomed))
    ]
    return Edit(text("Delete"), tuple(changes))


def _heirs(network: Network, doomed: set[str]) -> list[Change]:
    """Hand the layer of each removed node to the first remaining node that shares it."""
    changes: list[Change] = []
    heirs: dict[str, str] = {}
    for node in network.ordered():
        if node.id in doomed or node.shares not in doomed:
            continue
        owner = network.nodes[node.shares]
        if owner.id not in heirs:
            heirs[owner.id] = node.id
            after = replace(node, shares="", params=owner.params)
        else:
            after = replace(node, shares=heirs[owner.id])
        changes.append(NodeChange(node, after))
    return changes


def set_param(document: Document, ids: Iterable[str], name: str, value: Any) -> Edit:
    """Set one parameter of one or more nodes; consecutive edits of it merge."""
    chosen = [owner_of(document.network, node_id) for node_id in ids]
    changes: list[Change] = []
    for node in dict((node.id, node) for node in chosen).values():
        params = {**node.params, name: plain(value)}
        spec = LAYERS.find(node.layer)
        after = replace(node, params=spec.trim(params) if spec else params)
        if after != node:
            changes.append(NodeChange(node, after))
    key = " ".join(node.id for node in chosen)
    return Edit(text("Change {name}", name=name), tuple(changes), merge=f"param {name} {key}")


def rename(document: Document, node_id: str, name: str) -> Edit:
    """Give a layer another Keras name."""
    node = document.network.nodes[node_id]
    if reason := name_problem(document.network, node_id, name):
        raise EditRefused(reason.template, **reason.values)
    after = replace(node, name="" if name == node.id else name)
    changes = (NodeChange(node, after),) if after != node else ()
    return Edit(text("Rename {node}", node=node.title), changes, merge=f"name {node_id}")


def name_problem(network: Network, node_id: str, name: str) -> Text | None:
    """Return why a layer cannot have a name, or None where it can."""
    if not name.strip():
        return text("A layer needs a name.")
    if len(name) > LONGEST_NAME:
        return text("A name has at most {count} characters.", count=LONGEST_NAME)
    if "/" in name or any(not char.isprintable() for char in name):
        return text("A name cannot contain “/” or control characters.")
    if any(node.id != node_id and node.title == name for node in network.nodes.values()):
        return text("Another layer is already called “{name}”.", name=name)
    return None


def share(document: Document, node_id: str, owner: str) -> Edit:
    """Make a node call the layer of another node again, sharing its weights; "" ends it."""
    network = document.network
    node = network.nodes[node_id]
    if not owner:
        source = owner_of(network, node_id)
        after = replace(node, shares="", params=source.params)
    else:
        target = owner_of(network, owner)
        if target.layer != node.layer or target.id == node_id:
            raise EditRefused("Only two layers of the same kind can share weights.")
        if any(other.shares == node_id for other in network.nodes.values()):
            raise EditRefused("“{node}” gives its weights to others.", node=node.title)
        after = replace(node, shares=target.id, params={})
    return Edit(text("Share weights"), (NodeChange(node, after),) if after != node else ())


def lock(document: Document, ids: Iterable[str], locked: bool) -> Edit:
    """Protect nodes from edits, or let them be edited again."""
    nodes = [document.network.nodes[node_id] for node_id in ids]
    changes = tuple(
        NodeChange(node, replace(node, locked=locked)) for node in nodes if node.locked != locked
    )
    return Edit(text("Lock") if locked else text("Unlock"), changes)


def move(document: Document, positions: Mapping[str, tuple[float, float]]) -> Edit:
    """Move nodes to new positions; locked ones stay where they are."""
    changes = tuple(
        NodeChange(node, replace(node, at=(round(x, 1), round(y, 1))))
        for node_id, (x, y) in positions.items()
        if (node := document.network.nodes[node_id]).at != (round(x, 1), round(y, 1))
        and not node.locked
    )
    return Edit(text("Move"), changes)


def insert(
    document: Document,
    part: Network,
    label: Text,
    offset: tuple[float, float] = (0.0, 0.0),
    *,
    into: str = "",
    wires: Iterable[Edge] = (),
) -> Edit:
    """Add copies of a part of a network under new ids, as paste does.

    Args:
        document: The document.
        part: What to copy; shares of layers that do not exist are left out.
        label: What the step is called.
        offset: How far from the originals the copies lie, in pixels at 100 %.
        into: The block that the copies come into, or "".
        wires: Wires into nodes of the part that the copies get, too.
    """
    there = [edge for edge in wires if edge.source in document.network.nodes]
    copy = copy_part(document.network, part, offset, into=into, wires=there)
    return Edit(label, tuple(copy.changes))


def set_plan(document: Document, part: PlanPart, value: Part | Recipe | str) -> Edit:
    """Replace the title, the notes, the data plan or the recipe; consecutive edits merge."""
    before = getattr(document, part)
    if isinstance(value, Part):
        value = Part(value.kind, plain(value.params))
    changes = (PlanChange(part, before, value),) if before != value else ()
    return Edit(_PLAN_LABELS[part], changes, merge=f"plan {part}")


_PLAN_LABELS: dict[PlanPart, Text] = {
    "title": text("Rename document"),
    "notes": text("Edit notes"),
    "flow": text("Change direction"),
    "data": text("Change data"),
    "recipe": text("Change recipe"),
}


def plain(value: Any) -> Any:
    """Turn tuples into lists, as JSON and the engine's messages know them."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
