"""Kernels of a convolution, as pictures."""

from __future__ import annotations

import numpy as np

from engine.errors import NetloomError
from engine.fields import Params
from engine.probes.spec import PROBES, Picture, ProbeContext, ProbeSpec


@PROBES.register("kernels")
class Kernels(ProbeSpec):
    """The weights that a convolution has learned: one small picture a filter and channel."""

    title = "Kernels"
    layers = ("Conv2D", "DepthwiseConv2D", "Conv2DTranspose")

    @classmethod
    def run(cls, context: ProbeContext, node: str, params: Params) -> list[Picture]:
        """Return one grid an input channel, each of shape (filters, height, width)."""
        kernel = context.kernel(node)
        if kernel.ndim != 4:
            raise NetloomError("“{node}” has no two-dimensional kernel.", node=context.title(node))
        # Keras keeps kernels as (height, width, channels in, filters).
        channels = np.moveaxis(kernel, (2, 3), (0, 1))
        title = context.title(node)
        return [
            Picture(f"{title} [{number}]", node, "grid", np.ascontiguousarray(filters))
            for number, filters in enumerate(channels)
        ]
