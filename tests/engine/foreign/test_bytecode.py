"""Bytecode is told apart, decoded elsewhere, and written as a formula where it is one."""

from __future__ import annotations

import dis
import marshal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.own_layers import lambda_config
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CompileProblem
from engine.foreign import bytecode, lambdas
from engine.foreign.bytecode import decode, function_in, python_of
from engine.formula import Formula
from engine.layers import LAYERS
from engine.trust import trust

# Names that only the code of a Lambda knows.
K: Any = None
tf = keras = ops = K


def read(function: Callable[..., Any], **config: Any) -> dict[str, Any]:
    params = {"function": lambda_config(function), **config}
    lambdas.read(params)
    return params


def plus(number: float) -> Callable[[Any], Any]:
    return lambda x: x + number


# fmt: off
STRAIGHT: list[tuple[Callable[..., Any], int, dict[str, Any], str]] = [
    (lambda x: x * 2 + 1, 1, {}, "a * 2 + 1"),
    (lambda x: 2 * (x + 1), 1, {}, "2 * (a + 1)"),
    (lambda x: -x ** 2 / 255.0, 1, {}, "-a ** 2 / 255.0"),
    (lambda x: K.exp(-x), 1, {}, "exp(-a)"),
    (lambda x: tf.reduce_mean(x, axis=-1), 1, {}, "mean(a, -1)"),
    (lambda x: K.sum(x, 1), 1, {}, "sum(a, 1)"),
    (lambda x: keras.ops.clip(x, 0.0, 6.0) / 6, 1, {}, "clip(a, 0.0, 6.0) / 6"),
    (lambda x: ops.maximum(x, 0) > 1, 1, {}, "maximum(a, 0) > 1"),
    (lambda x: abs(x), 1, {}, "abs(a)"),
    (lambda x: tf.nn.softmax(x), 1, {}, "softmax(a, -1)"),
    (lambda xs: xs[0] * xs[1] - K.abs(xs[-1]), 2, {}, "a * b - abs(b)"),
    (lambda xs: tf.multiply(xs[0], xs[1]), 2, {}, "a * b"),
    (lambda x, f: x * f, 1, {"arguments": {"f": 3}}, "a * 3"),
    (lambda x, f=0.5: x * f, 1, {}, "a * 0.5"),
    (plus(2.5), 1, {}, "a + 2.5"),
]
CROOKED: list[tuple[Callable[..., Any], int]] = [
    (lambda x: __import__("os").system("x"), 1),
    (lambda x: x if x is None else -x, 1),
    (lambda x: [y for y in x], 1),
    (lambda x: x[0], 1),
    (lambda xs: xs[5], 2),
    (lambda xs: xs, 2),
    (lambda x: K.l2_normalize(x, axis=1), 1),
    (lambda x: tf.reduce_mean(x, axis=-1, keepdims=True), 1),
    (lambda x: x.shape, 1),
    (lambda x: (yield x), 1),
    (lambda x: 3, 1),
    (lambda *x: x, 1),
    (lambda x, f: x * f, 1),
]
# fmt: on


@pytest.mark.parametrize(("function", "inputs", "config", "formula"), STRAIGHT)
def test_straight_lines_become_formulas(
    function: Callable[..., Any], inputs: int, config: dict[str, Any], formula: str
) -> None:
    found = lambdas.formula(read(function, **config), inputs)
    assert found == formula
    Formula.parse(found)


@pytest.mark.parametrize(("function", "inputs"), CROOKED)
def test_other_code_becomes_none(function: Callable[..., Any], inputs: int) -> None:
    assert lambdas.formula(read(function), inputs) is None


def test_what_has_not_been_read_offers_nothing() -> None:
    assert lambdas.formula({"function": lambda_config(lambda x: x * 17 + 23)}, 1) is None


def test_people_read_operations_names_and_constants_of_inner_code_too() -> None:
    params = read(lambda x: [__import__("os").system("rm precious") for _ in range(9)])
    code = lambdas.code_of(params, "evil")
    assert code.kind == "lambda" and code.content == lambdas.content(params)
    assert all(words in code.text for words in ("'rm precious'", "system", "__import__"))


