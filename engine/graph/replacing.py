"""Find and replace: all layers of one kind, or all activations of one name, by another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from engine.errors import EditRefused, text
from engine.fields import Choice
from engine.graph.calls import PICK, owner_of
from engine.graph.document import Document, Network, NodeChange
from engine.graph.history import Edit
from engine.layers import LAYERS, LayerSpec


class Sort(msgspec.Struct, frozen=True):
    """What is sought, or put in its place.

    Attributes:
        what: "layer" for a kind of layer, "activation" for the value of the parameter.
        key: Key of the layer, or name of the activation.
        activation: Activation that a new Activation layer gets, or "".
    """

    what: Literal["layer", "activation"]
    key: str
    activation: str = ""


def sorts_in(network: Network) -> dict[Sort, int]:
    """Return what there is to be found, with how often it occurs."""
    layers: dict[Sort, int] = {}
    activations: dict[Sort, int] = {}
    for node in network.ordered():
        spec = LAYERS.find(node.layer)
        if spec is None:
            continue
        kind = Sort("layer", node.layer)
        layers[kind] = layers.get(kind, 0) + 1
        name = _activation(spec, owner_of(network, node.id).params)
        if name:
            sort = Sort("activation", name)
            activations[sort] = activations.get(sort, 0) + 1
    return layers | activations


def _activation(spec: type[LayerSpec], params: dict[str, Any]) -> str:
    if "activation" not in spec.fields:
        return ""
    value = spec.complete(params)["activation"]
    return value if isinstance(value, str) else ""


def find(network: Network, sort: Sort) -> list[str]:
    """Return the ids of the nodes that a sort describes, in the order of the file."""
    found = []
    for node in network.ordered():
        spec = LAYERS.find(node.layer)
        if sort.what == "layer":
            if node.layer == sort.key:
                found.append(node.id)
        elif spec is not None and sort.key == _activation(spec, owner_of(network, node.id).params):
            found.append(node.id)
    return found


def replacements(sort: Sort) -> list[Sort]:
    """Return what can take the place of a sort.

    A layer gives way to layers that take as many wires, its own kind first; an activation to
    other activations.
    """
    names = activations()
    if sort.what == "activation":
        return [Sort("activation", name) for name in names if name != sort.key]
    own = LAYERS.get(sort.key)
    specs = [
        spec
        for spec in LAYERS
        if spec.key not in (sort.key, "Activation", PICK)
        and not (spec.held or spec.hidden)
        and (spec.min_inputs, spec.max_inputs) == (own.min_inputs, own.max_inputs)
    ]
    specs.sort(key=lambda spec: (spec.category != own.category, spec.ranks != own.ranks))
    found = [Sort("layer", spec.key) for spec in specs]
    if own.max_inputs == 1:
        functions = [Sort("layer", "Activation", name) for name in names]
        # From ReLU one mostly goes to GELU.
        found = functions + found if own.category == "activation" else found + functions
    return found


def activations() -> list[str]:
    """Return the names of all activations."""
    field = LAYERS.get("Activation").fields["activation"]
    return list(field.options) if isinstance(field, Choice) else []


def replace_all(document: Document, ids: Iterable[str], new: Sort) -> Edit:
    """Put another layer or activation in the place of nodes; what both have is kept.

    Raises:
        EditRefused: A node cannot take the new one.
    """
    network = document.network
    changes: dict[str, NodeChange] = {}
    given = {"activation": new.activation} if new.activation else {}
    spec = LAYERS.get(new.key if new.what == "layer" else "Activation")
    for node_id in ids:
        node = owner_of(network, node_id)
        if new.what == "activation":
            own = LAYERS.get(node.layer)
            params = own.trim({**node.params, "activation": new.key})
            after = replace(node, params=params)
        else:
            wires = len(network.inputs(node_id))
            if spec.max_inputs is not None and wires > spec.max_inputs:
                raise EditRefused(
                    "{layer} cannot take the {count} wires of “{node}”.",
                    layer=spec.title,
                    count=wires,
                    node=node.title,
                )
            kept = {key: value for key, value in node.params.items() if key in spec.fields}
            after = replace(node, layer=spec.key, params=spec.trim({**kept, **given}))
        if after != node:
            changes[node.id] = NodeChange(node, after)
    sharers = [n for n in network.ordered() if n.shares in changes and n.layer != spec.key]
    if new.what == "layer":
        for node in sharers:
            changes[node.id] = NodeChange(node, replace(node, layer=spec.key))
    return Edit(text("Replace"), tuple(changes.values()))
