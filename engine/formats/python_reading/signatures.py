"""The order in which Keras takes arguments without names; a test compares it with Keras."""

from __future__ import annotations

from engine.layers import LAYERS

_CONV = "filters kernel_size strides padding data_format dilation_rate"
_KERNEL = "activation use_bias kernel_initializer bias_initializer"
_TRANSPOSE = (
    f"filters kernel_size strides padding output_padding data_format dilation_rate {_KERNEL}"
)
_DEPTHWISE = "depthwise_initializer"
_GATED = (
    "units activation recurrent_activation use_bias kernel_initializer recurrent_initializer"
    " bias_initializer"
)
_MOVED = "height_factor width_factor fill_mode interpolation seed fill_value data_format"
_COLORS = "factor value_range data_format seed"
_SHARES = "dropout use_bias"
_LOOKUP = "max_tokens num_oov_indices mask_token oov_token vocabulary"
_SCALES = "center scale beta_initializer gamma_initializer"
_AXES = ("1D", "2D", "3D")
# Classes that differ by their axes only, or that one row says all of.
_OF_FAMILIES: dict[tuple[str, ...], str] = {
    tuple(f"Conv{n}" for n in _AXES): f"{_CONV} groups {_KERNEL}",
    ("Conv1DTranspose", "Conv2DTranspose"): _TRANSPOSE,
    ("SeparableConv1D", "SeparableConv2D"): (
        f"{_CONV} depth_multiplier activation use_bias {_DEPTHWISE} pointwise_initializer"
    ),
    ("DepthwiseConv1D", "DepthwiseConv2D"): (
        "kernel_size strides padding depth_multiplier data_format dilation_rate activation"
        f" use_bias {_DEPTHWISE} bias_initializer"
    ),
    tuple(f"ConvLSTM{n}" for n in _AXES): (
        f"{_CONV} activation recurrent_activation use_bias kernel_initializer"
    ),
    tuple(f"{kind}Pooling{n}" for kind in ("Max", "Average") for n in _AXES): (
        "pool_size strides padding data_format name"
    ),
    tuple(f"Global{kind}Pooling{n}" for kind in ("Max", "Average") for n in _AXES): (
        "data_format keepdims"
    ),
    tuple(f"Adaptive{kind}Pooling{n}" for kind in ("Max", "Average") for n in _AXES): (
        "output_size data_format"
    ),
    tuple(f"ZeroPadding{n}" for n in _AXES): "padding data_format",
    ("Cropping2D", "Cropping3D"): "cropping data_format",
    ("SpatialDropout2D", "SpatialDropout3D"): "rate data_format seed name dtype",
    ("Softmax", "Concatenate", "UnitNormalization"): "axis",
    ("Dropout", "AlphaDropout"): "rate noise_shape seed",
    ("LSTM", "LSTMCell"): f"{_GATED} unit_forget_bias",
    ("GRU", "GRUCell"): _GATED,
    ("SimpleRNN", "SimpleRNNCell"): (
        "units activation use_bias kernel_initializer recurrent_initializer bias_initializer"
    ),
    ("RandomTranslation", "RandomZoom"): _MOVED,
    ("RandomBrightness", "RandomContrast"): "factor value_range seed",
    (
        "RandomHue",
        "RandomSaturation",
        "RandomSharpness",
        "RandomColorDegeneration",
        "RandomPosterization",
    ): _COLORS,
}
_OF_CLASSES: dict[str, str] = {
    "Activation": "activation",
    "ReLU": "max_value negative_slope threshold",
    "LeakyReLU": "negative_slope",
    "PReLU": "alpha_initializer alpha_regularizer alpha_constraint shared_axes",
    "ELU": "alpha",
    "MultiHeadAttention": f"num_heads key_dim value_dim {_SHARES} output_shape attention_axes",
    "GroupQueryAttention": f"head_dim num_query_heads num_key_value_heads {_SHARES}",
    "Attention": "use_scale score_mode dropout seed",
    "AdditiveAttention": "use_scale dropout",
    "RandomFlip": "mode seed data_format",
    "RandomRotation": "factor fill_mode interpolation seed fill_value data_format",
    "RandomCrop": "height width seed data_format name",
    "RandomShear": "x_factor y_factor interpolation fill_mode fill_value data_format seed",
    "RandomPerspective": "factor scale interpolation fill_value seed data_format",
    "RandomElasticTransform": "factor scale interpolation fill_mode fill_value value_range seed",
    "RandomErasing": "factor scale fill_value value_range seed data_format",
    "RandomGrayscale": "factor data_format seed",
    "RandomInvert": "factor value_range seed data_format",
    "RandomGaussianBlur": "factor kernel_size sigma value_range data_format seed",
    "RandomColorJitter": (
        "value_range brightness_factor contrast_factor saturation_factor hue_factor seed"
    ),
    "Solarization": "addition_factor threshold_factor value_range seed",
    "AutoContrast": "value_range",
    "ContrastLimitedAdaptiveHistogramEqualization": "value_range clip_limit tile_grid_size",
    "AugMix": "value_range num_chains chain_depth factor alpha all_ops interpolation seed",
    "RandAugment": "value_range num_ops factor interpolation seed data_format",
    "MixUp": "alpha data_format seed",
    "CutMix": "factor seed data_format",
    "Bidirectional": "layer merge_mode weights backward_layer",
    "TimeDistributed": "layer",
    "SpectralNormalization": "layer power_iterations",
    "StackedRNNCells": "cells",
    "RNN": "cell return_sequences return_state go_backwards stateful unroll zero_output_for_mask",
    "Pipeline": "layers name",
    "Conv3DTranspose": (
        f"filters kernel_size strides padding data_format output_padding dilation_rate {_KERNEL}"
    ),
    "Dense": "units activation use_bias kernel_initializer bias_initializer kernel_regularizer",
    "EinsumDense": "equation output_shape activation bias_axes kernel_initializer",
    "Embedding": (
        "input_dim output_dim embeddings_initializer embeddings_regularizer"
        " embeddings_constraint mask_zero weights"
    ),
    "ReversibleEmbedding": (
        "input_dim output_dim tie_weights embeddings_initializer embeddings_regularizer"
        " embeddings_constraint mask_zero"
    ),
    "Masking": "mask_value",
    "StringLookup": f"{_LOOKUP} idf_weights invert output_mode",
    "IntegerLookup": f"{_LOOKUP} vocabulary_dtype idf_weights invert output_mode",
    "TextVectorization": (
        "max_tokens standardize split ngrams output_mode output_sequence_length"
        " pad_to_max_tokens vocabulary"
    ),
    "Hashing": "num_bins mask_value salt output_mode sparse",
    "HashedCrossing": "num_bins output_mode sparse name dtype",
    "Discretization": "bin_boundaries num_bins epsilon output_mode sparse dtype name",
    "CategoryEncoding": "num_tokens output_mode sparse",
    "Normalization": "axis mean variance invert",
    "Equalization": "value_range bins data_format",
    "Rescaling": "scale offset",
    "Resizing": "height width interpolation crop_to_aspect_ratio pad_to_aspect_ratio fill_mode",
    "CenterCrop": "height width data_format",
    "STFTSpectrogram": "mode frame_length frame_step fft_length window periodic scaling padding",
    "MelSpectrogram": (
        "fft_length sequence_stride sequence_length window sampling_rate num_mel_bins min_freq"
        " max_freq"
    ),
    "Dot": "axes normalize",
    "BatchNormalization": f"axis momentum epsilon {_SCALES}",
    "LayerNormalization": f"axis epsilon {_SCALES}",
    "GroupNormalization": f"groups axis epsilon {_SCALES}",
    "RMSNormalization": "axis epsilon",
    "SpatialDropout1D": "rate seed name dtype",
    "GaussianDropout": "rate seed",
    "GaussianNoise": "stddev seed",
    "ActivityRegularization": "l1 l2",
    "Flatten": "data_format",
    "Reshape": "target_shape",
    "Permute": "dims",
    "RepeatVector": "n",
    "Cropping1D": "cropping",
    "UpSampling1D": "size",
    "UpSampling2D": "size data_format interpolation",
    "UpSampling3D": "size data_format",
}
_BY_CLASS = {key: names for keys, names in _OF_FAMILIES.items() for key in keys} | _OF_CLASSES
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
    told = _BY_CLASS.get(key)
    return tuple(told.split()) if told is not None else spec.leading if spec is not None else ()
