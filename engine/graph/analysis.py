"""What can be said of a network without Keras: order, cycles, names, arity, parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from engine.errors import Text, text
from engine.fields import LayerRef
from engine.graph.calls import most_inputs
from engine.graph.document import Network, Node
from engine.layers import LAYERS, LayerSpec

Severity = Literal["error", "warning", "advice"]


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong, in plain words.

    Attributes:
        code: Permanent name of the rule, such as "missing-input".
        message: What is wrong and what to do.
        node: Id of the node concerned, or "" for the document.
        field: Name of the parameter concerned, or "".
        severity: "error" prevents training; the others do not.
    """

    code: str
    message: Text
    node: str = ""
    field: str = ""
    severity: Severity = "error"


def reaches(network: Network, start: str, goal: str) -> bool:
    """Return whether a path of wires leads from `start` to `goal`; a node reaches itself."""
    seen, stack = {start}, [start]
    while stack:
        here = stack.pop()
        if here == goal:
            return True
        for edge in network.outputs(here):
            if edge.target not in seen:
                seen.add(edge.target)
                stack.append(edge.target)
    return False


def downstream(network: Network, starts: Iterable[str]) -> set[str]:
    """Return the given nodes and all that depend on them."""
    return _closure(network, starts, lambda node: (edge.target for edge in network.outputs(node)))


def upstream(network: Network, starts: Iterable[str]) -> set[str]:
    """Return the given nodes and all that they depend on."""
    return _closure(network, starts, lambda node: (edge.source for edge in network.inputs(node)))


def _closure(
    network: Network, starts: Iterable[str], step: Callable[[str], Iterable[str]]
) -> set[str]:
    """Return the given nodes and all that steps lead to from them."""
    seen = {start for start in starts if start in network.nodes}
    stack = list(seen)
    while stack:
        for other in step(stack.pop()):
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen


def topological(network: Network) -> tuple[list[str], list[str]]:
    """Return the ids in an order in which data can flow, and those on or behind a cycle."""
    waiting = {node_id: len(network.inputs(node_id)) for node_id in network.nodes}
    order = [node.id for node in network.ordered() if waiting[node.id] == 0]
    outputs = network.outputs
    for node_id in order:  # It grows on the way.
        for edge in outputs(node_id):
            target = edge.target
            waiting[target] -= 1
            if waiting[target] == 0:
                order.append(target)
    if len(order) == len(waiting):
        return order, []
    done = set(order)
    return order, [node.id for node in network.ordered() if node.id not in done]


def input_ids(network: Network) -> list[str]:
    """Return the ids of Input nodes in the order of the file."""
    return [node.id for node in network.ordered() if node.layer == "Input"]


def output_ids(network: Network) -> list[str]:
    """Return the ids of nodes whose tensor leaves the network: those without wires out."""
    return [
        node.id
        for node in network.ordered()
        if not network.outputs(node.id) and node.layer != "Input"
    ]


def problems(network: Network) -> list[Problem]:
    """Return everything wrong that needs no Keras to see, in the order of the file."""
    if not network.nodes:
        return [Problem("empty", text("The canvas is empty: add an Input layer to begin."))]
    found: list[Problem] = []
    if not input_ids(network):
        message = text("There is no Input layer: add one to say what a sample looks like.")
        found.append(Problem("no-input", message))
    elif not output_ids(network):
        message = text("Nothing follows the Input: add a layer and wire it up.")
        found.append(Problem("no-output", message))
    found += _cycle_problems(network)
    found += _known_problems(network)
    twice = _name_problems(network)
    if not twice:
        return found
    place = {node.id: place for place, node in enumerate(network.ordered())}
    return sorted(found + twice, key=lambda problem: place.get(problem.node, -1))


def _name_problems(network: Network) -> list[Problem]:
    titles = [node.name or node.id for node in network.nodes.values()]
    if len(set(titles)) == len(titles):
        return []
    count = Counter(titles)
    return [
        Problem(
            "duplicate-name",
            text("More than one layer is called “{name}”; rename one.", name=node.title),
            node.id,
        )
        for node in network.ordered()
        if count[node.title] > 1
    ]


def _cycle_problems(network: Network) -> list[Problem]:
    if "cycles" not in network.found:
        known: list[Problem] | None = network.seen.get("cycles")
        # Where there was no cycle, only a new wire can close one.
        if known != [] or any(
            edge.target in network.nodes and reaches(network, edge.target, edge.source)
            for edge in network.unseen_wires
        ):
            known = _find_cycles(network)
        network.found["cycles"] = network.seen["cycles"] = known
        network.unseen_wires.clear()
    found: list[Problem] = network.found["cycles"]
    return found


