"""What Keras 1 and 2 called by other names, brought to the words of Keras 3."""

from __future__ import annotations

from typing import Any

from engine.formats.keras_files.keras_1 import reshaped

Config = dict[str, Any]

CLASSES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "AtrousConv1D": "Conv1D",
    "AtrousConv2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3DTranspose": "Conv3DTranspose",
    "DepthwiseConvolution2D": "DepthwiseConv2D",
    "TimeDistributedDense": "Dense",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
    "LSTMV2": "LSTM",
    "GRUV2": "GRU",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
    "ThresholdedReLU": "ReLU",
    "AveragePooling1d": "AveragePooling1D",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "GroupedQueryAttention": "GroupQueryAttention",
    "Functional": "Model",
}
# Merge of Keras 1, by its mode.
MERGES = {
    "sum": "Add",
    "mul": "Multiply",
    "concat": "Concatenate",
    "ave": "Average",
    "max": "Maximum",
    "dot": "Dot",
    "cos": "Dot",
}
# What Merge was told besides, for all modes at once.
OF_MERGE = (
    "node_indices",
    "tensor_indices",
    "output_mask",
    "mode_type",
    "output_mask_type",
    "layers",
    "output_shape_type",
)
# Old names of arguments wherever they occur; what is only some classes' follows below.
ARGUMENTS = {
    "nb_filter": "filters",
    "nb_kernel": "filters",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "filter_length": "kernel_size",
    "atrous_rate": "dilation_rate",
    "dim_ordering": "data_format",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "forget_bias_init": "unit_forget_bias",
    "W_regularizer": "kernel_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "U_constraint": "recurrent_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "pool_length": "pool_size",
    "stride": "strides",
    "p": "rate",
    "gamma_init": "gamma_initializer",
    "beta_init": "beta_initializer",
}
OF_CLASSES: dict[str, dict[str, str]] = {
    "Dense": {"output_dim": "units"},
    "SimpleRNN": {"output_dim": "units"},
    "LSTM": {"output_dim": "units"},
    "GRU": {"output_dim": "units"},
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "GaussianNoise": {"sigma": "stddev"},
    "LeakyReLU": {"alpha": "negative_slope"},
    "PReLU": {"init": "alpha_initializer"},
    "UpSampling1D": {"length": "size"},
    "ReLU": {"theta": "threshold"},
    "Dot": {"dot_axes": "axes"},
    "Concatenate": {"concat_axis": "axis"},
}
DEPTHWISE = {
    "kernel_initializer": "depthwise_initializer",
    "kernel_regularizer": "depthwise_regularizer",
    "kernel_constraint": "depthwise_constraint",
}
ORDERINGS = {"tf": "channels_last", "th": "channels_first", "default": None}
OLD_INITIALIZERS = {
    "normal": "random_normal",
    "uniform": "random_uniform",
    "zero": "zeros",
    "one": "ones",
}


def modern(kind: str, config: Config) -> tuple[str, Config]:
    """Return a layer's class and arguments in the words of Keras 3.

    Args:
        kind: The class's name in the file.
        config: Its arguments in the file; left as they are.
    """
    config = dict(config)
    old, kind = kind, CLASSES.get(kind, kind)
    if old == "Merge":
        kind = MERGES.get(str(config.get("mode")), "Merge")
    own = OF_CLASSES.get(kind, {})
    found = {own.get(name, ARGUMENTS.get(name, name)): value for name, value in config.items()}
    _kernel_size(found)
    _spell_values(found)
    _meanings(old, kind, found)
    return reshaped(old, kind, found), found


def _meanings(old: str, kind: str, config: Config) -> None:
    """Write down what old classes meant without saying so."""
    if old == "Merge":
        if config.get("mode") == "cos":
            config["normalize"] = True
        own = {"Concatenate": "axis", "Dot": "axes"}.get(kind)
        for name in ("mode", "axis", "concat_axis", "axes", "dot_axes", *OF_MERGE):
            if name != own:
                config.pop(name, None)
    if old in ("CuDNNLSTM", "CuDNNGRU"):
        config |= {"activation": "tanh", "recurrent_activation": "sigmoid"}
    if kind == "GRU":
        # Keras 2 began with False; cuDNN's and those of TensorFlow 2 apply it after.
        config.setdefault("reset_after", old in ("CuDNNGRU", "GRUV2"))
    if kind in ("DepthwiseConv2D", "DepthwiseConv1D"):
        for before, after in DEPTHWISE.items():
            if before in config:
                config.setdefault(after, config.pop(before))
    _drop_what_repeats(kind, config)
    if old == "SyncBatchNormalization":
        config["synchronized"] = True


def _drop_what_repeats(kind: str, config: Config) -> None:
    """Leave out what follows from other arguments."""
    if kind == "Bidirectional" and _mirrors(config.get("backward_layer"), config.get("layer")):
        del config["backward_layer"]
    if kind == "Discretization" and config.get("bin_boundaries") is not None:
        config["num_bins"] = None  # It says where the boundaries have come from.


def _spell_values(config: Config) -> None:
    for name, value in config.items():
        if name == "data_format" and isinstance(value, str) and value in ORDERINGS:
            config[name] = ORDERINGS[value]
        elif name.endswith("_initializer") and isinstance(value, str):
            config[name] = OLD_INITIALIZERS.get(value, value)
        elif name == "axis" and isinstance(value, list) and len(value) == 1:
            config[name] = value[0]  # So old files write the axis of a normalization.
    if isinstance(config.get("unit_forget_bias"), str):
        config["unit_forget_bias"] = config["unit_forget_bias"] == "one"


def _mirrors(backward: Any, forward: Any) -> bool:
    """Return whether the layer that reads backwards is the other's mirror image, as usual."""
    if not isinstance(backward, dict) or not isinstance(forward, dict):
        return False
    configs = [side.get("config") or {} for side in (backward, forward)]
    if not all(isinstance(config, dict) for config in configs):
        return False
    ends = [dict(config) for config in configs]
    turned = [end.pop("go_backwards", None) for end in ends]
    for end in ends:
        end.pop("name", None)
        for name, value in end.items():  # Keras 3 numbers the objects that it shares.
            if isinstance(value, dict):
                end[name] = {key: item for key, item in value.items() if key != "shared_object_id"}
    return ends[0] == ends[1] and turned[0] is not turned[1]


def _kernel_size(config: Config) -> None:
    """Join the sizes that Keras 1 named one by one."""
    for names, goal in (
        (("nb_row", "nb_col"), "kernel_size"),
        (("kernel_dim1", "kernel_dim2", "kernel_dim3"), "kernel_size"),
    ):
        if all(name in config for name in names):
            config[goal] = [config.pop(name) for name in names]
