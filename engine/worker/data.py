"""Data for training: sources loaded once, arrays in the shapes that a model takes."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import keras
import msgspec
import numpy as np
import numpy.typing as npt

from engine.datasets import (
    DATASETS,
    Dataset,
    DatasetSpec,
    fit_inputs,
    fit_targets,
    split_validation,
)
from engine.errors import DataProblem
from engine.graph.document import Part, Recipe
from engine.ipc.messages import DataInfo
from engine.training import LOSSES
from engine.worker.keras_data import KerasData

Arrays = list[npt.NDArray[Any]]

PREVIEW_SAMPLES = 120


@dataclass(frozen=True)
class TrainingData:
    """Arrays as a model takes them: one of inputs for each input, one of targets an output."""

    inputs: Arrays
    targets: Arrays
    validation_inputs: Arrays
    validation_targets: Arrays
    test_inputs: Arrays
    test_targets: Arrays


class DataStore:
    """Loads data sources and keeps the latest ones; may be used by several threads.

    Nobody waits for a source but those who want it, and it is loaded once.
    """

    MOST_KEPT = 4

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: OrderedDict[bytes, Dataset] = OrderedDict()
        # One for each source that is being loaded.
        self._loading: WeakValueDictionary[bytes, threading.Lock] = WeakValueDictionary()

    def load(self, part: Part) -> Dataset:
        """Return a data source, loaded now or before.

        Raises:
            DataProblem: It cannot be loaded.
        """
        spec = DATASETS.find(part.kind)
        if spec is None:
            raise DataProblem(
                "This version does not know the data source “{kind}”: choose another.",
                kind=part.kind,
            )
        if wrong := spec.check(part.params):
            reason = next(iter(wrong.values()))
            raise DataProblem("{title}: {reason}", title=spec.title, reason=reason)
        key = self.key(part)
        with self._lock:
            loading = self._loading.setdefault(key, threading.Lock())
        with loading:
            found = self._loaded.get(key)
            if found is None:
                found = spec.load(spec.complete(part.params), KerasData())
            self._keep(key, found)
        return found

    def _keep(self, key: bytes, found: Dataset) -> None:
        with self._lock:
            self._loaded[key] = found
            self._loaded.move_to_end(key)
            if len(self._loaded) > self.MOST_KEPT:
                self._loaded.popitem(last=False)

    def known(self, part: Part) -> Dataset | None:
        """Return a data source if it is loaded already."""
        key = self.key(part)
        with self._lock:
            return self._loaded.get(key)

    @staticmethod
    def key(part: Part) -> bytes:
        """Tell data sources apart: kind, parameters, and the state of a file."""
        stamp = 0
        path = part.params.get("path")
        if isinstance(path, str):
            # It may go at any moment; ValueError: a NUL in the path.
            with contextlib.suppress(OSError, ValueError):
                stamp = Path(path).stat().st_mtime_ns if Path(path).is_file() else 0
        return msgspec.json.encode([part.kind, part.params, stamp], order="deterministic")


def prepare(data: Dataset, model: keras.Model, recipe: Recipe) -> TrainingData:
    """Fit data to a model and hold the validation samples back.

    Raises:
        DataProblem: Samples or targets do not fit the model.
    """
    inputs = fit_inputs(data.x_train, _shapes(model.inputs))
    outputs = [
        (name, shape)
        for name, shape in zip(model.output_names, _shapes(model.outputs), strict=True)
    ]
    target = LOSSES.get(recipe.loss).target
    targets = fit_targets(data, data.y_train, target, outputs)
    kept, held = split_validation(len(data.x_train), recipe.validation_split, recipe.seed)
    return TrainingData(
        _take(inputs, kept),
        _take(targets, kept),
        _take(inputs, held),
        _take(targets, held),
        fit_inputs(data.x_test, _shapes(model.inputs)),
        fit_targets(data, data.y_test, target, outputs),
    )


def _take(arrays: Arrays, chosen: npt.NDArray[Any]) -> Arrays:
    if len(arrays) and len(chosen) == len(arrays[0]):
        return arrays
    return [values[chosen] for values in arrays]


def _shapes(tensors: Sequence[Any]) -> list[tuple[int | None, ...]]:
    return [tuple(tensor.shape[1:]) for tensor in tensors]


def fitted_test_inputs(data: Dataset, model: keras.Model) -> tuple[Arrays, npt.NDArray[Any]]:
    """Return test samples as the model takes them, with their targets.

    Where the data has no test part, training samples stand in.
    """
    tested = len(data.x_test) > 0
    samples, targets = (data.x_test, data.y_test) if tested else (data.x_train, data.y_train)
    return fit_inputs(samples, _shapes(model.inputs)), targets


def preview(data: Dataset) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return some training samples with their targets, every class among them."""
    if data.task != "classes":
        return data.x_train[:PREVIEW_SAMPLES], data.y_train[:PREVIEW_SAMPLES]
    # The n-th sample of each class before the n+1-th of any: all classes show in few rows.
    order = np.argsort(data.y_train, kind="stable")
    labels = data.y_train[order]
    starts = np.searchsorted(labels, labels)
    rank = np.arange(len(labels)) - starts
    chosen = order[np.lexsort((labels, rank))][:PREVIEW_SAMPLES]
    return data.x_train[chosen], data.y_train[chosen]


def describe(spec: type[DatasetSpec], data: Dataset) -> DataInfo:
    """Return what a data source holds, for people."""
    classes = list(data.class_names)
    counts = np.bincount(data.y_train, minlength=len(classes)) if classes else np.zeros(0, int)
    return DataInfo(
        title=data.title or spec.title,
        train=len(data.x_train),
        test=len(data.x_test),
        sample_shape=list(data.x_train.shape[1:]),
        task=data.task,
        classes=classes,
        class_counts=[int(count) for count in counts],
        features=list(data.feature_names),
        target_shape=[] if classes else list(data.y_train.shape[1:]),
        source=data.source,
    )


def target_text(data: Dataset, target: Any) -> str:
    """Write a true target for people: the name of its class, or its value."""
    if data.task == "classes":
        return data.class_names[int(target)]
    return _values_text(data, np.ravel(target))


def prediction_text(data: Dataset, prediction: npt.NDArray[Any]) -> str:
    """Write a prediction for people: the likeliest class with its probability, or the value."""
    values = np.ravel(prediction)
    if data.task != "classes":
        return _values_text(data, values)
    if len(values) == 1 and len(data.class_names) == 2:
        values = np.array([1 - values[0], values[0]])
    best = int(np.argmax(values))
    name = data.class_names[best] if best < len(data.class_names) else str(best)
    return f"{name} ({values[best]:.1%})" if 0 <= values[best] <= 1 else name


def _values_text(data: Dataset, values: npt.NDArray[Any]) -> str:
    """Write values in the unit of the data, whatever they were brought to for training."""
    told = [f"{value:.4g}" for value in values * data.target_scale + data.target_mean]
    if len(told) == len(data.target_names):
        told = [f"{name}: {value}" for name, value in zip(data.target_names, told, strict=True)]
    return ", ".join(told)
