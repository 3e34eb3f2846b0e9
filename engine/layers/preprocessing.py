"""Preprocessing inside the network: pictures of one size, numbers of one scale, sound as spectra.

What is part of the network is exported with it, so that whoever uses the model feeds raw data.
"""

from __future__ import annotations

from engine.errors import Text, text
from engine.fields import Bool, Choice, Float, Floats, Int, IntTuple, LayerRefs, Params
from engine.layers.augmentation import Valued
from engine.layers.common import ImageFormat
from engine.layers.spec import LAYERS, LayerSpec, Weighted

WINDOWS = ("hann", "hamming")


class ImageSize(LayerSpec):
    """Height and width of a picture; no layer of its own."""

    category, ranks, leading = "preprocessing", (3, 4), ("height", "width")
    height = Int(224, min=1, unit="px", label="Height", help="Height of the output.")
    width = Int(224, min=1, unit="px", label="Width", help="Width of the output.")

    @classmethod
    def summary(cls, params: Params) -> Text:
        return text("to {shape}", shape=f"{params['height']}×{params['width']}")


@LAYERS.register("Resizing")
class Resizing(ImageFormat, ImageSize):
    """Scales pictures to one size."""

    title = "Resizing"
    search = ("scale", "shrink", "enlarge", "缩放", "调整大小")
    interpolation = Choice(
        "bilinear",
        options=("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"),
        label="Interpolation",
        help="How values between pixels are found.",
    )
    crop_to_aspect_ratio = Bool(
        False,
        advanced=True,
        label="Crop to proportions",
        help="Whether the borders are cut off instead of squeezing the picture.",
    )
    pad_to_aspect_ratio = Bool(
        False,
        advanced=True,
        label="Pad to proportions",
        help="Whether borders are added instead of stretching the picture.",
    )
    fill_mode = Choice(
        "constant",
        options=("constant",),
        advanced=True,
        label="Fill",
        help="What added borders hold.",
    )
    fill_value = Float(0.0, advanced=True, label="Fill value", help="Value of added borders.")
    antialias = Bool(
        False, advanced=True, label="Smooth", help="Whether shrinking averages over all pixels."
    )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if not (values["crop_to_aspect_ratio"] and values["pad_to_aspect_ratio"]):
            return {}
        message = text("A picture is cropped or padded to proportions, not both.")
        return {"pad_to_aspect_ratio": message}


@LAYERS.register("CenterCrop")
class CenterCrop(ImageFormat, ImageSize):
    """Cuts out the middle of pictures; smaller ones are enlarged first."""

    title = "CenterCrop"
    search = ("cut", "middle", "裁剪", "中心裁剪")


@LAYERS.register("Equalization")
class Equalization(Valued, ImageFormat, LayerSpec):
    """Evens out how often each brightness occurs; stands inside a Pipeline."""

    title, category, ranks, held = "Equalization", "preprocessing", (3, 4), True
    search = ("histogram", "直方图均衡")
    bins = Int(256, min=2, max=65536, label="Bins", help="Number of shades that are told apart.")


@LAYERS.register("Normalization")
class Normalization(LayerSpec):
    """Subtracts a known mean and divides by the root of a known variance.

    Mean and variance are numbers of the data. Without them the layer keeps what a file holds,
    or passes values on as they are.
    """

    title, category = "Normalization", "preprocessing"
    search = ("standardize", "mean", "variance", "z-score", "标准化", "归一化")
    axis = IntTuple(
        -1,
        length=None,
        min=-7,
        max=7,
        optional=True,
        label="Axis",
        help="Axis, or axes, with a mean and a variance for each place; empty for one of all.",
    )
    mean = Floats(
        None, optional=True, label="Mean", help="Mean of the data, or one for each place."
    )
    variance = Floats(
        None,
        optional=True,
        min=0,
        label="Variance",
        help="Variance of the data, or one for each place.",
    )
    invert = Bool(
        False, label="Invert", help="Whether it turns normalized values back into the data's."
    )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if (values["mean"] is None) == (values["variance"] is None):
            return {}
        missing = "mean" if values["mean"] is None else "variance"
        return {missing: text("Mean and variance go together: give both or neither.")}


@LAYERS.register("Discretization")
class Discretization(LayerSpec):
    """Sorts numbers into bins: each becomes the number of its bin."""

    title, category = "Discretization", "preprocessing"
    leading = ("bin_boundaries",)
    search = ("bins", "bucket", "ordinal", "离散化", "分箱")
    bin_boundaries = Floats(
        [0.0, 1.0],
        single=False,
        optional=True,
        label="Boundaries",
        help="Numbers between the bins, from small to large.",
    )
    num_bins = Int(
        None,
        min=2,
        optional=True,
        label="Bins",
        help="Number of bins where boundaries come from the data.",
    )
    epsilon = Float(
        0.01, min=0, open_min=True, advanced=True, label="Epsilon", help="Error of the quantiles."
    )
    output_mode = Choice(
        "int",
        options=("int", "one_hot", "multi_hot", "count"),
        label="Output",
        help="Whether the bin's number is given out, or a vector with a place for each bin.",
    )

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if (values["bin_boundaries"] is None) != (values["num_bins"] is None):
            return {}
        return {"bin_boundaries": text("Give either boundaries or a number of bins.")}


