"""Handwritten digits that come with scikit-learn: no download."""

from __future__ import annotations

import numpy as np

from engine.datasets.pictures import enlarged
from engine.datasets.spec import DATASETS, Dataset, DatasetSpec, SourceCode
from engine.datasets.split import SPLIT_IMPORT, SplitFields, split, split_code
from engine.fields import Int, Params

SIDE = 8
DARKEST = 16.0


@DATASETS.register("digits")
class Digits(SplitFields, DatasetSpec):
    """1,797 real handwritten digits, 8×8 pixels, from scikit-learn; works offline."""

    title, task, sample_shape, picture = "Digits", "classes", (SIDE, SIDE, 1), True
    class_names = tuple("0123456789")
    search = ("mnist", "image", "handwriting", "手写数字", "图像", "分类")
    size = Int(
        SIDE,
        min=SIDE,
        max=64,
        unit="px",
        label="Size",
        help="Height and width: 8 as they are, larger ones smoothly enlarged; "
        "28 suits networks made for MNIST.",
    )

    @classmethod
    def shape_of(cls, params: Params) -> tuple[int, ...]:
        size = cls.complete(params)["size"]
        return (size, size, 1)

    @classmethod
    def load(cls, params: Params, context: object = None) -> Dataset:
        from sklearn.datasets import load_digits

        values = cls.complete(params)
        bunch = load_digits()
        images = (bunch.images / DARKEST).astype(np.float32)
        if values["size"] != SIDE:
            images = enlarged(images, values["size"])
        images = images[..., np.newaxis]
        labels = bunch.target.astype(np.int64)
        train, test = split(len(images), values["test_split"], values["seed"], labels)
        return Dataset(
            x_train=images[train],
            y_train=labels[train],
            x_test=images[test],
            y_test=labels[test],
            task="classes",
            title=cls.title,
            class_names=cls.class_names,
            source="scikit-learn",
        )

    @classmethod
    def code(cls, params: Params) -> SourceCode:
        values = cls.complete(params)
        body = (
            "digits = load_digits()\n"
            'images = digits.images[..., np.newaxis].astype("float32") / 16\n'
        )
        if values["size"] != SIDE:
            size = (values["size"], values["size"])
            body += (
                f"images = keras.ops.image.resize(images, {size!r})\n"
                "images = keras.ops.convert_to_numpy(images)\n"
            )
        body += split_code("images", "digits.target", values, stratify=True)
        return SourceCode(body, ("from sklearn.datasets import load_digits", SPLIT_IMPORT))
