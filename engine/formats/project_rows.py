"""Rows of the project file for blocks and marks, written and read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from engine.fields import Params
from engine.graph.document import Block, Mark, Part, Port
from engine.graph.elements import MARK_COLORS


class Malformed(Exception):
    """Where a file departs from the format, in a few words."""


def short(number: float) -> float | int:
    """Write whole numbers without a point."""
    return int(number) if float(number).is_integer() else number


def typed(value: Any, kind: type, where: str) -> Any:
    """Return a value of the kind that the format asks for.

    Raises:
        Malformed: It is of another kind.
    """
    if isinstance(value, kind):
        return value
    raise Malformed(f"{where} is not {_KINDS[kind]}")


_KINDS: dict[type, str] = {
    str: "text",
    list: "a list",
    dict: "an object",
    bool: "true or false",
}


def place(value: Any, where: str) -> tuple[float, float]:
    """Read a position or a size."""
    at = msgspec.convert(value, tuple[float, float])
    if not all(math.isfinite(number) and abs(number) < 1e7 for number in at):
        raise Malformed(f"{where} lies off the canvas")
    return at


def without(row: Params, known: set[str]) -> Params:
    """Return the keys that this version does not know."""
    return {key: value for key, value in row.items() if key not in known}


def part_row(part: Part) -> Params:
    """Return a chosen declaration as it stands in the file."""
    return {"kind": part.kind, "params": part.params} if part.params else {"kind": part.kind}


def read_part(value: Any, where: str) -> Part:
    """Read a chosen declaration.

    Raises:
        Malformed: It is damaged.
    """
    row = typed(value, dict, where)
    kind = typed(row.get("kind"), str, f"“kind” of {where}")
    return Part(kind, typed(row.get("params", {}), dict, f"“params” of {where}"))


# --- blocks --------------------------------------------------------------------------------


def block_row(block: Block) -> Params:
    """Return a block as its row in the file."""
    row: Params = {"id": block.id, "title": block.title}
    for key in ("parent", "link"):
        if value := getattr(block, key):
            row[key] = value
    if not block.collapsed:
        row["collapsed"] = False
    if block.row:
        row["row"] = True
    if block.inputs:
        row["inputs"] = [[list(end) for end in port.ends] for port in block.inputs]
    if block.outputs:
        row["outputs"] = list(block.outputs)
    if block.made is not None:
        row["made"] = part_row(block.made)
    return row | block.extra


def read_blocks(rows: Any) -> list[Block]:
    """Read the blocks of a file.

    Raises:
        Malformed: A row is damaged, or blocks lie inside themselves.
    """
    blocks: dict[str, Block] = {}
    for number, row in enumerate(typed(rows, list, "blocks")):
        block = _block(typed(row, dict, f"block {number + 1}"), number)
        if block.id in blocks:
            raise Malformed(f"two blocks have the id “{block.id}”")
        blocks[block.id] = block
    fine: set[str] = set()
    for block in blocks.values():
        _check_parents(blocks, block, fine)
    return list(blocks.values())


def _block(row: Params, number: int) -> Block:
    where = f"block {number + 1}"
    name = typed(row.get("id"), str, f"“id” of {where}")
    if not name:
        raise Malformed(f"{where} has no “id”")
    known = {"id", "title", "parent", "collapsed", "link", "row", "inputs", "outputs", "made"}
    ports = msgspec.convert(row.get("inputs", []), tuple[tuple[tuple[str, int], ...], ...])
    return Block(
        id=name,
        title=typed(row.get("title", ""), str, f"“title” of {where}"),
        parent=typed(row.get("parent", ""), str, f"“parent” of {where}"),
        collapsed=typed(row.get("collapsed", True), bool, f"“collapsed” of {where}"),
        link=typed(row.get("link", ""), str, f"“link” of {where}"),
        row=typed(row.get("row", False), bool, f"“row” of {where}"),
        inputs=tuple(Port(ends) for ends in ports),
        outputs=msgspec.convert(row.get("outputs", []), tuple[str, ...]),
        made=read_part(row["made"], f"“made” of {where}") if "made" in row else None,
        order=number,
        extra=without(row, known),
    )


def _check_parents(blocks: Mapping[str, Block], block: Block, fine: set[str]) -> None:
    """Follow a block outwards up to those that are known to be fine, which it then is too."""
    seen, parent = {block.id}, block.parent
    while parent and parent not in fine:
        if parent in seen:
            raise Malformed(f"block “{block.id}” lies inside itself")
        if parent not in blocks:
            raise Malformed(f"block “{block.id}” lies in “{parent}”, which does not exist")
        seen.add(parent)
        parent = blocks[parent].parent
    fine |= seen


# --- marks ---------------------------------------------------------------------------------


def mark_row(mark: Mark) -> Params:
    """Return a mark as its row in the file."""
    row: Params = {"id": mark.id, "kind": mark.kind}
    if mark.text:
        row["text"] = mark.text
    row["at"] = [short(mark.at[0]), short(mark.at[1])]
    row["size"] = [short(mark.size[0]), short(mark.size[1])]
    if mark.color != MARK_COLORS[0]:
        row["color"] = mark.color
    return row | mark.extra


def read_marks(rows: Any) -> list[Mark]:
    """Read the marks of a file.

    Raises:
        Malformed: A row is damaged.
    """
    marks: dict[str, Mark] = {}
    for number, row in enumerate(typed(rows, list, "marks")):
        mark = _mark(typed(row, dict, f"mark {number + 1}"), number)
        if mark.id in marks:
            raise Malformed(f"two marks have the id “{mark.id}”")
        marks[mark.id] = mark
    return list(marks.values())


def _mark(row: Params, number: int) -> Mark:
    where = f"mark {number + 1}"
    kind = row.get("kind")
    if kind not in ("note", "frame", "bookmark"):
        raise Malformed(f"{where} is no note, frame or bookmark")
    size = place(row.get("size", [208, 96]), where)
    color = row.get("color", MARK_COLORS[0])
    return Mark(
        id=typed(row.get("id"), str, f"“id” of {where}"),
        kind=kind,
        text=typed(row.get("text", ""), str, f"“text” of {where}"),
        at=place(row.get("at", [0, 0]), where),
        size=(max(size[0], 8.0), max(size[1], 8.0)),
        color=color if color in MARK_COLORS else MARK_COLORS[0],
        order=number,
        extra=without(row, {"id", "kind", "text", "at", "size", "color"}),
    )
