"""The weights in a Keras file, layer by layer, read only when asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from engine.errors import FileProblem, Text
from engine.formats.apart.asking import PATIENCE, Failed, ask
from engine.formats.keras_files.guard import guarded_zip, h5_problem, reading_zip
from engine.formats.keras_files.raw_h5 import Held, HeldLayers
from engine.formats.keras_files.writers import MODERN, Writer
from engine.paths import passing_folder

Values = npt.NDArray[Any]
Kind = TypeVar("Kind")
RAW = "engine.formats.keras_files.raw_h5"
# Bytes a second that the slowest of disks gives.
SLOWEST = 5 * 2**20


@dataclass(frozen=True)
class StoredWeight:
    """One array of a file.

    Attributes:
        name: Its name in the file, such as "conv2d_1/kernel:0".
        shape: Its shape as stored.
        read: Returns the values.
        into: Reads the values into an array of this shape; may be given where that is quicker.
    """

    name: str
    shape: tuple[int, ...]
    read: Callable[[], Values]
    into: Callable[[Values], None] | None = None

    def read_into(self, values: Values) -> None:
        """Read the values into an array of this shape, as numbers of its type."""
        if values.shape != self.shape:
            raise ValueError(f"{self.name}: {self.shape} ≠ {values.shape}")
        if self.into is not None:
            self.into(values)
        else:
            values[...] = self.read()


@dataclass(frozen=True)
class StoredLayer:
    """The weights of a layer in a file.

    Attributes:
        path: Names of the models around the layer and of the layer itself.
        weights: In the order in which the layer has them.
        writer: Which Keras wrote them, where their layout tells of it.
        note: How they differ from what the file holds, or None.
        names: The path as people have named it, where the file's own path is made of the names
            of classes; empty where the file does not tell.
        by_class: Whether the path is made of the names of classes, as Keras 3 makes it.
    """

    path: tuple[str, ...]
    weights: list[StoredWeight]
    writer: Writer = MODERN
    note: Text | None = None
    names: tuple[str, ...] = ()
    by_class: bool = False


@contextmanager
def stored_layers(path: Path) -> Iterator[list[StoredLayer]]:
    """Open the weights of an .h5, .weights.h5 or .keras file.

    Raises:
        FileProblem: The file is damaged or dangerous, or holds no weights.
    """
    if path.suffix.lower() == ".keras":
        with guarded_zip(path) as archive, passing_folder() as folder:
            if "model.weights.h5" not in archive.namelist():
                raise FileProblem("“{path}” holds no weights of a Keras model.", path=path.name)
            _refuse_without_room(archive.getinfo("model.weights.h5").file_size, Path(folder), path)
            # Under the name that people know, for sentences about it.
            with reading_zip(path):
                packed = Path(archive.extract("model.weights.h5", folder))
            inner = packed.rename(folder / path.name)
            yield _layers(inner)
    else:
        yield _layers(path)


def _refuse_without_room(size: int, folder: Path, path: Path) -> None:
    """Refuse to fill the disk that others need too."""
    if size > shutil.disk_usage(folder).free:
        raise FileProblem(
            "“{path}” cannot be unpacked: its weights need {size} MB, and the folder for temporary"
            " files has no room for them. Free some space.",
            path=path.name,
            size=-(-size // 10**6),
        )


def stored_optimizer(path: Path) -> list[StoredWeight]:
    """Return the variables of the optimizer in a whole model's .h5 file; none where it has none.

    Raises:
        FileProblem: The file is damaged or dangerous.
    """
    held = _asked(path, f"{RAW}:optimizer", list[Held])
    return [_weight(path, one) for one in held]


def _layers(path: Path) -> list[StoredLayer]:
    held = _asked(path, f"{RAW}:layers", HeldLayers)
    return [
        StoredLayer(
            layer.path,
            [_weight(path, one) for one in layer.weights],
            held.writer,
            names=layer.names,
            by_class=held.by_class,
        )
        for layer in held.layers
    ]


def _weight(path: Path, held: Held) -> StoredWeight:
    return StoredWeight(
        held.name, held.shape, partial(_values, path, held), partial(_values_into, path, held)
    )


def _values(path: Path, held: Held) -> Values:
    if not held.dtype:
        return _asked_values(path, held)
    values = np.empty(held.shape, held.dtype)
    _fill(path, held.offset, values)
    return values


def _values_into(path: Path, held: Held, values: Values) -> None:
    if values.dtype.str == held.dtype and values.flags.c_contiguous:
        _fill(path, held.offset, values)
    else:
        values[...] = _values(path, held)


def _fill(path: Path, offset: int, values: Values) -> None:
    """Read numbers that lie in the file as in memory; of these HDF5 was asked no more than where.

    Raises:
        FileProblem: The file cannot be read, or ends before the numbers do.
    """
    rest = values.reshape(-1).view(np.uint8).data
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            while len(rest):
                count = file.readinto(rest)
                if not count:
                    raise ValueError("cut off")
                rest = rest[count:]
    except (OSError, ValueError) as error:
        raise h5_problem(path, error) from error


def _asked_values(path: Path, held: Held) -> Values:
    """Read an array in a process that may hang or die for it."""
    try:
        told, content = ask(
            path,
            f"{RAW}:values",
            str(path.absolute()),
            held.where,
            allowance=2 * held.size,
            patience=PATIENCE + held.size / SLOWEST,
        )
    except Failed as error:
        raise h5_problem(path, error) from error
    dtype, shape = msgspec.convert(told, tuple[str, tuple[int, ...]])
    return np.frombuffer(content, np.dtype(dtype)).reshape(shape)


def _asked(path: Path, function: str, kind: type[Kind]) -> Kind:
    try:
        path.stat()
        told, _ = ask(path, function, str(path.absolute()))
    except (OSError, Failed) as error:
        raise h5_problem(path, error) from error
    return msgspec.convert(told, kind)
