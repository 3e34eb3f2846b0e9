"""What is said of a number that does not fit its field."""

from __future__ import annotations

import pytest

from engine.fields import Float, Int, IntTuple


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (Int(1, min=1, label="Units"), 0, "Units must be ≥ 1; 0 is not."),
        (
            Int(1, min=1, label="Units"),
            20_000_000,
            "Units must be ≤ 10,000,000; 20,000,000 is not.",
        ),
        (Int(1, min=1, max=9, label="Groups"), 10, "Groups must be 1 ≤ x ≤ 9; 10 is not."),
        (
            IntTuple([1], length=None, min=1, label="Size"),
            [3, 12_345_678],
            "Size must be ≤ 10,000,000; 12,345,678 is not.",
        ),
        (
            Float(0.5, min=0, max=1, open_max=True, label="Rate"),
            1.0,
            "Rate must be 0 ≤ x < 1; 1 is not.",
        ),
    ],
)
def test_the_sentence_names_the_bound_that_is_broken(
    field: Int | IntTuple | Float, value: object, said: str
) -> None:
    assert str(field.check_value(value)) == said
