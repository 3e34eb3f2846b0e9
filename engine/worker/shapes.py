"""Shapes and weight counts of every node, by Keras's own rules, downstream of an edit only."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import keras
import msgspec
from keras.src.backend.common import global_state
from keras.src.layers.input_spec import assert_input_compatibility

from engine.errors import NetloomError, Text
from engine.graph.analysis import Problem, topological
from engine.graph.calls import most_inputs, owner_of, picked
from engine.graph.document import Network, Node
from engine.ipc.messages import NodeFacts
from engine.layers import LAYERS, LayerSpec
from engine.worker.compile import called
from engine.worker.shape_words import explain, refuse, share_conflict, too_few_outputs

# One tensor on a wire: its shape with the batch axis first as None, and its type.
Tensor = tuple[tuple[int | None, ...], str]


class Outcome(msgspec.Struct, frozen=True):
    """What Keras says of one layer on given inputs: a result or a problem.

    Attributes:
        tensor: Shape and type of the output, or None.
        further: Those of further outputs.
        weights: Shapes of all weights, in Keras's order.
        trainable: Number of trainable weights.
        problem: Why there is no output.
    """

    tensor: Tensor | None
    weights: tuple[tuple[int, ...], ...] = ()
    trainable: int = 0
    problem: Text | None = None
    further: tuple[Tensor, ...] = ()


class ShapeBook:
    """Knows the facts of a network and brings them up to date after an edit.

    Keras is asked only for nodes whose layer or inputs have changed, and never twice for the
    same layer on the same inputs.
    """

    MOST_REMEMBERED = 20_000

    def __init__(self) -> None:
        self.facts: dict[str, NodeFacts] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._memory: OrderedDict[tuple[Any, ...], Outcome] = OrderedDict()

    def update(self, network: Network, dirty: Iterable[str]) -> tuple[set[str], list[str]]:
        """Recompute what follows from an edit.

        Args:
            network: The network after the edit.
            dirty: Ids of the nodes whose layer or wires have changed.

        Returns:
            The ids whose facts have changed, and the ids that no longer exist.
        """
        removed = [node_id for node_id in self.facts if node_id not in network.nodes]
        for node_id in removed:
            del self.facts[node_id], self._outcomes[node_id]
        waiting = {node_id for node_id in dirty if node_id in network.nodes}
        waiting |= network.nodes.keys() - self.facts.keys()
        waiting |= self._sharers(network, waiting)
        changed: set[str] = set()
        order, blocked = topological(network)
        for node_id in order:
            if node_id not in waiting:
                continue
            before = self._outcomes.get(node_id)
            after = self._ask(network, network.nodes[node_id])
            self._store(network, node_id, after, changed)
            if before is None or _gives(before) != _gives(after):
                waiting.update(edge.target for edge in network.outputs(node_id))
        for node_id in blocked:
            self._store(network, node_id, Outcome(None), changed)
        return changed, removed

    def problems(self, network: Network) -> list[Problem]:
        """Return what Keras objects to, in the order of the file."""
        return [
            Problem("shape", problem, node.id)
            for node in network.ordered()
            if (problem := self._outcomes[node.id].problem) is not None
        ]

    def totals(self) -> tuple[int, int]:
        """Return the numbers of all and of trainable weights, shared ones counted once."""
        facts = self.facts.values()
        return sum(fact.params for fact in facts), sum(fact.trainable for fact in facts)

    def _store(self, network: Network, node_id: str, outcome: Outcome, changed: set[str]) -> None:
        self._outcomes[node_id] = outcome
        shared = bool(network.nodes[node_id].shares)
        shape, dtype = outcome.tensor or (None, "")
        facts = NodeFacts(
            shape=list(shape) if shape is not None else None,
            dtype=dtype,
            params=0 if shared else sum(map(math.prod, outcome.weights)),
            trainable=0 if shared else outcome.trainable,
        )
        if self.facts.get(node_id) != facts:
            self.facts[node_id] = facts
            changed.add(node_id)

    @staticmethod
    def _sharers(network: Network, owners: set[str]) -> set[str]:
        return {node.id for node in network.nodes.values() if node.shares in owners}

    def _ask(self, network: Network, node: Node) -> Outcome:
        owner = owner_of(network, node.id)
        spec = LAYERS.find(node.layer)
        sources = [self._outcomes[edge.source] for edge in network.inputs(node.id)]
        number = picked(network, node.id)
        for source in sources:
            if source.tensor is not None and number > len(source.further):
                return Outcome(None, problem=too_few_outputs(number, len(source.further) + 1))
        inputs = [_gives(source)[number] if source.tensor else None for source in sources]
        known = [tensor for tensor in inputs if tensor is not None]
        # Problems of parameters, arity and inputs are told where they arise, not downstream.
        if spec is None or len(known) < len(inputs) or len(inputs) < spec.min_inputs:
            return Outcome(None)
        most = most_inputs(network, node.id)
        if most is not None and len(inputs) > most:
            return Outcome(None)
        if spec.check(owner.params) or any(spec.obstacles(owner.params)):
            return Outcome(None)
        outcome = self._remembered(spec, owner, known)
        if node.shares and outcome.tensor is not None and owner.id in self._outcomes:
            first = self._outcomes[owner.id]
            if first.tensor is not None and first.weights != outcome.weights:
                return Outcome(None, problem=share_conflict(owner, known))
        return outcome

    def _remembered(self, spec: type[LayerSpec], owner: Node, inputs: list[Tensor]) -> Outcome:
        params = msgspec.json.encode(owner.params, order="deterministic")
        key = (spec.key, spec.stamp(owner.params), params, *inputs)
        outcome = self._memory.get(key)
        if outcome is None:
            outcome = self._memory[key] = infer(spec, owner.params, inputs)
            if len(self._memory) > self.MOST_REMEMBERED:
                self._memory.popitem(last=False)
        else:
            self._memory.move_to_end(key)
        return outcome


def _gives(outcome: Outcome) -> tuple[Tensor | None, ...]:
    return (outcome.tensor, *outcome.further)


def infer(spec: type[LayerSpec], params: dict[str, Any], inputs: list[Tensor]) -> Outcome:
    """Ask Keras for the output and the weights of one layer, without making any weight.

    `compute_output_spec` accepts some inputs that a call refuses, so our own rules and
    Keras's input check come first.
    """
    if spec.key == "Input":
        values = spec.complete(params)
        return Outcome(((None, *values["shape"]), values["dtype"] or keras.config.floatx()))
    if problem := refuse(spec, params, [shape for shape, _ in inputs]):
        return Outcome(None, problem=problem)
    tensors = [keras.KerasTensor(shape, dtype=dtype) for shape, dtype in inputs]
    try:
        # Inside the scope a weight is only a promise: nothing is allocated.
        with keras.StatelessScope(initialize_variables=False):
            layer = spec.make(keras, params, None)
            output = _symbolic(spec, layer, params, tensors)
            weights = tuple(tuple(weight.shape) for weight in layer.weights)
            trainable = sum(math.prod(weight.shape) for weight in layer.trainable_weights)
    except NetloomError as error:
        return Outcome(None, problem=error.text)
    except Exception as error:  # Keras raises whatever its parts raise.
        return Outcome(None, problem=explain(spec, [shape for shape, _ in inputs], error))
    finally:
        # Keras would make the promised weights when the thread next leaves such a scope.
        global_state.set_global_attribute("uninitialized_variables", [])
    first, *further = [(tuple(tensor.shape), tensor.dtype) for tensor in output]
    return Outcome(first, weights, trainable, further=tuple(further))


def _symbolic(
    spec: type[LayerSpec], layer: Any, params: dict[str, Any], tensors: list[Any]
) -> list[Any]:
    """Return what a layer gives for tensors of which only shape and type are known."""
    given, named = spec.given(tensors, spec.complete(params))
    if spec.function or spec.foreign or len(given) > 1 or named or spec.in_call:
        return called(spec, layer, params, tensors)
    # As Keras does at a call, in a third of the time.
    shapes = [tensor.shape for tensor in tensors]
    layer.build(shapes if spec.max_inputs != 1 else shapes[0])
    assert_input_compatibility(layer.input_spec, given[0], layer.name)
    return list(keras.tree.flatten(layer.compute_output_spec(given[0])))
