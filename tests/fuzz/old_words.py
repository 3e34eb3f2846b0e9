"""Models in words of which other seeds have none: before Keras 1.0, and TensorFlow's operators."""

from __future__ import annotations

import json
from typing import Any

from helpers.saved_models import field

A: list[Any] = ["image", 0, 0]
# The same node of a graph in the three forms in which TensorFlow 2.0 to 2.3 wrote it.
NODES = (
    json.dumps({"name": "it", "op": "Mean", "input": ["x", "axes"], "attr": {
        "T": {"type": "DT_FLOAT"}, "keep_dims": {"b": True}}}),
    'name: "it"\nop: "Mean"\ninput: "x"\ninput: "axes"\n'
    'attr {\n  key: "keep_dims"\n  value {\n    b: true\n  }\n}',
    (field(1, b"it") + field(2, b"Mean") + field(3, b"x") + field(3, b"axes")
        + field(5, field(1, b"keep_dims") + field(2, b"\x28\x01"))).decode(),
)  # fmt: skip


def _row(kind: str, name: str, inbound: list[Any], **config: Any) -> dict[str, Any]:
    config = {"name": name, "trainable": True, "dtype": "float32", **config}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": [inbound]}


def operators(node: str) -> bytes:
    """Return a model whose layers have operators between them, one of them a node of a graph."""
    first = {"class_name": "InputLayer", "name": "image", "inbound_nodes": [],
             "config": {"name": "image", "batch_input_shape": [None, 6, 4]}}  # fmt: skip
    every, part = ({"start": None, "stop": None, "step": None}, {"start": 0, "stop": 3, "step": 2})
    rows = [
        _row("TFOpLambda", "plus", [*A, {"y": [1.0, 2.0, -3.0, 4.0], "name": None}],
             function="math.add"),
        _row("SlicingOpLambda", "cut", ["plus", 0, 0, {"slice_spec": [every, part]}],
             function="__operators__.getitem"),
        _row("TFOpLambda", "pieces", ["cut", 0, 0, {"num_or_size_splits": [1, 3], "axis": -1}],
             function="split"),
        _row("TFOpLambda", "ends", [["pieces", 0, 1, {"axis": -1}], ["pieces", 0, 0, {"axis": -1}]],
             function="concat"),
        _row("TensorFlowOpLayer", "mean", [["ends", 0, 0, {}]], node_def=node,
             constants={"1": [1]}),
        _row("Dense", "out", [["mean", 0, 0, {}]], units=2, activation="hard_sigmoid"),
    ]  # fmt: skip
    config = {"name": "net", "layers": [first, *rows], "input_layers": [A],
              "output_layers": [["out", 0, 0]]}  # fmt: skip
    whole = {"class_name": "Functional", "config": config, "keras_version": "2.9.0"}
    return json.dumps(whole).encode()


def before_1() -> bytes:
    """Return a model as Keras before 1.0 described it."""
    layers = [
        {"name": "Convolution2D", "nb_filter": 8, "nb_row": 3, "nb_col": 3, "init": "uniform",
         "border_mode": "valid", "subsample": [1, 1], "dim_ordering": "th", "activation": "linear",
         "custom_name": "conv", "input_shape": [1, 28, 28], "W_regularizer": None},
        {"name": "Flatten", "custom_name": "flatten"},
        {"name": "Dense", "output_dim": 10, "activation": "softmax", "custom_name": "dense"},
    ]  # fmt: skip
    return json.dumps({"name": "Sequential", "layers": layers, "loss": "mse"}).encode()


def descriptions() -> list[bytes]:
    """Return models as JSON."""
    return [before_1(), *map(operators, NODES)]
