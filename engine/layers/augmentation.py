"""Augmentation: random changes of images while training, so that few pictures teach more.

For prediction these layers pass their input through, except where their text says otherwise.
"""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Floats, Int, IntTuple, Params
from engine.layers.common import ImageFormat, seed_field
from engine.layers.spec import LAYERS, LayerSpec
from engine.layers.windows import IMAGE

FACTOR_HELP = "Strength: a number x draws from −x to x (or 0 to x); two numbers are the range."


class Augmentation(LayerSpec):
    """What augmentation layers share; no layer of its own."""

    category, ranks = "augmentation", (3, 4)

    @classmethod
    def summary(cls, params: Params) -> Text:
        factor = params.get("factor")
        if factor is None:
            return text("")
        return text("factor {factor}", factor=numbers_text(factor))


def numbers_text(value: object) -> str:
    """Write a number, or a range as 0.1 … 0.5."""
    return " … ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def factor(
    default: object,
    label: str = "Factor",
    help: str = FACTOR_HELP,
    *,
    optional: bool = False,
    low: float | None = None,
    high: float | None = None,
) -> Floats:
    """Declare a strength: a number, or the two ends of a range."""
    return Floats(
        default, lengths=(2,), label=label, help=help, optional=optional, min=low, max=high
    )


class Seeded:
    """Random numbers that can be repeated."""

    seed = seed_field()


class Valued:
    """What the values of a picture range over."""

    value_range = Floats(
        [0, 255],
        lengths=(2,),
        single=False,
        advanced=True,
        label="Value range",
        help="Smallest and largest value of a picture: 0, 255 for bytes, 0, 1 after rescaling.",
    )


class Bilinear:
    """How values between pixels are found."""

    interpolation = Choice(
        "bilinear",
        options=("nearest", "bilinear"),
        advanced=True,
        label="Interpolation",
        help="How values between pixels are found.",
    )


class FilledConstant:
    """The value of what comes in from outside the picture."""

    fill_value = Float(
        0.0,
        advanced=True,
        label="Fill value",
        help="Value outside the picture where the fill is constant.",
    )


class Filled(FilledConstant):
    """What comes in from outside the picture."""

    fill_mode = Choice(
        "reflect",
        options=("reflect", "constant", "wrap", "nearest"),
        advanced=True,
        label="Fill",
        help="What stands where the picture has moved away: its mirror image, one value, its"
        " other side, or its border.",
    )


