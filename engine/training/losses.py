"""Losses: the number that training makes small.

Keys are Keras's full function names: an `.h5` whose loss is written "mse" does not load again.
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar, Literal

from engine.fields import Spec
from engine.registry import Registry

Target = Literal["labels", "one_hot", "binary", "values"]


class LossSpec(Spec):
    """A loss.

    Attributes:
        target: What it compares the output with: "labels" (whole class numbers), "one_hot"
            (a one for the class, zeros elsewhere), "binary" (0 or 1 for each unit), "values".
        activations: What should come last in the network; empty for anything.
        search: Further words by which it is found.
    """

    target: ClassVar[Target] = "values"
    activations: ClassVar[tuple[str, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def make(cls, keras: ModuleType) -> str:
        """Return what `compile` takes: the full name, which every saved format can hold."""
        return cls.key


LOSSES: Registry[type[LossSpec]] = Registry("loss")


@LOSSES.register("sparse_categorical_crossentropy")
class SparseCategoricalCrossentropy(LossSpec):
    """For one class out of several, with a softmax output; classes are given as numbers."""

    title, target, activations = "Sparse categorical crossentropy", "labels", ("softmax",)
    search = ("classification", "softmax", "分类", "交叉熵")


@LOSSES.register("categorical_crossentropy")
class CategoricalCrossentropy(LossSpec):
    """For one class out of several, with a softmax output; classes become one-hot vectors."""

    title, target, activations = "Categorical crossentropy", "one_hot", ("softmax",)
    search = ("classification", "softmax", "one-hot", "分类", "交叉熵")


@LOSSES.register("binary_crossentropy")
class BinaryCrossentropy(LossSpec):
    """For yes or no, with a sigmoid output of one unit."""

    title, target, activations = "Binary crossentropy", "binary", ("sigmoid", "hard_sigmoid")
    search = ("classification", "sigmoid", "二分类", "交叉熵")


@LOSSES.register("mean_squared_error")
class MeanSquaredError(LossSpec):
    """For numbers: the mean of squared differences; large errors count most."""

    title = "Mean squared error"
    search = ("regression", "mse", "回归", "均方误差")


@LOSSES.register("mean_absolute_error")
class MeanAbsoluteError(LossSpec):
    """For numbers: the mean of differences; bears outliers better than the squared error."""

    title = "Mean absolute error"
    search = ("regression", "mae", "回归", "平均绝对误差")


@LOSSES.register("huber")
class Huber(LossSpec):
    """For numbers: squared for small errors, absolute for large ones."""

    title = "Huber"
    search = ("regression", "robust", "回归")


@LOSSES.register("log_cosh")
class LogCosh(LossSpec):
    """For numbers: like Huber, but smooth everywhere."""

    title = "Log cosh"
    search = ("regression", "robust", "回归")


@LOSSES.register("mean_absolute_percentage_error")
class MeanAbsolutePercentageError(LossSpec):
    """For numbers far from zero: the mean difference in percent."""

    title = "Mean absolute percentage error"
    search = ("regression", "mape", "percent", "回归", "百分比误差")


@LOSSES.register("mean_squared_logarithmic_error")
class MeanSquaredLogarithmicError(LossSpec):
    """For numbers from 0 up: compares orders of magnitude."""

    title = "Mean squared logarithmic error"
    search = ("regression", "msle", "回归", "对数误差")


@LOSSES.register("poisson")
class Poisson(LossSpec):
    """For counts, with an output that is never negative."""

    title, activations = "Poisson", ("exponential", "softplus", "relu")
    search = ("regression", "count", "泊松", "计数")


@LOSSES.register("cosine_similarity")
class CosineSimilarity(LossSpec):
    """For vectors whose direction matters; −1 is the best value."""

    title = "Cosine similarity"
    search = ("vector", "direction", "余弦", "相似度")


@LOSSES.register("kl_divergence")
class KLDivergence(LossSpec):
    """For probabilities: how far two distributions are apart."""

    title, target, activations = "KL divergence", "one_hot", ("softmax",)
    search = ("probability", "kullback", "散度", "概率")


@LOSSES.register("hinge")
class Hinge(LossSpec):
    """For yes or no with a margin, as in support vector machines; output from −1 to 1."""

    title, target, activations = "Hinge", "binary", ("tanh", "linear")
    search = ("classification", "svm", "margin", "合页", "二分类")


@LOSSES.register("squared_hinge")
class SquaredHinge(LossSpec):
    """Hinge, squared: large errors count more."""

    title, target, activations = "Squared hinge", "binary", ("tanh", "linear")
    search = ("classification", "svm", "margin", "合页", "二分类")


@LOSSES.register("categorical_hinge")
class CategoricalHinge(LossSpec):
    """For one class out of several with a margin."""

    title, target = "Categorical hinge", "one_hot"
    search = ("classification", "svm", "margin", "合页", "分类")


@LOSSES.register("categorical_focal_crossentropy")
class CategoricalFocalCrossentropy(LossSpec):
    """Categorical crossentropy that looks away from samples it already gets right."""

    title, target, activations = "Categorical focal crossentropy", "one_hot", ("softmax",)
    search = ("classification", "imbalanced", "焦点", "分类")


@LOSSES.register("binary_focal_crossentropy")
class BinaryFocalCrossentropy(LossSpec):
    """Binary crossentropy that looks away from samples it already gets right."""

    title, target, activations = "Binary focal crossentropy", "binary", ("sigmoid", "hard_sigmoid")
    search = ("classification", "imbalanced", "焦点", "二分类")
