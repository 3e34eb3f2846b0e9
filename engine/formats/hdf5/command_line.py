"""The command `inspect`: prints what an HDF5 file holds, or how two differ, without Keras."""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict
from typing import Any

from engine.errors import FileProblem, Text
from engine.foreign.code import one_line
from engine.formats.hdf5.comparing import Difference, compare, summary
from engine.formats.hdf5.content import attributes
from engine.formats.hdf5.reading import Stored
from engine.formats.hdf5.statistics import Statistics, statistics
from engine.formats.hdf5.tree import Entry, Hdf5File
from engine.formats.hdf5.words import legible, shape_words

DONE, DIFFERENT, UNREADABLE = 0, 1, 2
# As shells tell of Ctrl+C.
INTERRUPTED = 130


def inspect(options: argparse.Namespace) -> int:
    """Run the command; returns 0 done, 1 the files differ, 2 unreadable file."""
    try:
        with Hdf5File(options.file) as file:
            if options.compare is None:
                return _show(file, options)
            with Hdf5File(options.compare) as other:
                return _compare(file, other, options)
    except KeyboardInterrupt:
        print("netloom: stopped.", file=sys.stderr)
        return INTERRUPTED
    except FileProblem as error:
        print(f"netloom: {one_line(str(error))}", file=sys.stderr)
        return UNREADABLE


def _show(file: Hdf5File, options: argparse.Namespace) -> int:
    rows = [file.entry("/"), *file.walk()]
    if options.json:
        shown = [_row(file, entry, options.stats) for entry in rows]
        _print_json({"file": str(file.path), "entries": shown})
        return DONE
    print(one_line(file.path.name))
    for entry in rows[1:]:
        print(one_line(_line(entry)))
        if options.stats and entry.kind == "dataset":
            print(f"{_indent(entry)}    {_figures(file, entry.path)}")
    numbers = [entry for entry in rows if entry.kind == "dataset"]
    total = sum(entry.size for entry in numbers)
    print(f"{len(numbers):,} data sets, {total:,} bytes")
    return DONE


def _line(entry: Entry) -> str:
    name = f"{_indent(entry)}{entry.name}"
    match entry.kind:
        case "group":
            return f"{name}/"
        case "dataset":
            shape = shape_words(entry.shape)
            return f"{name:<48}  {shape:<18} {entry.dtype:<12} {entry.size:>14,} B"
        case "link":
            return f"{name} -> {entry.target}"
        case "type":
            return f"{name:<48}  type {entry.dtype}"
        case _:
            target = f" ({entry.target})" if entry.target else ""
            return f"{name:<48}  refused: {entry.refusal}{target}"


def _indent(entry: Entry) -> str:
    return "  " * entry.path.count("/")


def _figures(file: Hdf5File, path: str) -> str:
    found = _statistics(file, path)
    if not isinstance(found, Statistics):
        return str(found)
    return (
        f"min {found.low:.6g}  max {found.high:.6g}  mean {found.mean:.6g}  std {found.std:.6g}"
        f"  zeros {found.zeros:,}  NaN {found.nans:,}  infinite {found.infinite:,}"
    )


def _statistics(file: Hdf5File, path: str) -> Statistics | Text:
    try:
        return statistics(Stored(file.dataset(path), path), lambda _: True)
    except FileProblem as error:
        return error.text


def _row(file: Hdf5File, entry: Entry, with_statistics: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"path": legible(entry.path), "kind": entry.kind}
    if entry.kind == "dataset":
        shape = None if entry.shape is None else list(entry.shape)
        row |= {"shape": shape, "dtype": entry.dtype, "bytes": entry.size}
    if entry.target:
        row["target"] = entry.target
    if entry.refusal is not None:
        row["refused"] = str(entry.refusal)
    if entry.kind in ("group", "dataset"):
        row["attributes"] = {one.name: one.short for one in attributes(file, entry.path)}
    if with_statistics and entry.kind == "dataset":
        found = _statistics(file, entry.path)
        if isinstance(found, Statistics):
            row["statistics"] = asdict(found) | {"histogram": found.histogram.tolist()}
        else:
            row["statistics"] = {"problem": str(found)}
    return row


def _compare(first: Hdf5File, second: Hdf5File, options: argparse.Namespace) -> int:
    found = compare(first, second, lambda _: True)
    if options.json:
        rows = [
            asdict(one) | {"path": legible(one.path), "why": str(one.why) if one.why else ""}
            for one in found
        ]
        _print_json({"first": str(first.path), "second": str(second.path), "data_sets": rows})
    else:
        for one in found:
            if one.state != "equal":
                print(one_line(_difference(one)))
        print(", ".join(map(str, summary(found))))
    return DONE if all(one.state == "equal" for one in found) else DIFFERENT


def _difference(one: Difference) -> str:
    path = f"{legible(one.path):<48}"
    match one.state:
        case "first":
            return f"{path}  only in the first"
        case "second":
            return f"{path}  only in the second"
        case "shape":
            return f"{path}  shape {one.shapes[0]} / {one.shapes[1]}"
        case "unread":
            return f"{path}  not compared: {one.why}"
        case _:
            return (
                f"{path}  max {one.most:.3g}  mean {one.mean:.3g}  relative {one.relative:.3g}"
                f"  {one.unlike:,} values"
            )


def _print_json(value: Any) -> None:
    print(json.dumps(_plain(value), ensure_ascii=False))


def _plain(value: Any) -> Any:
    """Return a value without what JSON has no word for: infinite numbers and NaN become texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
