"""Metrics: numbers that are watched while training, but not trained on."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from engine.fields import Spec
from engine.registry import Registry
from engine.training.losses import Target

CLASSES: tuple[Target, ...] = ("labels", "one_hot", "binary")


class MetricSpec(Spec):
    """A metric.

    Attributes:
        keras: Name of the class in `keras.metrics`; empty where Keras chooses by the output.
        targets: The losses' targets that it can be used with.
        percent: Whether it lies between 0 and 1 and reads best in percent.
        search: Further words by which it is found.
    """

    keras: ClassVar[str] = ""
    targets: ClassVar[tuple[Target, ...]] = ("values",)
    percent: ClassVar[bool] = False
    search: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def make(cls, keras: ModuleType) -> Any:
        """Return what `compile` takes: a new Keras metric named by its key, or that name."""
        return getattr(keras.metrics, cls.keras)(name=cls.key) if cls.keras else cls.key


METRICS: Registry[type[MetricSpec]] = Registry("metric")


@METRICS.register("accuracy")
class Accuracy(MetricSpec):
    """Part of the samples whose class is right."""

    title, targets, percent = "Accuracy", CLASSES, True
    search = ("classification", "准确率", "正确率")


@METRICS.register("sparse_top_k_categorical_accuracy")
class SparseTopK(MetricSpec):
    """Part of the samples whose class is among the five most probable."""

    title, targets, percent = "Top-5 accuracy", ("labels",), True
    keras = "SparseTopKCategoricalAccuracy"
    search = ("top 5", "classification", "准确率")


@METRICS.register("top_k_categorical_accuracy")
class TopK(MetricSpec):
    """Part of the samples whose class is among the five most probable (one-hot targets)."""

    title, targets, percent = "Top-5 accuracy (one-hot)", ("one_hot",), True
    keras = "TopKCategoricalAccuracy"
    search = ("top 5", "classification", "准确率")


@METRICS.register("precision")
class Precision(MetricSpec):
    """Part of the samples called “yes” that are."""

    title, targets, percent = "Precision", ("binary", "one_hot"), True
    keras = "Precision"
    search = ("binary", "精确率", "查准率")


@METRICS.register("recall")
class Recall(MetricSpec):
    """Part of the true “yes” samples that are found."""

    title, targets, percent = "Recall", ("binary", "one_hot"), True
    keras = "Recall"
    search = ("binary", "sensitivity", "召回率", "查全率")


@METRICS.register("auc")
class AUC(MetricSpec):
    """Area under the ROC curve: 1 is perfect, 0.5 is guessing. Wants outputs from 0 to 1."""

    title, targets = "AUC", ("binary", "one_hot")
    keras = "AUC"
    search = ("roc", "binary", "曲线下面积")


@METRICS.register("mean_absolute_error")
class MeanAbsoluteErrorMetric(MetricSpec):
    """Mean difference, in the unit of the target."""

    title, keras = "Mean absolute error", "MeanAbsoluteError"
    search = ("regression", "mae", "平均绝对误差")


@METRICS.register("mean_squared_error")
class MeanSquaredErrorMetric(MetricSpec):
    """Mean squared difference."""

    title, keras = "Mean squared error", "MeanSquaredError"
    search = ("regression", "mse", "均方误差")


@METRICS.register("root_mean_squared_error")
class RootMeanSquaredError(MetricSpec):
    """Root of the mean squared difference, in the unit of the target."""

    title, keras = "Root mean squared error", "RootMeanSquaredError"
    search = ("regression", "rmse", "均方根误差")


@METRICS.register("mean_absolute_percentage_error")
class MeanAbsolutePercentageErrorMetric(MetricSpec):
    """Mean difference in percent of the target."""

    title, keras = "Mean absolute percentage error", "MeanAbsolutePercentageError"
    search = ("regression", "mape", "百分比误差")


@METRICS.register("r2_score")
class R2Score(MetricSpec):
    """Part of the target's variance that the network explains; 1 is perfect."""

    title, keras = "R² score", "R2Score"
    search = ("regression", "determination", "决定系数")


@METRICS.register("cosine_similarity")
class CosineSimilarityMetric(MetricSpec):
    """How well the directions of vectors agree; 1 is the best value."""

    title, keras = "Cosine similarity", "CosineSimilarity"
    search = ("vector", "direction", "余弦")
