"""MNIST, as Keras downloads and keeps it."""

from __future__ import annotations

import numpy as np

from engine.datasets.pictures import scaled_bytes
from engine.datasets.spec import DATASETS, Context, Dataset, DatasetSpec, SourceCode
from engine.errors import DataProblem
from engine.fields import Params


@DATASETS.register("mnist")
class Mnist(DatasetSpec):
    """70,000 handwritten digits, 28×28 pixels; Keras downloads them once (11 MB)."""

    title, task, sample_shape, picture = "MNIST", "classes", (28, 28, 1), True
    class_names = tuple("0123456789")
    search = ("digits", "image", "handwriting", "手写数字", "图像", "分类")

    @classmethod
    def load(cls, params: Params, context: Context | None = None) -> Dataset:
        try:
            if context is None:
                raise OSError("no engine")
            (x_train, y_train), (x_test, y_test) = context.keras_dataset("mnist")
        except Exception as error:  # Keras raises plain Exception where it cannot download.
            raise DataProblem(
                "MNIST could not be downloaded: connect to the internet, or choose “NumPy file” "
                "with an .npz file that holds x_train, y_train, x_test and y_test."
            ) from error
        return Dataset(
            x_train=scaled_bytes(x_train),
            y_train=y_train.astype(np.int64),
            x_test=scaled_bytes(x_test),
            y_test=y_test.astype(np.int64),
            task="classes",
            title=cls.title,
            class_names=cls.class_names,
            source="keras.datasets",
        )

    @classmethod
    def code(cls, params: Params) -> SourceCode:
        return SourceCode(
            "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()\n"
            'x_train = x_train[..., np.newaxis].astype("float32") / 255\n'
            'x_test = x_test[..., np.newaxis].astype("float32") / 255\n'
        )
