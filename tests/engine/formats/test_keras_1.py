"""Every layer of Keras 1 with all its arguments, as its `get_config` wrote them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers.old_files import chain, row
from hypothesis import given
from hypothesis import strategies as st

from engine.formats.keras_files.drawing import Imported, import_model
from engine.formats.keras_files.keras_1 import with_classes
from engine.formats.keras_files.legacy import modern
from engine.formats.keras_files.values import parameters
from engine.layers import LAYERS as CATALOG

L2 = {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.0005}
NONE = {
    f"{letter}_{kind}": None for letter in ("W", "b") for kind in ("regularizer", "constraint")
} | {"activity_regularizer": None}
WEIGHTED = NONE | {"init": "glorot_uniform", "activation": "relu", "bias": True, "input_dim": 3}
PICTURES = WEIGHTED | {"nb_filter": 4, "nb_row": 3, "nb_col": 2, "border_mode": "same",
    "subsample": [1, 1], "dim_ordering": "tf"}  # fmt: skip
RECURRENT = NONE | {
    "output_dim": 5, "init": "glorot_uniform", "inner_init": "orthogonal", "activation": "tanh",
    "return_sequences": True, "go_backwards": False, "stateful": False, "unroll": False,
    "consume_less": "gpu", "input_dim": 3, "input_length": 7, "U_regularizer": None,
    "dropout_W": 0.25, "dropout_U": 0.0,
}  # fmt: skip
PICTURED = {name: value for name, value in RECURRENT.items() if name != "output_dim"}
GATED = RECURRENT | {"inner_activation": "sigmoid"}
POOLED = {"pool_size": [2, 2], "strides": [2, 2], "border_mode": "valid", "dim_ordering": "tf"}
STEPS = {"stride": 2, "pool_length": 2, "border_mode": "valid"}
CONV = {"filters": 4, "kernel_size": [3, 2], "padding": "same", "activation": "relu"}
LSTM = {"units": 5, "return_sequences": True, "dropout": 0.25}
# Class, arguments, the layer of today and its parameters that are not the usual ones.
LAYERS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("Dense", WEIGHTED | {"output_dim": 7}, "Dense", {"units": 7, "activation": "relu"}),
    ("Dense", WEIGHTED | {"output_dim": 7, "W_regularizer": L2}, "Dense", {
        "units": 7, "activation": "relu",
        "kernel_regularizer": {"name": "l2", "params": {"l2": 0.0005}}}),
    ("Dense", WEIGHTED | {"output_dim": 7, "W_regularizer": {
        "name": "WeightRegularizer", "l1": 0.01, "l2": 0.0}, "activation": "linear"}, "Dense", {
        "units": 7, "kernel_regularizer": "l1"}),
    ("Dense", WEIGHTED | {"output_dim": 7, "W_constraint": {"name": "MaxNorm", "m": 3, "axis": 0},
        "b_constraint": {"name": "NonNeg"}, "bias": False}, "Dense", {
        "units": 7, "activation": "relu", "use_bias": False, "bias_constraint": "non_neg",
        "kernel_constraint": {"name": "max_norm", "params": {"max_value": 3}}}),
    ("TimeDistributedDense", WEIGHTED | {"output_dim": 7, "input_length": 4}, "Dense", {
        "units": 7, "activation": "relu"}),
    ("Activation", {"activation": "softmax"}, "Activation", {"activation": "softmax"}),
    ("Dropout", {"p": 0.25}, "Dropout", {"rate": 0.25}),
    ("SpatialDropout1D", {"p": 0.25}, "SpatialDropout1D", {"rate": 0.25}),
    ("SpatialDropout2D", {"p": 0.25, "dim_ordering": "tf"}, "SpatialDropout2D", {"rate": 0.25}),
    ("SpatialDropout3D", {"p": 0.25, "dim_ordering": "tf"}, "SpatialDropout3D", {"rate": 0.25}),
    ("Flatten", {}, "Flatten", {}),
    ("Reshape", {"target_shape": [6, 2]}, "Reshape", {"target_shape": [6, 2]}),
    ("Permute", {"dims": [3, 1, 2]}, "Permute", {"dims": [3, 1, 2]}),
    ("RepeatVector", {"n": 4}, "RepeatVector", {"n": 4}),
    ("ActivityRegularization", {"l1": 0.0, "l2": 0.25}, "ActivityRegularization", {"l2": 0.25}),
    ("Masking", {"mask_value": 1.0}, "Masking", {"mask_value": 1.0}),
    ("Convolution1D", WEIGHTED | {"nb_filter": 4, "filter_length": 3, "border_mode": "same",
        "subsample_length": 2, "input_length": 9}, "Conv1D", {
        "filters": 4, "strides": 2, "padding": "same", "activation": "relu"}),
    ("AtrousConvolution1D", WEIGHTED | {"nb_filter": 4, "filter_length": 3, "atrous_rate": 2,
        "border_mode": "valid", "subsample_length": 1, "input_length": None}, "Conv1D", {
        "filters": 4, "dilation_rate": 2, "activation": "relu"}),
    ("Convolution2D", PICTURES, "Conv2D", CONV),
    ("Convolution2D", PICTURES | {"dim_ordering": "th"}, "Conv2D", CONV | {
        "data_format": "channels_first"}),
    ("AtrousConvolution2D", PICTURES | {"atrous_rate": [2, 2]}, "Conv2D", CONV | {
        "dilation_rate": [2, 2]}),
    ("Deconvolution2D", PICTURES | {"output_shape": [None, 9, 9, 4]}, "Conv2DTranspose", CONV),
    ("Deconvolution2D", PICTURES | {"subsample": [2, 2], "output_shape": [None, 8, 8, 4]},
        "Conv2DTranspose", CONV | {"strides": [2, 2]}),
    ("Deconvolution2D", PICTURES | {"subsample": [2, 2], "output_shape": [None, 8, 8, 4],
        "border_mode": "valid"}, "Conv2DTranspose", {
        "filters": 4, "kernel_size": [3, 2], "activation": "relu", "strides": [2, 2],
        "output_padding": [1, 0]}),
    ("SeparableConvolution2D", PICTURES | {"depth_multiplier": 2, "depthwise_regularizer": None,
        "pointwise_regularizer": None, "depthwise_constraint": None,
        "pointwise_constraint": None}, "SeparableConv2D", CONV | {"depth_multiplier": 2}),
    ("Convolution3D", WEIGHTED | {"nb_filter": 4, "kernel_dim1": 3, "kernel_dim2": 2,
        "kernel_dim3": 1, "border_mode": "valid", "subsample": [1, 1, 1], "dim_ordering": "tf"},
        "Conv3D", {"filters": 4, "kernel_size": [3, 2, 1], "activation": "relu"}),
    ("UpSampling1D", {"length": 3}, "UpSampling1D", {"size": 3}),
    ("UpSampling2D", {"size": [3, 2], "dim_ordering": "tf"}, "UpSampling2D", {"size": [3, 2]}),
    ("UpSampling3D", {"size": [3, 2, 2], "dim_ordering": "tf"}, "UpSampling3D", {
        "size": [3, 2, 2]}),
    ("ZeroPadding1D", {"padding": 2}, "ZeroPadding1D", {"padding": 2}),
    ("ZeroPadding2D", {"padding": [1, 2], "dim_ordering": "tf"}, "ZeroPadding2D", {
        "padding": [1, 2]}),
    ("ZeroPadding2D", {"padding": [0, 1, 2, 3], "dim_ordering": "tf"}, "ZeroPadding2D", {
        "padding": [[0, 1], [2, 3]]}),
    ("ZeroPadding2D", {"padding": {"top_pad": 1, "right_pad": 2}, "dim_ordering": "tf"},
        "ZeroPadding2D", {"padding": [[1, 0], [0, 2]]}),
    ("ZeroPadding3D", {"padding": [1, 2, 3], "dim_ordering": "tf"}, "ZeroPadding3D", {
        "padding": [1, 2, 3]}),
    ("Cropping1D", {"cropping": [1, 2]}, "Cropping1D", {"cropping": [1, 2]}),
    ("Cropping2D", {"cropping": [[1, 2], [3, 4]], "dim_ordering": "tf"}, "Cropping2D", {
        "cropping": [[1, 2], [3, 4]]}),
    ("MaxPooling1D", STEPS, "MaxPooling1D", {}),
    ("AveragePooling1D", STEPS | {"stride": 1}, "AveragePooling1D", {"strides": 1}),
    ("MaxPooling2D", POOLED, "MaxPooling2D", {}),
    ("AveragePooling2D", POOLED | {"border_mode": "same", "strides": [1, 1]}, "AveragePooling2D", {
        "strides": [1, 1], "padding": "same"}),
    ("MaxPooling3D", POOLED | {"pool_size": [2, 2, 2], "strides": [2, 2, 2]}, "MaxPooling3D", {}),
    ("GlobalMaxPooling1D", {}, "GlobalMaxPooling1D", {}),
    ("GlobalAveragePooling2D", {"dim_ordering": "tf"}, "GlobalAveragePooling2D", {}),
    ("SimpleRNN", RECURRENT, "SimpleRNN", LSTM),
    ("LSTM", GATED | {"forget_bias_init": "one"}, "LSTM", LSTM),
    ("LSTM", GATED | {"forget_bias_init": "zero"}, "LSTM", LSTM | {"unit_forget_bias": False}),
    ("GRU", GATED, "GRU", LSTM | {"reset_after": False}),
    ("Embedding", {"input_dim": 100, "output_dim": 8, "init": "uniform", "input_length": 9,
        "activity_regularizer": None, "W_regularizer": None, "W_constraint": None,
        "mask_zero": True, "dropout": 0.0}, "Embedding", {
        "input_dim": 100, "output_dim": 8, "mask_zero": True}),
    ("BatchNormalization", {"epsilon": 1e-05, "mode": 0, "axis": -1, "momentum": 0.9,
        "gamma_regularizer": None, "beta_regularizer": None}, "BatchNormalization", {
        "epsilon": 1e-05, "momentum": 0.9}),
    ("BatchNormalization", {"epsilon": 1e-05, "mode": 1, "axis": -1, "momentum": 0.9},
        "LayerNormalization", {"epsilon": 1e-05}),
    ("GaussianNoise", {"sigma": 0.25}, "GaussianNoise", {"stddev": 0.25}),
    ("GaussianDropout", {"p": 0.25}, "GaussianDropout", {"rate": 0.25}),
    ("LeakyReLU", {"alpha": 0.25}, "LeakyReLU", {"negative_slope": 0.25}),
    ("PReLU", {"init": "zero", "shared_axes": [1, 2]}, "PReLU", {"shared_axes": [1, 2]}),
    ("ELU", {"alpha": 0.5}, "ELU", {"alpha": 0.5}),
    ("ThresholdedReLU", {"theta": 0.5}, "ReLU", {"threshold": 0.5}),
    ("ConvLSTM2D", PICTURED | {"nb_filter": 4, "nb_row": 3, "nb_col": 3, "border_mode": "valid",
        "subsample": [1, 1], "dim_ordering": "tf", "inner_activation": "sigmoid",
        "forget_bias_init": "one", "dropout_W": 0.0}, "ConvLSTM2D", {
        "filters": 4, "return_sequences": True}),
    ("TimeDistributed", {"layer": row("Dense", "inner", output_dim=7, bias=True)},
        "TimeDistributed", {"layer": {"layer": "Dense", "params": {"units": 7}}}),
    ("Bidirectional", {"layer": row("GRU", "inner", **GATED), "merge_mode": "sum"},
        "Bidirectional", {"merge_mode": "sum", "layer": {
            "layer": "GRU", "params": LSTM | {"reset_after": False}}}),
]  # fmt: skip


def imported(path: Path, model: dict[str, Any]) -> Imported:
    path.write_text(json.dumps(model))
    return import_model(path)


def shown(params: dict[str, Any]) -> Any:
    """Return parameters without their usual size, which some layers write for one or all axes."""
    return json.loads(json.dumps(params))


@pytest.mark.parametrize(("kind", "config", "expected", "params"), LAYERS)
def test_layers(
    kind: str, config: dict[str, Any], expected: str, params: dict[str, Any], tmp_path: Path
) -> None:
    found = imported(tmp_path / "m.json", chain((8, 8, 3), row(kind, "it", **config)))
    assert not [str(remark.message) for remark in found.remarks]
    node = found.document.network.nodes["it"]
    assert (node.layer, shown(node.params)) == (expected, params)
    assert not CATALOG.get(node.layer).check(node.params)


@pytest.mark.parametrize(
    ("kind", "config", "told"),
    [
        ("MaxoutDense", {"output_dim": 7, "nb_feature": 4}, "MaxoutDense"),
        ("Highway", {"transform_bias": -2}, "Highway"),
        ("SReLU", {}, "SReLU"),
        ("ParametricSoftplus", {}, "ParametricSoftplus"),
        ("LocallyConnected2D", PICTURES, "LocallyConnected2D"),
        ("BatchNormalization", {"mode": 2, "axis": -1}, "mode = 2"),
        ("Embedding", {"input_dim": 10, "output_dim": 2, "dropout": 0.5}, "dropout = 0.5"),
        ("Deconvolution2D", PICTURES | {"output_shape": ["?", "?"]}, "output_shape"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_named(
    kind: str, config: dict[str, Any], told: str, tmp_path: Path
) -> None:
    found = imported(tmp_path / "m.json", chain((8, 8, 3), row(kind, "it", **config)))
    assert [told in str(remark.message) for remark in found.remarks] == [True]


MERGE = {"output_shape": None, "output_shape_type": "raw", "output_mask": None, "arguments": {},
    "output_mask_type": "raw", "mode_type": "raw", "concat_axis": -1, "dot_axes": -1}  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "more", "expected", "params"),
    [
        ("sum", {}, "Add", {}),
        ("mul", {}, "Multiply", {}),
        ("ave", {}, "Average", {}),
        ("max", {}, "Maximum", {}),
        ("concat", {"concat_axis": 1}, "Concatenate", {"axis": 1}),
        ("dot", {}, "Dot", {}),
        ("dot", {"dot_axes": [[1], [2]]}, "Dot", {"axes": [1, 2]}),
        ("cos", {"dot_axes": [1, 1]}, "Dot", {"axes": [1, 1], "normalize": True}),
    ],
)
def test_merges(
    mode: str, more: dict[str, Any], expected: str, params: dict[str, Any], tmp_path: Path
) -> None:
    model = chain((8, 3), row("Dropout", "a", p=0.5), row("Merge", "it", mode=mode, **MERGE | more))
    model["config"]["layers"][-1]["inbound_nodes"] = [[["image", 0, 0], ["a", 0, 0]]]
    found = imported(tmp_path / "m.json", model)
    assert not found.remarks
    node = found.document.network.nodes["it"]
    assert (node.layer, node.params) == (expected, params)
    assert [edge.source for edge in found.document.network.inputs("it")] == ["image", "a"]


def test_a_merge_by_code_is_kept_unread(tmp_path: Path) -> None:
    it = row("Merge", "it", **MERGE | {"mode": ["4wEAAAAA", None, None], "mode_type": "lambda"})
    found = imported(tmp_path / "m.json", chain((3,), it))
    assert [remark.opaque for remark in found.remarks] == [True]


def test_a_sequential_model_may_begin_with_branches(tmp_path: Path) -> None:
    def branch(name: str, size: int) -> dict[str, Any]:
        dense = {"name": name, "output_dim": 4, "batch_input_shape": [None, size], "bias": True}
        return {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": dense}]}

    merge = {"name": "merge_1", "mode": "concat", **MERGE}
    merge["layers"] = [branch("left", 3), branch("right", 5)]
    out = {"name": "out", "output_dim": 2, "bias": True}
    model = {
        "class_name": "Sequential",
        "config": [
            {"class_name": "Merge", "config": merge},
            {"class_name": "Dense", "config": out},
        ],
        "keras_version": "1.2.2",
    }
    found = imported(tmp_path / "m.json", model)
    assert not found.remarks
    network = found.document.network
    shapes = [node.params["shape"] for node in network.ordered() if node.layer == "Input"]
    assert shapes == [[3], [5]]
    assert [edge.source for edge in network.inputs("merge_1")] == ["left", "right"]
    assert [edge.source for edge in network.inputs("out")] == ["merge_1"]


def test_descriptions_before_1_0(tmp_path: Path) -> None:
    layers = [
        {"name": "Convolution2D", "nb_filter": 8, "nb_row": 3, "nb_col": 3, "init": "uniform",
            "border_mode": "valid", "subsample": [1, 1], "dim_ordering": "th",
            "activation": "linear", "custom_name": "convolution2d", "input_shape": [1, 28, 28],
            "W_regularizer": None, "input_dim": None},
        {"name": "Activation", "activation": "relu", "custom_name": "activation"},
        {"name": "Flatten", "custom_name": "flatten"},
        {"name": "Dense", "output_dim": 10, "activation": "softmax", "custom_name": "dense"},
    ]  # fmt: skip
    model = {"name": "Sequential", "layers": layers, "loss": "mse"}
    found = imported(tmp_path / "m.json", model)
    assert not found.remarks
    kinds = [(node.id, node.layer) for node in found.document.network.ordered()]
    assert kinds[1:] == [
        ("convolution2d", "Conv2D"),
        ("activation", "Activation"),
        ("flatten", "Flatten"),
        ("dense", "Dense"),
    ]
    assert found.document.network.ordered()[0].params == {"shape": [1, 28, 28]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["th", "same", "one", "sum"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "class_name", "config", "top_pad"]), inner)
    ),
    max_leaves=6,
)
KINDS = sorted({kind for kind, _, _, _ in LAYERS} | {"Merge", "ZeroPadding2D"})
NAMES = sorted({name for _, config, _, _ in LAYERS for name in config} | {"mode", "dot_axes"})


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6))
def test_whatever_is_told_of_a_layer_is_understood_or_left(
    kind: str, config: dict[str, Any]
) -> None:
    found, words = modern(kind, config)
    spec = CATALOG.find(found)
    if spec is not None:
        parameters(spec, words, (1, 2))


@given(st.lists(JSON, max_size=3))
def test_whatever_stood_before_1_0_is_a_description_or_not(layers: list[Any]) -> None:
    found = with_classes({"name": "Sequential", "layers": layers})
    assert len(found["config"]) == len(layers)
