"""The smallest network around a layer: inputs that suit it, and the layer."""

from __future__ import annotations

from typing import Any

from engine.graph.document import Document, Edge, Network, Node
from engine.layers import LayerSpec

# Inputs of layers that do not take 8 values a place and some channels: shape and type.
SPECIMENS: dict[str, tuple[tuple[int, ...], str]] = {
    "Embedding": ((8,), "int32"),
    "ReversibleEmbedding": ((8,), "int32"),
    "Permute": ((8, 32), "float32"),
    "CategoryEncoding": ((1,), "int32"),
    "IntegerLookup": ((3,), "int64"),
    "StringLookup": ((3,), "string"),
    "TextVectorization": ((1,), "string"),
    "Hashing": ((3,), "int32"),
    "HashedCrossing": ((1,), "int32"),
    "MelSpectrogram": ((16000,), "float32"),
    "STFTSpectrogram": ((16000, 1), "float32"),
    "ops.matmul": ((4, 4), "float32"),
    "ops.dot": ((4, 4), "float32"),
    "ops.squeeze": ((1, 3), "float32"),
    "ops.slice": ((8, 8, 32), "float32"),
}
# What operations are told where their usual parameters would mix the samples of a batch.
TOLD: dict[str, dict[str, Any]] = {
    "ops.unstack": {"num": 8},
    "ops.broadcast_to": {"shape": [3, 8, 8, 32]},
    "ops.slice": {"start_indices": [0, 0, 1, 0], "shape": [1, 2, 2, 2]},
    "ops.tile": {"repeats": [1, 2, 1, 1]},
    "ops.pad": {"pad_width": [[0, 0], [1, 1], [0, 2], [0, 0]]},
    "ops.einsum": {"subscripts": "abcd->abdc"},
    "ops.reshape": {"newshape": [-1, 64]},
    "ops.transpose": {"axes": [0, 2, 1, 3]},
    "ops.squeeze": {"axis": 1},
    "ops.one_hot": {"dtype": "float32"},
}
# Types of inputs in their order where they are not all float32.
TYPES = {
    "ops.where": ("bool", "float32", "float32"),
    "ops.take": ("float32", "int32"),
    "ops.take_along_axis": ("float32", "int32"),
    "ops.one_hot": ("int32",),
}
PICTURES = ("augmentation", "preprocessing")


def sample_shapes(spec: type[LayerSpec], channels: int = 32) -> list[tuple[tuple[int, ...], str]]:
    """Return shape, without the batch, and type of each tensor that a layer is given."""
    pictures = spec.category in PICTURES
    rank = (spec.ranks[-1] if pictures else spec.ranks[0]) if spec.ranks else 4
    usual = (*[8] * (rank - 2), 3 if pictures else channels)
    count = max(spec.min_inputs, 1)
    shape, dtype = SPECIMENS.get(spec.key, (usual, "float32"))
    return [(shape, given) for given in TYPES.get(spec.key, (dtype,) * count)]


def specimen(spec: type[LayerSpec], params: dict[str, Any]) -> Document:
    """Return a document in which a layer stands behind its inputs."""
    network = Network()
    network.put_node(Node(id="it", layer=spec.key, params=params))
    for port, (shape, dtype) in enumerate(sample_shapes(spec)):
        given = {"shape": list(shape)} | ({"dtype": dtype} if dtype != "float32" else {})
        name = f"input_{port + 1}"
        network.put_node(Node(id=name, layer="Input", params=given, order=port + 1))
        network.put_edge(Edge(name, "it", port))
    return Document(network, title="specimen")