@LAYERS.register("RandomFlip")
class RandomFlip(Seeded, ImageFormat, Augmentation):
    """Mirrors every second picture, left to right, top to bottom or both."""

    title = "RandomFlip"
    search = ("mirror", "augment", "翻转", "镜像", "数据增强")
    mode = Choice(
        "horizontal_and_vertical",
        options=("horizontal", "vertical", "horizontal_and_vertical"),
        label="Direction",
        help="“horizontal” mirrors left and right.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("{mode}", mode=str(params["mode"]).replace("_", " "))


@LAYERS.register("RandomRotation")
class RandomRotation(Filled, Bilinear, Seeded, ImageFormat, Augmentation):
    """Turns pictures by a random angle."""

    title, leading = "RandomRotation", ("factor",)
    search = ("turn", "augment", "旋转", "数据增强")
    factor = factor(0.1, help="Part of a full turn: 0.1 turns by up to 36° either way.")


@LAYERS.register("RandomTranslation")
class RandomTranslation(Filled, Bilinear, Seeded, ImageFormat, Augmentation):
    """Moves pictures up or down and left or right."""

    title, leading = "RandomTranslation", ("height_factor", "width_factor")
    search = ("shift", "move", "augment", "平移", "数据增强")
    height_factor = factor(0.1, "Height factor", "Part of the height to move by, either way.")
    width_factor = factor(0.1, "Width factor", "Part of the width to move by, either way.")


@LAYERS.register("RandomZoom")
class RandomZoom(Filled, Bilinear, Seeded, ImageFormat, Augmentation):
    """Makes pictures larger or smaller."""

    title, leading = "RandomZoom", ("height_factor",)
    search = ("scale", "augment", "缩放", "数据增强")
    height_factor = factor(0.1, "Height factor", "Part of the height: negative zooms in.")
    width_factor = factor(
        None,
        "Width factor",
        "Part of the width; empty keeps the proportions.",
        optional=True,
    )


@LAYERS.register("RandomCrop")
class RandomCrop(Seeded, ImageFormat, Augmentation):
    """Cuts out a random part of the picture; for prediction the middle."""

    title, leading = "RandomCrop", ("height", "width")
    search = ("cut", "augment", "裁剪", "随机裁剪", "数据增强")
    height = Int(24, min=1, unit="px", label="Height", help="Height of the part.")
    width = Int(24, min=1, unit="px", label="Width", help="Width of the part.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("to {shape}", shape=f"{params['height']}×{params['width']}")


@LAYERS.register("RandomShear")
class RandomShear(Filled, Bilinear, Seeded, ImageFormat, Augmentation):
    """Slants pictures."""

    title = "RandomShear"
    search = ("slant", "skew", "augment", "错切", "剪切", "数据增强")
    x_factor = factor(0.0, "Sideways factor", "Part of the width by which rows are moved.", low=0)
    y_factor = factor(0.0, "Upright factor", "Part of the height by which columns move.", low=0)


@LAYERS.register("RandomPerspective")
class RandomPerspective(FilledConstant, Bilinear, Seeded, ImageFormat, Augmentation):
    """Shows pictures as if seen from the side."""

    title = "RandomPerspective"
    search = ("tilt", "augment", "透视", "数据增强")
    factor = factor(1.0, help="Part of the pictures that are changed.", low=0, high=1)
    scale = Float(1.0, label="Scale", help="How far the corners are moved; 0 leaves them.")


@LAYERS.register("RandomElasticTransform")
class RandomElasticTransform(Filled, Bilinear, Seeded, Valued, ImageFormat, Augmentation):
    """Bends pictures like rubber, as handwriting varies."""

    title = "RandomElasticTransform"
    search = ("warp", "distort", "augment", "弹性变形", "数据增强")
    factor = factor(1.0, help="Part of the pictures that are changed.", low=0, high=1)
    scale = Floats(1.0, lengths=(2,), label="Scale", help="Strength of the bending, or its range.")


@LAYERS.register("RandomErasing")
class RandomErasing(Seeded, Valued, ImageFormat, Augmentation):
    """Covers a random rectangle, so that the network does not rely on one detail."""

    title = "RandomErasing"
    search = ("cutout", "occlude", "augment", "随机擦除", "数据增强")
    factor = factor(1.0, help="Part of the pictures that are changed.", low=0, high=1)
    scale = Floats(
        [0.02, 0.33],
        lengths=(2,),
        label="Scale",
        help="Smallest and largest part of the picture to cover.",
    )
    fill_value = Floats(
        None,
        optional=True,
        advanced=True,
        label="Fill value",
        help="Value of the rectangle, or one for each channel; empty for noise.",
    )


class ColorChange(Seeded, Augmentation):
    """What layers that change colors by a factor share; no layer of its own."""

    leading = ("factor",)
    factor = factor(0.2)


@LAYERS.register("RandomBrightness")
class RandomBrightness(Valued, ColorChange):
    """Makes pictures brighter or darker."""

    title = "RandomBrightness"
    search = ("light", "augment", "亮度", "数据增强")


@LAYERS.register("RandomContrast")
class RandomContrast(Valued, ColorChange):
    """Strengthens or weakens the contrast."""

    title = "RandomContrast"
    search = ("augment", "对比度", "数据增强")


@LAYERS.register("RandomHue")
class RandomHue(Valued, ImageFormat, ColorChange):
    """Shifts colors around the color circle."""

    title = "RandomHue"
    search = ("color", "augment", "色调", "数据增强")


@LAYERS.register("RandomSaturation")
class RandomSaturation(Valued, ImageFormat, ColorChange):
    """Makes colors stronger or paler."""

    title = "RandomSaturation"
    search = ("color", "augment", "饱和度", "数据增强")


@LAYERS.register("RandomSharpness")
class RandomSharpness(Valued, ImageFormat, ColorChange):
    """Sharpens or blurs."""

    title = "RandomSharpness"
    search = ("blur", "augment", "锐度", "数据增强")


@LAYERS.register("RandomColorDegeneration")
class RandomColorDegeneration(Valued, ImageFormat, ColorChange):
    """Takes color away."""

    title = "RandomColorDegeneration"
    search = ("gray", "color", "augment", "褪色", "数据增强")


@LAYERS.register("RandomPosterization")
class RandomPosterization(Valued, Seeded, ImageFormat, Augmentation):
    """Leaves fewer shades of each color."""

    title, leading = "RandomPosterization", ("factor",)
    search = ("bits", "augment", "色调分离", "数据增强")
    factor = Floats(
        4,
        lengths=(2,),
        min=1,
        max=8,
        label="Bits",
        help="Bits that remain for each color: at most this many, or from one to the other.",
    )


@LAYERS.register("RandomGrayscale")
class RandomGrayscale(Seeded, ImageFormat, Augmentation):
    """Turns some pictures gray."""

    title = "RandomGrayscale"
    search = ("gray", "black and white", "augment", "灰度", "数据增强")
    factor = Float(0.5, min=0, max=1, label="Factor", help="Part of the pictures that are changed.")


@LAYERS.register("RandomInvert")
class RandomInvert(Valued, Seeded, ImageFormat, Augmentation):
    """Turns some pictures into their negative."""

    title = "RandomInvert"
    search = ("negative", "augment", "反相", "数据增强")
    factor = factor(1.0, help="Part of the pictures that are changed.", low=0, high=1)


@LAYERS.register("RandomGaussianBlur")
class RandomGaussianBlur(Valued, Seeded, ImageFormat, Augmentation):
    """Blurs pictures."""

    title = "RandomGaussianBlur"
    search = ("smooth", "augment", "高斯模糊", "模糊", "数据增强")
    factor = factor(1.0, help="Part of the pictures that are changed.", low=0, high=1)
    kernel_size = IntTuple(
        3, length=2, axes=IMAGE, unit="px", label="Kernel size", help="Size of the blur; odd."
    )
    sigma = Floats(1.0, lengths=(2,), min=0, label="Sigma", help="Width of the blur, or its range.")


@LAYERS.register("RandomColorJitter")
class RandomColorJitter(Valued, Seeded, ImageFormat, Augmentation):
    """Changes brightness, contrast, saturation and hue at once."""

    title = "RandomColorJitter"
    search = ("color", "augment", "颜色抖动", "数据增强")
    brightness_factor = factor(None, "Brightness", "Strength, or its range.", optional=True)
    contrast_factor = factor(None, "Contrast", "Strength, or its range.", optional=True)
    saturation_factor = factor(None, "Saturation", "Strength, or its range.", optional=True)
    hue_factor = factor(None, "Hue", "Strength, or its range.", optional=True)


@LAYERS.register("Solarization")
class Solarization(Valued, Seeded, Augmentation):
    """Turns bright parts into their negative."""

    title = "Solarization"
    search = ("negative", "augment", "曝光", "数据增强")
    addition_factor = factor(
        0.0, "Addition", "Part of the range added first, or its range.", low=0, high=1
    )
    threshold_factor = factor(
        0.0, "Threshold", "Part of the range above which values turn.", low=0, high=1
    )


@LAYERS.register("AutoContrast")
class AutoContrast(Valued, Augmentation):
    """Stretches the values of each picture over the whole range, for prediction too."""

    title = "AutoContrast"
    search = ("normalize", "augment", "自动对比度", "数据增强")


@LAYERS.register("ContrastLimitedAdaptiveHistogramEqualization")
class ContrastLimitedAdaptiveHistogramEqualization(Valued, ImageFormat, Augmentation):
    """Evens out the contrast of each region of a picture (CLAHE), for prediction too."""

    title = "CLAHE"
    search = ("clahe", "histogram", "medical", "直方图均衡", "数据增强")
    clip_limit = Float(
        4.0, min=0, label="Clip limit", help="Largest gain of contrast; 0 for no limit."
    )
    tile_grid_size = IntTuple(
        [8, 8],
        length=2,
        axes=IMAGE,
        label="Regions",
        help="Number of regions along height and width.",
    )


@LAYERS.register("AugMix")
class AugMix(Bilinear, Valued, Seeded, ImageFormat, Augmentation):
    """Mixes several chains of changes: robust against disturbed pictures.

    AugMix, Hendrycks et al., 2020.
    """

    title = "AugMix"
    search = ("robust", "augment", "增强混合", "数据增强")
    num_chains = Int(3, min=1, max=100, label="Chains", help="Number of chains of changes.")
    chain_depth = Int(3, min=1, max=100, label="Depth", help="Number of changes in a chain.")
    factor = factor(0.3, low=0, high=1)
    alpha = Float(1.0, min=0, open_min=True, label="Alpha", help="How evenly chains are mixed.")
    all_ops = Bool(
        True, advanced=True, label="All changes", help="Whether changes of color are used too."
    )


@LAYERS.register("RandAugment")
class RandAugment(Bilinear, Valued, Seeded, ImageFormat, Augmentation):
    """Applies a few random changes out of many.

    RandAugment, Cubuk et al., 2019.
    """

    title = "RandAugment"
    search = ("automatic", "augment", "随机增强", "数据增强")
    num_ops = Int(2, min=1, max=100, label="Changes", help="Number of changes to a picture.")
    factor = factor(0.5, help="Strength of each change, or its range.", low=0, high=1)


@LAYERS.register("MixUp")
class MixUp(Seeded, ImageFormat, Augmentation):
    """Overlays each picture with another of the batch; labels stay as they are.

    mixup: Beyond Empirical Risk Minimization, Zhang et al., 2018.
    """

    title = "MixUp"
    search = ("blend", "augment", "混合", "数据增强")
    alpha = Float(0.2, min=0, max=1, label="Alpha", help="How evenly two pictures are mixed.")


@LAYERS.register("CutMix")
class CutMix(Seeded, ImageFormat, Augmentation):
    """Pastes a piece of another picture of the batch in; labels stay as they are.

    CutMix, Yun et al., 2019.
    """

    title = "CutMix"
    search = ("paste", "augment", "剪切混合", "数据增强")
    factor = factor(1.0, help="Evenness of the sizes of the pieces.", low=0, high=1)
