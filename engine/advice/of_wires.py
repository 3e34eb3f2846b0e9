"""Advice on the ways that data takes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.advice.rule import Remark, only_source, rule
from engine.errors import text
from engine.graph.analysis import input_ids, output_ids
from engine.graph.situation import Situation
from engine.layers import LAYERS

# What a network usually ends with.
_ENDS = ("Dense", "Activation", "Softmax", "Reshape", "Flatten")


@rule("unused-input", "warning")
def unused_input(situation: Situation) -> Iterator[Remark]:
    """An Input without a wire waits for data that nobody uses."""
    network = situation.document.network
    inputs = input_ids(network)
    if len(inputs) < 2:
        return
    for node_id in inputs:
        if not network.outputs(node_id):
            message = text(
                "“{node}” feeds nothing: wire it up or delete it.",
                node=network.nodes[node_id].title,
            )
            yield Remark(message, node_id)


@rule("loose-end", "warning")
def loose_end(situation: Situation) -> Iterator[Remark]:
    """A second end that does not look like an output has probably been forgotten."""
    network = situation.document.network
    ends = [node_id for node_id in output_ids(network) if network.inputs(node_id)]
    proper = {node_id for node_id in ends if network.nodes[node_id].layer in _ENDS}
    if len(ends) < 2 or not proper:
        return
    for node_id in ends:
        if node_id not in proper:
            message = text(
                "“{node}” leads nowhere and counts as a second output: wire it up or delete it.",
                node=network.nodes[node_id].title,
            )
            yield Remark(message, node_id)


@rule("merges-itself", "warning")
def merges_itself(situation: Situation) -> Iterator[Remark]:
    """A merging layer that is given the same tensor twice."""
    network = situation.document.network
    for node in network.ordered():
        spec = LAYERS.find(node.layer)
        if spec is None or spec.category != "merging":
            continue  # Attention, for one, mostly looks at its own sequence.
        sources = [edge.source for edge in network.inputs(node.id)]
        if len(set(sources)) < len(sources):
            message = text(
                "“{node}” is given the same tensor twice: was another one meant?", node=node.title
            )
            yield Remark(message, node.id)


@rule("pooling-twice")
def pooling_twice(situation: Situation) -> Iterator[Remark]:
    """Two poolings in a row throw away what a convolution between them could have used."""
    for node in situation.document.network.ordered():
        before = only_source(situation, node)
        if (
            node.layer.startswith(("MaxPooling", "AveragePooling"))
            and before is not None
            and before.layer.startswith(("MaxPooling", "AveragePooling"))
        ):
            message = text(
                "“{before}” and “{node}” pool twice in a row: a convolution between them, or one"
                " larger pooling, keeps more.",
                before=before.title,
                node=node.title,
            )
            yield Remark(message, node.id)
