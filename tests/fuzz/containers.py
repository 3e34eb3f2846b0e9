"""Ways to spoil files that hold others: HDF5 objects, zip members, arrays of NumPy."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from fuzz.mutations import EDGES, spoiled_bytes, spoiled_json

# --- HDF5 ----------------------------------------------------------------------------------


def spoiled_h5(random: random.Random, content: bytes, folder: Path) -> bytes:
    """Spoil an HDF5 file: its bytes, or its objects in ways the library itself allows."""
    if random.random() < 0.5:
        return spoiled_bytes(random, content)
    path = folder / "spoiled.h5"
    path.write_bytes(content)
    with h5py.File(path, "r+") as file:
        for _ in range(random.choice((1, 2, 3))):
            spoil = random.choice((_spoil_attribute, _spoil_attribute, _spoil_link, _spoil_data))
            # The library refuses some of it.
            with contextlib.suppress(ValueError, TypeError, RuntimeError, KeyError, OSError):
                spoil(random, file)
    spoiled = path.read_bytes()
    path.unlink()
    return spoiled if random.random() < 0.8 else spoiled_bytes(random, spoiled)


def _objects(file: h5py.File) -> list[Any]:
    found: list[Any] = [file]
    file.visititems(lambda _, thing: found.append(thing))
    return found


def _spoil_attribute(random: random.Random, file: h5py.File) -> None:
    owners = [thing for thing in _objects(file) if len(thing.attrs)] or [file]
    owner = file if random.random() < 0.4 else random.choice(owners)
    names = [
        *owner.attrs,
        "layer_names",
        "weight_names",
        "layer_names0",
        "nb_layers",
        "model_config",
    ]
    name = random.choice(names)
    value = owner.attrs.get(name)
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, str) and value.startswith("{") and random.random() < 0.8:
        owner.attrs[name] = spoiled_json(random, value.encode()).replace(b"\0", b" ")
        return
    _put_attribute(owner, name, _odd_attribute(random, name))


def _odd_attribute(random: random.Random, name: str) -> Any:
    words = [b"dense", b"dense/kernel:0", b"..", b"/", b"", b"\xff\xfe", b"model_weights", b"a/b"]
    return random.choice(
        (
            0, -1, 2**62, 3.5, np.nan, True, "", "text", b"\xff\xfe\x00x", np.void(b"abc"),
            h5py.Empty("f4"), h5py.Empty("S5"), np.arange(5), np.zeros((2, 3)), np.zeros((0,)),
            np.array([random.choice(words) for _ in range(4)], "S20"),
            np.array([[b"a", b"b"]], "S1"), np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
            np.array([random.choice(words).decode("latin1") for _ in range(3)], object),
            "{}", "[]", "null", '{"class_name": "Model", "config": {"layers": []}}', "2.0." * 50,
        )
    )  # fmt: skip


def _put_attribute(owner: Any, name: str, value: Any) -> None:
    if isinstance(value, np.ndarray) and value.dtype == object:
        owner.attrs.create(name, value, dtype=h5py.string_dtype())
    else:
        owner.attrs[name] = value


def _spoil_link(random: random.Random, file: h5py.File) -> None:
    groups = [thing for thing in _objects(file) if isinstance(thing, h5py.Group)]
    group = random.choice(groups)
    names = list(group)
    name = random.choice([*names, *names, "layers", "vars", "layer_0", "x"])
    if name in group:
        del group[name]
    match random.randrange(6):
        case 0:
            group[name] = h5py.SoftLink(
                random.choice(("/", "/nowhere", name, "..", "/model_weights"))
            )
        case 1:
            group[name] = h5py.ExternalLink(random.choice(("secret.h5", "/dev/zero", "")), "/")
        case 2:
            group[name] = random.choice([other for other in groups if other])
        case 3:
            group.create_group(
                random.choice(("\udcff", "a" * 300, "..", "0", "vars", name)).encode(
                    "utf-8", "surrogateescape"
                )
                + b"1"
            )
        case 4:
            group[name] = np.dtype(random.choice(("f4", "S3", [("a", "i1")])))


def _spoil_data(random: random.Random, file: h5py.File) -> None:
    sets = [thing for thing in _objects(file) if isinstance(thing, h5py.Dataset)]
    path = random.choice(sets).name if sets else "/data"
    if path in file and path != "/":
        del file[path]
    match random.randrange(9):
        case 0:
            file[path] = h5py.Empty("f4")
        case 1:
            file.create_dataset(
                path, random.choice(((2**40,), (10**6, 10**6), (0, 5))), "f4", chunks=True
            )
        case 2:
            file.create_dataset(path, (8,), "f4", external=[("secret.bin", 0, 32)])
        case 3:
            layout = h5py.VirtualLayout((4,), "f4")
            layout[:] = h5py.VirtualSource("secret.h5", "numbers", (4,))
            file.create_virtual_dataset(path, layout)
        case 4:
            file[path] = np.array(random.choice((["a", "b"], ["x" * 999])), object)
        case 5:
            file[path] = np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")])
        case 6:
            file.create_dataset(
                path,
                (64, 64),
                "f4",
                chunks=(8, 8),
                compression="gzip",
                shuffle=True,
                data=np.ones((64, 64)),
            )
        case 7:
            file[path] = np.array([np.nan, np.inf, 6e4]).astype(random.choice(("f2", "f8", "c8")))
        case _:
            file.create_dataset(path, (3,), h5py.vlen_dtype(np.int32))


# --- zip -----------------------------------------------------------------------------------

NAMES = (
    "../x",
    "/etc/x",
    "C:\\x",
    "config.json",
    "model.weights.h5",
    "a" * 60_000,
    "",
    "\0",
    "x/",
    "é",
)


def spoiled_zip(
    random: random.Random, content: bytes, spoil: Callable[[random.Random, str, bytes], bytes]
) -> bytes:
    """Spoil a zip archive: its bytes, its members or their names.

    Args:
        random: Chooses.
        content: The archive.
        spoil: Spoils what a member holds; told its name.
    """
    if random.random() < 0.35:
        return spoiled_bytes(random, content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    if random.random() < 0.75:
        number = random.randrange(len(members))
        members[number] = (members[number][0], spoil(random, *members[number]))
    else:
        match random.randrange(4):
            case 0:
                members.append((random.choice(NAMES), b"strange"))
            case 1:
                members.append(random.choice(members))
            case 2:
                members.pop(random.randrange(len(members)))
            case _:
                number = random.randrange(len(members))
                members[number] = members[number][0], bytes(random.choice((0, 10, 3_000_000)))
    packed = _packed(random, members)
    return _odd_headers(random, packed) if random.random() < 0.25 else packed


def _packed(random: random.Random, members: list[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    method = random.choice(
        (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    )
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.fp.seek(0, 2)  # type: ignore[union-attr]
            archive._didModify = True  # type: ignore[attr-defined]
            archive.NameToInfo.pop(name, None)  # Otherwise it warns of the second of a name.
            archive.writestr(info, content)
    return made.getvalue()


def _odd_headers(random: random.Random, content: bytes) -> bytes:
    """Let the list of members lie about flags, methods, sizes and places."""
    spoiled = bytearray(content)
    starts = [place for place in range(len(spoiled)) if spoiled[place : place + 4] == b"PK\x01\x02"]
    for start in starts[:1] if random.random() < 0.5 else starts:
        where, width = random.choice(((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (42, 4)))
        number = random.choice(EDGES) & (2 ** (8 * width) - 1)
        spoiled[start + where : start + where + width] = number.to_bytes(width, "little")
    return bytes(spoiled)


def bomb(random: random.Random, ending: str) -> bytes:
    """Return a small archive that would unfold to hundreds of megabytes.

    Args:
        random: Chooses what repeats, and in how many members.
        ending: Of the file's name: ".keras" or ".npz".
    """
    made = io.BytesIO()
    size, count = random.choice((70, 150)) * 2**20, random.choice((1, 1, 4))
    names = ["model.weights.h5", *(f"assets/layers/{number}/x" for number in range(3))]
    head = b""
    if ending == ".npz":
        names = ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        if ending == ".keras":
            archive.writestr("config.json", '{"class_name": "Sequential", "config": {}}')
        for number, name in enumerate(names):
            share = size // count if number < count else 4096
            if ending == ".npz":
                words = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({share},)}}\n"
                head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words)) + words.encode()
            archive.writestr(name, head + random.choice((b"\0", b"a")) * share)
    return made.getvalue()


# --- NumPy ---------------------------------------------------------------------------------

HEADERS = (
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': True, 'shape': ()}",
    "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<M8[s]', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<U4', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '|V0', 'fortran_order': False, 'shape': (1000000000000,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1000000000000)}",
    "{'descr': ('<f4', (1000000, 1000000)), 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)*40}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 200 + ")" * 200 + "}",
    "[" * 5000, "", "{}", "{'descr': __import__('os').abort()}",
)  # fmt: skip


def spoiled_npy(random: random.Random, name: str, content: bytes) -> bytes:
    """Spoil an array: its bytes, its header, its values."""
    match random.randrange(4):
        case 0:
            return spoiled_bytes(random, content)
        case 1:
            header = random.choice(HEADERS).encode() + b"\n"
            start = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
            return start + bytes(random.choice((0, 8, 32)))
        case _:
            made = io.BytesIO()
            values: Any = random.choice(
                (
                    np.zeros(0), np.float32(3), np.zeros((4, 0)), np.array([np.nan] * 4),
                    np.array(["a", "b"]), np.full(4, -3), np.full(4, 2**62),
                    np.full(4, 1e300), np.array([1 + 2j]), np.zeros((1,) * 30),
                    np.array([2**64 - 1] * 4, "u8"), np.zeros(4, "f2"), np.zeros(4, np.longdouble),
                    np.zeros((4, 10_001)), np.array([None, {}], object), np.zeros(4, ">f4"),
                    np.ones(4, bool), np.zeros((4, 2, 2, 2)), np.arange(4, dtype="u8"),
                )
            )  # fmt: skip
            np.save(made, values, allow_pickle=True)
            return made.getvalue()
