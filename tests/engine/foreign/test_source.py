"""Files with layers are read without being run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from helpers.own_layers import hostile, write_scale
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CompileProblem, FileProblem
from engine.foreign.running import run_source
from engine.foreign.source import (
    ArgumentsProblem,
    LayerClass,
    read_arguments,
    read_source,
    refusal,
    write_arguments,
)
from engine.layers import LAYERS
from engine.trust import trust, withdraw

CUSTOM = LAYERS.get("Custom")


def codes(**params: Any) -> list[str]:
    return [obstacle.code for obstacle in CUSTOM.obstacles(params)]


def test_classes_are_found_without_running_the_file(tmp_path: Path) -> None:
    path, marker = tmp_path / "own.py", tmp_path / "marker"
    path.write_text(
        hostile(marker) + "\n\nclass Other(Scale):\n    pass\n\n\nclass Plain:\n    pass\n"
        "\n\nclass Strict(keras.layers.Dense):\n"
        "    def __init__(self, units, *, rate, name=None):\n        pass\n"
    )
    found = read_source(path)
    assert [item.name for item in found.classes] == ["Scale", "Other", "Strict"]
    assert found.find("Strict") == LayerClass(
        "Strict", ("units", "rate", "name"), ("units", "rate")
    )
    assert found.find("Other") == LayerClass("Other", None, ())
    assert found.find("") is None and found.find("Plain") is None
    assert not marker.exists()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"def", b"x = " + b"(" * 5000, b"#" * 1_000_001, b"\0"]
)
def test_what_is_no_python_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=r"own\.py"):
        read_source(path)
    assert codes(file=str(path)) == ["missing-code"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.py")
    with pytest.raises(FileProblem):
        read_source(tmp_path / "own.py")


def test_a_file_cannot_say_how_it_is_to_be_understood(tmp_path: Path) -> None:
    # In UTF-7 the comment would be a line of code.
    path = tmp_path / "own.py"
    path.write_bytes(b"# coding: utf-7\n# +AAo-found = 1\n")
    source = read_source(path)
    trust(source.content, str(path))
    assert not hasattr(run_source(source), "found")


def test_obstacles_in_their_order(tmp_path: Path) -> None:
    assert codes() == ["missing-code"]
    assert codes(file=str(tmp_path / "none.py")) == ["missing-code"]
    path = write_scale(tmp_path, trusted=False)
    assert codes(file=str(path)) == ["untrusted-code"]
    assert codes(file=str(path), class_name="Gone") == ["untrusted-code", "unknown-class"]
    trust(path.read_bytes(), str(path))
    assert codes(file=str(path)) == []
    path.write_bytes(path.read_bytes() + b"\n")
    assert codes(file=str(path)) == ["untrusted-code"]
    (changed,) = CUSTOM.obstacles({"file": str(path)})
    assert "has changed since you trusted it" in str(changed.message)


def test_arguments_that_do_not_fit_are_told(tmp_path: Path) -> None:
    strict = LayerClass("Strict", ("units", "rate"), ("units",))
    assert "no argument “size”" in str(refusal(strict, {"size": 1}))
    assert "needs the argument “units”" in str(refusal(strict, {"rate": 1}))
    assert refusal(strict, {"units": 1}) is None
    assert refusal(LayerClass("Any", None), {"size": 1}) is None
    path = write_scale(tmp_path)
    text = path.read_text().replace(", **kwargs):", "):").replace("(**kwargs)", "()")
    path.write_text(text)
    assert codes(file=str(path), kwargs="size=1") == ["untrusted-code", "unfit-arguments"]


def test_arguments_are_values_and_nothing_else() -> None:
    assert read_arguments("units=32, rate=-0.5, names=['a', None]") == {
        "units": 32,
        "rate": -0.5,
        "names": ["a", None],
    }
    assert read_arguments("  ") == {}
    for words in ("32", "a=b", "a=open('x')", "**{}", "a=1) + f(b=2", "a=1, a=2", "a=", 3):
        with pytest.raises(ArgumentsProblem):
            read_arguments(words)
    assert "kwargs" in CUSTOM.check({"kwargs": "a=b"})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["units", "rate", "a_b", "x"]), VALUES))
def test_arguments_are_read_as_they_are_written(values: dict[str, Any]) -> None:
    words = write_arguments(values)
    if len(words) <= 2000:
        assert read_arguments(words) == values


# --- running -------------------------------------------------------------------------------


def test_a_file_runs_only_while_it_is_trusted(tmp_path: Path) -> None:
    path, marker = tmp_path / "own.py", tmp_path / "marker"
    path.write_text(f"open({str(marker)!r}, 'w').close()")
    source = read_source(path)
    with pytest.raises(CompileProblem, match="have not trusted"):
        run_source(source)
    assert not marker.exists()
    trust(source.content, str(path))
    first = run_source(source)
    assert marker.exists() and run_source(source) is first
    withdraw(source.content)
    with pytest.raises(CompileProblem, match="have not trusted"):
        run_source(source)


@pytest.mark.parametrize("words", ["1 / 0", "raise SystemExit('no')", "import nothing_such"])
def test_what_breaks_off_is_told(words: str, tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(words)
    source = read_source(path)
    trust(source.content, str(path))
    with pytest.raises(CompileProblem, match=r"code in “own\.py” breaks off: .+"):
        run_source(source)


def test_what_is_traced_later_is_what_was_trusted(tmp_path: Path) -> None:
    import inspect

    path = tmp_path / "own.py"
    path.write_text("def compute(x):\n    return x + 1\n")
    source = read_source(path)
    trust(source.content, str(path))
    function = run_source(source).compute
    path.write_text("def compute(x):\n    return x + 2\n")
    assert "x + 1" in inspect.getsource(function)


def test_a_file_named_like_a_library_takes_nobodys_place(tmp_path: Path) -> None:
    path = tmp_path / "json.py"
    path.write_text("own = True")
    source = read_source(path)
    trust(source.content, str(path))
    assert run_source(source).__name__ == "json_code"
    import json

    assert not hasattr(json, "own")
