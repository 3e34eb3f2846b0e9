"""Probes: ways to look inside a trained network, one class a visualization."""

from engine.probes.spec import PROBES, Picture, ProbeContext, ProbeSpec
from engine.registry import import_modules

import_modules(__name__, list(__path__))

__all__ = ["PROBES", "Picture", "ProbeContext", "ProbeSpec"]
