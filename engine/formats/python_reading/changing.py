"""Lists and dictionaries of a script that change where they are, as Python changes them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.formats.python_reading.plain import Scalar, check_length, is_number, items
from engine.formats.python_reading.things import Refused, Unknown


class _Unclear(Exception):
    """What a change does to a list or a dictionary cannot be told."""


def _place(value: Any) -> int:
    if type(value) is not int:
        raise _Unclear
    return value


def _append(holder: list[Any], item: Any) -> None:
    check_length(len(holder) + 1)
    holder.append(item)


def _extend(holder: list[Any], more: Any) -> None:
    found = items(more)
    check_length(len(holder) + len(found))
    holder.extend(found)


def _insert(holder: list[Any], place: Any, item: Any) -> None:
    check_length(len(holder) + 1)
    holder.insert(_place(place), item)


def _pop(holder: list[Any], place: Any = -1) -> Any:
    return holder.pop(_place(place))


def _remove(holder: list[Any], item: Any) -> None:
    del holder[_index(holder, item)]


def _index(holder: Sequence[Any], item: Any) -> int:
    for place, other in enumerate(holder):
        _comparable(item, other)
        if other == item:
            return place
    raise _Unclear


def _count(holder: Sequence[Any], item: Any) -> int:
    for other in holder:
        _comparable(item, other)
    return sum(other == item for other in holder)


def _comparable(*values: Any) -> None:
    """Refuse what only the run shows to be equal, and lists in lists."""
    if any(isinstance(value, (Unknown, list, tuple, dict)) for value in values):
        raise _Unclear


def _sort(holder: list[Any], *, reverse: Any = False) -> None:
    alike = all(map(is_number, holder)) or all(isinstance(item, str) for item in holder)
    if not alike or not isinstance(reverse, bool):
        raise _Unclear
    holder.sort(reverse=reverse)


def _key(value: Any) -> Any:
    if not isinstance(value, Scalar):
        raise _Unclear
    return value


def _update(holder: dict[Any, Any], *given: Any, **named: Any) -> None:
    found: dict[Any, Any] = {}
    for source in given:
        pairs = list(source.items()) if isinstance(source, dict) else items(source)
        for pair in pairs:
            name, value = items(pair)
            found[_key(name)] = value
    check_length(len(holder) + len(found) + len(named))
    holder.update(found, **named)


def _setdefault(holder: dict[Any, Any], key: Any, default: Any = None) -> Any:
    check_length(len(holder) + 1)
    return holder.setdefault(_key(key), default)


def _take(holder: dict[Any, Any], key: Any, *default: Any) -> Any:
    return holder.pop(_key(key), *default)


def _add(holder: set[Any], item: Any) -> None:
    check_length(len(holder) + 1)
    holder.add(_key(item))


# What changes what it belongs to.
_CHANGES: dict[type, dict[str, Callable[..., Any]]] = {
    list: {
        "append": _append,
        "extend": _extend,
        "insert": _insert,
        "pop": _pop,
        "remove": _remove,
        "clear": list.clear,
        "reverse": list.reverse,
        "sort": _sort,
    },
    dict: {
        "update": _update,
        "setdefault": _setdefault,
        "pop": _take,
        "popitem": lambda holder: holder.popitem(),
        "clear": dict.clear,
    },
    set: {
        "add": _add,
        "discard": lambda holder, item: holder.discard(_key(item)),
        "remove": lambda holder, item: holder.remove(_key(item)),
        "clear": set.clear,
    },
}
_READS: dict[type, dict[str, Callable[..., Any]]] = {
    list: {"copy": list.copy, "index": _index, "count": _count},
    # Shapes are tuples in Keras 3; in TensorFlow they were none and had `as_list`.
    tuple: {"index": _index, "count": _count, "as_list": list},
    dict: {"copy": dict.copy},
}
# Methods by which a line changes a list or a dictionary, whichever it is.
CHANGING = frozenset(name for methods in _CHANGES.values() for name in methods)


def changed(holder: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a method that changes a list or a dictionary, or that looks into one.

    Returns:
        What it gives; `NotImplemented` where there is no such method here, or where it is not
        clear what it would do. Nothing has changed then.

    Raises:
        Refused: It would become too long.
    """
    kind = type(holder)
    work = _CHANGES.get(kind, {}).get(name) or _READS.get(kind, {}).get(name)
    if work is None:
        return NotImplemented
    try:
        return work(holder, *args, **kwargs)
    except Refused:
        raise
    except Exception:  # Whatever it is, the script itself would fail here or is not followed.
        return NotImplemented


def put(holder: Any, place: Any, value: Any) -> bool:
    """Put something into a list or a dictionary; returns whether that is clear."""
    try:
        if isinstance(holder, dict):
            check_length(len(holder) + 1)
            holder[_key(place)] = value
        elif isinstance(place, slice):
            found = items(value)
            check_length(len(holder) + len(found))
            holder[place] = found
        else:
            holder[_place(place)] = value
    except Exception:  # As above.
        return False
    return True


def taken_out(holder: Any, place: Any) -> bool:
    """Take something out of a list or a dictionary; returns whether that is clear."""
    try:
        if isinstance(holder, dict):
            del holder[_key(place)]
        else:
            del holder[place if isinstance(place, slice) else _place(place)]
    except Exception:  # As above.
        return False
    return True


def names_changed(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names of what statements change where it is, in loops and branches too."""
    for node in (inner for statement in body for inner in ast.walk(statement)):
        stored = isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)
        called = isinstance(node, ast.Attribute) and node.attr in CHANGING
        if stored or called:
            held = getattr(node, "value", None)
            if isinstance(held, ast.Name):
                yield held.id
