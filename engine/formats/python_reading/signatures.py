"""The order in which Keras takes arguments without names; a test compares it with Keras."""

from __future__ import annotations

from engine.layers import LAYERS

_CONV = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")
_TRANSPOSE = (*_CONV[:4], "output_padding", *_CONV[4:], "activation", "use_bias")
_SEPARABLE = (*_CONV, "depth_multiplier", "activation", "use_bias")
_POOLING = ("pool_size", "strides", "padding", "data_format")
_GLOBAL = ("data_format", "keepdims")
_NORMALIZATION = ("axis", "momentum", "epsilon", "center", "scale")
_RECURRENT = ("units", "activation", "recurrent_activation", "use_bias")
_OF_CLASSES: dict[str, tuple[str, ...]] = {
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "LeakyReLU": ("negative_slope",),
    "PReLU": ("alpha_initializer", "alpha_regularizer", "alpha_constraint", "shared_axes"),
    "ELU": ("alpha",),
    "Softmax": ("axis",),
    "Conv1D": (*_CONV, "groups", "activation", "use_bias"),
    "Conv2D": (*_CONV, "groups", "activation", "use_bias"),
    "Conv1DTranspose": _TRANSPOSE,
    "Conv2DTranspose": _TRANSPOSE,
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    "DepthwiseConv2D": ("kernel_size", "strides", "padding", "depth_multiplier", "data_format"),
    "Dense": ("units", "activation", "use_bias", "kernel_initializer", "bias_initializer"),
    "Masking": ("mask_value",),
    "Concatenate": ("axis",),
    "Dot": ("axes", "normalize"),
    "BatchNormalization": _NORMALIZATION,
    "LayerNormalization": ("axis", "epsilon", "center", "scale"),
    "GroupNormalization": ("groups", "axis", "epsilon", "center", "scale"),
    "UnitNormalization": ("axis",),
    "Rescaling": ("scale", "offset"),
    "MaxPooling1D": _POOLING,
    "MaxPooling2D": _POOLING,
    "AveragePooling1D": _POOLING,
    "AveragePooling2D": _POOLING,
    "GlobalMaxPooling1D": _GLOBAL,
    "GlobalMaxPooling2D": _GLOBAL,
    "GlobalAveragePooling1D": _GLOBAL,
    "GlobalAveragePooling2D": _GLOBAL,
    "SimpleRNN": ("units", "activation", "use_bias", "kernel_initializer"),
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
    "Bidirectional": ("layer", "merge_mode"),
    "Dropout": ("rate", "noise_shape", "seed"),
    "SpatialDropout1D": ("rate", "seed"),
    "SpatialDropout2D": ("rate", "data_format", "seed"),
    "AlphaDropout": ("rate", "noise_shape", "seed"),
    "GaussianDropout": ("rate", "seed"),
    "GaussianNoise": ("stddev", "seed"),
    "Flatten": ("data_format",),
    "ZeroPadding2D": ("padding", "data_format"),
    "Cropping2D": ("cropping", "data_format"),
    "UpSampling2D": ("size", "data_format", "interpolation"),
}
# Of Keras 1, whose classes have other names.
_OLD: dict[str, tuple[str, ...]] = {
    "Convolution1D": ("nb_filter", "filter_length"),
    "Convolution2D": ("nb_filter", "nb_row", "nb_col"),
    "Convolution3D": ("nb_filter", "kernel_dim1", "kernel_dim2", "kernel_dim3"),
}


def positional(kind: str, key: str) -> tuple[str, ...]:
    """Return the names of the first arguments of a layer's class, in their order.

    Args:
        kind: The class as the script names it.
        key: The layer's key in the catalog.
    """
    if kind in _OLD:
        return _OLD[kind]
    spec = LAYERS.find(key)
    return _OF_CLASSES.get(key, spec.leading if spec is not None else ())
