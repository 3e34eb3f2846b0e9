"""Which code of others this user has read and trusts, by its content.

The store holds sums, not names: a file that changes by one letter is no longer trusted. Only the
window's sheet and the command `trust` add to it; no document, model file or message can.
"""

from __future__ import annotations

import contextlib
import hashlib
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from engine import paths
from engine.errors import FileProblem

Kind = Literal["layer", "lambda", "script"]


class Trusted(msgspec.Struct, frozen=True):
    """One thing that is trusted.

    Attributes:
        sum: SHA-256 of its content, in hexadecimal digits.
        kind: What it is.
        name: What it was called then: a file's path, or the name of a layer.
        date: The day it was trusted, as 2026-11-24.
    """

    sum: str
    kind: Kind
    name: str
    date: str


def trust_file() -> Path:
    """Return where the store lies: beside the settings."""
    return paths.config_dir() / "trusted.json"


def sum_of(content: bytes) -> str:
    """Return the sum by which a content is known, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


def all_trusted() -> list[Trusted]:
    """Return what is trusted, the latest last; a damaged store trusts nothing."""
    path = trust_file()
    try:
        return msgspec.json.decode(paths.read_small(path), type=list[Trusted])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".bad"))
    except (OSError, FileProblem):
        pass
    return []


def is_trusted(content: bytes, kind: Kind = "layer") -> bool:
    """Return whether exactly this content is trusted as what it is.

    The same bytes are shown in another way as bytecode than as a Python file: who trusts one has
    not read the other. Files with layers and scripts are shown alike, and stand for each other.
    """
    known = sum_of(content)
    return any(
        entry.sum == known and _is_bytecode(entry.kind) == _is_bytecode(kind)
        for entry in all_trusted()
    )


def _is_bytecode(kind: Kind) -> bool:
    return kind == "lambda"


def was_trusted(name: str) -> bool:
    """Return whether something of this name is trusted, maybe with another content."""
    return any(entry.name == name for entry in all_trusted())


def trust(content: bytes, name: str, kind: Kind = "layer") -> None:
    """Trust a content from now on; called only after a person has read it and said so.

    Raises:
        FileProblem: The store cannot be written.
    """
    entry = Trusted(sum_of(content), kind, name, date.today().isoformat())
    others = [
        other
        for other in all_trusted()
        if other.sum != entry.sum or _is_bytecode(other.kind) != _is_bytecode(kind)
    ]
    _write([*others, entry])


def withdraw(content: bytes) -> bool:
    """Trust a content no longer; returns whether it was trusted.

    Raises:
        FileProblem: The store cannot be written.
    """
    return withdraw_sum(sum_of(content))


def withdraw_sum(known: str) -> bool:
    """Trust the content with this sum no longer; returns whether it was trusted.

    Raises:
        FileProblem: The store cannot be written.
    """
    before = all_trusted()
    left = [entry for entry in before if entry.sum != known]
    if len(left) == len(before):
        return False
    _write(left)
    return True


def _write(entries: list[Trusted]) -> None:
    path = trust_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be written: {reason}.", path=path, reason=paths.reason(error)
        ) from error
    content = msgspec.json.format(msgspec.json.encode(entries), indent=1)
    with paths.replacing(path) as temporary:
        temporary.write_bytes(content)
