"""What a node calls: whose layer, with how many wires, and which tensor it takes."""

from __future__ import annotations

from engine.graph.document import Network, Node
from engine.layers import LAYERS

# Takes one of the tensors of the layer before it.
PICK = "PickOutput"


def owner_of(network: Network, node_id: str) -> Node:
    """Return the node that holds the parameters of a node's layer: itself unless it shares."""
    node = network.nodes[node_id]
    return network.nodes.get(node.shares, node) if node.shares else node


def most_inputs(network: Network, node_id: str) -> int | None:
    """Return how many wires a node takes; None means any number, or an unknown layer."""
    owner = owner_of(network, node_id)
    spec = LAYERS.find(owner.layer)
    return spec.most_inputs(spec.complete(owner.params)) if spec is not None else None


def picked(network: Network, node_id: str) -> int:
    """Return the number of the tensor that a node takes from the layer before it.

    Where the parameter is out of its bounds, which is told as a problem, it is the first.
    """
    node = network.nodes[node_id]
    if node.layer != PICK:
        return 0
    spec = LAYERS.get(PICK)
    index = spec.complete(node.params)["index"]
    return index if spec.fields["index"].check(index) is None else 0
