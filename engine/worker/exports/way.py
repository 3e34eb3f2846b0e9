"""What writes and reads a format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from engine.errors import Text
from engine.graph.document import Document
from engine.worker.exports.samples import Arrays


@dataclass(frozen=True)
class Told:
    """What a writer has to say.

    Attributes:
        note: What somebody should know of the file.
        outputs: Predictions of the file, where the writer has read it back itself.
        problem: Why it could not read it back, or "".
    """

    note: Text | None = None
    outputs: Arrays | None = None
    problem: str | Text = ""


Writer = Callable[[keras.Model, Document, Path, Arrays], Told]
Reader = Callable[[Path, keras.Model, Document, Arrays], Any]
