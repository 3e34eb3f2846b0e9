"""Advice on single layers and on layers that follow each other."""

from __future__ import annotations

from collections.abc import Iterator

from engine.advice.rule import Remark, only_source, only_target, param, rule, shape
from engine.errors import text
from engine.graph.document import Node
from engine.graph.situation import Situation

# Layers whose output is a weighted sum of their input.
LINEAR = ("Dense", "Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D")
MANY_WEIGHTS = 5_000_000
MUCH_DROPOUT = 0.7
SATURATING = ("sigmoid", "tanh")
DEEP = 3
_AS_LAYER = {"ReLU": "relu", "ELU": "elu", "Softmax": "softmax"}


def _nodes(situation: Situation, *kinds: str) -> Iterator[Node]:
    for node in situation.document.network.ordered():
        if node.layer in kinds:
            yield node


@rule("bias-before-normalization")
def bias_before_normalization(situation: Situation) -> Iterator[Remark]:
    """A bias before BatchNormalization is subtracted again with the mean (Ioffe, Szegedy 2015)."""
    for node in _nodes(situation, *LINEAR):
        after = only_target(situation, node)
        plain = param(situation, node, "activation") in (None, "linear")
        if (
            after is not None
            and after.layer == "BatchNormalization"
            and plain
            and param(situation, node, "use_bias")
        ):
            message = text(
                "The bias of “{node}” has no effect: the normalization behind it takes it away."
                " Turn it off.",
                node=node.title,
            )
            yield Remark(message, node.id, "use_bias")


@rule("dropout-before-normalization")
def dropout_before_normalization(situation: Situation) -> Iterator[Remark]:
    """Dropout changes the variance that BatchNormalization learns (Li et al. 2018)."""
    for node in _nodes(situation, "BatchNormalization"):
        before = only_source(situation, node)
        if before is not None and before.layer == "Dropout":
            message = text(
                "Dropout right before a normalization disturbs its statistics: put the Dropout"
                " behind it."
            )
            yield Remark(message, before.id)


@rule("no-nonlinearity")
def no_nonlinearity(situation: Situation) -> Iterator[Remark]:
    """Two weighted sums in a row are one weighted sum."""
    for node in _nodes(situation, *LINEAR):
        after = only_target(situation, node)
        plain = param(situation, node, "activation") in (None, "linear")
        if plain and after is not None and after.layer in LINEAR:
            message = text(
                "Nothing bends the values between “{node}” and “{after}”: together they can do no"
                " more than one layer. Give the first an activation such as relu.",
                node=node.title,
                after=after.title,
            )
            yield Remark(message, node.id, "activation")


@rule("double-activation")
def double_activation(situation: Situation) -> Iterator[Remark]:
    """The same activation twice in a row does nothing the second time."""
    for node in _nodes(situation, "Activation", *_AS_LAYER):
        before = only_source(situation, node)
        name = _AS_LAYER.get(node.layer) or param(situation, node, "activation")
        if before is None or name not in ("relu", "softmax"):
            continue
        earlier = _AS_LAYER.get(before.layer) or param(situation, before, "activation")
        if earlier == name:
            message = text(
                "“{before}” already applies {name}: applying it again is in vain.",
                before=before.title,
                name=str(name),
            )
            yield Remark(message, node.id)


@rule("does-nothing")
def does_nothing(situation: Situation) -> Iterator[Remark]:
    """A layer that hands on what it is given."""
    for node in situation.document.network.ordered():
        idle = (
            (node.layer == "Dropout" and param(situation, node, "rate") == 0)
            or (node.layer == "Activation" and param(situation, node, "activation") == "linear")
            or _flat_already(situation, node)
            or _pools_nothing(situation, node)
        )
        if idle and situation.document.network.inputs(node.id):
            message = text("“{node}” changes nothing: it can be left out.", node=node.title)
            yield Remark(message, node.id)


def _flat_already(situation: Situation, node: Node) -> bool:
    before = only_source(situation, node)
    size = shape(situation, before.id) if before is not None else None
    return node.layer == "Flatten" and size is not None and len(size) == 2


def _pools_nothing(situation: Situation, node: Node) -> bool:
    if node.layer not in ("MaxPooling2D", "AveragePooling2D", "MaxPooling1D", "AveragePooling1D"):
        return False
    sizes = param(situation, node, "pool_size"), param(situation, node, "strides")
    return all(_all_one(size) for size in sizes if size is not None) and sizes[0] is not None


def _all_one(size: object) -> bool:
    return all(item == 1 for item in size) if isinstance(size, (list, tuple)) else size == 1


