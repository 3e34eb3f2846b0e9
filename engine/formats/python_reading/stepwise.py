"""Layers of models that a script applies to each step of a sequence, one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import Text, text
from engine.formats.keras_files.stepwise import WRAPPER, one_axis_on
from engine.formats.python_reading.things import Exhausted, Layer, Model, Refused
from engine.layers import LAYERS
from engine.layers.merging import ELEMENTWISE
from engine.layers.recurrent import STEPWISE

DEEPEST = 20
# Number by number: steps make no difference to these.
_INDIFFERENT = (*ELEMENTWISE, "Identity")


@dataclass(frozen=True, eq=False)
class Stepwise:
    """What a TimeDistributed calls that holds a model.

    Attributes:
        model: The model.
        depth: How many axes of steps there are, one in the other.
    """

    model: Model
    depth: int = 1


def deeper(stepwise: Stepwise) -> Stepwise:
    """Return what is called where steps consist of steps.

    Raises:
        Exhausted: There are too many in each other.
    """
    if stepwise.depth >= DEEPEST:
        raise Exhausted(text("Models are nested too deeply."))
    return replace(stepwise, depth=stepwise.depth + 1)


class StepwiseLayers:
    """Makes layers that do to each step what others do to a sample.

    A layer becomes the same one each time, so that its calls share their weights.
    """

    def __init__(self) -> None:
        # The layers made of others, which are kept, so that none takes the place of another.
        self.made: dict[Layer, Layer] = {}

    def of(self, layer: Layer, tensors: int) -> Layer:
        """Return the layer for each step.

        That is the same function: no layer sees another step. Masks are the exception, which
        TimeDistributed does not hand on from step to step; and so are layers that take several
        tensors and count axes or keep the first apart.

        Args:
            layer: A layer of the model.
            tensors: How many tensors it takes.

        Raises:
            Refused: Steps make a difference to it, or it is not known whether they do.
        """
        if layer.kind in _INDIFFERENT:
            return layer
        if layer not in self.made:
            made = _one_axis_on(layer) if layer.kind == "Concatenate" else _wrapped(layer, tensors)
            if made is None:
                raise Refused(_no_steps(layer))
            self.made[layer] = made
        return self.made[layer]


def _no_steps(layer: Layer) -> Text:
    return text(
        "“{layer}” cannot be applied to each step of a sequence here: give TimeDistributed a model"
        " without it.",
        layer=layer.name or layer.kind,
    )


def _wrapped(layer: Layer, tensors: int) -> Layer | None:
    """Return a layer inside TimeDistributed, or None where that does something else."""
    if isinstance(layer.function, Stepwise):
        return replace(layer, function=deeper(layer.function))
    spec = LAYERS.find(layer.kind)
    if spec is None or layer.kind not in STEPWISE or layer.function is not None:
        return None
    params = spec.complete(layer.params)
    if tensors != 1 or layer.told or params.get("mask_zero") is True or spec.outputs(params) != 1:
        return None
    held = {name: value for name, value in layer.params.items() if name != "trainable"}
    given = {"layer": {"layer": layer.kind, "params": held}}
    if "trainable" in layer.params:
        given["trainable"] = layer.params["trainable"]
    return Layer(WRAPPER, LAYERS.get(WRAPPER).trim(given), layer.name, layer.lines)


def _one_axis_on(layer: Layer) -> Layer | None:
    """Count the axes of a Concatenate with that of the steps."""
    axis = one_axis_on(LAYERS.get("Concatenate").complete(layer.params)["axis"])
    if axis is None:
        return None
    return Layer(layer.kind, {**layer.params, "axis": axis}, layer.name, layer.lines)
