"""Processes of the engine's own that compute with Keras."""

from __future__ import annotations

import os

from engine.paths import ROOT


def child_environment() -> dict[str, str]:
    """Return the environment in which a child finds Netloom and TensorFlow keeps quiet."""
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths, "TF_CPP_MIN_LOG_LEVEL": "3"}
