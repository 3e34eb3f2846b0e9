"""Ways to spoil a file: its bytes, its JSON, its words of Python."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable
from typing import Any

Spoil = Callable[[random.Random, bytes], bytes]
Json = Any

# --- bytes ---------------------------------------------------------------------------------

EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)


def truncated(random: random.Random, content: bytes) -> bytes:
    """Cut the end off."""
    return content[: random.randrange(len(content) + 1)]


def flipped(random: random.Random, content: bytes) -> bytes:
    """Turn over some bits."""
    spoiled = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 4, 16, 64))):
        spoiled[random.randrange(len(spoiled))] ^= 1 << random.randrange(8)
    return bytes(spoiled)


def overwritten(random: random.Random, content: bytes) -> bytes:
    """Put numbers at which programs stumble somewhere, mostly near the beginning."""
    spoiled = bytearray(content)
    for _ in range(random.choice((1, 2, 4))):
        width = random.choice((1, 2, 4, 8))
        last = max(1, len(spoiled) - width)
        place = random.randrange(min(last, 4096) if random.random() < 0.5 else last)
        number = random.choice(EDGES) & (2 ** (8 * width) - 1)
        spoiled[place : place + width] = number.to_bytes(width, "little")
    return bytes(spoiled)


def rearranged(random: random.Random, content: bytes) -> bytes:
    """Remove, repeat, blank or move a stretch."""
    first, last = sorted(random.randrange(len(content) + 1) for _ in range(2))
    last = min(last, first + random.choice((8, 64, 512, 4096)))
    part, place = content[first:last], random.randrange(len(content) + 1)
    return random.choice(
        (
            content[:first] + content[last:],
            content[:last] + part + content[last:],
            content[:first] + bytes(len(part)) + content[last:],
            content[:place] + part + content[place + len(part) :],
        )
    )


def spoiled_bytes(random: random.Random, content: bytes) -> bytes:
    """Spoil bytes in one of these ways."""
    if not content:
        return content
    return random.choice((truncated, flipped, flipped, overwritten, overwritten, rearranged))(
        random, content
    )


# --- JSON ----------------------------------------------------------------------------------


def _nested(depth: int) -> Json:
    found: Json = []
    for _ in range(depth):
        found = [found]
    return found


def _odd(random: random.Random) -> Json:
    return random.choice(
        (
            None, True, False, 0, -1, 1, 2**31, -(2**63), 2**64, 10**30, 10**400, 1e308, -0.5,
            1e-320, float("nan"), float("inf"), "", "a", "../../x", "\0", "\ud800", "{0.x}",
            "x" * 5000,
            "Input", "Dense", "__keras_tensor__", "Functional", "Sequential", "Lambda",
            [], [None], [[]], [0], [-1], ["a", 0, 0], [None, 10**9, 10**9], [1, 2, 3, 4, 5, 6, 7],
            {}, {"": None}, {"class_name": "Dense", "config": {}}, {"name": []},
            {"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 2**40, 2**40]}},
            _nested(60), list(range(3000)),
        )
    )  # fmt: skip


def _alike(random: random.Random, value: Json) -> Json:
    """Return something odd of the same kind, which gets further than what has another."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice((0, -1, 1, 2, value + 1, 10**6, 2**31, 2**63, -(2**63), 10**400))
    if isinstance(value, float):
        return random.choice((0.0, -1.0, 0.5, 1.0, 2.5, 1e308, -1e308, 1e-320))
    if isinstance(value, str):
        words = (
            "",
            "a",
            "b",
            "image",
            "Dense",
            "LSTM",
            "Add",
            "same",
            "relu",
            "None",
            "{x}",
            "é\0",
        )
        return random.choice((*words, "x" * 5000, value * 2, value.upper(), value[:-1]))
    if isinstance(value, list):
        return random.choice(([], value * 2, value[::-1], value[1:], value[:1] * 200))
    return {} if isinstance(value, dict) else _odd(random)


def _places(value: Json, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return every place in a value as its container and key."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(entries):
        found.append((value, key))
        if isinstance(item, (dict, list)):
            _places(item, found)
    return found


def spoil_json(random: random.Random, value: Json) -> Json:
    """Spoil some places of a value that was read from JSON."""
    value = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 1, 1, 2, 3))):
        places = _places(value, []) if isinstance(value, (dict, list)) else []
        if not places:
            return _odd(random)
        holder, key = random.choice(places)
        match random.randrange(10):
            case 0 | 1 | 2:
                holder[key] = _odd(random)
            case 7 | 8 | 9:
                holder[key] = _alike(random, holder[key])
            case 3:
                del holder[key]
            case 4 if isinstance(holder, list):
                holder.insert(key, copy.deepcopy(holder[key]))
            case 5:
                other, where = random.choice(places)
                holder[key] = copy.deepcopy(other[where])
            case _ if isinstance(holder, dict) and isinstance(key, str):
                holder[random.choice(("", "name", "config", "shape", "units", key + "x"))] = (
                    holder.pop(key)
                )
    return value


def spoiled_json(random: random.Random, content: bytes) -> bytes:
    """Spoil a text of JSON: its values, or the text itself."""
    chance = random.random()
    if chance < 0.2:
        return spoiled_bytes(random, content)
    if chance < 0.25:
        sign = random.choice((b"[", b'{"a":', b'{"config":', b'{"layers": ['))
        place = content.index(b"{") + 1 if random.random() < 0.5 else 0
        return content[:place] + sign * random.choice((600, 3000, 100_000)) + content[place:]
    try:
        value = json.loads(content)
    except ValueError:
        return spoiled_bytes(random, content)
    return json.dumps(spoil_json(random, value)).encode("utf-8", "surrogatepass")


# --- Python --------------------------------------------------------------------------------

TOKENS = re.compile(rb"[A-Za-z_][A-Za-z_0-9]*|[0-9.]+(?:e-?[0-9]+)?|[^\sA-Za-z_0-9]|\n *")
ODD_TOKENS = (
    b"0", b"-1", b"1e999", b"9" * 5000, b"10**10**10", b"[0] * 10**12", b"'a' * 10**12",
    b"1 << 10**12", b"range(10**15)", b"(" * 300, b"[" * 50 + b"]" * 50, b"-" * 9000,
    b"not " * 4000, b"for", b"if", b"0j",
    b"x", b"model", b"None", b"True", b"f'{x!r:>{9**9}}'", b"'%999999999d' % 1", b"lambda: 0",
    b"*x", b"**x", b"\n", b"\n    ", b":", b",", b"=", b"==", b"()", b"[]", b"{}", b"'", b'"""',
    b"\x00", b"\xff", b"while True: x = x + x", b"__import__('os').abort()",
    b"class x(x): x = x", b"def f(x): return f(x)\nf(0)", b"[[x for x in range(10**6)] for x in x]",
    b"import os; os.abort()",
    b"x = y = z", b"int('9' * 10**9)", b"sum(range(10**12))", b"keras", b"layers",
)  # fmt: skip


def spoiled_python(random: random.Random, content: bytes) -> bytes:
    """Spoil a script: its words, its lines or its bytes."""
    if random.random() < 0.15:
        return spoiled_bytes(random, content)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = [found.span() for found in TOKENS.finditer(content)]
        if not places:
            break
        first, last = random.choice(places)
        here = content[first:last]
        alike = [
            content[slice(*place)]
            for place in places
            if content[place[0] : place[0] + 1].isalnum() == here[:1].isalnum()
        ]
        odd = random.choice((random.choice(ODD_TOKENS), random.choice(alike), random.choice(alike)))
        content = content[:first] + odd + content[last if random.random() < 0.9 else first :]
    return content
