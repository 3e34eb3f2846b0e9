"""The script of a document, read back: which of its calls is which node."""

from __future__ import annotations

from dataclasses import dataclass

from engine.formats.python_code import to_python
from engine.formats.python_custom import CUSTOM, class_names
from engine.formats.python_network import NetworkCode
from engine.formats.python_reading.reading import read_python
from engine.formats.python_reading.things import Reading
from engine.formats.python_writer import identifier
from engine.graph.document import Document
from engine.layers import LAYERS


@dataclass(frozen=True)
class Known:
    """A script that has been read, and the nodes that its calls are.

    Attributes:
        script: The script.
        reading: What reading it gave.
        ids: The node of each call; "" for calls that are no nodes.
        sound: Whether every call is known by its node, so that edits can be followed.
    """

    script: str
    reading: Reading
    ids: tuple[str, ...]
    sound: bool = True


def opaque_layers(document: Document) -> dict[str, str]:
    """Return the keys of layers that the catalog does not know, by their classes in scripts."""
    keys = {node.layer for node in document.network.nodes.values()}
    found = {identifier(key, "Unknown"): key for key in sorted(keys) if _is_opaque(key)}
    return found | dict.fromkeys(class_names(document.network), CUSTOM)


def _is_opaque(key: str) -> bool:
    spec = LAYERS.find(key)
    return spec is None or spec.hidden


def written(document: Document) -> Known:
    """Return the script of a document with the nodes that its calls are."""
    script = to_python(document)
    reading = read_python(script, opaque_layers(document))
    code = NetworkCode(document.network)
    ids = [*code.order, *_ways_out(code, reading)]
    if len(ids) != len(reading.calls):
        # A drawing so odd that its script says something else: nothing in it is followed.
        return Known(script, reading, ("",) * len(reading.calls), sound=False)
    return Known(script, reading, tuple(ids))


def _ways_out(code: NetworkCode, reading: Reading) -> list[str]:
    """Return the nodes of outputs that have no line of their own.

    They name what has a name already, so that their tensor may have others that take it.
    """
    ids = code.output_ids()
    if len(ids) != len(reading.outputs):
        return []
    found = {
        place: node_id
        for place, node_id in zip(reading.outputs, ids, strict=True)
        if reading.calls[place].implied
    }
    return [found[place] for place in sorted(found)]
