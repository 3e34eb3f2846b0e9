"""Which weights of a file belong to which layer: by name, then by order, then by shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import msgspec

from engine.formats.keras_files.stored import StoredLayer, StoredWeight

How = Literal["name", "order", "shape", ""]
Shapes = list[tuple[int, ...]]


class Wanted(msgspec.Struct, frozen=True):
    """A layer that waits for weights.

    Attributes:
        node: Id of the node that calls it first.
        paths: Where its weights may be in the file: names of the models around it and its own.
        shapes: Shapes of its weights, in its order.
        inner: Where Keras 3's own format has each weight below the layer, in the same order;
            empty where the layer has no parts, so that the order is the file's.
    """

    node: str
    paths: tuple[tuple[str, ...], ...]
    shapes: Shapes
    inner: Sequence[Sequence[str]] = ()


class Match(msgspec.Struct, frozen=True):
    """A row of the table that tells what has come from where.

    Attributes:
        node: Id of the layer's node, or "" where nothing takes what is stored.
        stored: Path of the layer in the file, or "" where nothing is stored.
        how: What they were matched by; "" where the layer keeps its own weights.
        shapes: Shapes of the layer's weights.
        found: Shapes of what is stored.
    """

    node: str
    stored: str
    how: How
    shapes: Shapes
    found: Shapes


def match(
    wanted: Sequence[Wanted], stored: Iterable[StoredLayer]
) -> tuple[list[Match], dict[str, list[StoredWeight]]]:
    """Find the weights of each layer.

    A name counts only if the shapes agree too. What is left is matched in its order as long as
    shapes agree one after the other, and at last by shapes that occur only once.

    Returns:
        The table, and the weights by node.
    """
    files = split(stored, wanted)
    chosen: dict[str, tuple[StoredLayer, How]] = {}
    free = list(files)
    by_path: dict[tuple[str, ...], StoredLayer] = {layer.path: layer for layer in files}
    for layer in wanted:
        for path in layer.paths:
            found = by_path.get(path)
            if found is None or found not in free:
                continue
            given = fitted(layer, found)
            if given is not None:
                chosen[layer.node] = given, "name"
                free.remove(found)
                break
    missing = [layer for layer in wanted if layer.node not in chosen]
    in_turn = [fitted(layer, found) for layer, found in zip(missing, free, strict=False)]
    if len(missing) == len(free) and None not in in_turn:
        for layer, given in zip(missing, in_turn, strict=True):
            if given is not None:
                chosen[layer.node] = given, "order"
        missing, free = [], []
    for layer in missing:
        fitting = [(found, given) for found in free if (given := fitted(layer, found)) is not None]
        rivals = [other for other in missing if other.shapes == layer.shapes]
        if len(fitting) == 1 and len(rivals) == 1:
            found, given = fitting[0]
            chosen[layer.node] = given, "shape"
            free.remove(found)
    table = [_row(layer, chosen.get(layer.node)) for layer in wanted]
    table += [Match("", "/".join(layer.path), "", [], shapes_of(layer)) for layer in free]
    return table, {node: layer.weights for node, (layer, _) in chosen.items()}


def fitted(layer: Wanted, found: StoredLayer) -> StoredLayer | None:
    """Return stored weights in a layer's order, or None where their shapes are others."""
    ordered = _in_order(layer, found)
    return ordered if layer.shapes == shapes_of(ordered) else None


def _in_order(layer: Wanted, found: StoredLayer) -> StoredLayer:
    """Bring the weights of a layer's parts, which files sort by name, into the layer's order."""
    if not layer.inner:
        return found
    by_name = {weight.name.partition("/")[2]: weight for weight in found.weights}
    weights = [
        next((by_name[name] for name in names if name in by_name), None) for names in layer.inner
    ]
    kept = [weight for weight in weights if weight is not None]
    if not kept or len(kept) < len(weights):
        return found
    return replace(found, weights=kept)


def shapes_of(layer: StoredLayer) -> Shapes:
    """Return the shapes of a layer's weights as the file has them."""
    return [weight.shape for weight in layer.weights]


def _row(layer: Wanted, chosen: tuple[StoredLayer, How] | None) -> Match:
    if chosen is None:
        return Match(layer.node, "", "", layer.shapes, [])
    found, how = chosen
    return Match(layer.node, "/".join(found.path), how, layer.shapes, shapes_of(found))


def split(stored: Iterable[StoredLayer], wanted: Sequence[Wanted]) -> list[StoredLayer]:
    """Take apart what old files store together: all layers of a model in a model in one group.

    Their weights tell the layer they belong to in their names: "block/conv_1/kernel:0".
    """
    nested = {path[:-1] for layer in wanted for path in layer.paths if len(path) > 1}
    inner: Mapping[str, tuple[str, ...]] = {
        path[-1]: path for layer in wanted for path in layer.paths if len(path) > 1
    }
    found: list[StoredLayer] = []
    for layer in stored:
        if layer.path not in {outer[: len(layer.path)] for outer in nested}:
            found.append(layer)
            continue
        parts: dict[tuple[str, ...], list[StoredWeight]] = {}
        for weight in layer.weights:
            words = [word for word in weight.name.split("/")[:-1] if word in inner]
            path = inner[words[-1]] if words else layer.path
            parts.setdefault(path, []).append(weight)
        found += [StoredLayer(path, weights, layer.theano) for path, weights in parts.items()]
    return found
