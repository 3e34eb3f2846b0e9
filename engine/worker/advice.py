"""Whether data, network and recipe suit each other, as problems on their nodes."""

from __future__ import annotations

from engine.datasets import Dataset, fit_inputs
from engine.errors import DataProblem
from engine.graph.analysis import Problem, input_ids, output_ids
from engine.graph.calls import owner_of
from engine.graph.document import Network
from engine.layers import LAYERS
from engine.training import OutputInfo, TaskInfo, problems
from engine.worker.documents import Followed

# Layers that are an activation themselves, and the name of that activation.
_ACTIVATION_LAYERS = {"Softmax": "softmax", "ReLU": "relu", "ELU": "elu"}


def data_problems(followed: Followed, data: Dataset) -> list[Problem]:
    """Return what in a network or its recipe does not suit loaded data."""
    return [*_input_problems(followed, data), *_recipe_problems(followed, data)]


def _input_problems(followed: Followed, data: Dataset) -> list[Problem]:
    found = []
    network = followed.document.network
    for node_id in input_ids(network):
        shape = followed.book.facts[node_id].shape
        if shape is None or not network.outputs(node_id):
            continue
        try:
            fit_inputs(data.x_train[:1], [tuple(shape[1:])])
        except DataProblem as error:
            found.append(Problem("data-shape", error.text, node_id, "shape"))
    return found


def _recipe_problems(followed: Followed, data: Dataset) -> list[Problem]:
    network, facts = followed.document.network, followed.book.facts
    outputs = []
    for node_id in output_ids(network):
        shape = facts[node_id].shape
        if shape is not None:
            outputs.append(
                OutputInfo(
                    node=node_id,
                    name=network.nodes[node_id].title,
                    shape=tuple(shape[1:]),
                    activation=_last_activation(network, node_id),
                )
            )
    return [
        Problem(problem.code, problem.message, problem.node, problem.field, problem.severity)
        for problem in problems(followed.document.recipe, task_info(data), outputs)
    ]


def task_info(data: Dataset) -> TaskInfo:
    """Return what the rules need to know of the data."""
    return TaskInfo(
        task=data.task,
        classes=len(data.class_names),
        target_shape=tuple(data.y_train.shape[1:]) if data.task == "values" else (),
        samples=len(data.x_train),
    )


def _last_activation(network: Network, node_id: str) -> str | None:
    """Return the name of what a node applies last, or None where that cannot be told."""
    owner = owner_of(network, node_id)
    if owner.layer in _ACTIVATION_LAYERS:
        return _ACTIVATION_LAYERS[owner.layer]
    spec = LAYERS.find(owner.layer)
    if spec is None or "activation" not in spec.fields:
        return None
    return str(spec.complete(owner.params)["activation"] or "linear")
