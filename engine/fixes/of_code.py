"""Fixes for layers with code of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from engine.errors import FileProblem, text
from engine.fields import Params
from engine.fixes.fix import Fix, fixes_for
from engine.foreign import lambdas
from engine.foreign.source import read_source, write_arguments
from engine.graph import commands
from engine.graph.analysis import Problem
from engine.graph.calls import owner_of
from engine.graph.document import Document, NodeChange
from engine.graph.history import Edit
from engine.graph.situation import Situation
from engine.layers import LAYERS
from engine.layers.common import ACTIVATIONS

MOST_CLASSES = 3
# What files of Keras tell of every layer, and its class does not take.
OF_EVERY_LAYER = (
    "name",
    "dtype",
    "trainable",
    "build_config",
    "compile_config",
    "batch_input_shape",
    "batch_shape",
    "activity_regularizer",
)


@fixes_for("untrusted-code")
def read_and_trust(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Write the code of a Lambda as a formula where it is one, or let somebody read it."""
    node = situation.node(problem)
    if node is None:
        return
    if node.layer == "Lambda":
        inputs = len(situation.document.network.inputs(node.id))
        formula = lambdas.formula(node.params, inputs)
        if formula is not None:
            edit = becoming(situation.document, node.id, "Expression", {"formula": formula})
            yield Fix(text("Replace by Expression: {formula}", formula=formula[:40]), edit)
    yield Fix(text("Read and trust…"), asks="trust")


@fixes_for("unreadable-code")
def write_anew(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Put what computes the same without code in the place of code that cannot be read."""
    node = situation.node(problem)
    if node is None:
        return
    name = lambdas.name_in(node.params.get("function"))
    if name in ACTIVATIONS:
        edit = becoming(situation.document, node.id, "Activation", {"activation": name})
        yield Fix(text("Use {activation}", activation=name), edit)
    edit = becoming(situation.document, node.id, "Expression", {"formula": ""})
    yield Fix(text("Write it as an Expression"), edit)


@fixes_for("missing-code")
def choose_file(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Choose the file with the code."""
    yield Fix(text("Choose the file…"), asks="file")


@fixes_for("unknown-class")
def choose_class(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Take a class that the file has."""
    node = situation.node(problem)
    if node is None:
        return
    try:
        classes = read_source(Path(str(node.params.get("file")))).classes
    except FileProblem:
        return
    for found in classes[:MOST_CLASSES]:
        edit = commands.set_param(situation.document, [node.id], "class_name", found.name)
        yield Fix(text("Use {name}", name=found.name), edit)


def becoming(document: Document, node_id: str, layer: str, params: Params) -> Edit:
    """Return the edit that makes a node, and those that share its layer, another layer."""
    network = document.network
    owner = owner_of(network, node_id)
    given = LAYERS.get(layer).trim(params)
    changes = [NodeChange(owner, replace(owner, layer=layer, params=given))]
    changes += [
        NodeChange(node, replace(node, layer=layer))
        for node in network.ordered()
        if node.shares == owner.id
    ]
    return Edit(text("Replace"), tuple(changes))


def with_file(document: Document, node_id: str, path: Path) -> Edit:
    """Return the edit that gives a layer the file with its code.

    A layer of a file of Keras, which nobody here knows, becomes a custom layer made with the same
    arguments.
    """
    owner = owner_of(document.network, node_id)
    if owner.layer == "Custom":
        return commands.set_param(document, [owner.id], "file", str(path))
    given: dict[str, Any] = {
        name: value
        for name, value in owner.params.items()
        if name not in OF_EVERY_LAYER and name.isidentifier()
    }
    params: Params = {
        "file": str(path),
        # Keras writes the package before the names of registered classes.
        "class_name": owner.layer.rpartition(">")[2],
        "kwargs": write_arguments(given),
    }
    if owner.params.get("trainable") is False:
        params["trainable"] = False
    return becoming(document, owner.id, "Custom", params)
