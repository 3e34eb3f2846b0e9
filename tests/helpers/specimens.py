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
}
PICTURES = ("augmentation", "preprocessing")


def sample_shapes(spec: type[LayerSpec], channels: int = 32) -> list[tuple[tuple[int, ...], str]]:
    """Return shape, without the batch, and type of each tensor that a layer is given."""
    pictures = spec.category in PICTURES
    rank = (spec.ranks[-1] if pictures else spec.ranks[0]) if spec.ranks else 4
    usual = (*[8] * (rank - 2), 3 if pictures else channels)
    return [SPECIMENS.get(spec.key, (usual, "float32"))] * max(spec.min_inputs, 1)


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
