"""What a script does to its lists, dictionaries and names counts, or is told."""

from __future__ import annotations

import pytest
from helpers.scripts import messages, units

from engine.formats.python_reading.reading import read_python

START = "import keras\nfrom keras import layers\nx = keras.Input((4,))\n"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("hid.insert(0, 2)", [2, 3, 9]),
        ("hid.reverse()", [9, 3]),
        ("hid.sort(reverse=True)", [9, 3]),
        ("hid.pop(0)", [9]),
        ("hid.remove(9)", [3]),
        ("hid.clear()", []),
        ("hid.extend([5])", [3, 9, 5]),
        ("hid[0:1] = [1, 2]", [1, 2, 9]),
        ("hid[-1] = 4", [3, 4]),
        ("del hid[0]", [9]),
        ("same = hid\nsame += [5]", [3, 9, 5]),
        ("hid = hid.copy()\nhid.append(hid.index(9))", [3, 9, 1]),
        ("try:\n    hid.append(7)\nfinally:\n    hid.append(8)", [3, 9, 7, 8]),
        ("try:\n    raise ValueError\nexcept ValueError:\n    hid = [6]", [6]),
        (
            "try:\n    import tensorflow as tf\n    n = 8\nexcept ImportError:\n    n = 16\n"
            "hid = [n]",
            [8],
        ),
        ("try:\n    import missing\n    n = 8\nexcept ImportError:\n    n = 8\nhid = [n]", [8]),
        ("try:\n    import missing\n    n = 8\nexcept ImportError:\n    raise\nhid = [n]", [8]),
    ],
)
def test_lists_change_where_they_are(change: str, expected: list[int]) -> None:
    script = f"{START}hid = [3, 9]\n{change}\nfor n in hid:\n    x = layers.Dense(n)(x)\n"
    reading = read_python(script)
    assert messages(reading) == []
    assert units(reading) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("d.update(u=16)", 16),
        ("d.update({'u': 16})", 16),
        ("d.update([('u', 16)])", 16),
        ("d |= {'u': 16}", 16),
        ("d.setdefault('u', 16)", 8),
        ("d.setdefault('v', 16)\nd['u'] = d['v']", 16),
        ("d['u'] = d.pop('u') + 1", 9),
        ("d.clear()\nd['u'] = 3", 3),
        ("del d['u']\nd['u'] = 4", 4),
    ],
)
def test_dictionaries_change_where_they_are(change: str, expected: int) -> None:
    reading = read_python(f"{START}d = {{'u': 8}}\n{change}\ny = layers.Dense(d['u'])(x)\n")
    assert messages(reading) == []
    assert units(reading) == [expected]


@pytest.mark.parametrize(
    "change",
    [
        "hid.sort(key=abs)",
        "hid.extend(load())",
        "hid.pop(int(input()))",
        "hid.remove(12)",
        "hid.churn()",
        "hid.churn()\nhid += [1]",
        "hid.churn()\nhid *= 2",
        "hid[int(input())] = 1",
        "import random\nrandom.shuffle(hid)",
        "if input():\n    hid.append(1)",
        "if input():\n    hid[0] = 1",
        "try:\n    import missing\nexcept ImportError:\n    hid.append(1)",
        "try:\n    import missing\nexcept ImportError:\n    hid = [1]",
    ],
)
def test_a_change_that_cannot_be_followed_makes_a_list_unknown(change: str) -> None:
    reading = read_python(f"{START}hid = [3, 9]\n{change}\ny = layers.Dense(hid[0])(x)\n")
    assert any(message.startswith("Dense: units is not known") for message in messages(reading))


def test_functions_set_names_outside_them() -> None:
    script = (
        "n = 8\n"
        "def grow():\n"
        "    global n\n"
        "    n = 16\n"
        "def outer():\n"
        "    m = 1\n"
        "    def inner():\n"
        "        nonlocal m\n"
        "        m += 4\n"
        "    inner()\n"
        "    return m\n"
        "grow()\n"
        "y = layers.Dense(n)(layers.Dense(outer())(x))\n"
    )
    reading = read_python(START + script)
    assert messages(reading) == []
    assert units(reading) == [5, 16]


def test_what_is_done_where_something_fails_is_told() -> None:
    script = (
        f"{START}try:\n    import missing\n    n = 8\nexcept ImportError:\n    n = 16\n"
        "y = layers.Dense(n)(x)\n"
    )
    remarks = read_python(script).remarks
    assert [(remark.line, remark.severity) for remark in remarks] == [(7, "ignored"), (9, "error")]
    assert "it depends on line 7" in str(remarks[1].message)


def test_another_way_to_return_is_told() -> None:
    script = (
        f"{START}def get():\n    try:\n        return load() or 8\n"
        "    except OSError:\n        return 16\nget()\ny = layers.Dense(3)(x)\n"
    )
    assert [remark.line for remark in read_python(script).remarks] == [7]


def test_a_network_that_may_fail_is_that_which_does_not() -> None:
    script = (
        f"{START}try:\n    y = layers.Dense(8)(x)\nexcept ValueError:\n    y = layers.Dense(9)(x)\n"
        "model = keras.Model(x, y)\n"
    )
    reading = read_python(script)
    assert units(reading) == [8]
    assert [(remark.line, remark.severity) for remark in reading.remarks] == [(6, "ignored")]


def test_reading_stops_where_the_script_does() -> None:
    script = (
        f"{START}def head(n):\n    if n > 3:\n        raise ValueError('large')\n"
        "    return layers.Dense(n)(x)\nhead(2)\nhead(4)\n"
    )
    reading = read_python(script)
    assert units(reading) == [2]
    assert [(remark.line, remark.severity) for remark in reading.remarks] == [(6, "error")]
    assert "stops here" in messages(reading)[0]
    assert units(read_python(f"{START}y = layers.Dense(2)(x)\nraise SystemExit\n" + script)) == [2]


def test_names_that_are_deleted_are_gone() -> None:
    reading = read_python(f"{START}n = 3\ndel n\ny = layers.Dense(n)(x)\n")
    assert any("“n” is not defined" in message for message in messages(reading))
