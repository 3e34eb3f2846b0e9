"""The models of `keras.applications`, as blocks whose layers can be edited one by one.

What they consist of is data that the installed Keras has told (`resources/applications`), read
without Keras.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from msgspec.structs import replace

from engine.blocks.grouping import grouped
from engine.blocks.sketch import Plan
from engine.blocks.spec import BLOCKS, BlockSpec
from engine.errors import NetloomError, Text, text
from engine.fields import Bool, Choice, Int, Params, Shape
from engine.formats.keras_files.drawing import draw_description
from engine.graph.analysis import topological
from engine.graph.document import Network, Port
from engine.layers import LAYERS
from engine.paths import RESOURCES

FOLDER = RESOURCES / "applications"
# Lines of a file: the first tells of weights, the others are architectures.
TOP, POOLED = 1, {"none": 2, "avg": 3, "max": 4}
CLASSES = 1000
# Paddings that depend on the size of what they pad.
_PADDED = re.compile(r"_pad(_|$)")


class Application(BlockSpec):
    """What all models share; no block of its own.

    Attributes:
        model: Name of the function in `keras.applications`.
        size: Height and width of the pictures it was made for.
        padded: Whether its paddings depend on whether sizes are even.
    """

    ranks = (4,)
    group = "applications"
    keeps_names = True
    model: ClassVar[str] = ""
    size: ClassVar[int] = 224
    padded: ClassVar[bool] = False

    @classmethod
    def check_together(cls, values: Params) -> dict[str, Text]:
        if len(values["input_shape"]) == 3:
            return {}
        return {"input_shape": text("A picture has height, width and channels: 224, 224, 3.")}

    @classmethod
    def fitted(cls, shape: Sequence[int | None] | None) -> Params:
        if shape is None or not cls.takes(shape):
            return {}
        return cls.trim({"input_shape": list(shape[1:])})

    @classmethod
    def plan(cls, params: Mapping[str, Any]) -> Plan:
        values = cls.complete(params)
        network, entry, last = _read(
            cls.model, TOP if values["include_top"] else POOLED[values["pooling"]]
        )
        changed: dict[str, Params] = {}
        if values["include_top"]:
            changed |= _with_classes(network, values["classes"])
        if cls.padded:
            changed |= _repadded(network, values["input_shape"][:2])
        nodes = [
            replace(node, params={**node.params, **changed[node.id]})
            if node.id in changed
            else node
            for node in network.ordered()
        ]
        inner = Network(nodes, network.edges(), network.blocks.values())
        return Plan(inner, (entry,), (last,))


@lru_cache(maxsize=4)
def _read(model: str, line: int) -> tuple[Network, Port, str]:
    """Return a variant of a model without its Input, the ends that it feeds, and its last layer."""
    try:
        with lzma.open(FOLDER / f"{model}.json.xz", "rt", encoding="utf-8") as file:
            rows = file.read().splitlines()
        drawn = draw_description(json.loads(rows[line]), model).document.network
    except (OSError, EOFError, ValueError, IndexError, lzma.LZMAError) as error:
        raise NetloomError(
            "The description of {model} is missing or damaged: install Netloom again.", model=model
        ) from error
    (entry,) = (node.id for node in drawn.ordered() if node.layer == "Input")
    ends = tuple((edge.target, edge.port) for edge in drawn.outputs(entry))
    nodes = [replace(node, part=node.id) for node in drawn.ordered() if node.id != entry]
    edges = [edge for edge in drawn.edges() if edge.source != entry]
    (last,) = (node.id for node in nodes if not drawn.outputs(node.id))
    network = grouped(Network(nodes, edges, drawn.blocks.values()))
    return network, Port(ends), last


def _with_classes(network: Network, classes: int) -> dict[str, Params]:
    """Return the parameters of the layers that tell how many classes there are."""
    found: dict[str, Params] = {}
    for node in network.ordered():
        for name, usual in (("units", CLASSES), ("filters", CLASSES), ("target_shape", [CLASSES])):
            if node.params.get(name) == usual:
                found[node.id] = {name: [classes] if isinstance(usual, list) else classes}
    return found


def _repadded(network: Network, size: Sequence[int | None]) -> dict[str, Params]:
    """Return the paddings before steps of 2, as `imagenet_utils.correct_pad` has them.

    Keras pads one row less at the beginning of an even side, or of one that it does not know.
    """
    order, _ = topological(network)
    sides: dict[str, tuple[int | None, ...]] = {}
    found: dict[str, Params] = {}
    for node_id in order:
        node = network.nodes[node_id]
        wires = network.inputs(node_id)
        before = sides[wires[0].source] if wires else tuple(size)
        params = LAYERS.get(node.layer).complete(node.params)
        if _PADDED.search(node_id) and node.layer == "ZeroPadding2D":
            ends = [pair[1] for pair in params["padding"]]
            known = before[0] is not None
            starts = [
                end - 1 if not known or side is None or side % 2 == 0 else end
                for end, side in zip(ends, before, strict=True)
            ]
            params["padding"] = [list(pair) for pair in zip(starts, ends, strict=True)]
            found[node_id] = {"padding": params["padding"]}
        sides[node_id] = tuple(_side(params, at, before[at]) for at in (0, 1))
    return found


def _side(params: Params, at: int, side: int | None) -> int | None:
    """Return how long a side of a picture is behind a layer."""
    if side is None:
        return None
    if "cropping" in params:
        return side - int(sum(params["cropping"][at]))
    if isinstance(params.get("padding"), list):
        return side + int(sum(params["padding"][at]))
    window = params.get("pool_size", params.get("kernel_size"))
    if window is None:
        return side
    step = _pair(params["strides"] or window)[at]
    window = 1 if params["padding"] == "same" else _pair(window)[at]
    return -(-(side - window + 1) // step)


def _pair(value: Any) -> tuple[int, int]:
    """Return a size for height and width."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _declare(model: str, title: str, size: int, paper: str, search: tuple[str, ...]) -> None:
    """Declare a model: only its name, its size and its paper are its own."""
    padded = model.startswith(("EfficientNetB", "MobileNetV2", "MobileNetV3", "NASNet"))
    fields = {
        "input_shape": Shape(
            [size, size, 3],
            label="Input shape",
            help="Height, width and channels of the pictures.",
        ),
        "include_top": Bool(
            True, label="Classifier", help="Whether the layers that tell the classes are there."
        ),
        "classes": Int(
            CLASSES,
            min=1,
            max=1_000_000,
            label="Classes",
            help="How many classes the classifier tells apart; 1000 are those of ImageNet.",
        ),
        "pooling": Choice(
            "none",
            options=tuple(POOLED),
            label="Pooling",
            help="What follows instead of a classifier: nothing, the average or the maximum of"
            " each feature map.",
        ),
    }
    own = {"title": title, "model": model, "size": size, "padded": padded, "search": search}
    namespace = {"__doc__": paper, "__module__": __name__, **own, **fields}
    BLOCKS.register(model)(type(model, (Application,), namespace))


