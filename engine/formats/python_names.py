"""Names that Keras gives by itself when a script runs, which no layer there may bear as well."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.graph.calls import PICK
from engine.graph.copying import snake_case
from engine.graph.document import Network, Node
from engine.layers import LAYERS

_NUMBER = re.compile(r"_\d+$")
_WORD = re.compile(r"[a-z]\w*")
# Operators that scripts write as signs, and what some functions are called in Keras.
_SIGNS = frozenset(
    (
        "absolute",
        "add",
        "equal",
        "floor_divide",
        "get_item",
        "greater",
        "greater_equal",
        "identity",
        "less",
        "less_equal",
        "matmul",
        "mod",
        "multiply",
        "negative",
        "not_equal",
        "power",
        "subtract",
        "true_divide",
    )
)
# Operators by which layers hand on what is to be passed over.
_MASKS = frozenset(
    ("any", "concatenate", "expand_dims", "logical_or", "not_equal", "ones_like", "zeros_like")
)


def is_automatic(layer: str, name: str) -> bool:
    """Return whether a name is one that a layer gets by itself: that of its class and a number."""
    return re.fullmatch(rf"{re.escape(snake_case(layer))}(_\d+)?", name) is not None


def kept_apart(network: Network, names: Mapping[str, str]) -> dict[str, str]:
    """Return names of layers for a script, where operators and unnamed layers are named by Keras.

    Keras counts what it names itself and does not look at names that were given: a layer that
    is called “add” and the operator of `x + 1` cannot be in one model.

    Args:
        network: The network of the script.
        names: What its layers are called, by the nodes' ids.
    """
    risky = {word for node in network.nodes.values() for word in _automatic(node, names[node.id])}
    taken = set(names.values())
    found: dict[str, str] = {}
    for node in network.ordered():
        name = names[node.id]
        if not is_automatic(node.layer, name):
            while _NUMBER.sub("", name) in risky or (name != names[node.id] and name in taken):
                name = f"{name}_layer"
        taken.add(name)
        found[node.id] = name
    return found


def _automatic(node: Node, name: str) -> set[str]:
    """Return the names, but for numbers, that Keras gives where a node's statement runs."""
    spec = LAYERS.find(node.layer)
    if node.shares or node.layer == PICK:
        return set()
    if spec is not None and spec.function:
        formula = str(node.params.get("formula", ""))
        return {spec.keras_name(), *_WORD.findall(formula), *_SIGNS}
    masks = set(_MASKS) if node.layer == "Masking" or node.params.get("mask_zero") else set()
    if not is_automatic(node.layer, name):
        return masks
    own = "InputLayer" if node.layer == "Input" else node.layer
    return {
        snake_case(spec.keras_name() if spec is not None and own != "InputLayer" else own)
    } | masks
