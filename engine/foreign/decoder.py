"""Takes bytecode apart, in a short-lived process of its own that may do nothing else.

Run as a file by `engine.foreign.bytecode`, without any package: decoding bytes of others can crash
Python, and then it is this process that ends. Nothing of the code is called.
"""

from __future__ import annotations

import dis
import io
import itertools
import json
import marshal
import math
import re
import sys
from types import CodeType
from typing import Any

MEMORY = 512 * 2**20
SECONDS = 10
LONGEST_TEXT = 200_000
MOST_STEPS = 2_000
MOST_CODES = 200
LONGEST_CONSTANT = 2_000
# What may stand before the first instruction of the code's own.
BEFORE = ("COPY_FREE_VARS", "MAKE_CELL", "RETURN_GENERATOR", "POP_TOP", "EXTENDED_ARG")
# Behind these nothing goes on.
ENDING = (
    "RETURN_VALUE",
    "RETURN_CONST",
    "RAISE_VARARGS",
    "RERAISE",
    "JUMP_FORWARD",
    "JUMP_BACKWARD",
    "JUMP_BACKWARD_NO_INTERRUPT",
)
TAKING = {"RETURN_VALUE": 1, "RERAISE": 1}
# What instructions leave above what they have not looked at: most a value, some nothing.
LEAVING_NOTHING = (
    *("POP_", "STORE_", "DELETE_", "JUMP_", "NOP", "RESUME", "EXTENDED_ARG", "MAKE_CELL"),
    *("COPY_FREE_VARS", "KW_NAMES", "SETUP_ANNOTATIONS", "END_ASYNC_FOR", "END_FOR", "IMPORT_STAR"),
)
LEAVING_MORE = {
    **dict.fromkeys(("LOAD_METHOD", "FOR_ITER", "PUSH_EXC_INFO", "BEFORE_WITH"), 2),
    **dict.fromkeys(("CHECK_EXC_MATCH", "CHECK_EG_MATCH", "GET_LEN", "MATCH_MAPPING"), 2),
    **dict.fromkeys(("MATCH_SEQUENCE", "SEND"), 2),
    **{"MATCH_KEYS": 3, "WITH_EXCEPT_START": 5},
}
# Their argument says how far down they reach, or how much they leave.
REACHING = (
    *("SWAP", "UNPACK_SEQUENCE", "LIST_APPEND", "SET_ADD", "MAP_ADD"),
    *("LIST_EXTEND", "SET_UPDATE"),
)


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


class Unfit(Exception):
    """Code that is not offered to anybody; its text is the kind of the problem."""


def check(code: CodeType, stream: bytes) -> None:
    """Make sure that code is of the running Python, and does what a listing of it says.

    Args:
        code: The code that was read.
        stream: What it was read from.

    Raises:
        Unfit: "damaged" where it is of another Python or broken, "hidden" where a listing would
            not be all that runs.
    """
    check_names(code)
    check_places(code, stream)
    check_cells(code)
    check_stack(code)
    for item in code.co_consts:
        if isinstance(item, CodeType):
            check(item, stream)
        elif not is_plain(item):
            raise Unfit("hidden")


def is_plain(value: Any) -> bool:
    """Return whether a constant is all that it is written as; code within others is not."""
    if isinstance(value, (tuple, frozenset)):
        return all(map(is_plain, value))
    return value is None or value is ... or type(value) in (bool, int, float, complex, str, bytes)


def check_names(code: CodeType) -> None:
    """Make sure that no name can be taken for something else in a listing."""
    parts = [part for name in code.co_names for part in name.split(".")]  # "import os.path"
    places = (*code.co_varnames, *code.co_freevars, *code.co_cellvars)
    parts += [name.removeprefix(".0") or "x" for name in places]  # What comprehensions go through.
    titles = (code.co_name, code.co_qualname)
    if not all(map(str.isidentifier, parts)):
        raise Unfit("hidden")
    if not all(re.fullmatch(r"[\w.<>]+", title) for title in titles):
        raise Unfit("hidden")


