"""Targets and predictions are told in the unit of the data."""

from __future__ import annotations

import numpy as np
import pytest

from engine.datasets import DATASETS
from engine.worker.data import prediction_text, target_text


@pytest.mark.parametrize("standardize", [True, False])
def test_standardized_values_are_turned_back(standardize: bool) -> None:
    data = DATASETS.get("diabetes").load({"standardize_target": standardize})
    raw = DATASETS.get("diabetes").load({"standardize_target": False})
    told = f"disease progression: {raw.y_train[0]:.4g}"
    assert target_text(data, data.y_train[0]) == told
    assert prediction_text(data, data.y_train[:1].reshape(1, 1)) == told


def test_classes_are_told_by_their_names() -> None:
    data = DATASETS.get("iris").load({})
    assert target_text(data, 1) == "versicolor"
    assert prediction_text(data, np.array([[0.1, 0.7, 0.2]])) == "versicolor (70.0%)"
