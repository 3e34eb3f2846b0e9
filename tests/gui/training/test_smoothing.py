"""Smoothed curves are those of the formula, however they grow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.training.smoothing import Smoother


def direct(curve: np.ndarray, factor: float) -> np.ndarray:
    """Return the average by its defining formula, point by point."""
    average, result = 0.0, []
    for number, value in enumerate(curve, 1):
        average = factor * average + (1 - factor) * float(value)
        result.append(average / (1 - factor**number))
    return np.array(result)


@pytest.mark.parametrize("factor", [0.0, 0.01, 0.3, 0.5, 0.9, 0.97, 0.99])
def test_equals_the_direct_formula(factor: float) -> None:
    curve = np.random.default_rng(0).normal(2.0, 1.0, 3000).astype(np.float32)
    smoother = Smoother(factor)
    smoother.follow(curve)
    np.testing.assert_allclose(smoother.values, direct(curve, factor), rtol=1e-7, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 400), max_size=12), st.sampled_from([0.0, 0.2, 0.6, 0.95, 0.99]))
def test_growing_in_pieces_gives_the_same_curve(pieces: list[int], factor: float) -> None:
    curve = np.random.default_rng(1).normal(0.0, 3.0, sum(pieces))
    smoother, end = Smoother(factor), 0
    for piece in pieces:
        end += piece
        smoother.follow(curve[:end])
    np.testing.assert_allclose(smoother.values, direct(curve, factor), rtol=1e-7, atol=1e-9)


def test_values_start_unbiased() -> None:
    smoother = Smoother(0.99)
    smoother.follow(np.full(5, 2.5))
    np.testing.assert_allclose(smoother.values, 2.5)


def test_points_that_are_not_finite_are_left_out() -> None:
    curve = np.array([1.0, np.nan, 3.0, np.inf, 2.0])
    smoother = Smoother(0.5)
    smoother.follow(curve)
    assert np.isnan(smoother.values[[1, 3]]).all()
    kept = smoother.values[[0, 2, 4]]
    np.testing.assert_allclose(kept, direct(np.array([1.0, 3.0, 2.0]), 0.5))


def test_another_factor_starts_anew() -> None:
    curve = np.arange(100.0)
    smoother = Smoother(0.9)
    smoother.follow(curve)
    smoother.reset(0.3)
    assert len(smoother.values) == 0
    smoother.follow(curve)
    np.testing.assert_allclose(smoother.values, direct(curve, 0.3))
