"""Counted operations against TensorFlow's own profiler."""

from __future__ import annotations

import pytest
import tensorflow as tf
from helpers.networks import template
from tensorflow.python.framework.convert_to_constants import (
    convert_variables_to_constants_v2_as_graph,
)
from tensorflow.python.profiler import model_analyzer, option_builder

from engine.graph.costs import costs
from engine.graph.document import Document, Edge, Network, Node
from engine.ipc import messages as m
from engine.worker.compile import build_model
from engine.worker.documents import Followed


def profiled(model: tf.keras.Model) -> int:
    given = tf.TensorSpec([1, *model.inputs[0].shape[1:]], model.inputs[0].dtype)
    function = tf.function(lambda x: model(x, training=False)).get_concrete_function(given)
    frozen, _ = convert_variables_to_constants_v2_as_graph(function)
    operations = option_builder.ProfileOptionBuilder.float_operation()
    options = option_builder.ProfileOptionBuilder(operations).with_empty_output().build()
    result = model_analyzer.profile(graph=frozen.graph, cmd="op", options=options)
    return int(result.total_float_ops)


def counted_flops(document: Document) -> int:
    followed = Followed.open("d", m.DocumentState.of(document))
    followed.shapes(document.network.nodes)
    return sum(cost.flops for cost in costs(document.network, followed.book.facts).values())


@pytest.mark.parametrize("name", ["lenet", "cnn", "branch", "mlp"])
def test_flops_are_those_of_the_profiler(name: str) -> None:
    document = template(name)
    counted = counted_flops(document)
    # The profiler leaves out activation functions.
    assert counted == pytest.approx(profiled(build_model(document.network)), rel=0.01)


@pytest.mark.parametrize("layer", ["Conv2D", "MaxPooling2D", "BatchNormalization"])
def test_each_step_of_a_sequence_costs_the_same(layer: str) -> None:
    def behind(shape: list[int], node: Node) -> Document:
        start = Node(id="in", layer="Input", params={"shape": shape})
        return Document(Network([start, node], [Edge("in", node.id)]))

    alone = behind([9, 9, 3], Node(id="one", layer=layer))
    held = Node(id="each", layer="TimeDistributed", params={"layer": {"layer": layer}})
    assert counted_flops(behind([5, 9, 9, 3], held)) == 5 * counted_flops(alone) > 0
