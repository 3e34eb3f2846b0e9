"""Calls of models that Keras has ready: their layers become a script's."""

from __future__ import annotations

from collections.abc import Mapping

from engine.formats.python_reading.building import Building
from engine.formats.python_reading.ready import Ready
from engine.formats.python_reading.things import Layer, Lines, Model, Tensor
from engine.graph.document import Network
from engine.layers import LAYERS


def called(ready: Ready, building: Building, start: Tensor | None, lines: Lines) -> Model:
    """Call the layers of a model that is ready; returns the model.

    Args:
        ready: The model.
        building: The network of the script.
        start: The tensor that it takes; None for an Input of its own.
        lines: Where it is made.
    """
    if start is None:
        params = LAYERS.get("Input").trim({"shape": list(ready.shape)})
        start = building.input(Layer("Input", params, "", lines))
    network = ready.network
    taken = {call.layer.name for call in building.calls}
    titles = {
        block.id: building.free_title(block.title)
        for block in network.blocks.values()
        if not block.parent
    }
    tensors: dict[str, Tensor] = {}
    for node in network.ordered():
        wires = sorted(network.inputs(node.id), key=lambda edge: edge.port)
        sources = [tensors[wire.source] for wire in wires]
        for _, port in sorted(end for end in ready.entry.ends if end[0] == node.id):
            sources.insert(port, start)
        name = node.id if node.id not in taken else ""
        layer = Layer(node.layer, node.params, name, lines)
        tensors[node.id] = building.call(layer, sources, lines)
        building.calls[-1].block = _path(network, node.block, titles)
    end = tensors[ready.last]
    return Model(
        ready.name,
        inputs=[building.place(start)],
        outputs=[building.place(end)],
        lines=lines,
    )


def _path(network: Network, block: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the titles of the blocks around a layer, the outermost first."""
    found: tuple[str, ...] = ()
    while block:
        found = (titles.get(block, network.blocks[block].title), *found)
        block = network.blocks[block].parent
    return found
