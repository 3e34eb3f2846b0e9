"""What a listing of bytecode shows is all that would run; other bytecode is not offered."""

from __future__ import annotations

import argparse
import base64
import contextlib
import dis
import marshal
from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from helpers.own_layers import lambda_config

from engine.errors import CompileProblem
from engine.foreign import decoder, lambdas
from engine.foreign.bytecode import decode, function_in
from engine.trust import trust


def inner(source: str) -> CodeType:
    """Return the code of a lambda that is never called."""
    constants = compile(source, "<made>", "eval").co_consts
    return next(item for item in constants if isinstance(item, CodeType))


PLAIN = inner("lambda x: x * 2")
LISTING = "<lambda>(x)\n  names:     -\n  constants: None, 2\n\n"


def place_of(code: CodeType, name: str) -> int:
    return next(step.offset for step in dis.get_instructions(code) if step.opname == name)


def op(name: str, argument: int = 0) -> bytes:
    entries: Any = dis._inline_cache_entries  # type: ignore[attr-defined]
    number = dis.opmap[name]
    empty = entries.get(name, 0) if isinstance(entries, dict) else entries[number]
    return bytes([number, argument]) + bytes(2 * empty)


def spliced(code: CodeType, place: int, added: bytes, **more: Any) -> CodeType:
    raw = code.co_code
    return code.replace(co_code=raw[:place] + added + raw[place:], **more)


def nested(wrap: Callable[[CodeType], Any]) -> CodeType:
    """Return code with code inside of a constant."""
    return PLAIN.replace(co_consts=(*PLAIN.co_consts, wrap(inner("lambda: open('mark', 'w')"))))


def behind_an_argument() -> CodeType:
    """Return code that jumps between the beginning of an argument and its end."""
    code = inner("lambda x: x if x else 7")
    place = place_of(code, "LOAD_CONST")
    begun = spliced(code, place, bytes([dis.opmap["EXTENDED_ARG"], 0]))
    raw = bytearray(begun.co_code)
    raw[next(s.offset for s in dis.get_instructions(begun) if "JUMP" in s.opname) + 1] += 1
    return begun.replace(co_code=bytes(raw))


def hidden_handler() -> CodeType:
    """Return code whose table of errors has an entry that only Python finds."""
    function: dict[str, Any] = {}
    exec("def f(x):\n try:\n  return g(x)\n except Exception:\n  return 1\n", function)
    code: CodeType = function["f"].__code__
    table = bytearray(code.co_exceptiontable)
    table[2] |= 128
    return code.replace(co_exceptiontable=bytes(table))


def code_of_a_value() -> CodeType:
    """Return code that makes a function of something that is no code."""
    code = inner("lambda x: (lambda: x)")
    place = place_of(code, "MAKE_FUNCTION")
    return spliced(code, place, op("UNARY_NOT"))


def cell_of_a_value() -> CodeType:
    """Return code that reads a value as if it were shared with inner code."""
    raw = PLAIN.co_code
    load = bytes([dis.opmap["LOAD_FAST"], 0])
    return PLAIN.replace(co_code=raw.replace(load, bytes([dis.opmap["LOAD_DEREF"], 0])))


def unmade_cell() -> CodeType:
    code = inner("lambda x, y: (lambda: x + y)")
    place = place_of(code, "MAKE_CELL") + 2
    return code.replace(co_code=code.co_code[:place] + op("NOP") + code.co_code[place + 2 :])


def beginning(added: bytes) -> CodeType:
    place = place_of(PLAIN, "RESUME") + 2
    return spliced(PLAIN, place, added, co_stacksize=20)


