"""Processes of the engine's own that compute with Keras."""

from __future__ import annotations

import os

from engine.paths import ROOT


def child_environment() -> dict[str, str]:
    """Return the environment in which a child finds Netloom and TensorFlow keeps quiet.

    Python takes modules from the current folder for an empty place among others, and where it is
    not told to be safe: that folder may hold anything under the name of any module.
    """
    places = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONSAFEPATH": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
