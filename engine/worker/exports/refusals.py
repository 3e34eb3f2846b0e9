"""Why another program does not read a file, in words about the layers of the drawing."""

from __future__ import annotations

import re

from engine.errors import Text, text
from engine.graph.document import Network
from engine.graph.keras_names import keras_names

# What ONNX Runtime says of an operator of TensorFlow that no operator of ONNX stands for.
_UNKNOWN = re.compile(r'In Node, \("([^"]*)".*No Op registered for (\w+)', re.DOTALL)
_NUMBER = re.compile(r"_\d+$")


def unknown_operator(problem: str, network: Network) -> Text | None:
    """Return that a reader lacks an operator, and for which layer, or None where it is not that.

    Args:
        problem: What the reader says.
        network: The drawing that the file was made of.
    """
    told = _UNKNOWN.search(problem)
    if told is None:
        return None
    titles = {name: network.nodes[node].title for node, name in keras_names(network).items()}
    # TensorFlow names an operator by its layer, with a number where the name was in use.
    parts = [part for step in told[1].split("/") for part in (step, _NUMBER.sub("", step))]
    node = next((titles[part] for part in parts if part in titles), None)
    if node is None:
        return text("it has no operator “{operator}”", operator=told[2])
    return text(
        "it has no operator “{operator}”, which “{node}” needs", operator=told[2], node=node
    )
