"""Small tables that come with scikit-learn: no download."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.datasets.spec import DATASETS, Dataset, DatasetSpec, Floats, SourceCode, Targets
from engine.datasets.split import SPLIT_IMPORT, SplitFields, split, split_code
from engine.fields import Bool, Params


class Standardized:
    """Whether columns are brought to one scale."""

    standardize = Bool(
        True,
        label="Standardize columns",
        help="Whether each column is brought to mean 0 and standard deviation 1, "
        "as measured on the training samples. Networks learn badly without.",
    )


def standardized(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Bring columns to mean 0 and deviation 1 as measured on the training samples."""
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    return (
        ((train - mean) / deviation).astype(np.float32),
        ((test - mean) / deviation).astype(np.float32),
    )


class Table(DatasetSpec):
    """What the tables share; no source of its own."""

    loader: ClassVar[str] = ""

    @classmethod
    def load(cls, params: Params, context: object = None) -> Dataset:
        import sklearn.datasets

        values = cls.complete(params)
        kwargs = {"scaled": False} if cls.task == "values" else {}
        bunch = getattr(sklearn.datasets, cls.loader)(**kwargs)
        x = bunch.data.astype(np.float64)
        y: Targets = bunch.target
        labels = y.astype(np.int64) if cls.task == "classes" else None
        train, test = split(len(x), values["test_split"], values["seed"], labels)
        x_train, x_test = x[train].astype(np.float32), x[test].astype(np.float32)
        if values["standardize"]:
            x_train, x_test = standardized(x[train], x[test])
        mean, scale = 0.0, 1.0
        if labels is None:
            if values["standardize_target"]:
                mean, scale = float(y[train].mean()), float(y[train].std())
            y = ((y - mean) / scale).astype(np.float32)
        else:
            y = labels
        return Dataset(
            x_train=x_train,
            y_train=y[train],
            x_test=x_test,
            y_test=y[test],
            task="values" if labels is None else "classes",
            title=cls.title,
            class_names=cls.class_names,
            feature_names=tuple(name.replace("_", " ") for name in bunch.feature_names),
            target_names=() if labels is not None else ("disease progression",),
            target_mean=mean,
            target_scale=scale,
            source="scikit-learn",
        )

    @classmethod
    def code(cls, params: Params) -> SourceCode:
        values = cls.complete(params)
        classes = cls.task == "classes"
        imports = [f"from sklearn.datasets import {cls.loader}", SPLIT_IMPORT]
        body = f"data = {cls.loader}({'' if classes else 'scaled=False'})\n"
        body += split_code("data.data", "data.target", values, stratify=classes)
        if values["standardize"]:
            imports.append("from sklearn.preprocessing import StandardScaler")
            body += (
                "scaler = StandardScaler().fit(x_train)\n"
                "x_train, x_test = scaler.transform(x_train), scaler.transform(x_test)\n"
            )
        if not classes and values["standardize_target"]:
            body += (
                "mean, deviation = y_train.mean(), y_train.std()\n"
                "y_train, y_test = (y_train - mean) / deviation, (y_test - mean) / deviation\n"
            )
        return SourceCode(body, tuple(imports))


@DATASETS.register("iris")
class Iris(Standardized, SplitFields, Table):
    """150 iris flowers of three kinds, each with four measurements in centimetres."""

    title, task, sample_shape, loader = "Iris", "classes", (4,), "load_iris"
    class_names = ("setosa", "versicolor", "virginica")
    search = ("flower", "table", "classification", "鸢尾花", "表格", "分类")


@DATASETS.register("wine")
class Wine(Standardized, SplitFields, Table):
    """178 wines from three growers, each with 13 chemical measurements."""

    title, task, sample_shape, loader = "Wine", "classes", (13,), "load_wine"
    class_names = ("class 0", "class 1", "class 2")
    search = ("table", "classification", "葡萄酒", "表格", "分类")


@DATASETS.register("breast_cancer")
class BreastCancer(Standardized, SplitFields, Table):
    """569 samples of breast tissue, malignant or benign, each with 30 measurements."""

    title, task, sample_shape, loader = "Breast cancer", "classes", (30,), "load_breast_cancer"
    class_names = ("malignant", "benign")
    search = ("table", "binary", "medicine", "乳腺癌", "表格", "二分类")


@DATASETS.register("diabetes")
class Diabetes(Standardized, SplitFields, Table):
    """442 patients with ten measurements each, and how far their diabetes went in a year."""

    title, task, sample_shape, loader = "Diabetes", "values", (10,), "load_diabetes"
    search = ("table", "regression", "medicine", "糖尿病", "表格", "回归")
    standardize_target = Bool(
        True,
        label="Standardize target",
        help="Whether the number to predict (25 to 346) is brought to mean 0 and standard "
        "deviation 1 too. Then errors are in standard deviations, about 77 points each; "
        "without, a network needs far more epochs.",
    )
