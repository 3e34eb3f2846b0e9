"""The models of `keras.applications`, as blocks whose layers can be edited one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import replace

from engine.blocks.architectures import (
    CLASSES,
    POOLED,
    TOP,
    read_variant,
    repadded,
    rescaled,
    with_classes,
)
from engine.blocks.sketch import Plan
from engine.blocks.spec import BLOCKS, BlockSpec
from engine.errors import Text, text
from engine.fields import Bool, Choice, Field, Int, Params, Shape
from engine.graph.document import Network

# Beginnings of names that models have in common.
FAMILIES = (
    "VGG",
    "ResNet",
    "Inception",
    "Xception",
    "MobileNet",
    "DenseNet",
    "NASNet",
    "EfficientNetV2",
    "EfficientNet",
    "ConvNeXt",
)


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
    feeds = "input_shape"
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
        line = TOP if values["include_top"] else POOLED[values["pooling"]]
        network, entry, last = read_variant(cls.model, line)
        if values.get("rescaled"):
            network = rescaled(network)
        changed: dict[str, Params] = {}
        if values["include_top"]:
            changed |= with_classes(network, values["classes"])
        if cls.padded:
            changed |= repadded(network, values["input_shape"][:2])
        nodes = [
            replace(node, params={**node.params, **changed[node.id]})
            if node.id in changed
            else node
            for node in network.ordered()
        ]
        inner = Network(nodes, network.edges(), network.blocks.values())
        return Plan(inner, (entry,), (last,))


def _declare(model: str, title: str, size: int, paper: str, search: tuple[str, ...]) -> None:
    """Declare a model: only its name, its size and its paper are its own."""
    padded = model.startswith(("EfficientNetB", "MobileNetV2", "MobileNetV3", "NASNet"))
    fields: dict[str, Field] = {
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
    if model.startswith("EfficientNetB"):
        fields["rescaled"] = Bool(
            False,
            label="ImageNet scaling",
            help="Whether colors are divided once more, which the weights of ImageNet expect.",
        )
    family = next(name for name in FAMILIES if model.startswith(name))
    own = {"title": title, "model": model, "size": size, "padded": padded, "search": search}
    own["family"] = family
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
