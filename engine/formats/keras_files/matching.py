"""Which weights of a file belong to which layer: by name, then by order, then by shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import msgspec

from engine.errors import Text
from engine.formats.keras_files.old_weights import brought
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
        kinds: The layer's class in Keras, and those of the layers that it wraps.
        maps: Height, width and channels of what a Flatten before it lays out, if it is known.
    """

    node: str
    paths: tuple[tuple[str, ...], ...]
    shapes: Shapes
    inner: Sequence[Sequence[str]] = ()
    kinds: Sequence[str] = ()
    maps: Sequence[int] = ()


class Match(msgspec.Struct, frozen=True):
    """A row of the table that tells what has come from where.

    Attributes:
        node: Id of the layer's node, or "" where nothing takes what is stored.
        stored: Path of the layer in the file, or "" where nothing is stored.
        how: What they were matched by; "" where the layer keeps its own weights.
        shapes: Shapes of the layer's weights.
        found: Shapes of what is stored.
        note: How the layout of old weights was changed, or None.
    """

    node: str
    stored: str
    how: How
    shapes: Shapes
    found: Shapes
    note: Text | None = None


def match(
    wanted: Sequence[Wanted], stored: Iterable[StoredLayer]
) -> tuple[list[Match], dict[str, list[StoredWeight]]]:
    """Find the weights of each layer.

    A name counts only if the shapes agree too. What is left is matched in its order if shapes
    agree one after the other, to the end of the layers or of the file; at last by shapes that
    occur only once. Weights of old versions are brought to today's layout first.

    Returns:
        The table, and the weights by node.
    """
    files = _split(stored, wanted)
    chosen: dict[str, tuple[StoredLayer, How]] = {}
    free = list(files)
    by_path: dict[tuple[str, ...], StoredLayer] = {layer.path: layer for layer in files}
    for layer in wanted:
        for path in layer.paths:
            found = by_path.get(path)
            if found is None or found not in free:
                continue
            suited = _suited(layer, found)
            if suited is not None:
                chosen[layer.node] = suited, "name"
                free.remove(found)
                break
    missing = [layer for layer in wanted if layer.node not in chosen]
    in_order = list(map(_suited, missing, free))
    if all(in_order):
        for layer, suited in zip(missing, in_order, strict=False):
            if suited is not None:
                chosen[layer.node] = suited, "order"
        missing, free = missing[len(in_order) :], free[len(in_order) :]
    for layer in missing:
        fitting = [found for found in free if _suited(layer, found)]
        rivals = [other for other in missing if other.shapes == layer.shapes]
        suited = _suited(layer, fitting[0]) if len(fitting) == 1 == len(rivals) else None
        if suited is not None:
            chosen[layer.node] = suited, "shape"
            free.remove(fitting[0])
    table = [_row(layer, chosen.get(layer.node)) for layer in wanted]
    table += [Match("", "/".join(layer.path), "", [], _shapes(layer)) for layer in free]
    return table, {node: layer.weights for node, (layer, _) in chosen.items()}


def _ordered(layer: Wanted, found: StoredLayer) -> StoredLayer:
    """Bring the weights of a layer's parts, which files sort by name, into the layer's order."""
    by_name = {weight.name.partition("/")[2]: weight for weight in found.weights}
    weights = [
        next((by_name[name] for name in names if name in by_name), None) for names in layer.inner
    ]
    kept = [weight for weight in weights if weight is not None]
    if not kept or len(kept) < len(weights):
        return found
    return replace(found, weights=kept)


def _suited(layer: Wanted, found: StoredLayer) -> StoredLayer | None:
    """Return what is stored as the layer has its weights, or None where the shapes differ."""
    ordered = _ordered(layer, found)
    modern = brought(layer.kinds, layer.shapes, ordered, layer.maps)
    return next((each for each in (modern, ordered) if fits(layer, each)), None)


def fits(layer: Wanted, found: StoredLayer) -> bool:
    """Return whether stored weights have a layer's shapes."""
    return layer.shapes == _shapes(found)


def _shapes(layer: StoredLayer) -> Shapes:
    return [weight.shape for weight in layer.weights]


def _row(layer: Wanted, chosen: tuple[StoredLayer, How] | None) -> Match:
    if chosen is None:
        return Match(layer.node, "", "", layer.shapes, [])
    found, how = chosen
    path = "/".join(found.path)
    return Match(layer.node, path, how, layer.shapes, _shapes(found), found.note)


def _split(stored: Iterable[StoredLayer], wanted: Sequence[Wanted]) -> list[StoredLayer]:
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
            if not words:  # Keras 1 put them before an underscore: "dense_1_W".
                words = sorted((n for n in inner if weight.name.startswith(f"{n}_")), key=len)
            path = inner[words[-1]] if words else layer.path
            parts.setdefault(path, []).append(weight)
        found += [replace(layer, path=path, weights=weights) for path, weights in parts.items()]
    return found
