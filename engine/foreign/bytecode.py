"""Bytecode in files of Keras: what it is, which Python wrote it, what it says."""

from __future__ import annotations

import base64
import binascii
import os
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine.trust import sum_of

DECODER = Path(__file__).with_name("decoder.py")
PATIENCE_SECONDS = 10
LARGEST_CODE = 1_000_000
# Of the program's surroundings nothing else reaches the process that decodes.
KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH")


class Decoded(msgspec.Struct, frozen=True):
    """What the decoder tells.

    Attributes:
        suits: Whether it is bytecode of the running Python.
        text: Its operations, names and constants for people.
        steps: Instructions of a plain function: name, argument, what it stands for, spelling.
        arguments: Names of its arguments.
        free: Names of what it takes from around it.
        problem: Why it cannot be read, or "".
    """

    suits: bool = False
    text: str = ""
    steps: list[tuple[str, int | None, Any, str]] = []
    arguments: list[str] = []
    free: list[str] = []
    problem: str = ""


@dataclass(frozen=True)
class Function:
    """A function in a file: its bytecode, and the values that it came with.

    Attributes:
        raw: The marshalled bytecode.
        defaults: Values of its last arguments.
        closure: Values that it takes from around it; None where it takes none.
    """

    raw: bytes
    defaults: tuple[Any, ...] = ()
    closure: tuple[Any, ...] | None = None


def function_in(value: Any) -> Function | None:
    """Return the function that a layer's argument holds, as Keras 2 or 3 writes it, or None."""
    if isinstance(value, dict) and value.get("class_name") == "__lambda__":
        inner = value.get("config")
        parts = inner if isinstance(inner, dict) else {}
        given = [parts.get("code"), parts.get("defaults"), parts.get("closure")]
    elif isinstance(value, (list, tuple)) and len(value) == 3 and isinstance(value[0], str):
        given = list(value)
    else:
        return None
    raw = _raw(given[0])
    if raw is None:
        return None
    closure = values_in(given[2])
    return Function(
        raw,
        tuple(values_in(given[1]) or ()),
        None if closure is None else tuple(closure),
    )


def _raw(words: Any) -> bytes | None:
    if not isinstance(words, str) or not words or len(words) > 2 * LARGEST_CODE:
        return None
    try:
        return base64.b64decode("".join(words.split()), validate=True)
    except (ValueError, binascii.Error):
        # So Keras wrote it before 2.0.5.
        return words.encode("raw_unicode_escape")


def values_in(value: Any) -> Any:
    """Return values as Python has them: Keras marks tuples, which JSON does not know."""
    if isinstance(value, dict):
        if value.get("class_name") == "__tuple__" and isinstance(value.get("items"), list):
            return tuple(map(values_in, value["items"]))
        return {key: values_in(item) for key, item in value.items()}
    return [values_in(item) for item in value] if isinstance(value, (list, tuple)) else value


# --- which Python --------------------------------------------------------------------------

_BY_FIRST = {0x97: "3.11–3.12", 0x80: "3.14"}
_OURS = {(3, 11): "3.11–3.12", (3, 12): "3.11–3.12", (3, 13): "3.13", (3, 14): "3.14"}


def python_of(raw: bytes) -> str:
    """Return the versions of Python that may have written bytecode; "" where nothing tells.

    Only the first bytes are looked at: how many numbers stand before the instructions, and with
    which these begin.
    """
    if len(raw) < 32 or raw[0] & 0x7F != ord("c"):
        return ""
    for numbers in (4, 5, 6):
        place = 1 + 4 * numbers
        (length,) = struct.unpack_from("<I", raw, place + 1)
        if raw[place] & 0x7F == ord("s") and 0 < length < len(raw):
            break
    else:
        return ""
    if numbers != 5:
        return "2.7" if numbers == 4 else "3.8–3.10"
    first, second = raw[place + 5], raw[place + 7]
    if first == 0x95:  # The first of all in 3.13; in those before it takes values from around.
        return "3.11–3.12" if second == 0x97 else "3.13"
    if first == 0x87 and 0x97 in raw[place + 5 : place + 25 : 2]:  # Values are lent to inner code.
        return "3.11–3.12"
    return _BY_FIRST.get(first, "3.0–3.7")


def is_ours(raw: bytes) -> bool:
    """Return whether bytecode may be of the running Python."""
    return python_of(raw) == _OURS.get(sys.version_info[:2])


# --- what it says --------------------------------------------------------------------------

MOST_KNOWN = 500
_known: OrderedDict[str, Decoded] = OrderedDict()
_lock = threading.Lock()


def known(raw: bytes) -> Decoded | None:
    """Return what has been decoded before, or None; never waits."""
    with _lock:
        return _known.get(sum_of(raw))


def decode(raw: bytes) -> Decoded:
    """Return what bytecode says; it is taken apart in a process of its own, once."""
    found = known(raw)
    if found is None:
        found = _decode(raw)
        with _lock:
            _known[sum_of(raw)] = found
            while len(_known) > MOST_KNOWN:
                _known.popitem(last=False)
    return found


def _decode(raw: bytes) -> Decoded:
    if len(raw) > LARGEST_CODE:
        return Decoded(problem="too long")
    if not is_ours(raw):
        return Decoded(problem="other version")
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(DECODER)],
            check=False,
            input=raw,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return msgspec.json.decode(done.stdout, type=Decoded)
    except subprocess.TimeoutExpired:
        return Decoded(problem="takes too long")
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Decoded(problem="damaged")  # It has crashed: that is what the process is for.
