"""The architectures of `keras.applications` as the installed Keras has told them, and adapted.

They are data (`resources/applications`, written by `make applications`), read without Keras.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from engine.blocks.grouping import grouped
from engine.errors import NetloomError
from engine.fields import Params
from engine.graph.analysis import topological
from engine.graph.document import Edge, Network, Node, Port
from engine.layers import LAYERS
from engine.paths import RESOURCES

FOLDER = RESOURCES / "applications"
# Lines of a file: the first tells of weights, the others are architectures.
FACTS, TOP, POOLED = 0, 1, {"none": 2, "avg": 3, "max": 4}
CLASSES = 1000
# Paddings that depend on the size of what they pad.
_PADDED = re.compile(r"_pad(_|$)")
# Deviations of the colors of ImageNet's pictures.
DEVIATIONS = [0.229, 0.224, 0.225]


def read_line(model: str, line: int) -> dict[str, Any]:
    """Return a line of the file of a model.

    Raises:
        NetloomError: The file is missing or damaged.
    """
    try:
        with lzma.open(FOLDER / f"{model}.json.xz", "rt", encoding="utf-8") as file:
            row: dict[str, Any] = json.loads(file.read().splitlines()[line])
    except (OSError, EOFError, ValueError, IndexError, lzma.LZMAError) as error:
        raise NetloomError(
            "The description of {model} is missing or damaged: install Netloom again.", model=model
        ) from error
    return row


@lru_cache(maxsize=4)
def read_variant(model: str, line: int) -> tuple[Network, Port, str]:
    """Return a variant of a model without its Input, the ends that it feeds, and its last layer."""
    # Only needed here, and slow to import.
    from engine.formats.keras_files.drawing import draw_description

    drawn = draw_description(read_line(model, line), model).document.network
    (entry,) = (node.id for node in drawn.ordered() if node.layer == "Input")
    ends = tuple((edge.target, edge.port) for edge in drawn.outputs(entry))
    nodes = [replace(node, part=node.id) for node in drawn.ordered() if node.id != entry]
    edges = [edge for edge in drawn.edges() if edge.source != entry]
    (last,) = (node.id for node in nodes if not drawn.outputs(node.id))
    network = grouped(Network(nodes, edges, drawn.blocks.values()))
    return network, Port(ends), last


def with_classes(network: Network, classes: int) -> dict[str, Params]:
    """Return the parameters of the layers that tell how many classes there are."""
    found: dict[str, Params] = {}
    for node in network.ordered():
        for name, usual in (("units", CLASSES), ("filters", CLASSES), ("target_shape", [CLASSES])):
            if node.params.get(name) == usual:
                found[node.id] = {name: [classes] if isinstance(usual, list) else classes}
    return found


def repadded(network: Network, size: Sequence[int | None]) -> dict[str, Params]:
    """Return the paddings before steps of 2, as `imagenet_utils.correct_pad` has them.

    Keras pads one row less at the beginning of an even side, or of one that it does not know.
    """
    order, _ = topological(network)
    sides: dict[str, tuple[int | None, ...]] = {}
    found: dict[str, Params] = {}
    for node_id in order:
        node = network.nodes[node_id]
        wires = network.inputs(node_id)
        before = sides[wires[0].source] if wires else tuple(size)
        params = LAYERS.get(node.layer).complete(node.params)
        if _PADDED.search(node_id) and node.layer == "ZeroPadding2D":
            ends = [pair[1] for pair in params["padding"]]
            known = before[0] is not None
            starts = [
                end - 1 if not known or side is None or side % 2 == 0 else end
                for end, side in zip(ends, before, strict=True)
            ]
            params["padding"] = [list(pair) for pair in zip(starts, ends, strict=True)]
            found[node_id] = {"padding": params["padding"]}
        sides[node_id] = tuple(_side(params, at, before[at]) for at in (0, 1))
    return found


def _side(params: Params, at: int, side: int | None) -> int | None:
    """Return how long a side of a picture is behind a layer."""
    if side is None:
        return None
    if "cropping" in params:
        return side - int(sum(params["cropping"][at]))
    if isinstance(params.get("padding"), list):
        return side + int(sum(params["padding"][at]))
    window = params.get("pool_size", params.get("kernel_size"))
    if window is None:
        return side
    step = _pair(params["strides"] or window)[at]
    window = 1 if params["padding"] == "same" else _pair(window)[at]
    return -(-(side - window + 1) // step)


def _pair(value: Any) -> tuple[int, int]:
    """Return a size for height and width."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def rescaled(network: Network) -> Network:
    """Return a network that divides colors once more, as the weights of EfficientNet expect.

    They were trained on values divided by the deviations themselves, which `Normalization` takes
    for variances: Keras adds the missing factor 1 / sqrt(deviation) when it loads these weights.
    """
    params = {"mean": [0.0] * 3, "variance": DEVIATIONS}
    added = Node(id="rescaling_1", part="rescaling_1", layer="Normalization", params=params)
    nodes = list(network.ordered())
    nodes.insert(nodes.index(network.nodes["normalization"]) + 1, added)
    edges = [
        Edge(added.id, edge.target, edge.port) if edge.source == "normalization" else edge
        for edge in network.edges()
    ]
    edges.append(Edge("normalization", added.id))
    nodes = [replace(node, order=place) for place, node in enumerate(nodes)]
    return Network(nodes, edges, network.blocks.values())
