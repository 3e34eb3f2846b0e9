"""Which call of a script is which call of another: by name, by variable, then by place."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence

from engine.formats.python_network import FLOWING
from engine.formats.python_reading.things import Call, Reading
from engine.graph.calls import PICK
from engine.graph.copying import snake_case
from engine.layers import LAYERS

# Scripts that differ in more calls than this are others, not edited ones.
MOST_DIFFERENCES = 1000


def title_of(call: Call) -> str:
    """Return the name that a script gives a layer, or ""; Keras chooses it then.

    A variable in Keras's own manner, such as `dense_1`, is a name, too; so is any of what Keras
    gives no names: operations, and further tensors of a layer.
    """
    if call.layer.name:
        return call.layer.name
    spec = LAYERS.find(call.layer.kind)
    if call.layer.kind == PICK or (spec is not None and spec.function):
        return call.variable if call.variable != FLOWING else ""
    automatic = re.fullmatch(rf"{re.escape(snake_case(call.layer.kind))}(_\d+)?", call.variable)
    return call.variable if automatic else ""


def match(before: Reading, after: Reading) -> dict[int, int]:
    """Return for calls of a script the calls of its earlier self that they are.

    Equal beginnings and ends are taken as they are, so that an edit in one place costs little.
    """
    old, new = before.calls, after.calls
    found: dict[int, int] = {}
    start = 0
    while start < min(len(old), len(new)) and _whole(old[start]) == _whole(new[start]):
        found[start] = start
        start += 1
    end = 0
    most = min(len(old), len(new)) - start
    while end < most and _whole(old[-1 - end]) == _whole(new[-1 - end]):
        end += 1
        found[len(new) - end] = len(old) - end
    _by_key(old, new, found, title_of)
    _by_key(old, new, found, lambda call: call.variable if call.variable != FLOWING else "")
    if len(old) == len(new):
        # Lines were changed and none came or went: what is equal is in its place.
        taken = set(found.values())
        for place in range(start, len(new) - end):
            free = place not in found and place not in taken
            if free and _whole(old[place]) == _whole(new[place]):
                found[place] = place
    for kind in (_whole, _kind):
        _by_place(old, new, found, kind, (start, len(new) - end))
    return found


def _whole(call: Call) -> Hashable:
    """Return all that a line says of a layer."""
    return call.layer.kind, repr(call.layer.params), title_of(call), call.variable


def _kind(call: Call) -> Hashable:
    return call.layer.kind


def _by_key(
    old: Sequence[Call], new: Sequence[Call], found: dict[int, int], key: Callable[[Call], str]
) -> None:
    """Match calls of the same kind that share a word which no other call has."""
    taken = set(found.values())
    places: dict[str, list[int]] = {}
    for place, call in enumerate(old):
        if place not in taken and key(call):
            places.setdefault(key(call), []).append(place)
    for place, call in enumerate(new):
        there = places.get(key(call), [])
        if place not in found and len(there) == 1 and _may_be(old[there[0]], call):
            found[place] = there.pop()


def _may_be(before: Call, after: Call) -> bool:
    """Return whether a layer can have become another: an Input stays one."""
    return (before.layer.kind == "Input") == (after.layer.kind == "Input")


def _by_place(
    old: Sequence[Call],
    new: Sequence[Call],
    found: dict[int, int],
    key: Callable[[Call], Hashable],
    within: tuple[int, int],
) -> None:
    """Match what is left in the longest common order; what is matched already holds its place."""
    first, last = within
    border = last - len(new) + len(old)
    matched = {there: here for here, there in found.items()}
    a: list[Hashable] = [
        ("=", matched[place]) if place in matched else ("?", key(old[place]))
        for place in range(first, border)
    ]
    b: list[Hashable] = [
        ("=", place) if place in found else ("?", key(new[place])) for place in range(first, last)
    ]
    for there, here in common(a, b):
        if first + here not in found and first + there not in matched:
            found[first + here] = first + there


def common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence; nothing where too much differs.

    The greedy algorithm of Myers (1986): its time grows with the differences, not with the square
    of the length.
    """
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for steps in range(min(len(a) + len(b), MOST_DIFFERENCES) + 1):
        trace.append(dict(furthest))
        for diagonal in range(-steps, steps + 1, 2):
            down = diagonal == -steps or (
                diagonal != steps and furthest[diagonal - 1] < furthest[diagonal + 1]
            )
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while x < len(a) and x - diagonal < len(b) and a[x] == b[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            if x >= len(a) and x - diagonal >= len(b):
                return _way_back(trace, len(a), len(b))
    return []


def _way_back(trace: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """Return the pairs on the way that the algorithm has found, from the end."""
    pairs: list[tuple[int, int]] = []
    for steps in range(len(trace) - 1, -1, -1):
        furthest, diagonal = trace[steps], x - y
        down = diagonal == -steps or (
            diagonal != steps and furthest[diagonal - 1] < furthest[diagonal + 1]
        )
        start = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
        while x > start:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        if steps:
            x, y = (x, y - 1) if down else (x - 1, y)
    return pairs
