"""What there is to read about one entry: facts, attributes, first values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np

from engine.errors import Text, text
from engine.formats.hdf5.heaps import check_texts
from engine.formats.hdf5.reading import check_chunks, place_words, read, unreadable
from engine.formats.hdf5.tree import Hdf5File
from engine.formats.hdf5.words import legible, shape_words, shortened, type_words, value_words
from engine.formats.keras_files.guard import HARMLESS, TROUBLE

ROWS, COLUMNS = 100, 32
# Signs of a long text that are shown.
MOST_SIGNS = 100_000
# Texts of any length: each may claim to be as long as the file.
MOST_TEXT = 4 * 2**30
FEW = 64


@dataclass(frozen=True)
class Attribute:
    """One attribute.

    Attributes:
        name: Its name.
        kind: Its type and shape in words, or "JSON".
        short: Its value in one line.
        whole: Its value, with JSON laid out in lines; "" where `short` is all of it.
        refusal: Why it was not read.
    """

    name: str
    kind: str
    short: str
    whole: str = ""
    refusal: Text | None = None


@dataclass(frozen=True)
class Storage:
    """How a data set is kept.

    Attributes:
        stored: Bytes in the file.
        chunks: Shape of the pieces, or None where it lies in one.
        packing: Compression and other filters in words, "" for none.
        growing: Whether it may still grow.
    """

    stored: int
    chunks: tuple[int, ...] | None
    packing: str
    growing: bool


@dataclass(frozen=True)
class Head:
    """First values of a data set.

    Attributes:
        place: Which part they are: "[0, 0, 0:3, 0:32]".
        columns: Names of fields, or numbers of columns.
        rows: Values in words.
    """

    place: str
    columns: list[str]
    rows: list[list[str]]


def attributes(file: Hdf5File, path: str) -> list[Attribute]:
    """Read the attributes of a group or a data set."""
    owner = file.thing(path)
    found = []
    try:
        for name in owner.attrs:
            found.append(_attribute(owner, name, file.path.stat().st_size))
    except TROUBLE:
        found.append(_refused("…", "", text("something damaged or unknown")))
    return found


def storage(file: Hdf5File, path: str) -> Storage:
    """Say how a data set is kept.

    Raises:
        FileProblem: It is damaged.
    """
    data = file.dataset(path)
    try:
        return _storage(data)
    except TROUBLE as error:
        raise unreadable(path, error) from error


def _storage(data: h5py.Dataset) -> Storage:
    packing = []
    if data.compression:
        level = f" {data.compression_opts}" if isinstance(data.compression_opts, int) else ""
        packing.append(f"{data.compression}{level}")
    for name in ("shuffle", "fletcher32", "scaleoffset"):
        if getattr(data, name):
            packing.append(name)
    if not packing and (count := data.id.get_create_plist().get_nfilters()):
        packing = [_filter_name(data, number) for number in range(count)]
    chunks = None if data.chunks is None else tuple(int(size) for size in data.chunks)
    growing = data.shape is not None and data.maxshape != data.shape
    return Storage(int(data.id.get_storage_size()), chunks, ", ".join(packing), growing)


def head(file: Hdf5File, path: str, rows: int = ROWS, columns: int = COLUMNS) -> Head:
    """Read the first values: of more than two axes, those of the last two.

    Raises:
        FileProblem: They cannot be read.
    """
    data = file.dataset(path)
    check_chunks(data, path)
    shape: tuple[int, ...] | None = data.shape
    if shape is None or 0 in shape:
        return Head(shape_words(shape), [], [])
    if _varies(data.dtype):
        check_texts(file.path, data, path)
        rows = _few(rows, file.path.stat().st_size)
    most = (*(1 for _ in shape[:-2]), rows, columns) if len(shape) > 1 else (rows,)
    place = tuple(slice(0, min(size, few)) for size, few in zip(shape, most, strict=False))
    values = read(data, place, path)
    table = values.reshape(-1, values.shape[-1] if len(shape) > 1 else 1)
    where = place_words(place, shape)
    if data.dtype.names and len(shape) < 2:
        fields = data.dtype.names[:columns]
        lines = [[_cell(row[0][name]) for name in fields] for row in table]
        return Head(where, [legible(name) for name in fields], lines)
    names = [str(number) for number in range(table.shape[1])]
    return Head(where, names, [[_cell(value) for value in row] for row in table])


def _cell(value: Any) -> str:
    return shortened(value_words(value))


def _attribute(owner: Any, name: str, file_size: int) -> Attribute:
    shown = legible(name)
    try:
        handle = owner.attrs.get_id(name)
        kind = type_words(handle.dtype)
        shape = handle.shape
        count = int(np.prod(shape or (), dtype=object)) if shape is not None else 0
        kind = kind if shape == () else f"{kind} {shape_words(shape)}"
        if count * handle.dtype.itemsize > min(file_size, HARMLESS) or (
            _varies(handle.dtype) and count > _few(count, file_size)
        ):
            return _refused(shown, kind, text("far more data than is shown here"))
        value = owner.attrs[name]
    except TROUBLE:
        return _refused(shown, "", text("something damaged or unknown"))
    words = value_words(value)
    if laid_out := _json(words):
        return Attribute(shown, "JSON", shortened(words), laid_out[:MOST_SIGNS])
    short = shortened(words)
    return Attribute(shown, kind, short, "" if short == words else words[:MOST_SIGNS])


def _refused(name: str, kind: str, why: Text) -> Attribute:
    return Attribute(name, kind, "", refusal=why)


def _varies(dtype: np.dtype[Any]) -> bool:
    """Return whether values may be of any length, or hold such values."""
    return bool(dtype.hasobject)


def _few(count: int, file_size: int) -> int:
    """Return how many values of any length may be read at once."""
    return min(count, max(FEW, MOST_TEXT // max(1, file_size)))


def _json(words: str) -> str:
    """Return a description in JSON with its lines laid out, or ""."""
    if not words.startswith(("{", "[")):
        return ""
    try:
        return json.dumps(json.loads(words), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


def _filter_name(data: h5py.Dataset, number: int) -> str:
    code, _, _, name = data.id.get_create_plist().get_filter(number)
    return legible(name.decode("utf-8", "surrogateescape")) or str(code)
