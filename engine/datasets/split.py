"""Dividing samples into parts, the same way every time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.fields import Float, Int, Params

Indices = npt.NDArray[np.int64]

SPLIT_IMPORT = "from sklearn.model_selection import train_test_split"


class SplitFields:
    """How a source without a test part of its own is divided."""

    test_split = Float(
        0.2,
        min=0,
        max=1,
        open_min=True,
        open_max=True,
        advanced=True,
        label="Test part",
        help="Part of the samples kept out of training to measure the result.",
    )
    seed = Int(
        0,
        min=0,
        max=2**31 - 1,
        advanced=True,
        label="Seed of the split",
        help="Decides which samples are for testing; the same number, the same samples.",
    )


def split(
    n: int, fraction: float, seed: int, labels: Indices | None = None
) -> tuple[Indices, Indices]:
    """Divide samples 0..n-1 into two parts at random, the same way for the same seed.

    Args:
        n: Number of samples, at least 2.
        fraction: Part of the samples in the second part; each part gets at least one.
        seed: Seed of the random order.
        labels: Class of each sample, to give both parts the same mixture of classes.

    Returns:
        The indices of both parts in random order: tables are often sorted by class.
    """
    random = np.random.default_rng(seed)
    groups = [np.arange(n)] if labels is None else _by_class(labels)
    second = np.concatenate(
        [random.permutation(group)[: round(len(group) * fraction)] for group in groups]
    )
    if len(second) in (0, n):
        order = random.permutation(n)
        second = order[: min(max(round(n * fraction), 1), n - 1)]
    chosen = np.zeros(n, bool)
    chosen[second] = True
    return random.permutation(np.flatnonzero(~chosen)), random.permutation(second)


def _by_class(labels: Indices) -> list[Indices]:
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def split_code(x: str, y: str, values: Params, *, stratify: bool) -> str:
    """Return code that divides `x` and `y` as `split` does, with scikit-learn's own order."""
    mixture = f", stratify={y}" if stratify else ""
    return (
        "x_train, x_test, y_train, y_test = train_test_split(\n"
        f"    {x}, {y}, test_size={values['test_split']!r}{mixture}, "
        f"random_state={values['seed']!r}\n)\n"
    )


def split_validation(n: int, fraction: float, seed: int) -> tuple[Indices, Indices]:
    """Divide training samples into those to train on and those held back for validation.

    Args:
        n: Number of training samples.
        fraction: Part held back, from 0 (none) to below 1; at least one sample is trained on.
        seed: Seed of the choice.

    Returns:
        The indices of both parts in ascending order: shuffling is the training's matter.
    """
    if fraction <= 0 or n < 2:
        return np.arange(n), np.arange(0)
    kept, held = split(n, fraction, seed)
    return np.sort(kept), np.sort(held)
