"""Which call of a script is which call of another: by name, by variable, then by place."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

from engine.formats.python_network import FLOWING
from engine.formats.python_reading.things import Call, Reading
from engine.graph.copying import snake_case

# Beyond this, comparing every call with every other would take too long.
MOST_COMPARED = 1500


def title_of(call: Call) -> str:
    """Return the name that a script gives a layer, or ""; Keras chooses it then.

    A variable in Keras's own manner, such as `dense_1`, is a name, too.
    """
    if call.layer.name:
        return call.layer.name
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
    if max(last - first, border - first) > MOST_COMPARED:
        return
    matched = {there: here for here, there in found.items()}
    left = [(place, key(old[place]), matched.get(place)) for place in range(first, border)]
    right = [(place, key(new[place]), place in found) for place in range(first, last)]
    a = [("=", here) if here is not None else ("?", word) for _, word, here in left]
    b = [("=", place) if done else ("?", word) for place, word, done in right]
    for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            there, here = first + block.a + step, first + block.b + step
            if here not in found and there not in matched:
                found[here] = there
