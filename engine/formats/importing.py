"""Files of others that become drawings: models of Keras and scripts that make them."""

from __future__ import annotations

from pathlib import Path

from engine.formats.keras_files.drawing import Imported, import_model
from engine.formats.keras_files.opened import ENDINGS as MODELS
from engine.formats.python_reading.opening import SUFFIX as SCRIPT
from engine.formats.python_reading.opening import import_script

ENDINGS = (*MODELS, SCRIPT)


def import_any(path: Path) -> Imported:
    """Make a drawing of a model's file or of a script; nothing in either is run.

    Raises:
        FileProblem: It cannot be opened, is damaged or dangerous, or holds no network.
    """
    return import_script(path) if path.suffix.lower() == SCRIPT else import_model(path)