HIDING: dict[str, Callable[[], CodeType]] = {
    "code in a tuple": lambda: nested(lambda code: (code,)),
    "code in tuples": lambda: nested(lambda code: ((1, (code,)),)),
    "code in a frozenset": lambda: nested(lambda code: frozenset([code])),
    "name": lambda: PLAIN.replace(co_name=LISTING),
    "whole name": lambda: PLAIN.replace(co_qualname=LISTING),
    "argument": lambda: PLAIN.replace(co_varnames=("x)\n  4 RETURN_VALUE\n",)),
    "looked up": lambda: inner("lambda x: y").replace(co_names=("y\n  4 RETURN_VALUE\n",)),
    "shared": lambda: inner("lambda x: [x for _ in y]").replace(co_cellvars=("x\n",)),
    "jump into an argument": behind_an_argument,
    "handler": hidden_handler,
    "code of a value": code_of_a_value,
    "cell of a value": cell_of_a_value,
    "cell that is not made": unmade_cell,
    "values of Python's own": lambda: beginning(op("COPY", 9) + op("POP_TOP")),
    "values below": lambda: beginning(op("POP_TOP") + op("LOAD_CONST")),
    "looking below": lambda: beginning(op("UNARY_NOT")),
    "no room": lambda: PLAIN.replace(co_stacksize=1),
}
SOUND = [
    "lambda x: (lambda y: [x + y for _ in (1, (2, 'a', b'c', None, ...))])",
    "lambda x: x in {1, 2.5, 3j}",
    "lambda x, *a, k=1, **b: f(x, *a, k=k, **b)[1:2]",
    "lambda x: {y: -y for y in x if y} or {*x} or f'{x!r:>9}'",
]


@pytest.mark.parametrize("source", SOUND)
def test_what_compilers_write_is_shown(source: str) -> None:
    found = decode(marshal.dumps(inner(source)))
    assert found.suits and not found.problem and "RESUME" in found.text


def test_every_function_of_libraries_is_shown() -> None:
    for module in (dis, argparse, contextlib):
        with open(module.__file__, encoding="utf-8") as file:
            code = compile(file.read(), "it", "exec")
        decoder.check(code, marshal.dumps(code))


@pytest.mark.parametrize("way", HIDING)
def test_code_that_a_listing_would_not_show_is_not_offered(way: str) -> None:
    raw = marshal.dumps(HIDING[way]())
    assert not decode(raw).suits and decode(raw).text == ""
    params = {"function": {**lambda_config(lambda x: x)}}
    params["function"]["config"]["code"] = base64.b64encode(raw).decode()
    assert function_in(params["function"]).raw == raw  # type: ignore[union-attr]
    lambdas.read(params)
    trust(lambdas.content(params), "it", "lambda")
    (obstacle,) = lambdas.obstacles(params)
    assert obstacle.code == "unreadable-code" and "listing" in str(obstacle.message)
    with pytest.raises(CompileProblem):
        lambdas.make_lambda(None, params, "it")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [
        f"lambda x: ({'A' * 210_000!r}, (lambda: open('mark', 'w'))())[1] and x",
        f"lambda x: ({'A' * 2_100!r}, x)",
        f"lambda x: [{', '.join(['(lambda: x)'] * 201)}]",
        f"lambda x: ({', '.join(['f(x)'] * 2_000)})",
    ],
    ids=["constant", "short constant", "codes", "instructions"],
)
def test_code_too_long_to_be_shown_whole_is_not_offered(source: str) -> None:
    params = {"function": lambda_config(eval(source))}
    lambdas.read(params)
    (obstacle,) = lambdas.obstacles(params)
    assert obstacle.code == "unreadable-code" and "too long" in str(obstacle.message)


def test_code_says_nothing_of_files() -> None:
    code = inner("lambda x: (lambda: x)").replace(co_filename="it\n  9 NOTHING")
    params = {"function": lambda_config(lambda x: x)}
    params["function"]["config"]["code"] = base64.b64encode(marshal.dumps(code)).decode()
    lambdas.read(params)
    assert "NOTHING" not in lambdas.code_of(params, "it").text
    live = lambdas._live(function_in(params["function"]), {})  # type: ignore[arg-type]
    consts = live.__code__.co_consts
    files = {live.__code__.co_filename, *(c.co_filename for c in consts if isinstance(c, CodeType))}
    assert files == {"<lambda>"}
