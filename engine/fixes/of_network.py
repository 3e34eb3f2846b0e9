"""Fixes for what is wrong with layers and wires."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from engine.errors import text
from engine.fields import Field
from engine.fixes.fix import Fix, fixes_for
from engine.graph import commands
from engine.graph.analysis import Problem, reaches
from engine.graph.calls import most_inputs, owner_of
from engine.graph.copying import new_id
from engine.graph.document import Edge, EdgeChange, Node
from engine.graph.geometry import CARD_HEIGHT, GAP_Y
from engine.graph.history import Edit
from engine.graph.inserting import insert_between
from engine.graph.situation import Situation
from engine.layers import LAYERS


@fixes_for("empty", "no-input")
def add_input(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Add an Input with the shape of the data above the first layer."""
    document = situation.document
    network = document.network
    shape = list(situation.data.sample_shape) if situation.data else [28, 28, 1]
    open_ends = [node for node in network.ordered() if not network.inputs(node.id)]
    first = min(open_ends, key=lambda node: node.at[1], default=None)
    at = (first.at[0], first.at[1] - CARD_HEIGHT - GAP_Y) if first else (0.0, 0.0)
    edit = commands.add_node(document, "Input", at, params={"shape": shape})
    changes = edit.changes
    if first is not None:
        changes = (*changes, EdgeChange(Edge(commands.added(edit)[0], first.id), True))
    yield Fix(text("Add Input"), Edit(edit.label, changes))


@fixes_for("missing-input")
def connect(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Connect the nearest layer above whose output nobody uses, else the nearest one."""
    document, node = situation.document, situation.node(problem)
    if node is None:
        return
    network = document.network

    def far(other: Node) -> tuple[bool, float]:
        used = bool(network.outputs(other.id))
        return used, abs(node.at[0] - other.at[0]) + abs(node.at[1] - other.at[1])

    able = [
        other
        for other in network.nodes.values()
        if other.at[1] < node.at[1]
        and not any(edge.source == other.id for edge in network.inputs(node.id))
        and commands.refusal(network, other.id, node.id) is None
    ]
    for other in sorted(able, key=far)[:3]:
        edit = commands.connect(document, other.id, node.id)
        yield Fix(text("Connect “{node}”", node=other.title), edit)


@fixes_for("too-many-inputs")
def remove_wires(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Remove the wires that are one too many."""
    node = situation.node(problem)
    most = most_inputs(situation.document.network, node.id) if node is not None else None
    if node is None or most is None:
        return
    spare = situation.document.network.inputs(node.id)[most:]
    yield Fix(text("Remove the last wire"), commands.disconnect(spare))


@fixes_for("cycle")
def cut_cycle(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Remove a wire that leads back."""
    network = situation.document.network
    for edge in network.inputs(problem.node):
        if reaches(network, problem.node, edge.source):
            label = text("Remove the wire from “{node}”", node=network.nodes[edge.source].title)
            yield Fix(label, commands.disconnect([edge]))


@fixes_for("duplicate-name")
def rename(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Give the layer a name that is free."""
    node = situation.node(problem)
    if node is None:
        return
    name = new_id(situation.document.network, node.layer)
    edit = commands.rename(situation.document, node.id, name)
    yield Fix(text("Call it “{name}”", name=name), edit)


@fixes_for("unknown-layer")
def give_code_or_delete(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Take the code of a layer that nobody here knows from a file, or delete the layer."""
    yield Fix(text("Give the file with its code…"), asks="file")
    yield Fix(text("Delete it"), commands.remove(situation.document, [problem.node]))


@fixes_for("bad-share")
def release(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Let the layer have weights of its own."""
    edit = commands.share(situation.document, problem.node, "")
    yield Fix(text("Use its own weights"), edit)


@fixes_for("bad-parameter")
def reset(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Take the declared default again."""
    node = situation.node(problem)
    spec = LAYERS.find(node.layer) if node is not None else None
    field: Field | None = spec.fields.get(problem.field) if spec is not None else None
    if node is None or field is None or field.check(field.default) is not None:
        return
    edit = commands.set_param(situation.document, [node.id], problem.field, field.default)
    value = str(field.default)
    yield Fix(text("Set {name} to {value}", name=text(field.label), value=value), edit)


@fixes_for("shape")
def fit_shape(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Bring the input into the rank that the layer takes, or pad what is too small."""
    document, node = situation.document, situation.node(problem)
    if node is None or len(document.network.inputs(node.id)) != 1:
        return
    spec, wire = LAYERS.get(node.layer), document.network.inputs(node.id)[0]
    fact = situation.facts.get(wire.source)
    shape = fact.shape if fact is not None else None
    if shape is None:
        return
    rank, owner = len(shape), owner_of(document.network, node.id)
    ranks = spec.ranks_with(spec.complete(owner.params))
    if ranks and rank not in ranks:
        yield from _other_rank(situation, wire, ranks, shape)
        return
    if "padding" in spec.fields and spec.complete(owner.params)["padding"] == "valid":
        edit = commands.set_param(document, [node.id], "padding", "same")
        yield Fix(text("Use padding “same”"), edit)


def _other_rank(
    situation: Situation, wire: Edge, ranks: tuple[int, ...], shape: list[int | None]
) -> Iterator[Fix]:
    document, sizes = situation.document, shape[1:]
    if 2 in ranks and len(shape) > 2:
        yield Fix(text("Insert Flatten"), insert_between(document, "Flatten", wire))
    if None in sizes:
        return
    known = [size or 1 for size in sizes]
    if len(shape) + 1 in ranks:
        params = {"target_shape": [*known, 1]}
        edit = insert_between(document, "Reshape", wire, params)
        yield Fix(text("Insert Reshape"), edit)
    elif len(shape) - 1 in ranks and len(known) > 1:
        params = {"target_shape": [prod(known[:-1]), known[-1]]}
        edit = insert_between(document, "Reshape", wire, params)
        yield Fix(text("Insert Reshape"), edit)


@fixes_for("data-shape")
def take_data_shape(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Let the Input be as the samples are."""
    if situation.data is None:
        return
    shape = list(situation.data.sample_shape)
    edit = commands.set_param(situation.document, [problem.node], "shape", shape)
    words = "×".join(map(str, shape))
    yield Fix(text("Set shape to {shape}", shape=words), edit)
