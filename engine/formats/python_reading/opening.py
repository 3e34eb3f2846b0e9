"""A script of Keras as a new drawing, with a word on every line that could not be read."""

from __future__ import annotations

import io
from pathlib import Path

from msgspec.structs import replace

from engine.datasets import UNDECIDED
from engine.errors import FileProblem, text
from engine.formats.keras_files.drawing import Imported
from engine.formats.keras_files.understanding import Remark
from engine.formats.python_reading.known import Known
from engine.formats.python_reading.merging import merge
from engine.formats.python_reading.reading import LONGEST_SCRIPT, read_python
from engine.formats.python_reading.things import LineRemark, Reading
from engine.graph.arranging import lay_out
from engine.graph.copying import free_id
from engine.graph.document import Block, Document, Network, Part
from engine.graph.history import History
from engine.paths import read_small, reason

SUFFIX = ".py"


def import_script(path: Path) -> Imported:
    """Read the network of a script; nothing in it is run.

    Raises:
        FileProblem: It cannot be opened, or no network in it can be read.
    """
    script = _content(path)
    reading = read_python(script)
    if not any(call.used for call in reading.calls):
        error = reading.error
        raise FileProblem(
            "“{path}” holds no network that can be read. Line {line}: {message}",
            path=path.name,
            line=error.line if error is not None else 1,
            message=error.message if error is not None else text("No layer is called here."),
        )
    document = Document(title=reading.name or path.stem, data=Part(UNDECIDED))
    merged = merge(document, Known("", Reading(()), ()), script, reading)
    History(document).do(merged.edit)
    document.network = _with_blocks(document.network, reading, merged.known.ids)
    remarks = [_remark(remark) for remark in reading.remarks]
    return Imported(document, remarks, partial=reading.error is not None)


def _content(path: Path) -> str:
    try:
        content = read_small(path, 4 * LONGEST_SCRIPT)
        if len(content) > 4 * LONGEST_SCRIPT:
            raise FileProblem("“{path}” is too long to be read as a script.", path=path.name)
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except OSError as error:
        raise FileProblem(
            "“{path}” cannot be opened: {reason}.", path=path, reason=reason(error)
        ) from error
    except UnicodeDecodeError as error:
        raise FileProblem("“{path}” is no text in UTF-8.", path=path.name) from error


def _remark(remark: LineRemark) -> Remark:
    message = text("Line {line}: {message}", line=remark.line, message=remark.message)
    return Remark("", message, remark.opaque)


def _with_blocks(network: Network, reading: Reading, ids: tuple[str, ...]) -> Network:
    """Put the layers of models that are called as layers into blocks, and lay all out anew."""
    blocks: dict[tuple[str, ...], Block] = {}
    taken = set(network.nodes)
    nodes = dict(network.nodes)
    for node_id, call in zip(ids, reading.calls, strict=True):
        if not node_id or not call.block:
            continue
        for depth in range(1, len(call.block) + 1):
            path = call.block[:depth]
            if path in blocks:
                continue
            key = free_id(taken, path[-1])
            parent = blocks[path[:-1]].id if depth > 1 else ""
            blocks[path] = Block(id=key, title=path[-1], parent=parent, order=len(blocks))
        nodes[node_id] = replace(nodes[node_id], block=blocks[call.block].id)
    if not blocks:
        return network
    drawn = Network(nodes.values(), network.edges(), blocks.values())
    places = lay_out(drawn)
    for node in drawn.ordered():
        drawn.put_node(replace(node, at=places.get(node.id, node.at)))
    return drawn
