"""Which pictures a Dense layer gets laid out in one row: old weights may have another order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.graph.calls import owner_of
from engine.graph.document import Network
from engine.layers import LAYERS

# Layers that leave the order of values as it is.
KEEPING = (
    "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "Dropout", "GaussianNoise",
    "GaussianDropout", "AlphaDropout", "SpatialDropout2D", "ActivityRegularization", "Identity",
    "BatchNormalization", "Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate",
)  # fmt: skip


def flattened(network: Network, node: str, layers: Mapping[str, Any]) -> tuple[int, ...]:
    """Return height, width and channels of the pictures that a Dense layer's Flatten lays out.

    Args:
        network: The drawing.
        node: Id of the Dense layer's node.
        layers: The built layers by their nodes.

    Returns:
        Nothing where no Flatten precedes it, or pictures have their channels first here too.
    """
    if network.nodes[node].layer != "Dense":
        return ()
    flatten = _before(network, node)
    if not flatten or network.nodes[flatten].layer != "Flatten" or flatten not in layers:
        return ()
    source = _before(network, flatten)
    if not source:
        return ()
    owner = owner_of(network, source)
    spec = LAYERS.find(owner.layer)
    if spec is None or "data_format" not in spec.fields:
        return ()
    if spec.complete(owner.params)["data_format"] == "channels_first":
        return ()
    try:
        shape = tuple(layers[flatten].input.shape[1:])
    except (AttributeError, ValueError):  # It is called more than once.
        return ()
    return shape if len(shape) == 3 and all(isinstance(axis, int) for axis in shape) else ()


def _before(network: Network, node: str) -> str:
    """Return the next node before one that changes the order of values, or ""."""
    while True:
        edges = network.inputs(node)
        if not edges:
            return ""
        node = edges[0].source
        if owner_of(network, node).layer not in KEEPING:
            return node
