"""Writes the part of a script that loads data and fits it to the network."""

from __future__ import annotations

import math

from engine.datasets import DATASETS
from engine.datasets.spec import SourceCode
from engine.fields import Spec
from engine.formats.python_network import NetworkCode
from engine.formats.python_writer import comment, listing, literal
from engine.graph.calls import owner_of
from engine.graph.document import Document, Node
from engine.layers import LAYERS
from engine.training import LOSSES

PARTS = ("train", "test")
Sizes = tuple[int | None, ...]


def source_code(document: Document) -> SourceCode:
    """Return the code that loads a document's data source."""
    spec = DATASETS.find(document.data.kind)
    if spec is None:
        kind = literal(document.data.kind)
        wish = f"To do: load the data {kind} into x_train, y_train, x_test and y_test."
        return SourceCode(comment(wish))
    return spec.code(_valid(spec, document.data.params))


def _valid(spec: type[Spec], params: dict[str, object]) -> dict[str, object]:
    """Return parameters without wrong ones: code is written of any document."""
    return params if not spec.check(params) else {}


def data_code(document: Document, source: SourceCode, network: NetworkCode) -> str:
    """Write what loads the data and brings it into the form that the network takes."""
    lines = ["# The data", source.body.rstrip()]
    lines += _samples(document, network)
    lines += _targets(document, network)
    return "\n".join(lines)


def _samples(document: Document, network: NetworkCode) -> list[str]:
    """Write how samples get the shape of the inputs; every input gets them all."""
    spec = DATASETS.find(document.data.kind)
    known = spec.shape_of(_valid(spec, document.data.params)) if spec is not None else None
    nodes = document.network.nodes
    shapes = [_input_shape(nodes[node_id]) for node_id in network.input_ids()]
    if len(shapes) == 1 and not _needs_reshape(shapes[0], known):
        return []
    if len(set(shapes)) == 1 and not _needs_reshape(shapes[0], known):
        return [f"x_{part} = [x_{part}] * {len(shapes)}" for part in PARTS]
    return [
        f"x_{part} = {listing([_reshaped(f'x_{part}', shape, known) for shape in shapes], 10)}"
        for part in PARTS
    ]


def _input_shape(node: Node) -> Sizes | None:
    """Return the shape of an Input node, or None where it is wrong."""
    spec = LAYERS.get("Input")
    return None if spec.check(node.params) else tuple(spec.complete(node.params)["shape"])


def _needs_reshape(shape: Sizes | None, known: Sizes | None) -> bool:
    if shape is None or None in shape or shape == known:
        return False
    return known is None or math.prod(size or 0 for size in shape) == math.prod(
        size or 0 for size in known
    )


def _reshaped(name: str, shape: Sizes | None, known: Sizes | None) -> str:
    if shape is None or not _needs_reshape(shape, known):
        return name
    return f"{name}.reshape({', '.join(map(str, (-1, *shape)))})"


def _targets(document: Document, network: NetworkCode) -> list[str]:
    """Write how targets get the form that the loss wants, once for each output."""
    spec = DATASETS.find(document.data.kind)
    outputs = network.output_ids()
    lines = []
    if _wants_one_hot(document, outputs):
        classes = f", {len(spec.class_names)}" if spec is not None and spec.class_names else ""
        lines += [f"y_{part} = keras.utils.to_categorical(y_{part}{classes})" for part in PARTS]
    if len(outputs) > 1:
        lines += [f"y_{part} = [y_{part}] * {len(outputs)}" for part in PARTS]
    return lines


def _wants_one_hot(document: Document, outputs: list[str]) -> bool:
    loss = LOSSES.find(document.recipe.loss)
    target = loss.target if loss is not None else "labels"
    if target in ("labels", "one_hot"):
        return target == "one_hot"
    owners = [owner_of(document.network, node_id) for node_id in outputs]
    units = [owner.params.get("units") for owner in owners]
    several = any(isinstance(count, int) and count > 1 for count in units)
    spec = DATASETS.find(document.data.kind)
    classes = spec is not None and spec.task == "classes"
    return several and (target == "binary" or classes)
