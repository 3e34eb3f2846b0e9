"""JSON of strangers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formats.json_text import DEEPEST, depth, parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def deepest(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(deepest, value.values()), default=0)
    return 1 + max(map(deepest, value), default=0) if isinstance(value, list) else 0


@pytest.fixture
def no_limit() -> Iterator[None]:
    """Raise the limit of recursion as a process that builds deep models does."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(400_000)
    yield
    sys.setrecursionlimit(before)


@given(value=VALUES)
def test_depth_is_that_of_the_value(value: object) -> None:
    assert depth(json.dumps(value)) == deepest(value)
    assert parse(json.dumps(value)) == value


@pytest.mark.usefixtures("no_limit")
@pytest.mark.parametrize("signs", [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused_before_it_is_read(signs: tuple[str, str]) -> None:
    start, end = signs
    inner = "1"
    assert parse(start * DEEPEST + inner + end * DEEPEST)
    with pytest.raises(ValueError, match="deep"):
        parse(start * 300_000 + inner + end * 300_000)
    with pytest.raises(ValueError):
        parse(start * 300_000)


def test_brackets_in_strings_do_not_count() -> None:
    assert depth(json.dumps({"a": "[" * 1000, 'b"[': ['\\"[{']})) == 2
