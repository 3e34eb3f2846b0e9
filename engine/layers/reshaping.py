"""Layers that only rearrange, repeat, pad or crop: they have nothing to learn."""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Choice, Int, IntTuple, Pairs, Params, Shape
from engine.layers.common import ImageFormat, on_axes, size_text
from engine.layers.spec import LAYERS, LayerSpec
from engine.layers.windows import VOLUME


def pairs_text(value: object) -> str:
    """Write padding or cropping compactly: 1×1, or (0,1)×(2,2) where the ends differ."""
    if not isinstance(value, (list, tuple)):
        return str(value)
    parts = []
    for pair in value:
        ends = pair if isinstance(pair, (list, tuple)) else [pair]
        same = ends == ends[:1] * len(ends)
        parts.append(str(ends[0]) if ends and same else f"({','.join(map(str, ends))})")
    return "×".join(parts)


@LAYERS.register("Flatten")
class Flatten(ImageFormat, LayerSpec):
    """Lays all values of a sample out in one row, as Dense layers want them."""

    title, category = "Flatten", "reshaping"
    search = ("vector", "1d", "展平", "拉平", "扁平")


@LAYERS.register("Reshape")
class Reshape(LayerSpec):
    """Gives a sample another shape with the same number of values."""

    title, category, leading = "Reshape", "reshaping", ("target_shape",)
    search = ("shape", "resize", "变形", "重塑", "形状")
    target_shape = Shape(
        [-1],
        allow_any=False,
        allow_infer=True,
        label="Target shape",
        help="New shape of one sample, without the batch axis; −1 once, for what is left over.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("to {shape}", shape=size_text(params["target_shape"], 1))


@LAYERS.register("Permute")
class Permute(LayerSpec):
    """Swaps the axes of a sample, such as rows and columns."""

    title, category, leading = "Permute", "reshaping", ("dims",)
    search = ("transpose", "swap", "axes", "转置", "置换", "交换")
    dims = IntTuple(
        [2, 1],
        length=None,
        min=1,
        max=7,
        label="Order of axes",
        help="Numbers of the axes in their new order; 1 is the first axis after the batch.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("axes {order}", order=", ".join(map(str, on_axes(params["dims"], 1))))

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        dims = values["dims"]
        if isinstance(dims, (list, tuple)) and sorted(dims) == list(range(1, len(dims) + 1)):
            return {}
        return {"dims": text("Name every axis from 1 on exactly once, such as 2, 1.")}


@LAYERS.register("RepeatVector")
class RepeatVector(LayerSpec):
    """Repeats a vector, to make a sequence of it."""

    title, category, ranks, leading = "RepeatVector", "reshaping", (2,), ("n",)
    search = ("copy", "sequence", "tile", "重复", "复制")
    n = Int(3, min=1, label="Repeats", help="Length of the sequence: how often it is repeated.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{count} times", count=params["n"])


@LAYERS.register("ZeroPadding1D")
class ZeroPadding1D(ImageFormat, LayerSpec):
    """Adds zeros before and after a sequence."""

    title, category, ranks, leading = "ZeroPadding1D", "reshaping", (3,), ("padding",)
    search = ("border", "pad", "零填充", "补零")
    padding = IntTuple(
        [1, 1],
        length=2,
        min=0,
        axes=("Before", "After"),
        unit="steps",
        label="Padding",
        help="Number of zero steps added before the first and after the last.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{size}", size=pairs_text([params["padding"]]))


@LAYERS.register("ZeroPadding2D")
class ZeroPadding2D(ImageFormat, LayerSpec):
    """Adds a border of zeros around an image."""

    title, category, ranks, leading = "ZeroPadding2D", "reshaping", (4,), ("padding",)
    search = ("border", "pad", "零填充", "补零")
    padding = Pairs(
        [[1, 1], [1, 1]],
        length=2,
        unit="px",
        label="Padding",
        help="Zeros added at top and bottom, left and right.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{size}", size=pairs_text(params["padding"]))


@LAYERS.register("ZeroPadding3D")
class ZeroPadding3D(ImageFormat, LayerSpec):
    """Adds a border of zeros around a volume."""

    title, category, ranks, leading = "ZeroPadding3D", "reshaping", (5,), ("padding",)
    search = ("border", "pad", "volume", "零填充", "补零")
    padding = Pairs(
        [[1, 1], [1, 1], [1, 1]],
        length=3,
        unit="px",
        label="Padding",
        help="Zeros added at both ends of each axis.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{size}", size=pairs_text(params["padding"]))


@LAYERS.register("Cropping1D")
class Cropping1D(LayerSpec):
    """Cuts steps off both ends of a sequence."""

    title, category, ranks, leading = "Cropping1D", "reshaping", (3,), ("cropping",)
    search = ("cut", "trim", "裁剪")
    cropping = IntTuple(
        [1, 1],
        length=2,
        min=0,
        axes=("Before", "After"),
        unit="steps",
        label="Cropping",
        help="Number of steps cut off at the beginning and at the end.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{size}", size=pairs_text([params["cropping"]]))


@LAYERS.register("Cropping2D")
class Cropping2D(ImageFormat, LayerSpec):
    """Cuts the borders off an image."""

    title, category, ranks, leading = "Cropping2D", "reshaping", (4,), ("cropping",)
    search = ("cut", "trim", "border", "裁剪")
    cropping = Pairs(
        [[0, 0], [0, 0]],
        length=2,
        unit="px",
        label="Cropping",
        help="Pixels cut off at top and bottom, left and right.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{size}", size=pairs_text(params["cropping"]))


@LAYERS.register("Cropping3D")
class Cropping3D(ImageFormat, LayerSpec):
    """Cuts the borders off a volume."""

    title, category, ranks, leading = "Cropping3D", "reshaping", (5,), ("cropping",)
    search = ("cut", "trim", "border", "volume", "裁剪")
    cropping = Pairs(
        [[1, 1], [1, 1], [1, 1]],
        length=3,
        unit="px",
        label="Cropping",
        help="Values cut off at both ends of each axis.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{size}", size=pairs_text(params["cropping"]))


@LAYERS.register("UpSampling1D")
class UpSampling1D(LayerSpec):
    """Repeats each step of a sequence."""

    title, category, ranks, leading = "UpSampling1D", "reshaping", (3,), ("size",)
    search = ("enlarge", "upsample", "repeat", "decoder", "上采样")
    size = Int(2, min=1, label="Factor", help="How often each step is repeated.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("×{factor}", factor=params["size"])


@LAYERS.register("UpSampling2D")
class UpSampling2D(ImageFormat, LayerSpec):
    """Enlarges an image by a whole factor."""

    title, category, ranks, leading = "UpSampling2D", "reshaping", (4,), ("size",)
    search = ("enlarge", "upsample", "resize", "decoder", "上采样")
    size = IntTuple(
        [2, 2],
        length=2,
        axes=("Height", "Width"),
        label="Factor",
        help="By how much height and width grow.",
    )
    interpolation = Choice(
        "nearest",
        options=("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
        label="Interpolation",
        help="How values between pixels are found; “nearest” repeats pixels.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text(
            "{factor}, {method}",
            factor=size_text(params["size"], 2),
            method=params["interpolation"],
        )


@LAYERS.register("UpSampling3D")
class UpSampling3D(ImageFormat, LayerSpec):
    """Enlarges a volume by a whole factor, repeating its values."""

    title, category, ranks, leading = "UpSampling3D", "reshaping", (5,), ("size",)
    search = ("enlarge", "upsample", "resize", "decoder", "volume", "上采样")
    size = IntTuple(
        [2, 2, 2],
        length=3,
        axes=VOLUME,
        label="Factor",
        help="By how much depth, height and width grow.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("×{factor}", factor=size_text(params["size"], 3))