def _find_cycles(network: Network) -> list[Problem]:
    blocked = topological(network)[1]
    message = text("This layer is part of a cycle: remove a wire so that data can flow.")
    return [
        Problem("cycle", message, node_id)
        for node_id in blocked
        if any(reaches(network, edge.target, node_id) for edge in network.outputs(node_id))
    ]


# Nodes are frozen: what was found about one holds as long as it is the same object with as many
# wires, also in another network that is only a rehearsal.
_MOST_KEPT = 50_000
_kept: dict[int, tuple[Node, int, list[Problem]]] = {}


def _known_problems(network: Network) -> list[Problem]:
    """Return what is wrong with single nodes, in the order of the file.

    Only what has changed since is looked at again: in a network of a thousand layers nothing else
    would take as long after each edit.
    """
    found: dict[str, list[Problem]] = network.seen.setdefault("nodes", {})
    # What shares another node's layer depends on that one too; code of others on its file.
    depending = [node.id for node in network.nodes.values() if node.shares or is_foreign(node)]
    for node_id in network.unseen_nodes.union(depending):
        node = network.nodes.get(node_id)
        wrong = _problems_of(network, node) if node is not None else []
        if wrong:
            found[node_id] = wrong
        else:
            found.pop(node_id, None)
    network.unseen_nodes.clear()
    order = sorted(found, key=lambda node_id: network.nodes[node_id].order)
    return [problem for node_id in order for problem in found[node_id]]


def _problems_of(network: Network, node: Node) -> list[Problem]:
    wires = len(network.inputs(node.id))
    kept = _kept.get(id(node))
    if kept is not None and kept[0] is node and kept[1] == wires:
        return kept[2]
    found = _node_problems(network, node)
    if not node.shares and not is_foreign(node):
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[id(node)] = node, wires, found
    return found


def _node_problems(network: Network, node: Node) -> list[Problem]:
    spec = LAYERS.find(node.layer)
    if spec is None:
        message = text(
            "This version does not know the layer “{layer}”; it is kept, but cannot be trained.",
            layer=node.layer,
        )
        return [Problem("unknown-layer", message, node.id)]
    found = _arity_problems(network, node)
    if node.shares:
        return found + _share_problems(network, node)
    return found + _parameter_problems(spec, node) + _code_problems(spec, node)


def is_foreign(node: Node) -> bool:
    """Return whether a node's layer runs code of others."""
    spec = LAYERS.find(node.layer)
    return spec is not None and spec.foreign


def _code_problems(spec: type[LayerSpec], node: Node) -> list[Problem]:
    return [
        Problem(obstacle.code, obstacle.message, node.id, obstacle.field)
        for obstacle in spec.obstacles(node.params)
    ]


def _parameter_problems(spec: type[LayerSpec], node: Node) -> list[Problem]:
    found = [
        Problem("bad-parameter", message, node.id, name)
        for name, message in spec.check(node.params).items()
    ]
    for name, field in spec.fields.items():
        if isinstance(field, LayerRef):
            found += _held_problems(node, name, spec.complete(node.params)[name])
    return found


def _held_problems(node: Node, name: str, value: object) -> list[Problem]:
    """Check the parameters of a layer held by a wrapper."""
    held = LAYERS.find(value.get("layer", "")) if isinstance(value, dict) else None
    if held is None or not isinstance(value, dict):
        return []
    return [
        Problem("bad-parameter", message, node.id, name)
        for message in held.check(value.get("params", {})).values()
    ]


def _arity_problems(network: Network, node: Node) -> list[Problem]:
    spec = LAYERS.get(node.layer)
    count = len(network.inputs(node.id))
    if count == 0 and spec.min_inputs > 0:
        message = text("{layer} has no input: draw a wire to it.", layer=spec.title)
        return [Problem("missing-input", message, node.id)]
    if count < spec.min_inputs:
        message = text(
            "{layer} needs at least {least} inputs and has {count}.",
            layer=spec.title,
            least=spec.min_inputs,
            count=count,
        )
        return [Problem("missing-input", message, node.id)]
    most = most_inputs(network, node.id)
    if most is not None and count > most:
        message = text(
            "{layer} takes {most} inputs and has {count}: remove wires or merge them first.",
            layer=spec.title,
            most=most,
            count=count,
        )
        return [Problem("too-many-inputs", message, node.id)]
    return []


def _share_problems(network: Network, node: Node) -> list[Problem]:
    owner = network.nodes.get(node.shares)
    if owner is not None and owner.layer == node.layer and not owner.shares:
        return []
    message = text(
        "This layer shares the weights of “{owner}”, which is not such a layer.",
        owner=node.shares,
    )
    return [Problem("bad-share", message, node.id)]
