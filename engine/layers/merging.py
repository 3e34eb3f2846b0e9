"""Merging: several tensors in, one out."""

from __future__ import annotations

from typing import ClassVar

from engine.errors import Text, text
from engine.fields import Bool, Int, IntTuple, Params
from engine.layers.common import batch_axis_problem, on_axes
from engine.layers.spec import LAYERS, LayerSpec

# Those that compute number by number, by their keys.
ELEMENTWISE = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")


class Merging(LayerSpec):
    """What merging layers share; no layer of its own."""

    category = "merging"
    min_inputs: ClassVar[int] = 2
    max_inputs: ClassVar[int | None] = None


@LAYERS.register("Add")
class Add(Merging):
    """Adds its inputs value by value: the skip connection of residual networks."""

    title = "Add"
    search = ("sum", "plus", "residual", "skip", "resnet", "相加", "残差", "合并")


@LAYERS.register("Subtract")
class Subtract(Merging):
    """Subtracts the second input from the first."""

    title, max_inputs = "Subtract", 2
    search = ("minus", "difference", "相减", "差", "合并")


@LAYERS.register("Multiply")
class Multiply(Merging):
    """Multiplies its inputs value by value: lets one branch gate another."""

    title = "Multiply"
    search = ("product", "times", "gate", "attention", "相乘", "合并")


@LAYERS.register("Average")
class Average(Merging):
    """Takes the mean of its inputs value by value."""

    title = "Average"
    search = ("mean", "ensemble", "平均", "合并")


@LAYERS.register("Maximum")
class Maximum(Merging):
    """Keeps the largest of its inputs value by value."""

    title = "Maximum"
    search = ("max", "largest", "最大", "合并")


@LAYERS.register("Minimum")
class Minimum(Merging):
    """Keeps the smallest of its inputs value by value."""

    title = "Minimum"
    search = ("min", "smallest", "最小", "合并")


@LAYERS.register("Concatenate")
class Concatenate(Merging):
    """Joins its inputs one after the other along an axis."""

    title = "Concatenate"
    search = ("join", "stack", "concat", "inception", "unet", "拼接", "连接", "合并")
    axis = Int(
        -1,
        min=-7,
        max=7,
        label="Axis",
        help="Axis along which they are joined; −1 is the last. All other axes must agree.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("axis {axis}", axis=params["axis"])

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        return batch_axis_problem(values, "axis")


@LAYERS.register("Dot")
class Dot(Merging):
    """Multiplies and sums along an axis: how similar two vectors are."""

    title, max_inputs, leading = "Dot", 2, ("axes",)
    search = ("product", "similarity", "attention", "cosine", "点积", "内积", "相似度")
    axes = IntTuple(
        -1,
        length=None,
        min=-7,
        max=7,
        label="Axes",
        help="Axis that is summed away, or one axis for each input; −1 is the last.",
    )
    normalize = Bool(
        False,
        label="Normalize",
        help="Whether vectors are scaled to length 1 first, which gives the cosine similarity.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("axes {axes}", axes=", ".join(map(str, on_axes(params["axes"], 1))))

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        axes = values["axes"]
        if isinstance(axes, (list, tuple)) and len(axes) != 2:
            return {"axes": text("Give one axis for both inputs, or two: one for each.")}
        return batch_axis_problem(values, "axes")