@LAYERS.register("CategoryEncoding")
class CategoryEncoding(LayerSpec):
    """Turns numbers of categories into vectors with a place for each category."""

    title, category = "CategoryEncoding", "preprocessing"
    leading = ("num_tokens",)
    search = ("one-hot", "multi-hot", "dummy", "独热编码", "类别编码")
    num_tokens = Int(10, min=1, label="Categories", help="Number of categories.")
    output_mode = Choice(
        "multi_hot",
        options=("one_hot", "multi_hot", "count"),
        label="Output",
        help="One place set for each number, all places in one vector, or how often each occurs.",
    )


@LAYERS.register("STFTSpectrogram")
class STFTSpectrogram(ImageFormat, Weighted):
    """Turns sound into a spectrogram by the short-time Fourier transform."""

    title, category, ranks = "STFTSpectrogram", "preprocessing", (3,)
    search = ("audio", "sound", "fourier", "spectrum", "频谱", "语音", "傅里叶")
    mode = Choice(
        "log",
        options=("log", "magnitude", "psd", "real", "imag", "angle", "stft"),
        label="Mode",
        help="What is given out of each frequency.",
    )
    frame_length = Int(256, min=1, label="Frame length", help="Samples in a window.")
    frame_step = Int(
        None,
        min=1,
        optional=True,
        label="Frame step",
        help="Samples between windows; empty for half a window.",
    )
    fft_length = Int(
        None,
        min=1,
        optional=True,
        advanced=True,
        label="FFT length",
        help="Length of the transform; empty for the window's.",
    )
    window = Choice(
        "hann", options=WINDOWS, optional=True, advanced=True, label="Window", help="Its shape."
    )
    periodic = Bool(
        False, advanced=True, label="Periodic", help="Whether the window is made periodic."
    )
    scaling = Choice(
        "density",
        options=("density", "spectrum"),
        optional=True,
        advanced=True,
        label="Scaling",
        help="What the result is scaled to.",
    )
    padding = Choice(
        "valid", options=("valid", "same"), advanced=True, label="Padding", help="At the ends."
    )
    expand_dims = Bool(
        False,
        advanced=True,
        label="Own channel axis",
        help="Whether frequencies get an axis of their own beside the channels.",
    )


@LAYERS.register("MelSpectrogram")
class MelSpectrogram(LayerSpec):
    """Turns sound into a spectrogram of mel bands, which lie as the ear hears."""

    title, category, ranks = "MelSpectrogram", "preprocessing", (2,)
    search = ("audio", "sound", "speech", "spectrum", "梅尔频谱", "语音")
    fft_length = Int(2048, min=1, label="FFT length", help="Length of the transform.")
    sequence_stride = Int(512, min=1, label="Stride", help="Samples between windows.")
    sequence_length = Int(
        None,
        min=1,
        optional=True,
        label="Window length",
        help="Samples in a window; empty for the transform's length.",
    )
    window = Choice("hann", options=WINDOWS, advanced=True, label="Window", help="Its shape.")
    sampling_rate = Int(16000, min=1, unit="Hz", label="Sampling rate", help="Samples in a second.")
    num_mel_bins = Int(128, min=1, label="Bands", help="Number of mel bands.")
    min_freq = Float(
        20.0, min=0, unit="Hz", advanced=True, label="Lowest frequency", help="Of the bands."
    )
    max_freq = Float(
        None,
        min=0,
        optional=True,
        unit="Hz",
        advanced=True,
        label="Highest frequency",
        help="Of the bands; empty for half the sampling rate.",
    )
    power_to_db = Bool(True, advanced=True, label="Decibels", help="Whether power is in decibels.")
    top_db = Float(
        80.0, min=0, advanced=True, label="Range in dB", help="What lies further down is cut off."
    )
    mag_exp = Float(
        2.0, min=0, advanced=True, label="Exponent", help="1 for magnitude, 2 for power."
    )
    min_power = Float(
        1e-10, min=0, advanced=True, label="Least power", help="Power below counts as this."
    )
    ref_power = Float(
        1.0, min=0, advanced=True, label="Reference power", help="Power that is 0 decibels."
    )


@LAYERS.register("Pipeline")
class Pipeline(LayerSpec):
    """Several preprocessing or augmentation layers, one after the other, as one."""

    title, category, leading = "Pipeline", "preprocessing", ("layers",)
    search = ("chain", "several", "流水线", "预处理")
    layers = LayerRefs(
        [{"layer": "Rescaling", "params": {}}, {"layer": "RandomFlip", "params": {}}],
        options=(
            "Rescaling",
            "Normalization",
            "Resizing",
            "CenterCrop",
            "Equalization",
            *(spec.key for spec in LAYERS if spec.category == "augmentation"),
        ),
        label="Layers",
        help="The layers in their order.",
    )

    @classmethod
    def summary(cls, params: Params) -> Text:
        layers = params["layers"]
        if not isinstance(layers, (list, tuple)):
            return text("")
        names = [str(item.get("layer")) for item in layers if isinstance(item, dict)]
        return text("{layer}", layer=" → ".join(names))
