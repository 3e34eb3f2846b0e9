"""Lambda layers of files: their bytecode as people read it, and as a function once trusted."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterator
from types import CellType, FunctionType, ModuleType
from typing import Any

import msgspec

from engine.errors import CompileProblem, Text, text
from engine.fields import Params
from engine.foreign.bytecode import (
    Decoded,
    Function,
    decode,
    function_in,
    is_ours,
    known,
    python_of,
    values_in,
)
from engine.foreign.code import Code, Obstacle, shown
from engine.foreign.decoder import without_file
from engine.foreign.straight import formula_of
from engine.trust import is_trusted

# The arguments of a Lambda that can hold functions.
PARTS = ("function", "output_shape", "mask")
KEPT = (*PARTS, "arguments", "function_type", "output_shape_type")


def kept(config: Params) -> Params:
    """Return what a file tells of a Lambda, without what says nothing."""
    return {name: config[name] for name in KEPT if config.get(name) not in (None, {}, [])}


def functions(params: Params) -> dict[str, Function]:
    """Return the functions of a Lambda whose bytecode is in its file, by their arguments."""
    found = ((name, function_in(params.get(name))) for name in PARTS)
    return {name: function for name, function in found if function is not None}


def content(params: Params) -> bytes:
    """Return what is trusted: everything that decides what a Lambda computes."""
    return msgspec.json.encode(
        {name: params[name] for name in KEPT if name in params}, order="deterministic"
    )


def name_in(value: Any) -> str:
    """Return the name of a function that is given by its name alone, or ""."""
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    return value if isinstance(value, str) else ""


# --- reading -------------------------------------------------------------------------------


def is_read(params: Params) -> bool:
    """Return whether all functions have been decoded, or never can be."""
    return all(known(f.raw) is not None or not is_ours(f.raw) for f in functions(params).values())


def read(params: Params) -> None:
    """Decode the functions, each in a process of its own; takes a moment the first time."""
    for function in functions(params).values():
        decode(function.raw)


def code_of(params: Params, name: str) -> Code:
    """Return a Lambda as people read it."""
    return Code("lambda", name, "", shown("\n".join(_paragraphs(params))), content(params))


def _paragraphs(params: Params) -> Iterator[str]:
    for part, function in functions(params).items():
        decoded = decode(function.raw)
        yield f"# {part}"
        if function.defaults:
            yield f"# values of its last arguments: {function.defaults!r}"
        if function.closure is not None:
            yield f"# values from around it: {function.closure!r}"
        yield decoded.text or str(_unreadable(function, decoded))
    for name in KEPT:
        if name in params and name not in functions(params):
            yield f"# {name}: {params[name]!r}"


def formula(params: Params, inputs: int) -> str | None:
    """Return the formula that a Lambda computes, where it is one and has been read; never waits.

    Args:
        params: Its arguments in the file.
        inputs: How many tensors it takes.
    """
    function = function_in(params.get("function"))
    decoded = known(function.raw) if function is not None else None
    if function is None or decoded is None or "mask" in params:
        return None
    last = decoded.arguments[len(decoded.arguments) - len(function.defaults) :]
    given = dict(zip(last, function.defaults, strict=True)) if function.defaults else {}
    told = values_in(params.get("arguments"))
    given |= told if isinstance(told, dict) else {}
    return formula_of(decoded, inputs, given, function.closure or ())


# --- running -------------------------------------------------------------------------------


def obstacles(params: Params) -> Iterator[Obstacle]:
    """Yield why a Lambda cannot run; looks only at what has been read before."""
    if function_in(params.get("function")) is None:
        name = name_in(params.get("function"))
        message = text(
            "Its function “{name}” is not in the file: write what it computes as an Expression.",
            name=name or "?",
        )
        yield Obstacle("unreadable-code", message)
        return
    for function in functions(params).values():
        decoded = known(function.raw)
        if not is_ours(function.raw) or (decoded is not None and not decoded.suits):
            yield Obstacle("unreadable-code", _unreadable(function, decoded))
            return
    if not is_trusted(content(params), "lambda"):
        message = text(
            "It holds Python code of others, which does not run before you have read and trusted"
            " it."
        )
        yield Obstacle("untrusted-code", message)


def _unreadable(function: Function, decoded: Decoded | None) -> Text:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    version = python_of(function.raw)
    if version and not is_ours(function.raw):
        return text(
            "Its code was compiled by Python {version}, and this is Python {here}, which cannot"
            " read it: write what it computes as an Expression.",
            version=version,
            here=here,
        )
    if decoded is not None and decoded.problem == "takes too long":
        return text(
            "Its code could not be read within {seconds} seconds: write what it computes as an"
            " Expression.",
            seconds=10,
        )
    problem = decoded.problem if decoded is not None else ""
    if problem == "too long":
        return text("Its code is too long to be read: write what it computes as an Expression.")
    if problem == "hidden":
        return text(
            "Its code is made so that a listing would not show all that it does: write what it"
            " computes as an Expression."
        )
    return text(
        "Its code is damaged or of another Python than {here}: write what it computes as an"
        " Expression.",
        here=here,
    )


def make_lambda(keras: ModuleType, params: Params, name: str | None) -> Any:
    """Make the layer of Keras from code that is trusted.

    Raises:
        CompileProblem: It is not trusted, or cannot be read by this Python.
    """
    read(params)
    for obstacle in obstacles(params):
        raise CompileProblem(obstacle.message.template, **obstacle.message.values)
    names = _names(keras)
    made: dict[str, Any] = {
        part: _live(function, names) for part, function in functions(params).items()
    }
    shape = values_in(params.get("output_shape"))
    if "output_shape" not in made and shape is not None:
        made["output_shape"] = tuple(shape) if isinstance(shape, list) else shape
    told = values_in(params.get("arguments"))
    return keras.layers.Lambda(**made, arguments=told if told else None, name=name)


def _names(keras: ModuleType) -> dict[str, Any]:
    """Return what the code finds under the names that scripts mostly use, and nothing else."""
    import math

    import numpy

    # `K` of Keras 2 had functions that the backend of Keras 3 has no longer.
    older = getattr(getattr(keras.src, "legacy", None), "backend", keras.backend)
    names = {"keras": keras, "ops": keras.ops, "K": older, "np": numpy, "math": math}
    # Keras has imported it, if it runs on it.
    tensorflow = sys.modules.get("tensorflow")
    return names | ({"tf": tensorflow} if tensorflow is not None else {})


def _live(function: Function, names: dict[str, Any]) -> FunctionType:
    # Its source would be looked up where it says, and run in its place.
    code = without_file(marshal.loads(function.raw))
    cells = tuple(map(CellType, function.closure)) if function.closure is not None else None
    return FunctionType(code, dict(names), "<lambda>", function.defaults or None, cells)