_VGG = "Plain stacks of 3×3 convolutions. Simonyan and Zisserman, 2014."
_RESNET = "Residual blocks with a bottleneck. He et al., 2015."
_RESNET_V2 = "Residual blocks that normalize first. He et al., 2016."
_DENSENET = "Each layer sees all layers before it. Huang et al., 2016."
_EFFICIENT = "Depth, width and size grow together. Tan and Le, 2019."
_EFFICIENT_V2 = "Smaller and faster to train than its predecessor. Tan and Le, 2021."
_MOBILE_V3 = "Found by search for phones, with squeeze and excite. Howard et al., 2019."
_NASNET = "Cells found by search. Zoph et al., 2017."
_CONVNEXT = "A convolutional network in the manner of transformers. Liu et al., 2022."

_SEARCH = ("pretrained", "imagenet", "applications", "预训练", "图像分类")

for _model, _title, _size, _paper in (
    ("VGG16", "VGG16", 224, _VGG),
    ("VGG19", "VGG19", 224, _VGG),
    ("ResNet50", "ResNet50", 224, _RESNET),
    ("ResNet101", "ResNet101", 224, _RESNET),
    ("ResNet152", "ResNet152", 224, _RESNET),
    ("ResNet50V2", "ResNet50V2", 224, _RESNET_V2),
    ("ResNet101V2", "ResNet101V2", 224, _RESNET_V2),
    ("ResNet152V2", "ResNet152V2", 224, _RESNET_V2),
    (
        "InceptionV3",
        "InceptionV3",
        299,
        "Branches of factorized convolutions. Szegedy et al., 2015.",
    ),
    (
        "InceptionResNetV2",
        "InceptionResNetV2",
        299,
        "Inception modules with a way past them. Szegedy et al., 2016.",
    ),
    ("Xception", "Xception", 299, "Separable convolutions with a way past them. Chollet, 2016."),
    ("MobileNet", "MobileNet", 224, "Separable convolutions for phones. Howard et al., 2017."),
    ("MobileNetV2", "MobileNetV2", 224, "Inverted residual blocks. Sandler et al., 2018."),
    ("MobileNetV3Small", "MobileNetV3 Small", 224, _MOBILE_V3),
    ("MobileNetV3Large", "MobileNetV3 Large", 224, _MOBILE_V3),
    ("DenseNet121", "DenseNet121", 224, _DENSENET),
    ("DenseNet169", "DenseNet169", 224, _DENSENET),
    ("DenseNet201", "DenseNet201", 224, _DENSENET),
    ("NASNetMobile", "NASNet Mobile", 224, _NASNET),
    ("NASNetLarge", "NASNet Large", 331, _NASNET),
    ("EfficientNetB0", "EfficientNetB0", 224, _EFFICIENT),
    ("EfficientNetB1", "EfficientNetB1", 240, _EFFICIENT),
    ("EfficientNetB2", "EfficientNetB2", 260, _EFFICIENT),
    ("EfficientNetB3", "EfficientNetB3", 300, _EFFICIENT),
    ("EfficientNetB4", "EfficientNetB4", 380, _EFFICIENT),
    ("EfficientNetB5", "EfficientNetB5", 456, _EFFICIENT),
    ("EfficientNetB6", "EfficientNetB6", 528, _EFFICIENT),
    ("EfficientNetB7", "EfficientNetB7", 600, _EFFICIENT),
    ("EfficientNetV2B0", "EfficientNetV2 B0", 224, _EFFICIENT_V2),
    ("EfficientNetV2B1", "EfficientNetV2 B1", 240, _EFFICIENT_V2),
    ("EfficientNetV2B2", "EfficientNetV2 B2", 260, _EFFICIENT_V2),
    ("EfficientNetV2B3", "EfficientNetV2 B3", 300, _EFFICIENT_V2),
    ("EfficientNetV2S", "EfficientNetV2 S", 384, _EFFICIENT_V2),
    ("EfficientNetV2M", "EfficientNetV2 M", 480, _EFFICIENT_V2),
    ("EfficientNetV2L", "EfficientNetV2 L", 480, _EFFICIENT_V2),
    ("ConvNeXtTiny", "ConvNeXt Tiny", 224, _CONVNEXT),
    ("ConvNeXtSmall", "ConvNeXt Small", 224, _CONVNEXT),
    ("ConvNeXtBase", "ConvNeXt Base", 224, _CONVNEXT),
    ("ConvNeXtLarge", "ConvNeXt Large", 224, _CONVNEXT),
    ("ConvNeXtXLarge", "ConvNeXt XLarge", 224, _CONVNEXT),
):
    _declare(_model, _title, _size, _paper, _SEARCH)
