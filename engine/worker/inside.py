"""A Keras model as probes see it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from engine.errors import NetloomError
from engine.graph.analysis import topological
from engine.graph.calls import PICK, owner_of, picked
from engine.graph.document import Network
from engine.graph.keras_names import keras_names
from engine.probes.spec import Floats, LayerOutput


class Inside:
    """The weights of a model and its outputs for one sample; a `ProbeContext`.

    Args:
        network: The network from which the model was built.
        model: The model.
        sample: One sample for each input, batch axis of length 1 first.
    """

    def __init__(self, network: Network, model: keras.Model, sample: list[Any]) -> None:
        self._network = network
        self._model = model
        self._sample = sample

    def title(self, node: str) -> str:
        """Return the name of a node's layer."""
        return self._network.nodes[node].title

    def kernel(self, node: str) -> Floats:
        """Return the kernel of a node's layer in Keras's axis order."""
        if node not in self._network.nodes:
            raise NetloomError("Choose a layer to look at.")
        layer = self._model.get_layer(keras_names(self._network)[owner_of(self._network, node).id])
        kernel = getattr(layer, "kernel", None)
        if kernel is None:
            raise NetloomError("“{node}” has no kernel.", node=self.title(node))
        return np.asarray(keras.ops.convert_to_numpy(kernel))

    def outputs(self) -> list[LayerOutput]:
        """Return the output of every node for the sample, in the order of data flow."""
        tensors = self._tensors()
        inputs = self._model.inputs
        inside = keras.Model(inputs if len(inputs) > 1 else inputs[0], list(tensors.values()))
        values = inside(self._given(), training=False)
        return [
            LayerOutput(node, self.title(node), keras.ops.convert_to_numpy(value)[0])
            for node, value in zip(tensors, values, strict=True)
        ]

    def prediction(self) -> Floats:
        """Return the first output for the sample, without the batch axis."""
        values = self._model(self._given(), training=False)
        first = values[0] if isinstance(values, (list, tuple)) else values
        return np.asarray(keras.ops.convert_to_numpy(first)[0])

    def _given(self) -> Any:
        """Return the sample as the model takes it."""
        return self._sample if len(self._sample) > 1 else self._sample[0]

    def _tensors(self) -> dict[str, Any]:
        """Return each node's output tensor; a shared layer has one for each of its calls."""
        calls: dict[str, int] = {}
        tensors: dict[str, list[Any]] = {}
        operations = {operation.name: operation for operation in self._model.operations}
        names = keras_names(self._network)
        for node_id in topological(self._network)[0]:
            owner = owner_of(self._network, node_id)
            number = calls.get(owner.id, 0)
            calls[owner.id] = number + 1
            if owner.layer == PICK:
                edge = self._network.inputs(node_id)[0]
                tensors[node_id] = tensors[edge.source][picked(self._network, node_id) :]
            elif owner.layer != "Input" or self._network.outputs(node_id):
                # Keras has no public way to tell the calls of a shared layer apart.
                call = operations[names[owner.id]]._inbound_nodes[number]
                tensors[node_id] = list(call.outputs)
        return {node_id: found[0] for node_id, found in tensors.items()}
