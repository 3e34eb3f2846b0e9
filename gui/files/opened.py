"""What opening a file gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.graph.document import Document

# Endings of files that hold a Keras model or make one.
MODELS = (".h5", ".hdf5", ".keras", ".json", ".pb", ".savedmodel", ".py")


@dataclass(frozen=True)
class Opened:
    """A file that has been opened.

    Attributes:
        document: Its drawing.
        weights: The file with its weights, or None where it has none that can be used.
        partly: Whether layers may keep weights of their own where the file has none for them.
        later: Whether the weights wait until the network has no errors any more: a layer has to
            be trusted or replaced first.
        news: What to tell about the import, or "".
        severity: How grave that is: "info" or "warning".
    """

    document: Document
    weights: Path | None = None
    partly: bool = False
    later: bool = False
    news: str = ""
    severity: str = "info"
