"""The user's own blocks: drawings of one block each, in a folder of the user's data."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec.structs import replace

from engine.errors import FileProblem, NetloomError
from engine.formats.project import SUFFIX, read_project, write_project
from engine.graph.copying import fragment
from engine.graph.document import Document, Network
from engine.graph.nesting import members
from engine.paths import data_dir, reason

PREFIX = "block:"


class Kept(msgspec.Struct, frozen=True):
    """One block of the library.

    Attributes:
        key: How it is called when it is dragged or chosen.
        title: Its name.
    """

    key: str
    title: str


def folder() -> Path:
    """Return where the blocks lie."""
    return data_dir() / "blocks"


def keep(document: Document, block_id: str) -> Path:
    """Put a block into the library; one of the same name is replaced.

    Raises:
        FileProblem: The folder cannot be written.
    """
    network = document.network
    block = network.blocks[block_id]
    part = fragment(network, members(network, block_id), within=block.parent)
    nodes = [replace(node, role="", locked=False) for node in part.ordered()]
    blocks = [replace(inner, link="") for inner in part.blocks.values()]
    own = Document(Network(nodes, part.edges(), blocks), title=block.title)
    path = folder() / f"{_file_name(block.title)}{SUFFIX}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be written: {reason}.", path=path, reason=reason(error)
        ) from error
    write_project(own, path)
    return path


def kept() -> list[Kept]:
    """Return the blocks of the library by name; files that cannot be read are passed over."""
    found = []
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            title = read_project(path).title
        except NetloomError:
            continue
        found.append(Kept(f"{PREFIX}{path.name}", title or path.stem))
    return found


def read(key: str) -> Network:
    """Return the network of a block of the library.

    Raises:
        FileProblem: It cannot be read.
    """
    return read_project(folder() / Path(key.removeprefix(PREFIX)).name).network


def remove(key: str) -> None:
    """Take a block out of the library."""
    (folder() / Path(key.removeprefix(PREFIX)).name).unlink(missing_ok=True)


def _file_name(title: str) -> str:
    """Return a name that every file system takes."""
    return re.sub(r"[^\w\- ]", "_", title).strip()[:60] or "block"
