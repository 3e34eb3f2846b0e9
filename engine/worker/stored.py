"""Weights of a file as probes see them while the model that they are for is still being built."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.errors import NetloomError
from engine.formats.keras_files.stored import StoredLayer
from engine.formats.keras_files.writers import MODERN
from engine.graph.calls import owner_of
from engine.graph.costs import Facts
from engine.graph.document import Network
from engine.graph.keras_names import keras_names
from engine.probes.spec import Floats, LayerOutput
from engine.worker.checkpoint import layers_in
from engine.worker.weights import origins


class InFile:
    """Reads the kernel of one layer and nothing else; a `ProbeContext` without outputs.

    Args:
        network: The network that the weights are for.
        facts: Shapes and weights by node; a layer of another size is not taken.
        path: An .h5, .weights.h5 or .keras file.
    """

    def __init__(self, network: Network, facts: Mapping[str, Facts], path: Path) -> None:
        self._network, self._facts, self._path = network, facts, path

    def title(self, node: str) -> str:
        """Return the name of a node's layer."""
        return self._network.nodes[node].title

    def kernel(self, node: str) -> Floats:
        """Return the kernel of a node's layer in Keras's axis order.

        Raises:
            NetloomError: It cannot be told by name alone where the file has it.
            FileProblem: The file cannot be read.
        """
        if node not in self._network.nodes:
            raise NetloomError("Choose a layer to look at.")
        owner = owner_of(self._network, node)
        origin = origins(self._path).get(owner.id)
        own = (keras_names(self._network)[owner.id],)
        places = {own} if origin is None else {origin.names, origin.saved}
        fact = self._facts.get(owner.id)
        with layers_in(self._path) as layers:
            for layer in layers:
                if (
                    layer.path in places
                    and layer.writer == MODERN
                    and _size(layer) == (fact.params if fact is not None else None)
                ):
                    return np.asarray(layer.weights[0].read(), np.float32)
        raise NetloomError("The weights are still being loaded.")

    def outputs(self) -> list[LayerOutput]:
        """Refuse: weights alone compute nothing."""
        raise NetloomError("The weights are still being loaded.")


def _size(layer: StoredLayer) -> int:
    return sum(math.prod(weight.shape) for weight in layer.weights)