@rule("much-dropout")
def much_dropout(situation: Situation) -> Iterator[Remark]:
    """More than two thirds dropped leaves too little to learn from."""
    for node in situation.document.network.ordered():
        rate = param(situation, node, "rate") if "Dropout" in node.layer else None
        if isinstance(rate, float) and MUCH_DROPOUT < rate < 1:
            message = text(
                "A rate of {rate} drops most of what “{node}” is given: 0.2 to 0.5 is usual.",
                rate=rate,
                node=node.title,
            )
            yield Remark(message, node.id, "rate")


@rule("dropout-at-the-end", "warning")
def dropout_at_the_end(situation: Situation) -> Iterator[Remark]:
    """Dropping predictions makes the loss a lottery."""
    network = situation.document.network
    for node in network.ordered():
        if "Dropout" in node.layer and network.inputs(node.id) and not network.outputs(node.id):
            message = text(
                "“{node}” drops predictions at random: take it away, or put it before the last"
                " layer.",
                node=node.title,
            )
            yield Remark(message, node.id)


@rule("large-dense")
def large_dense(situation: Situation) -> Iterator[Remark]:
    """Most weights of old image networks lie between Flatten and Dense (Lin et al. 2014)."""
    for node in _nodes(situation, "Dense"):
        before, fact = only_source(situation, node), situation.facts.get(node.id)
        if (
            before is not None
            and before.layer == "Flatten"
            and fact is not None
            and fact.params > MANY_WEIGHTS
        ):
            source = only_source(situation, before)
            size = shape(situation, source.id) if source is not None else None
            if size is not None and len(size) == 4:
                message = text(
                    "“{node}” has {count} weights because of the Flatten before it:"
                    " GlobalAveragePooling2D instead makes the network smaller and overfit less.",
                    node=node.title,
                    count=f"{fact.params:,}",
                )
                yield Remark(message, before.id)


@rule("even-kernel")
def even_kernel(situation: Situation) -> Iterator[Remark]:
    """A kernel without a middle shifts the picture by half a pixel."""
    for node in _nodes(situation, "Conv1D", "Conv2D", "SeparableConv2D", "DepthwiseConv2D"):
        size, strides = param(situation, node, "kernel_size"), param(situation, node, "strides")
        sizes = list(size) if isinstance(size, (list, tuple)) else [size]
        even = any(isinstance(item, int) and item % 2 == 0 for item in sizes)
        if even and param(situation, node, "padding") == "same" and _all_one(strides):
            message = text(
                "An even kernel with padding “same” shifts everything by half a step: take an odd"
                " one such as 3."
            )
            yield Remark(message, node.id, "kernel_size")


@rule("skips-pixels", "warning")
def skips_pixels(situation: Situation) -> Iterator[Remark]:
    """Strides larger than the kernel leave out part of the input.

    With a kernel of 1 that is meant: residual networks (He et al., 2015, arXiv:1512.03385) carry
    every second place past a block in this way.
    """
    for node in _nodes(situation, "Conv1D", "Conv2D", "SeparableConv2D"):
        size, strides = param(situation, node, "kernel_size"), param(situation, node, "strides")
        pairs = zip(_list(size), _list(strides), strict=False)
        if any(stride > kernel > 1 for kernel, stride in pairs):
            message = text(
                "The strides of “{node}” are larger than its kernel: part of the input is never"
                " looked at.",
                node=node.title,
            )
            yield Remark(message, node.id, "strides")


def _list(value: object) -> list[int]:
    if isinstance(value, (list, tuple)):
        return [item for item in value if isinstance(item, int)]
    return [value] if isinstance(value, int) else []


@rule("saturating-activations")
def saturating_activations(situation: Situation) -> Iterator[Remark]:
    """Gradients vanish through many sigmoids (Glorot, Bengio 2010)."""
    hidden = [
        node
        for node in _nodes(situation, *LINEAR)
        if param(situation, node, "activation") in SATURATING
        and situation.document.network.outputs(node.id)
    ]
    if len(hidden) > DEEP:
        message = text(
            "{count} hidden layers use sigmoid or tanh, through which gradients fade: relu learns"
            " faster in deep networks.",
            count=len(hidden),
        )
        yield Remark(message, hidden[0].id, "activation")


@rule("narrow-before-classes")
def narrow_before_classes(situation: Situation) -> Iterator[Remark]:
    """A layer with fewer units than classes is a bottleneck for all of them."""
    data = situation.data
    if data is None or data.task != "classes" or data.classes < 4:
        return
    network = situation.document.network
    for node in _nodes(situation, "Dense"):
        after, units = only_target(situation, node), param(situation, node, "units")
        last = after is not None and after.layer == "Dense" and not network.outputs(after.id)
        if last and isinstance(units, int) and 0 < units < data.classes / 2:
            message = text(
                "{units} units before {classes} classes are few: what tells the classes apart has"
                " to pass through them.",
                units=units,
                classes=data.classes,
            )
            yield Remark(message, node.id, "units")
