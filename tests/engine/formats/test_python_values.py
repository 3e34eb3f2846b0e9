"""Texts, sets and powers of plain values are followed."""

from __future__ import annotations

import pytest
from helpers.scripts import units

from engine.formats.python_reading.reading import read_python

START = "import keras\nfrom keras import layers\nx = keras.Input((4,))\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("pow(2, 3)", 8),
        ("int('16-8'.split('-')[1])", 8),
        ("int(' 8 '.strip())", 8),
        ("int(''.join(['1', '6']))", 16),
        ("int('1x6'.replace('x', '8'))", 186),
        ("8 if 'conv1'.startswith('conv') else 1", 8),
        ("8 if 3 in {3, 5} else 1", 8),
        ("len({3, 3, 5})", 2),
        ("len(set([1, 1]))", 1),
        ("len({n % 2 for n in range(9)})", 2),
        ("{n: n * 2 for n in (3, 4)}[4]", 8),
        ("{n: k for n, k in {'a': 8}.items()}['a']", 8),
        ("8 if {1} and not set() else 1", 8),
    ],
)
def test_plain_values_are_followed(value: str, expected: int) -> None:
    reading = read_python(f"{START}y = layers.Dense({value})(x)\n")
    assert [str(remark.message) for remark in reading.remarks] == []
    assert units(reading) == [expected]


def test_a_set_changes_where_it_is() -> None:
    script = f"{START}s = {{1}}\ns.add(2)\ns.discard(1)\ny = layers.Dense(4 if 1 in s else 5)(x)\n"
    assert units(read_python(script)) == [5]


@pytest.mark.parametrize(
    "value",
    [
        "list({3, 5})[0]",
        "pow(10, 10 ** 9)",
        "int('8'.encode())",
        "len({input()})",
        "len(','.join(['a' * 200] * 9999))",
    ],
)
def test_what_is_not_clear_or_too_large_is_told(value: str) -> None:
    reading = read_python(f"{START}y = layers.Dense({value})(x)\n")
    assert reading.error is not None


def test_a_set_that_changes_unclearly_is_not_known() -> None:
    script = f"{START}s = {{1}}\ns.update(load())\ny = layers.Dense(4 if 1 in s else 5)(x)\n"
    assert read_python(script).error is not None
