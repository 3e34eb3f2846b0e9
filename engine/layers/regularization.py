"""Regularization: disturbs training on purpose, so that the network does not learn by heart.

These layers act only while training; for prediction they pass everything through.
"""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Float, Params, Shape
from engine.layers.common import ImageFormat, seed_field
from engine.layers.spec import LAYERS, LayerSpec


class Rate:
    """How much is dropped."""

    rate = Float(
        0.5,
        min=0,
        max=1,
        open_max=True,
        label="Rate",
        help="Part that is dropped while training; 0.5 drops every second one.",
    )
    seed = seed_field()


class Noise:
    """Which values are dropped together."""

    noise_shape = Shape(
        None,
        optional=True,
        advanced=True,
        label="Noise shape",
        help="Sizes of all axes, that of the samples too, of which 1 drops an axis as a whole:"
        " ?, 1, 1, 1 drops whole images. Empty drops each value by itself.",
    )


class Dropping(LayerSpec):
    """What layers with a rate share; no layer of its own."""

    category = "regularization"
    leading = ("rate",)

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("rate {rate}", rate=params["rate"])


@LAYERS.register("Dropout")
class Dropout(Rate, Noise, Dropping):
    """Sets random values to zero while training, and scales up the others."""

    title = "Dropout"
    search = ("overfitting", "drop", "丢弃", "随机失活", "过拟合")


@LAYERS.register("SpatialDropout1D")
class SpatialDropout1D(Rate, Dropping):
    """Sets whole channels of a sequence to zero while training."""

    title, ranks = "SpatialDropout1D", (3,)
    search = ("overfitting", "drop", "channel", "丢弃", "空间丢弃")


@LAYERS.register("SpatialDropout2D")
class SpatialDropout2D(Rate, ImageFormat, Dropping):
    """Sets whole channels of an image to zero while training."""

    title, ranks = "SpatialDropout2D", (4,)
    search = ("overfitting", "drop", "channel", "丢弃", "空间丢弃")


@LAYERS.register("SpatialDropout3D")
class SpatialDropout3D(Rate, ImageFormat, Dropping):
    """Sets whole channels of a volume to zero while training."""

    title, ranks = "SpatialDropout3D", (5,)
    search = ("overfitting", "drop", "channel", "volume", "丢弃", "空间丢弃")


@LAYERS.register("AlphaDropout")
class AlphaDropout(Rate, Noise, Dropping):
    """Dropout that keeps mean and variance, for networks with selu."""

    title = "AlphaDropout"
    search = ("overfitting", "selu", "drop", "丢弃")


@LAYERS.register("GaussianDropout")
class GaussianDropout(Rate, Dropping):
    """Multiplies by random numbers around 1 while training; a softer dropout."""

    title = "GaussianDropout"
    search = ("overfitting", "noise", "drop", "丢弃", "高斯")


@LAYERS.register("GaussianNoise")
class GaussianNoise(LayerSpec):
    """Adds random noise while training."""

    title, category, leading = "GaussianNoise", "regularization", ("stddev",)
    search = ("noise", "overfitting", "augment", "噪声", "高斯噪声")
    stddev = Float(
        0.1,
        min=0,
        max=1,
        label="Standard deviation",
        help="Strength of the noise; compare it with the spread of the values.",
    )
    seed = seed_field()

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("σ {stddev}", stddev=params["stddev"])


@LAYERS.register("ActivityRegularization")
class ActivityRegularization(LayerSpec):
    """Adds a penalty on large values to the loss, and passes them through unchanged."""

    title, category = "ActivityRegularization", "regularization"
    search = ("penalty", "sparse", "l1", "l2", "正则化", "稀疏")
    l1 = Float(0.0, min=0, label="L1", help="Weight of the sum of absolute values.")
    l2 = Float(0.0, min=0, label="L2", help="Weight of the sum of squares.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("L1 {l1}, L2 {l2}", l1=params["l1"], l2=params["l2"])
