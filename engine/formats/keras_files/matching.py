"""Which weights of a file belong to which layer: by name, then by order, then by shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import msgspec
from msgspec.structs import replace as replaced

from engine.errors import Text
from engine.formats.keras_files.old_weights import brought
from engine.formats.keras_files.stored import StoredLayer, StoredWeight

How = Literal["name", "order", "shape", ""]
Shapes = list[tuple[int, ...]]
Chosen = dict[str, tuple[StoredLayer, How]]
_NONE: tuple[StoredLayer, How] = StoredLayer((), []), ""
_NUMBER = re.compile(r"_\d+$")


class Wanted(msgspec.Struct, frozen=True):
    """A layer that waits for weights.

    Attributes:
        node: Id of the node that calls it first.
        paths: Where its weights may be in the file: names of the models around it and its own; at
            last the path that Keras 3's own format makes of classes.
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

    @property
    def unnamed(self) -> bool:
        """Whether its name is one that Keras gives by itself: that of its class and a number."""
        name, made = self.paths[0][-1], self.paths[-1][-1]
        return _NUMBER.sub("", name) == _NUMBER.sub("", made)


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
    files = split(stored, wanted)
    chosen = _chosen(wanted, files)
    taken = {found.path for found, _ in chosen.values()}
    free = [layer for layer in files if layer.path not in taken]
    missing = [layer for layer in wanted if layer.node not in chosen]
    in_order = list(map(fitted, missing, free))
    if all(in_order):
        for layer, suited in zip(missing, in_order, strict=False):
            if suited is not None:
                chosen[layer.node] = suited, "order"
        missing, free = missing[len(in_order) :], free[len(in_order) :]
    for layer in missing:
        fitting = [found for found in free if fitted(layer, found)]
        rivals = [other for other in missing if other.shapes == layer.shapes]
        suited = fitted(layer, fitting[0]) if len(fitting) == 1 == len(rivals) else None
        if suited is not None:
            chosen[layer.node] = suited, "shape"
            free.remove(fitting[0])
    table = [_row(layer, chosen.get(layer.node)) for layer in wanted]
    table += [Match("", "/".join(layer.path), "", [], shapes_of(layer)) for layer in free]
    return table, {node: layer.weights for node, (layer, _) in chosen.items()}


def _chosen(wanted: Sequence[Wanted], files: Sequence[StoredLayer]) -> Chosen:
    """Return what is stored for the layers by their names, or by their order.

    Keras 3's own format tells two names of a layer, its own and one made of its class: those are
    taken that fit more layers. In other files the order counts more than names that Keras has
    given by itself, as these depend on what else was built before.
    """
    by_path = {layer.path: layer for layer in files}
    if any(layer.names for layer in files):
        by_names = {layer.names: layer for layer in files}
        named = _by_name([replaced(layer, paths=layer.paths[:-1]) for layer in wanted], by_names)
        placed = _by_name([replaced(layer, paths=layer.paths[-1:]) for layer in wanted], by_path)
        return named if len(named) >= len(placed) else placed
    if any(layer.by_class for layer in files):
        named = _by_name(wanted, by_path)
    else:  # Numbered by class, a layer may be called as another one is in the file.
        named = _by_name([replaced(layer, paths=layer.paths[:-1]) for layer in wanted], by_path)
    run = _in_order(wanted, files)
    differing = [
        layer
        for layer in wanted
        if layer.node in named and named[layer.node][0].path != run.get(layer.node, _NONE)[0].path
    ]
    if len(run) >= len(named) and all(layer.unnamed for layer in differing):
        told = {
            node for node, (one, _) in run.items() if named.get(node, _NONE)[0].path == one.path
        }
        return {
            node: (found, "name" if node in told else how) for node, (found, how) in run.items()
        }
    return named


def _in_order(wanted: Sequence[Wanted], files: Sequence[StoredLayer]) -> Chosen:
    """Return the layers and what is stored, one after the other as long as the shapes agree."""
    run: Chosen = {}
    for layer, found in zip(wanted, files, strict=False):
        suited = fitted(layer, found)
        if suited is None:
            break
        run[layer.node] = suited, "order"
    return run


def _by_name(wanted: Sequence[Wanted], files: Mapping[tuple[str, ...], StoredLayer]) -> Chosen:
    """Return what is stored under the layers' names, as long as the shapes agree."""
    chosen: Chosen = {}
    taken: set[tuple[str, ...]] = set()
    for layer in wanted:
        for path in layer.paths:
            found = files.get(path)
            if found is None or path in taken:
                continue
            suited = fitted(layer, found)
            if suited is not None:
                chosen[layer.node] = suited, "name"
                taken.add(path)
                break
    return chosen


def _ordered(layer: Wanted, found: StoredLayer) -> StoredLayer:
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


def fitted(layer: Wanted, found: StoredLayer) -> StoredLayer | None:
    """Return what is stored as the layer has its weights, or None where the shapes differ."""
    ordered = _ordered(layer, found)
    modern = brought(layer.kinds, layer.shapes, ordered, layer.maps)
    return next((each for each in (modern, ordered) if fits(layer, each)), None)


def fits(layer: Wanted, found: StoredLayer) -> bool:
    """Return whether stored weights have a layer's shapes."""
    return layer.shapes == shapes_of(found)


def shapes_of(layer: StoredLayer) -> Shapes:
    """Return the shapes of a layer's weights as the file has them."""
    return [weight.shape for weight in layer.weights]


def _row(layer: Wanted, chosen: tuple[StoredLayer, How] | None) -> Match:
    if chosen is None:
        return Match(layer.node, "", "", layer.shapes, [])
    found, how = chosen
    path = "/".join(found.path)
    return Match(layer.node, path, how, layer.shapes, shapes_of(found), found.note)


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
            if not words:  # Keras 1 put them before an underscore: "dense_1_W".
                words = sorted((n for n in inner if weight.name.startswith(f"{n}_")), key=len)
            path = inner[words[-1]] if words else layer.path
            parts.setdefault(path, []).append(weight)
        found += [replace(layer, path=path, weights=weights) for path, weights in parts.items()]
    return found
