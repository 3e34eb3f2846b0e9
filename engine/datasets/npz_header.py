"""Looks at the headers of arrays in an .npz file before anything is read into memory."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from engine.errors import DataProblem
from engine.unpacking import unfolds_too_far

# As float32, what a machine of today can hold and train on.
MOST_VALUES = 2**30


def refuse_large_arrays(archive: zipfile.ZipFile, keys: Sequence[str], where: str) -> None:
    """Refuse arrays whose declared size cannot be, or is more than fits into memory.

    Args:
        archive: The opened .npz file.
        keys: Names of the arrays to look at.
        where: Name of the file, for sentences.

    Raises:
        DataProblem: The arrays are too large, or one holds objects instead of numbers.
        ValueError: A header is damaged.
    """
    names = set(archive.namelist())
    members = [key if key in names else f"{key}.npy" for key in keys]
    for key, name in zip(keys, members, strict=True):
        with archive.open(name) as file:
            shape, dtype = read_header(file)
            header = file.tell()
        if dtype.hasobject:
            raise DataProblem(
                "{key} in “{file}” holds Python objects, which could run programs: save plain "
                "arrays of numbers.",
                key=key,
                file=where,
            )
        values = math.prod(shape)
        if values > MOST_VALUES:
            raise DataProblem(
                "{key} in “{file}” declares {count} numbers, which do not fit into memory.",
                key=key,
                file=where,
                count=f"{values:,}",
            )
        if archive.getinfo(name).file_size != header + values * dtype.itemsize:
            raise ValueError("declared shape and stored bytes differ")
    if unfolds_too_far(archive, map(archive.getinfo, members)):
        raise DataProblem(
            "“{file}” declares far more numbers than the file is large: save the arrays with"
            " numpy.savez, without packing them.",
            file=where,
        )


def read_header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Read shape and type of an .npy stream; leaves the stream behind the header."""
    version = npy.read_magic(file)
    if version == (1, 0):
        shape, _, dtype = npy.read_array_header_1_0(file)
    elif version == (2, 0):
        shape, _, dtype = npy.read_array_header_2_0(file)
    else:
        raise ValueError("unknown version of the .npy format")
    return shape, dtype
