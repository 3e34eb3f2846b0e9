"""Looks at values of any length before HDF5 does, which believes what a file says of them.

A damaged length makes HDF5 fill the memory, and a damaged heap, where such values lie, makes it
read in circles for ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import h5py
import numpy as np

from engine.errors import FileProblem
from engine.formats.hdf5.words import legible

# How a value of any length stands in a data set: its length and its place in a heap.
REFERENCE = np.dtype([("length", "<u4"), ("heap", "<u8"), ("number", "<u4")])
NOWHERE = 2**64 - 1
# References that are looked at: more than are ever shown, and enough to find damage.
MOST = 100_000
LARGEST_HEAP = 16 * 2**20


def check_texts(path: Path, data: h5py.Dataset, where: str) -> None:
    """Look at where the values of a data set lie, if they are of any length and in one piece.

    Args:
        path: The file.
        data: The data set.
        where: Its path, for errors.

    Raises:
        FileProblem: It is damaged.
    """
    offset = data.id.get_offset()
    varies = h5py.check_vlen_dtype(data.dtype) is not None
    if string := h5py.check_string_dtype(data.dtype):
        varies = string.length is None
    if offset is None or not varies or not data.size:
        return
    if data.id.get_storage_size() != data.size * REFERENCE.itemsize:
        return  # A file with shorter addresses; today's programs write none.
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(offset)
        raw = file.read(REFERENCE.itemsize * min(int(data.size), MOST))
        found = np.frombuffer(raw[: len(raw) // REFERENCE.itemsize * REFERENCE.itemsize], REFERENCE)
        start = int(data.file.userblock_size)
        heaps = {int(heap) for heap in np.unique(found["heap"])} - {0, NOWHERE}
        sound = not len(found) or int(found["length"].max()) <= size
        if not sound or not all(_is_sound(file, start + heap, size) for heap in heaps):
            raise FileProblem(
                "“{where}” is damaged: its values are not where it says. Restore the file from a"
                " copy.",
                where=legible(where),
            )


def _is_sound(file: BinaryIO, place: int, size: int) -> bool:
    """Return whether a heap can be gone through from one object to the next."""
    if place + 16 > size:
        return False
    file.seek(place)
    head = file.read(16)
    length = int.from_bytes(head[8:], "little")
    if head[:4] != b"GCOL" or not 16 < length <= size - place:
        return False
    if length > LARGEST_HEAP:
        return True  # A single large value; going through it would take longer than reading it.
    heap = file.read(length - 16)
    at = 0
    while at + 16 <= len(heap):
        number = int.from_bytes(heap[at : at + 2], "little")
        inside = int.from_bytes(heap[at + 8 : at + 16], "little")
        # Number 0 is free space, whose size counts its own header; others are filled up to 8.
        step = inside if number == 0 else 16 + -(-inside // 8) * 8
        if step < 16:
            return False
        at += step
    return True
