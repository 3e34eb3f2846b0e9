"""Takes bytecode apart, in a short-lived process of its own that may do nothing else.

Run as a file by `engine.foreign.bytecode`, without any package: decoding bytes of others can crash
Python, and then it is this process that ends. Nothing of the code is called.
"""

from __future__ import annotations

import dis
import io
import json
import marshal
import math
import sys
from types import CodeType
from typing import Any

MEMORY = 512 * 2**20
SECONDS = 10
LONGEST_TEXT = 200_000
MOST_STEPS = 2_000
MOST_CODES = 200


def confine() -> None:
    """Give up what decoding does not need: files, further processes, much time and memory."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's patience has an end.
        return
    for name, most in (
        ("RLIMIT_AS", MEMORY),
        ("RLIMIT_CPU", SECONDS),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NOFILE", 0),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_CORE", 0),
    ):
        if hasattr(resource, name):
            try:
                resource.setrlimit(getattr(resource, name), (most, most))
            except (ValueError, OSError):
                continue


def suits(code: CodeType, stream: bytes) -> bool:
    """Return whether bytecode is of the running Python, as far as its form tells.

    Between most versions the numbers of operations change, or how many empty places follow them.
    Python hides what stands in these places: so the code must be in the stream as it is shown, and
    no jump may lead to where nothing is shown.

    Args:
        code: The code that was read.
        stream: What it was read from.
    """
    entries: Any = getattr(dis, "_inline_cache_entries", None)
    raw, place, resumed = code.co_code, 0, False
    starts: set[Any] = set()
    while place < len(raw):
        number = raw[place]
        name = dis.opname[number]
        if name.startswith("<") or name == "CACHE" or place % 2:
            return False
        resumed = resumed or name == "RESUME"
        starts.add(place)
        empty = 0
        if entries is not None:
            empty = entries.get(name, 0) if isinstance(entries, dict) else entries[number]
        end = place + 2 + 2 * empty
        if end > len(raw) or any(raw[place + 2 : end]):
            return False
        place = end
    if not resumed or raw not in stream or not jumps(code) <= starts:
        return False
    inner = [item for item in code.co_consts if isinstance(item, CodeType)]
    return all(suits(item, stream) for item in inner)


def jumps(code: CodeType) -> set[Any]:
    """Return where code can go on other than behind the instruction before."""
    leaping = {*dis.hasjrel, *dis.hasjabs}
    found = {step.argval for step in dis.get_instructions(code) if step.opcode in leaping}
    read_table: Any = getattr(dis, "_parse_exception_table", lambda _: ())
    return found | {entry.target for entry in read_table(code)}


def plain(value: Any) -> Any:
    """Return a constant as JSON can hold it: numbers and texts as they are, others written out."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, tuple):
        return {"tuple": [plain(item) for item in value]}
    return {"other": repr(value)[:200]}


def steps(code: CodeType) -> list[list[Any]]:
    """Return the instructions: name, argument, what the argument stands for, and its spelling."""
    found = list(dis.get_instructions(code))
    if len(found) > MOST_STEPS:
        return []
    return [[step.opname, step.arg, plain(_value(code, step)), step.argrepr] for step in found]


def _value(code: CodeType, step: dis.Instruction) -> Any:
    """Return what an argument stands for; of the names in a call 3.11 tells the place only."""
    if step.opname == "KW_NAMES" and step.arg is not None:
        return code.co_consts[step.arg]
    return step.argval


def told(code: CodeType) -> str:
    """Return what a person can read of code: its operations, its names and its constants."""
    out = io.StringIO()
    waiting, count = [code], 0
    while waiting and count < MOST_CODES and out.tell() < LONGEST_TEXT:
        here, count = waiting.pop(0), count + 1
        inner = [item for item in here.co_consts if isinstance(item, CodeType)]
        waiting += inner
        constants = [item for item in here.co_consts if not isinstance(item, CodeType)]
        out.write(f"{here.co_name}({', '.join(arguments(here))})\n")
        out.write(f"  names:     {', '.join(map(repr, here.co_names)) or '-'}\n")
        out.write(f"  constants: {', '.join(repr(item)[:2000] for item in constants) or '-'}\n")
        if inner:
            out.write(f"  code in it: {', '.join(item.co_name for item in inner)}\n")
        out.write("\n")
        dis.dis(here, file=out, depth=0)
        out.write("\n")
    if waiting:
        out.write("... and more: this is too long to be shown.\n")
    return out.getvalue()[:LONGEST_TEXT]


def arguments(code: CodeType) -> list[str]:
    """Return the names of the arguments that code takes."""
    count = code.co_argcount + code.co_kwonlyargcount
    return list(code.co_varnames[:count])


def decode(raw: bytes) -> dict[str, Any]:
    """Return what can be told of marshalled code."""
    code = marshal.loads(raw)
    if not isinstance(code, CodeType):
        return {"problem": "no code"}
    fitting = suits(code, raw)
    found: dict[str, Any] = {"suits": fitting, "text": told(code) if fitting else ""}
    # Anything else than a plain function, such as a generator, has other flags.
    simple = fitting and not code.co_flags & 0x2AC and not code.co_kwonlyargcount
    found["steps"] = steps(code) if simple else []
    found["arguments"] = arguments(code)
    found["free"] = list(code.co_freevars)
    return found


def main() -> None:
    """Read marshalled code from the input and write what can be told of it."""
    raw = sys.stdin.buffer.read()
    confine()
    try:
        found = decode(raw)
    except Exception as error:  # Bytes of others can raise whatever they like.
        found = {"problem": f"{type(error).__name__}: {error}"[:300]}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
