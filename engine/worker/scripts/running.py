"""Runs a script up to its model.

Training is cut off and data sets are stood in for, so that a script tells its model within
seconds. The model is the one that the script would train, or the last and largest that it leaves.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import keras
import numpy as np

from engine.formats.python_reading.data_sets import DATA_SETS, DataSet
from engine.worker.compile import allow_deep_models
from engine.worker.scripts.siblings import Siblings, compiled

# What ends the use of a model before it costs time.
CUT = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


class Enough(BaseException):
    """The script has come to its model; no `except Exception` of its own shall catch this."""


class Cut:
    """Notes which models the script begins to use."""

    def __init__(self) -> None:
        self.models: list[keras.Model] = []

    def install(self) -> None:
        """Cut off training, and stand in for data that would be downloaded."""

        def cut(model: keras.Model, *args: Any, **_: Any) -> NoReturn:
            self._note(model, args)
            raise Enough

        for name in CUT:
            setattr(keras.Model, name, cut)
        for name, known in DATA_SETS.items():
            getattr(keras.datasets, name).load_data = stand_in(known)
        # Most scripts say tensorflow.keras, which holds modules of its own names.
        import tensorflow as tf

        for name in DATA_SETS:
            other = getattr(tf.keras.datasets, name, None)
            if other is not None:
                other.load_data = getattr(keras.datasets, name).load_data

    def _note(self, model: keras.Model, given: tuple[Any, ...]) -> None:
        self.models.append(model)
        shape = np.shape(given[0]) if given else ()
        if not model.built and len(shape) > 1:
            model.build((None, *shape[1:]))


def stand_in(known: DataSet) -> Callable[..., Any]:
    """Return what gives data of the shapes of a data set."""

    def half(shape: tuple[int, ...]) -> tuple[Any, Any]:
        count = shape[0]
        samples: Any = np.zeros(shape, known.dtype)
        if known.dtype == "object":
            samples[:] = [[1, 2]] * count
        labels = np.arange(count) % known.classes if known.classes else np.zeros(count)
        return samples, labels.reshape(known.targets(shape))

    def load_data(*_: object, **__: object) -> Any:
        return half(known.train), half(known.test)

    return load_data


def chosen(cut: Cut, left: dict[str, Any]) -> keras.Model | None:
    """Return the model that a script is about."""
    made = [value for value in left.values() if isinstance(value, keras.Model)]
    candidates = [model for model in [*cut.models, *made] if model.built and model.layers]
    if cut.models and cut.models[0] in candidates:
        return cut.models[0]
    return max(candidates, key=lambda model: len(model._flatten_layers()), default=None)


def run(source: bytes, script: Path, target: Path) -> tuple[str, str]:
    """Run a script and write its model.

    Returns:
        Why there is none, and what is known of it besides: ("", "") where there is one, "unread"
        with the file beside it that nobody has trusted, "nothing" where the script makes none,
        "ended" with its exit code, "failed" with its error.
    """
    allow_deep_models()
    siblings = Siblings()
    cut = Cut()
    cut.install()
    os.environ["MPLBACKEND"] = "Agg"
    sys.argv = [str(script)]
    siblings.install(script.parent)
    os.chdir(script.parent)
    left: dict[str, Any] = {"__name__": "__main__", "__file__": str(script)}
    problem = ("nothing", "")
    try:
        exec(compiled(source, str(script)), left)
    except Enough:
        pass
    except SystemExit as error:
        problem = ("ended", str(error.code or 0))
    except BaseException as error:
        problem = ("failed", f"{type(error).__name__}: {error}")
    model = chosen(cut, left)
    if model is None:
        return ("unread", siblings.unread[0]) if siblings.unread else problem
    model.save(target)
    return "", ""
