"""What a probe declares, what it is given, and what it returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from engine.fields import Params, Spec
from engine.registry import Registry

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Picture:
    """One part of a probe's result.

    Attributes:
        title: Caption, such as the layer's name.
        node: Id of the node it belongs to, or "".
        kind: "grid": a stack of pictures, shape (n, height, width); "bars": one number a unit,
            shape (n,); "image": one picture, shape (height, width[, 3]).
        values: The numbers as computed; the window chooses the colors.
    """

    title: str
    node: str
    kind: str
    values: Floats


@dataclass(frozen=True)
class LayerOutput:
    """What one node gives for one sample: `values` without the batch axis."""

    node: str
    title: str
    values: Floats


class ProbeContext(Protocol):
    """A trained model as probes see it, whatever library made it."""

    def title(self, node: str) -> str:
        """Return the name of a node's layer."""

    def kernel(self, node: str) -> Floats:
        """Return the kernel of a node's layer in Keras's axis order."""

    def outputs(self) -> list[LayerOutput]:
        """Return the output of every node for the chosen sample, in the order of data flow."""


class ProbeSpec(Spec):
    """A visualization of a trained model.

    Attributes:
        layers: Keys of the layers that can be chosen; empty where no layer is chosen.
        needs_sample: Whether it looks at one sample of the data.
    """

    layers: ClassVar[tuple[str, ...]] = ()
    needs_sample: ClassVar[bool] = False

    @classmethod
    def suits(cls, layers: Iterable[str]) -> bool:
        """Return whether a network of layers with these keys has one to choose, where one is."""
        return not cls.layers or any(key in cls.layers for key in layers)

    @classmethod
    def run(cls, context: ProbeContext, node: str, params: Params) -> list[Picture]:
        """Look inside.

        Args:
            context: The model and the chosen sample.
            node: Id of the chosen node, or "".
            params: The probe's parameters.
        """
        raise NotImplementedError


PROBES: Registry[type[ProbeSpec]] = Registry("probe")
