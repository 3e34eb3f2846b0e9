"""Fixes for outputs, losses and metrics that do not suit each other or the data."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from engine.errors import text
from engine.fixes.fix import Fix, fixes_for
from engine.graph import commands
from engine.graph.analysis import Problem, output_ids
from engine.graph.document import Node, NodeChange, Recipe
from engine.graph.history import Edit
from engine.graph.inserting import insert_between
from engine.graph.situation import Situation
from engine.layers import LAYERS
from engine.training import LOSSES, METRICS

# Which loss a network that ends so is made for, by the data's task.
_LOSS_OF_ACTIVATION = {
    "softmax": "sparse_categorical_crossentropy",
    "sigmoid": "binary_crossentropy",
    "linear": "mean_squared_error",
}


@fixes_for("units-and-classes", "spare-units", "units-and-values")
def set_units(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Give the last Dense layer as many units as the data asks for."""
    data, node = situation.data, _sized(situation, problem.node)
    if data is None or node is None:
        return
    units = data.classes if data.task == "classes" else data.target_size
    name = "units" if "units" in LAYERS.get(node.layer).fields else "filters"
    edit = commands.set_param(situation.document, [node.id], name, units)
    yield Fix(text("Set {name} to {value}", name=name, value=str(units)), edit)
    binary = situation.document.recipe.loss == "binary_crossentropy"
    if data.task == "classes" and binary and "activation" in LAYERS.get(node.layer).fields:
        values = {name: units, "activation": "softmax"}
        after = replace(node, params=LAYERS.get(node.layer).trim({**node.params, **values}))
        recipe = _with_loss(situation.document.recipe, "sparse_categorical_crossentropy")
        plan = commands.set_plan(situation.document, "recipe", recipe)
        label = text("Use {units} units, softmax and the matching loss", units=units)
        yield Fix(label, Edit(label, (NodeChange(node, after), *plan.changes)))


def _sized(situation: Situation, node_id: str) -> Node | None:
    """Return the layer that decides how many values an output has."""
    network = situation.document.network
    node = network.nodes.get(node_id)
    while node is not None:
        spec = LAYERS.find(node.layer)
        if spec is None:
            return None
        if spec.key == "Dense" or (spec.category == "convolution" and "filters" in spec.fields):
            return node
        wires = network.inputs(node.id)
        if spec.category not in ("activation", "regularization", "normalization", "pooling"):
            return None
        node = network.nodes[wires[0].source] if len(wires) == 1 else None
    return None


@fixes_for("output-rank")
def flatten(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Flatten, or pool, before the last layer."""
    wires = situation.document.network.inputs(problem.node)
    if len(wires) != 1:
        return
    edit = insert_between(situation.document, "Flatten", wires[0])
    yield Fix(text("Insert Flatten"), edit)
    pooling = {4: "GlobalAveragePooling2D", 3: "GlobalAveragePooling1D"}
    layer = pooling.get(situation.rank(wires[0].source) or 0)
    if layer is not None:
        edit = insert_between(situation.document, layer, wires[0])
        yield Fix(text("Insert {layer}", layer=layer), edit)


@fixes_for("softmax-of-one")
def use_sigmoid(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Let one unit tell two classes apart."""
    yield from _use_activation(situation, problem, "sigmoid")


@fixes_for("output-activation")
def suit_loss(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Change the activation to the loss's, or the loss to the activation's."""
    loss = LOSSES.find(situation.document.recipe.loss)
    if loss is not None and loss.activations:
        yield from _use_activation(situation, problem, loss.activations[0])
    node = situation.node(problem)
    params = LAYERS.get(node.layer).complete(node.params) if node is not None else {}
    wanted = _LOSS_OF_ACTIVATION.get(str(params.get("activation") or "linear"))
    if wanted is None or situation.data is None:
        return
    if (situation.data.task == "values") == (wanted == "mean_squared_error"):
        yield _use_loss(situation, wanted)


def _use_activation(situation: Situation, problem: Problem, activation: str) -> Iterator[Fix]:
    node = situation.node(problem)
    if node is None or "activation" not in LAYERS.get(node.layer).fields:
        return
    edit = commands.set_param(situation.document, [node.id], "activation", activation)
    yield Fix(text("Use {activation}", activation=activation), edit)


@fixes_for("loss-wants-classes", "loss-wants-values", "unknown-loss")
def choose_loss(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Choose the loss that suits the data and the output's units."""
    data = situation.data
    if data is None or data.task == "values":
        yield _use_loss(situation, "mean_squared_error")
        return
    network = situation.document.network
    shapes = [situation.facts[i].shape for i in output_ids(network) if i in situation.facts]
    single = data.classes == 2 and any(shape and shape[-1] == 1 for shape in shapes)
    yield _use_loss(
        situation, "binary_crossentropy" if single else "sparse_categorical_crossentropy"
    )


@fixes_for("metric")
def drop_metrics(situation: Situation, problem: Problem) -> Iterator[Fix]:
    """Keep the metrics that suit the loss."""
    recipe = situation.document.recipe
    changed = _with_loss(recipe, recipe.loss)
    edit = commands.set_plan(situation.document, "recipe", changed)
    names = ", ".join(METRICS.get(key).title for key in changed.metrics) or "–"
    yield Fix(text("Measure {metrics}", metrics=names), edit)


def _use_loss(situation: Situation, key: str) -> Fix:
    recipe = _with_loss(situation.document.recipe, key)
    edit = commands.set_plan(situation.document, "recipe", recipe)
    return Fix(text("Use {loss}", loss=text(LOSSES.get(key).title)), edit)


def _with_loss(recipe: Recipe, key: str) -> Recipe:
    """Return the recipe with another loss and the metrics that suit it."""
    target = LOSSES.get(key).target
    kept = [
        name
        for name in recipe.metrics
        if (metric := METRICS.find(name)) is not None and target in metric.targets
    ]
    usual = "mean_absolute_error" if target == "values" else "accuracy"
    return replace(recipe, loss=key, metrics=tuple(kept or [usual]))
