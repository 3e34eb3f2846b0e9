"""Attributes and members of HDF5 groups that others have written: only what is really there."""

from __future__ import annotations

import h5py
import numpy as np


def attribute_text(file: h5py.Group, name: str) -> str:
    """Return an attribute as text; "" where it is none."""
    if name not in file.attrs:
        return ""
    value = file.attrs[name]
    return plain_text(value) if isinstance(value, (bytes, str)) else ""


def plain_text(value: bytes | str) -> str:
    """Return a text that can be written again: bytes that are no text are marked in it."""
    raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    return raw.decode("utf-8", "replace")


def attribute_names(group: h5py.Group, name: str) -> list[str]:
    """Return an attribute that lists names; long lists are cut into `name0`, `name1`..."""
    pieces = [name] if name in group.attrs else []
    if not pieces:
        number = 0
        while f"{name}{number}" in group.attrs:
            pieces.append(f"{name}{number}")
            number += 1
    found: list[str] = []
    for piece in pieces:
        for item in np.ravel(group.attrs[piece]).tolist():
            if isinstance(item, (bytes, str)):
                found.append(plain_text(item))
    return found


def inside(group: h5py.Group, name: str, kind: type) -> h5py.HLObject | None:
    """Return what lies below a group, reached through hard links only; None for what does not."""
    here: h5py.HLObject = group
    for part in name.split("/"):
        if not part or not isinstance(here, h5py.Group):
            continue
        if not isinstance(here.get(part, getlink=True), h5py.HardLink):
            return None
        here = here[part]
    return here if isinstance(here, kind) else None


def group_in(group: h5py.Group, name: str) -> h5py.Group | None:
    """Return a group below another one, as `inside`."""
    return inside(group, name, h5py.Group)
