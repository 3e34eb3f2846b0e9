"""What a data source declares about itself, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
import numpy.typing as npt

from engine.fields import Params, Spec
from engine.registry import Registry

Task = Literal["classes", "values"]
Floats = npt.NDArray[np.float32]
Targets = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A loaded data source.

    Attributes:
        x_train: Training samples, float32, shape (n, *sample).
        y_train: Their targets: int64 labels (n,) for classes; float32 (n,) or (n, k) for values.
        x_test: Test samples.
        y_test: Their targets.
        task: "classes" or "values".
        title: Name for people.
        class_names: Names of the classes, one for each label; empty for values.
        feature_names: Names of a table's columns; empty for images.
        target_names: Names of the values to predict.
        target_mean: What was subtracted from the values before they were divided by
            `target_scale`; 0 where they are as they were.
        target_scale: What the values were divided by; 1 where they are as they were.
        source: Where it came from: a library's name or a path.
    """

    x_train: Floats
    y_train: Targets
    x_test: Floats
    y_test: Targets
    task: Task
    title: str
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    target_mean: float = 0.0
    target_scale: float = 1.0
    source: str = ""

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return self.x_train.shape[1:]

    @property
    def target_shape(self) -> tuple[int, ...]:
        """Shape of one target: () for labels and single values."""
        return self.y_train.shape[1:]

    @property
    def bytes(self) -> int:
        """Memory that samples and targets take."""
        arrays = (self.x_train, self.y_train, self.x_test, self.y_test)
        return sum(array.nbytes for array in arrays)

    @property
    def classes(self) -> int:
        """Number of classes; 0 for values."""
        return len(self.class_names)


@dataclass(frozen=True)
class SourceCode:
    """Plain Python that loads a source into x_train, y_train, x_test and y_test.

    Attributes:
        body: The statements; `np` and `keras` are imported where they are used.
        imports: Further import statements, each `from a import b`.
    """

    body: str
    imports: tuple[str, ...] = ()


Pairs = tuple[tuple[Targets, Targets], tuple[Targets, Targets]]


class Context(Protocol):
    """What the engine process offers to data sources, which import no Keras themselves."""

    def keras_dataset(self, name: str) -> Pairs:
        """Return `keras.datasets.<name>.load_data()`; raises whatever Keras raises."""


class DatasetSpec(Spec):
    """A data source; its fields are named as its parameters in the document.

    Attributes:
        task: "classes" or "values", or None where it depends on the file.
        sample_shape: Shape of one sample with default parameters, or None where it depends.
        class_names: Names of the classes, where they are known beforehand.
        search: Further words by which it is found.
        picture: Whether samples are images.
    """

    task: ClassVar[Task | None] = None
    sample_shape: ClassVar[tuple[int, ...] | None] = None
    class_names: ClassVar[tuple[str, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    picture: ClassVar[bool] = False

    @classmethod
    def shape_of(cls, params: Params) -> tuple[int, ...] | None:
        """Return the shape of one sample with these parameters, or None where unknown."""
        return cls.sample_shape

    @classmethod
    def load(cls, params: Params, context: Context | None = None) -> Dataset:
        """Load the data.

        Args:
            params: Parameters that differ from the defaults.
            context: What needs Keras; None where there is none.

        Raises:
            DataProblem: It cannot be loaded; the sentence says why and what to do.
        """
        raise NotImplementedError

    @classmethod
    def code(cls, params: Params) -> SourceCode:
        """Return the code that a person would write to load the same data."""
        raise NotImplementedError


# The key of a source that gives nothing: training asks for another first.
UNDECIDED = "none"
DATASETS: Registry[type[DatasetSpec]] = Registry("data source")
