"""What every layer makes of one sample."""

from __future__ import annotations

import numpy as np

from engine.fields import Params
from engine.probes.spec import PROBES, LayerOutput, Picture, ProbeContext, ProbeSpec


@PROBES.register("activations")
class Activations(ProbeSpec):
    """The output of every layer for one sample: maps for images, bars for vectors."""

    title = "Activations"
    needs_sample = True

    @classmethod
    def run(cls, context: ProbeContext, node: str, params: Params) -> list[Picture]:
        """Return one picture a layer, in the order of data flow."""
        return [_picture(output) for output in context.outputs()]


def _picture(output: LayerOutput) -> Picture:
    values = np.asarray(output.values, np.float32)
    if values.ndim == 3:
        maps = np.ascontiguousarray(np.moveaxis(values, -1, 0))
        return Picture(output.title, output.node, "grid", maps)
    if values.ndim == 2:
        # Steps × features of a sequence, time from left to right.
        return Picture(output.title, output.node, "image", np.ascontiguousarray(values.T))
    return Picture(output.title, output.node, "bars", values.reshape(-1))