def check_places(code: CodeType, stream: bytes) -> None:
    """Make sure that all instructions are shown, and that none but these can be reached.

    Between most versions the numbers of operations change, or how many empty places follow them.
    Python hides what stands in these places: so the code must be in the stream as it is shown, and
    no jump may lead to where nothing is shown, or behind what an argument begins with.
    """
    entries: Any = getattr(dis, "_inline_cache_entries", None)
    raw, place, resumed, longer = code.co_code, 0, False, 0
    starts: set[Any] = set()
    while place < len(raw):
        number = raw[place]
        name = dis.opname[number]
        if name.startswith(("<", "INSTRUMENTED_", "INTERPRETER_")) or name == "CACHE" or place % 2:
            raise Unfit("damaged")
        resumed = resumed or name == "RESUME"
        if not longer:
            starts.add(place)
        longer = longer + 1 if name == "EXTENDED_ARG" else 0
        empty = 0
        if entries is not None:
            empty = entries.get(name, 0) if isinstance(entries, dict) else entries[number]
        end = place + 2 + 2 * empty
        if end > len(raw) or any(raw[place + 2 : end]) or longer > 3:
            raise Unfit("damaged")
        place = end
    if not resumed or raw not in stream:
        raise Unfit("damaged")
    if not jumps(code) <= starts or not is_whole_table(code):
        raise Unfit("hidden")


def handlers(code: CodeType) -> list[Any]:
    """Return where code goes on after errors."""
    read_table: Any = getattr(dis, "_parse_exception_table", lambda _: ())
    return list(read_table(code))


def jumps(code: CodeType) -> set[Any]:
    """Return where code can go on other than behind the instruction before."""
    leaping = {*dis.hasjrel, *dis.hasjabs}
    found = {step.argval for step in dis.get_instructions(code) if step.opcode in leaping}
    return found | {entry.target for entry in handlers(code)}


