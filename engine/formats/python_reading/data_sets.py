"""Shapes and kinds of the data sets of `keras.datasets`, as the documentation of each names them.

Scripts are read, and run up to their model, without the data: its shape is what they are told.
"""

from __future__ import annotations

from dataclasses import dataclass

Shape = tuple[int, ...]


@dataclass(frozen=True)
class DataSet:
    """What `load_data` gives.

    Attributes:
        train: Shape of the samples for training; texts are lists of numbers, of any length.
        test: Shape of the samples for testing.
        dtype: Type of the samples, or "object" for texts.
        classes: How many classes the targets name; 0 where they are numbers.
        column: Whether targets are a column.
    """

    train: Shape
    test: Shape
    dtype: str
    classes: int = 0
    column: bool = False

    def targets(self, samples: Shape) -> Shape:
        """Return the shape of the targets of some samples."""
        return (samples[0], 1) if self.column else (samples[0],)


_GRAY = DataSet((60_000, 28, 28), (10_000, 28, 28), "uint8", 10)
DATA_SETS: dict[str, DataSet] = {
    "mnist": _GRAY,
    "fashion_mnist": _GRAY,
    "cifar10": DataSet((50_000, 32, 32, 3), (10_000, 32, 32, 3), "uint8", 10, column=True),
    "cifar100": DataSet((50_000, 32, 32, 3), (10_000, 32, 32, 3), "uint8", 100, column=True),
    "imdb": DataSet((25_000,), (25_000,), "object", 2),
    "reuters": DataSet((8_982,), (2_246,), "object", 46),
    "boston_housing": DataSet((404, 13), (102, 13), "float64"),
    "california_housing": DataSet((16_512, 8), (4_128, 8), "float32"),
}