def test_nothing_of_the_code_is_called(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    params = read(eval(f"lambda x: open({str(marker)!r}, 'w')"))
    assert "open" in lambdas.code_of(params, "x").text
    assert not marker.exists()


# --- versions ------------------------------------------------------------------------------


def header(numbers: int, first: int, second: int = 0) -> bytes:
    code = bytes([first, 0, second, 0] + [83, 0] * 10)
    counts = struct.pack(f"<{numbers}I", *[1] * (numbers - 1), 0x43)
    return b"\xe3" + counts + b"s" + struct.pack("<I", len(code)) + code + b"N" * 20


@pytest.mark.parametrize(
    ("raw", "version"),
    [
        (header(4, 124), "2.7"),
        (header(5, 124), "3.0–3.7"),
        (header(6, 124), "3.8–3.10"),
        (header(5, 0x97, 124), "3.11–3.12"),
        (header(5, 0x95, 0x97), "3.11–3.12"),
        (header(5, 0x95, 83), "3.13"),
        (header(5, 0x80, 83), "3.14"),
        (b"", ""),
        (b"\xe3" * 60, ""),
    ],
)
def test_the_version_is_guessed(raw: bytes, version: str) -> None:
    assert python_of(raw) == version


def test_code_of_another_version_is_told_and_never_run() -> None:
    raw = header(6, 124)
    import base64

    params = {"function": [base64.b64encode(raw).decode(), None, None]}
    (obstacle,) = LAYERS.get("Lambda").obstacles(params)
    assert obstacle.code == "unreadable-code" and "Python 3.8–3.10" in str(obstacle.message)
    assert "Expression" in str(obstacle.message)
    trust(lambdas.content(params), "it", "lambda")
    (obstacle,) = LAYERS.get("Lambda").obstacles(params)
    assert obstacle.code == "unreadable-code"


def test_operations_of_another_version_are_noticed() -> None:
    raw = marshal.dumps((lambda x: abs(x)).__code__)
    # The empty places behind an operation hold something, as where another version has fewer.
    code = (lambda x: abs(x)).__code__.co_code
    place = raw.find(code)
    full = bytearray(raw)
    full[place + 4] = 9
    assert decode(raw).suits and not decode(bytes(full)).suits


def test_nothing_can_jump_to_where_nothing_is_shown() -> None:
    code = (lambda x: abs(x) if x else x).__code__
    raw = marshal.dumps(code)
    assert decode(raw).suits
    place = raw.find(code.co_code)
    jump = next(
        step for step in dis.get_instructions(code) if step.opname.startswith(("POP_JUMP", "JUMP"))
    )
    into = bytearray(raw)
    into[place + jump.offset + 1] = 2  # Among the empty places of what follows.
    assert not decode(bytes(into)).suits


@given(st.binary(max_size=60))
def test_damaged_code_is_no_disaster(rest: bytes) -> None:
    good = marshal.dumps((lambda x: x * 2).__code__)
    assert isinstance(python_of(rest), str) and isinstance(python_of(good[:40] + rest), str)


@pytest.mark.parametrize("end", [41, 60, 100])
def test_the_process_that_decodes_may_die(end: int, monkeypatch: pytest.MonkeyPatch) -> None:
    good = marshal.dumps((lambda x: x * end).__code__)
    found = decode(good[:end] + b"\xff" * 40)
    assert not found.suits and found.problem


def test_what_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("while True:\n    pass\n")
    monkeypatch.setattr(bytecode, "DECODER", sleeper)
    monkeypatch.setattr(bytecode, "PATIENCE_SECONDS", 0.2)
    params = {"function": lambda_config(lambda x: x * 31 + 7)}
    lambdas.read(params)
    (obstacle,) = LAYERS.get("Lambda").obstacles(params)
    assert "could not be read within" in str(obstacle.message)


# --- what files hold -----------------------------------------------------------------------


def test_functions_of_keras_2_and_3_are_found() -> None:
    new = lambda_config(lambda x, k=2: x * k)
    old = [new["config"]["code"], [2], None]
    assert function_in(new) == function_in(old)
    assert function_in(new).defaults == (2,)
    for value in (
        None,
        "relu",
        {"class_name": "function", "config": "relu"},
        [1, 2],
        ["", None, None],
    ):
        assert function_in(value) is None


def test_all_that_decides_is_trusted_together() -> None:
    params = {"function": lambda_config(lambda x, f: x * f), "arguments": {"f": 2}}
    other = {**params, "arguments": {"f": 3}}
    trust(lambdas.content(params), "it", "lambda")
    spec = LAYERS.get("Lambda")
    assert [item.code for item in spec.obstacles(params)] == []
    assert [item.code for item in spec.obstacles(other)] == ["untrusted-code"]
    assert lambdas.content(dict(reversed(params.items()))) == lambdas.content(params)


def test_a_function_of_which_only_the_name_is_there_is_told() -> None:
    (obstacle,) = LAYERS.get("Lambda").obstacles({"function": "mine", "function_type": "function"})
    assert obstacle.code == "unreadable-code" and "“mine”" in str(obstacle.message)


def test_without_trust_nothing_is_made() -> None:
    with pytest.raises(CompileProblem, match="read and trusted"):
        lambdas.make_lambda(None, {"function": lambda_config(lambda x: x)}, "it")  # type: ignore[arg-type]
