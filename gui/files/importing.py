"""Models and scripts of Keras on the canvas: what did not fit is written beside the network."""

from __future__ import annotations

from pathlib import Path

import engine.blocks  # noqa: F401  # Scripts may call its models.
from engine.formats.importing import import_any
from engine.formats.keras_files.drawing import Imported
from engine.graph.document import Mark
from engine.graph.geometry import CARD_WIDTH
from gui.files.opened import Opened
from gui.i18n import tr, tr_text

NOTE_WIDTH, LINE_HEIGHT = 360.0, 40.0
MOST_REMARKS = 12


def open_model(path: Path, name: str = "") -> Opened:
    """Open a whole model, a description of one, or a script that makes one.

    Args:
        path: The file.
        name: What it is called in sentences, where that is not its own name.

    Raises:
        FileProblem: It cannot be opened, is damaged or dangerous, or describes no model.
    """
    imported = import_any(path)
    if imported.own:
        return Opened(imported.document, path)
    document = imported.document
    opaque = sum(remark.opaque for remark in imported.remarks)
    if imported.remarks:
        document.marks["import"] = _note(imported, name or path.name)
    count = len(document.network.nodes)
    news = tr("Imported {count} layers from “{name}”.", count=count, name=name or path.name)
    if opaque:
        news += " " + tr(
            "{count} of them cannot run as they are: see the note beside the network.",
            count=opaque,
        )
        if imported.weighted:
            news += " " + tr("The weights come as soon as these are trusted or replaced.")
    elif imported.partial:
        news += " " + tr("A part could not be read: see the note beside the network.")
    elif imported.remarks:
        news += " " + tr("Not all fitted: see the note beside the network.")
    return Opened(
        document,
        weights=path if imported.weighted else None,
        partly=True,
        later=bool(opaque),
        news=news,
        severity="warning" if imported.remarks else "info",
    )


def _note(imported: Imported, name: str) -> Mark:
    """Return the note that says what did not fit."""
    remarks = [tr_text(remark.message) for remark in imported.remarks]
    lines = [tr("Imported from “{name}”:", name=name)]
    lines += [f"• {remark}" for remark in remarks[:MOST_REMARKS]]
    if len(remarks) > MOST_REMARKS:
        lines.append(tr("… and {count} more.", count=len(remarks) - MOST_REMARKS))
    nodes = imported.document.network.nodes.values()
    left = max((node.at[0] for node in nodes), default=0.0) + CARD_WIDTH + 48
    top = min((node.at[1] for node in nodes), default=0.0)
    size = NOTE_WIDTH, LINE_HEIGHT * (len(lines) + 1)
    return Mark(id="import", kind="note", at=(left, top), size=size, text="\n".join(lines))