def is_whole_table(code: CodeType) -> bool:
    """Return whether Python looks up the same places after errors as a listing tells.

    Python searches the table for bytes that begin an entry; a listing reads it from its start.
    So both agree only where the table is as compilers write it.
    """
    found, last = bytearray(), 0
    for entry in handlers(code):
        if entry.start < last:
            return False
        last = entry.end
        length, how = entry.end - entry.start, entry.depth << 1 | entry.lasti
        row = b"".join(map(varint, (entry.start // 2, length // 2, entry.target // 2, how)))
        found += bytes([row[0] | 128]) + row[1:]
    return bytes(found) == code.co_exceptiontable


def varint(value: int) -> bytes:
    """Return a number as tables of errors hold it: six bits a byte, the highest first."""
    parts = [value & 63]
    while value := value >> 6:
        parts.append(value & 63 | 64)
    return bytes(reversed(parts))


def check_cells(code: CodeType) -> None:
    """Make sure that what is shared with inner code is what Python takes it for.

    Python itself does not look: another object in such a place would be read as if it were one.
    """
    steps_ = list(dis.get_instructions(code))
    shared = {*code.co_cellvars, *code.co_freevars}
    begin = next(place for place, step in enumerate(steps_) if step.opname == "RESUME")
    before, after = steps_[:begin], steps_[begin:]
    made = [step.argval for step in before if step.opname == "MAKE_CELL"]
    copied = [step.arg for step in before if step.opname == "COPY_FREE_VARS"]
    expected = [len(code.co_freevars)] if code.co_freevars else []
    if sorted(made) != sorted(code.co_cellvars) or copied != expected:
        raise Unfit("hidden")
    if any(step.opname not in BEFORE for step in before):
        raise Unfit("hidden")
    targets = jumps(code)
    for last, step in itertools.pairwise(after):
        name = step.opname
        if name in ("MAKE_CELL", "COPY_FREE_VARS") or (
            name.endswith(("DEREF", "_CLOSURE")) != (step.argval in shared)
            and name.endswith(("DEREF", "_CLOSURE", "STORE_FAST", "DELETE_FAST"))
        ):
            raise Unfit("hidden")
        if name == "MAKE_FUNCTION" and (
            step.offset in targets or not isinstance(last.argval, CodeType)
        ):
            raise Unfit("hidden")


def check_stack(code: CodeType) -> None:
    """Make sure that every instruction finds what it takes, and leaves no more than there is room.

    What lies below belongs to Python, such as all functions of its own: a listing would not say
    that an instruction takes one of them.
    """
    at = {step.offset: step for step in dis.get_instructions(code)}
    behind = dict(itertools.pairwise(at))
    table = handlers(code)
    known: dict[int, int] = {}
    waiting = [(0, 0)]
    while waiting:
        place, depth = waiting.pop()
        if place in known:
            if known[place] != depth:
                raise Unfit("hidden")
            continue
        known[place] = depth
        for entry in table:
            if entry.start <= place < entry.end:
                if depth < entry.depth:
                    raise Unfit("hidden")
                waiting.append((entry.target, entry.depth + entry.lasti + 1))
        waiting += following(code, at[place], behind.get(place), depth)


def following(
    code: CodeType, step: dis.Instruction, behind: int | None, depth: int
) -> list[tuple[int, int]]:
    """Return where code can go on behind an instruction, and how many values are there then.

    Raises:
        Unfit: It takes more than there is, leaves more than there is room, or nothing follows.
    """
    ways = [(behind, False)] if step.opname not in ENDING else []
    if step.opcode in dis.hasjrel or step.opcode in dis.hasjabs:
        ways.append((step.argval, True))
    if depth < (step.arg or 0 if step.opname == "RAISE_VARARGS" else TAKING.get(step.opname, 0)):
        raise Unfit("hidden")
    found = []
    for target, leaps in ways:
        left = depth + effect(step, leaps)
        if target is None or left < needed(step, leaps) or left > code.co_stacksize:
            raise Unfit("hidden")
        found.append((target, left))
    return found


def effect(step: dis.Instruction, leaps: bool) -> int:
    """Return by how much an instruction changes how many values there are."""
    if step.opname == "RETURN_GENERATOR":  # What is sent to it first lies there when it goes on.
        return 1
    return dis.stack_effect(step.opcode, step.arg, jump=leaps)


def needed(step: dis.Instruction, leaps: bool) -> int:
    """Return how many values at least are there once an instruction is done."""
    name, count = step.opname, step.arg or 0
    if name == "COPY":
        return count + 1
    if name in REACHING:
        return count
    if name == "UNPACK_EX":
        return (count & 255) + (count >> 8) + 1
    return 0 if leaps or name.startswith(LEAVING_NOTHING) else LEAVING_MORE.get(name, 1)


def without_file(code: CodeType) -> CodeType:
    """Return code that claims to be of no file.

    Python and TensorFlow look up the source of functions where these say that it is: TensorFlow
    may run what it finds there in their place.
    """
    inner = tuple(
        without_file(item) if isinstance(item, CodeType) else item for item in code.co_consts
    )
    return code.replace(co_filename="<lambda>", co_consts=inner)


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
    """Return what a person can read of code: its operations, its names and its constants.

    Raises:
        Unfit: "too long": whoever trusts it must have seen all of it.
    """
    out = io.StringIO()
    waiting, count = [code], 0
    while waiting:
        here, count = waiting.pop(0), count + 1
        inner = [item for item in here.co_consts if isinstance(item, CodeType)]
        waiting += inner
        constants = [repr(item) for item in here.co_consts if not isinstance(item, CodeType)]
        out.write(f"{here.co_name}({', '.join(arguments(here))})\n")
        out.write(f"  names:     {', '.join(map(repr, here.co_names)) or '-'}\n")
        out.write(f"  constants: {', '.join(constants) or '-'}\n")
        if inner:
            out.write(f"  code in it: {', '.join(item.co_name for item in inner)}\n")
        out.write("\n")
        dis.dis(here, file=out, depth=0)
        out.write("\n")
        longest = max(map(len, constants), default=0)
        if longest > LONGEST_CONSTANT or count > MOST_CODES or out.tell() > LONGEST_TEXT:
            raise Unfit("too long")
    return out.getvalue()


def arguments(code: CodeType) -> list[str]:
    """Return the names of the arguments that code takes."""
    count = code.co_argcount + code.co_kwonlyargcount
    return list(code.co_varnames[:count])


def decode(raw: bytes) -> dict[str, Any]:
    """Return what can be told of marshalled code."""
    code = marshal.loads(raw)
    if not isinstance(code, CodeType):
        return {"problem": "no code"}
    try:
        check(code, raw)
        code = without_file(code)
        found: dict[str, Any] = {"suits": True, "text": told(code)}
    except Unfit as unfit:
        return {"problem": str(unfit)}
    # Anything else than a plain function, such as a generator, has other flags.
    simple = not code.co_flags & 0x2AC and not code.co_kwonlyargcount
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
