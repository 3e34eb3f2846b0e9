"""The child that runs a script up to the model: `... SCRIPT TARGET`, its text on standard input.

Training is cut off and data sets are stood in for, so that a script tells its model within
seconds. The model is the one that the script would train, or the last and largest that it leaves.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import keras
import numpy as np

from engine.worker.compile import allow_deep_models
from engine.worker.scripts.siblings import Siblings, compiled

# Shapes and kinds of keras.datasets; the documentation of each names them.
DATA_SETS: dict[str, tuple[tuple[int, ...], tuple[int, ...], str, int]] = {
    "mnist": ((60_000, 28, 28), (10_000, 28, 28), "uint8", 10),
    "fashion_mnist": ((60_000, 28, 28), (10_000, 28, 28), "uint8", 10),
    "cifar10": ((50_000, 32, 32, 3), (10_000, 32, 32, 3), "uint8", 10),
    "cifar100": ((50_000, 32, 32, 3), (10_000, 32, 32, 3), "uint8", 100),
    "boston_housing": ((404, 13), (102, 13), "float64", 0),
    "california_housing": ((16_512, 8), (4_128, 8), "float32", 0),
}
TEXTS = {"imdb": (25_000, 25_000, 2), "reuters": (8_982, 2_246, 46)}
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
        for name, (train, test, kind, classes) in DATA_SETS.items():
            module = getattr(keras.datasets, name)
            module.load_data = _stand_in(train, test, kind, classes, name.startswith("cifar"))
        for name, (train_count, test_count, classes) in TEXTS.items():
            module = getattr(keras.datasets, name)
            module.load_data = _texts(train_count, test_count, classes)
        # Most scripts say tensorflow.keras, which holds modules of its own names.
        import tensorflow as tf

        for name in (*DATA_SETS, *TEXTS):
            other = getattr(tf.keras.datasets, name, None)
            if other is not None:
                other.load_data = getattr(keras.datasets, name).load_data

    def _note(self, model: keras.Model, given: tuple[Any, ...]) -> None:
        self.models.append(model)
        shape = np.shape(given[0]) if given else ()
        if not model.built and len(shape) > 1:
            model.build((None, *shape[1:]))


def _labels(count: int, classes: int, *, column: bool) -> Any:
    values = np.arange(count) % classes if classes else np.zeros(count)
    return values.reshape(-1, 1) if column else values


def _stand_in(
    train: tuple[int, ...], test: tuple[int, ...], kind: str, classes: int, column: bool
) -> Callable[..., Any]:
    def load_data(*_: object, **__: object) -> Any:
        return tuple(
            (np.zeros(shape, kind), _labels(shape[0], classes, column=column))
            for shape in (train, test)
        )

    return load_data


def _texts(train: int, test: int, classes: int) -> Callable[..., Any]:
    def load_data(*_: object, **__: object) -> Any:
        return tuple(
            (np.array([[1, 2]] * count + [[1]], dtype=object)[:count], np.arange(count) % classes)
            for count in (train, test)
        )

    return load_data


def chosen(cut: Cut, left: dict[str, Any]) -> keras.Model | None:
    """Return the model that a script is about."""
    made = [value for value in left.values() if isinstance(value, keras.Model)]
    candidates = [model for model in [*cut.models, *made] if model.built and model.layers]
    if cut.models and cut.models[0] in candidates:
        return cut.models[0]
    return max(candidates, key=lambda model: len(model._flatten_layers()), default=None)


def run(source: bytes, script: Path, target: Path, siblings: Siblings) -> str:
    """Run a script and write its model; returns why there is none, or ""."""
    cut = Cut()
    cut.install()
    os.environ["MPLBACKEND"] = "Agg"
    sys.argv = [str(script)]
    siblings.install(script.parent)
    os.chdir(script.parent)
    left: dict[str, Any] = {"__name__": "__main__", "__file__": str(script)}
    problem = "it makes no model that is built"
    try:
        exec(compiled(source, str(script)), left)
    except Enough:
        pass
    except SystemExit as error:
        problem = f"it ended by itself ({error.code})"
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}"
    model = chosen(cut, left)
    if model is None:
        return problem
    model.save(target)
    return ""


def main() -> None:
    """Run the script named first; write its model, and beside it what went wrong."""
    script, target = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    allow_deep_models()
    siblings = Siblings()
    problem = run(sys.stdin.buffer.read(), script, target, siblings)
    told = {"problem": problem, "unread": siblings.unread[0] if siblings.unread else ""}
    target.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
