"""What layers are called in Keras, where people have given them names that it cannot take."""

from __future__ import annotations

import keyword
import re

from engine.graph.document import Network
from engine.graph.elements import Node

# TensorFlow's graphs name what layers compute after them (`tf.name_scope`).
_POSSIBLE = re.compile(r"[A-Za-z0-9_.\\>-]+")


def keras_names(network: Network) -> dict[str, str]:
    """Return the name of each node's layer in the model, by the node's id.

    TensorFlow trains and exports layers only whose names consist of Latin letters, digits and a
    few signs. Names that do so are kept; others are spelled with what of them does, or else are
    those by which the drawing knows the layers. No two are the same.
    """
    names = {node.id: node.title for node in network.ordered() if _is_possible(node.title)}
    taken = set(names.values())
    for node in network.ordered():
        if node.id in names:
            continue
        name = wish = _wish(node)
        number = 1
        while name in taken:
            number += 1
            name = f"{wish}_{number}"
        taken.add(name)
        names[node.id] = name
    return names


def keras_name(title: str, otherwise: str = "netloom") -> str:
    """Return a name that Keras can take, made of another as far as that goes."""
    name = re.sub(r"[^A-Za-z0-9_.>-]+", "_", title).strip("_")
    return name if re.search(r"[A-Za-z0-9]", name) else otherwise


def _is_possible(title: str) -> bool:
    # Inputs become arguments of functions where models are exported.
    return _POSSIBLE.fullmatch(title) is not None and not keyword.iskeyword(title)


def _wish(node: Node) -> str:
    wishes = (keras_name(node.title, ""), keras_name(node.id, ""), keras_name(node.layer, "layer"))
    named = next(wish for wish in wishes if wish)
    return f"{named}_" if keyword.iskeyword(named) else named
