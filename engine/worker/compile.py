"""A document becomes a compiled Keras functional model."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import keras

from engine.errors import CompileProblem
from engine.fields import Params
from engine.graph.analysis import input_ids, output_ids, problems, topological
from engine.graph.calls import PICK, owner_of, picked
from engine.graph.document import Network, Recipe
from engine.graph.keras_names import keras_name, keras_names
from engine.layers import LAYERS, LayerSpec
from engine.training import LOSSES, METRICS, OPTIMIZERS
from engine.worker.operators import name_apart

# Keras builds, saves and loads a functional model recursively, a few frames a layer.
RECURSION_LIMIT = 400_000
STACK_BYTES = 512 * 2**20

T = TypeVar("T")


def allow_deep_models() -> None:
    """Raise Python's limits for this process and for threads started from now on."""
    sys.setrecursionlimit(RECURSION_LIMIT)
    threading.stack_size(STACK_BYTES)


def with_deep_stack(function: Callable[[], T]) -> T:
    """Run a function on a thread whose stack holds networks of thousands of layers."""
    allow_deep_models()
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="deep stack")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def build_model(network: Network, title: str = "", seed: int | None = None) -> keras.Model:
    """Build the Keras functional model of a network, with new weights.

    Args:
        network: Any number of inputs and outputs; nodes may share layers.
        title: Becomes the model's name as far as Keras allows.
        seed: Seeds Python, NumPy and TensorFlow before weights are drawn, as
            `keras.utils.set_random_seed` does in a script.

    Raises:
        CompileProblem: The network has an error; the message names the layer.
    """
    for problem in problems(network):
        if problem.severity == "error":
            raise _problem(network, problem.node, str(problem.message))
    if seed is not None:
        keras.utils.set_random_seed(seed)
    layers: dict[str, Any] = {}
    tensors: dict[str, list[Any]] = {}
    order, _ = topological(network)
    names = keras_names(network)
    for node_id in order:
        owner = owner_of(network, node_id)
        spec = LAYERS.get(owner.layer)
        try:
            if owner.id not in layers:
                layers[owner.id] = spec.make(keras, owner.params, names[owner.id])
            layer = layers[owner.id]
            if spec.key == "Input":
                tensors[node_id] = [layer.output]
                continue
            number = picked(network, node_id)
            inputs = [tensors[edge.source][number] for edge in network.inputs(node_id)]
            given = inputs if spec.key == PICK else called(spec, layer, owner.params, inputs)
            tensors[node_id] = given
        except Exception as error:  # Keras raises whatever its parts raise.
            raise _problem(network, node_id, str(error).strip().split("\n")[0]) from error
    used = [node_id for node_id in input_ids(network) if network.outputs(node_id)]
    inputs = [tensors[node_id][0] for node_id in used]
    outputs = [tensors[node_id][0] for node_id in output_ids(network)]
    made = (tensor for given in tensors.values() for tensor in given[:1])
    try:
        name_apart(outputs, made)
        return keras.Model(
            inputs if len(inputs) > 1 else inputs[0],
            outputs if len(outputs) > 1 else outputs[0],
            name=keras_name(title),
        )
    except Exception as error:
        raise _problem(network, "", str(error).strip().split("\n")[0]) from error


def called(spec: type[LayerSpec], layer: Any, params: Params, inputs: list[Any]) -> list[Any]:
    """Call a layer as its declaration says, and return the tensors that it gives."""
    by_place, by_name = spec.given(inputs, spec.complete(params))
    # Keras groups the memory of stacked cells.
    return list(keras.tree.flatten(layer(*by_place, **by_name, **spec.call_arguments(params))))


def _problem(network: Network, node_id: str, reason: str) -> CompileProblem:
    if node_id not in network.nodes:
        return CompileProblem("The network cannot be trained: {reason}", reason=reason)
    name = network.nodes[node_id].title
    return CompileProblem("“{node}” cannot be built: {reason}", node=name, reason=reason)


def compile_model(model: keras.Model, recipe: Recipe) -> None:
    """Give a model the recipe's optimizer, loss and metrics; every output gets the same."""
    optimizer = OPTIMIZERS.get(recipe.optimizer.kind)
    outputs = len(model.outputs)
    loss = LOSSES.get(recipe.loss).make(keras)
    metrics = [METRICS.get(name).make(keras) for name in recipe.metrics]
    model.compile(
        optimizer=optimizer.make(keras, recipe.optimizer.params),
        loss=loss if outputs == 1 else [LOSSES.get(recipe.loss).make(keras)] * outputs,
        metrics=metrics if outputs == 1 else [list(recipe.metrics) for _ in range(outputs)],
        # On a CPU compiled kernels were never faster and took seconds to make.
        jit_compile=False,
    )


def memory_needed(parameters: int) -> int:
    """Return the bytes that training takes for weights alone: themselves, gradients, two slots."""
    return parameters * 4 * 4
