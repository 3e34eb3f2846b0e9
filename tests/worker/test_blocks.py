"""Built-in blocks compute what Keras functions written by hand compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
from keras import layers as kl

from engine.blocks import BLOCKS
from engine.blocks.changing import set_block_param
from engine.blocks.placing import add_block
from engine.errors import text
from engine.formats.project import from_json, to_json
from engine.graph.blocks import new_block
from engine.graph.document import Document, Edge, EdgeChange, Network, Node
from engine.graph.history import Edit, History
from engine.graph.nesting import Ports, members
from engine.worker.compile import build_model

Picture = tuple[int, ...]
Case = tuple[str, dict[str, Any], list[Picture]]


def drawn(key: str, params: dict[str, Any], shapes: list[Picture]) -> tuple[Document, str]:
    """Draw Input layers and a block behind them."""
    nodes = [
        Node(id=f"in{n}", layer="Input", params={"shape": list(shape)}, order=n)
        for n, shape in enumerate(shapes)
    ]
    document = Document(Network(nodes))
    history = History(document)
    edit = add_block(document, key, (0.0, 104.0), params=params, source="in0")
    history.do(edit)
    block = new_block(edit)
    for n in range(1, len(shapes)):
        port = document.network.blocks[block].inputs[n]
        wires = [EdgeChange(Edge(f"in{n}", node, at), True) for node, at in port.ends]
        history.do(Edit(text("Connect"), tuple(wires)))
    return document, block


def same_as(document: Document, block: str, expected: keras.Model) -> None:
    """Compare outputs, in the order of the block's ports, and numbers of weights."""
    network = document.network
    model = build_model(network)
    ports = Ports(network, members(network, block), network.blocks[block])
    found = [model.get_layer(node).output.shape for node in ports.outputs]
    assert found == [tensor.shape for tensor in expected.outputs]
    assert model.count_params() == expected.count_params()
    assert weights_of(model) == weights_of(expected)


def weights_of(model: keras.Model) -> list[tuple[int, ...]]:
    return sorted(tuple(weight.shape) for weight in model.trainable_weights)


def norm_relu(x: Any) -> Any:
    return kl.ReLU()(kl.BatchNormalization()(x))


def conv(x: Any, filters: int, size: int, **more: Any) -> Any:
    return kl.Conv2D(filters, size, padding="same", **more)(x)


def plain(x: Any, filters: int, size: int, strides: int = 1) -> Any:
    return kl.BatchNormalization()(conv(x, filters, size, strides=strides, use_bias=False))


def residual_basic(x: Any, filters: int = 64, stride: int = 1, projection: bool = True) -> Any:
    past = plain(x, filters, 1, stride) if projection else x
    y = kl.ReLU()(plain(x, filters, 3, stride))
    return kl.ReLU()(past + plain(y, filters, 3))


def residual_bottleneck(
    x: Any, filters: int = 64, stride: int = 1, projection: bool = True, expansion: int = 4
) -> Any:
    past = plain(x, expansion * filters, 1, stride) if projection else x
    y = kl.ReLU()(plain(x, filters, 1, stride))
    y = kl.ReLU()(plain(y, filters, 3))
    return kl.ReLU()(past + plain(y, expansion * filters, 1))


def residual_v2(x: Any, filters: int = 64, stride: int = 1, projection: bool = True) -> Any:
    first = norm_relu(x)
    past = conv(first, filters, 1, strides=stride) if projection else x
    y = norm_relu(conv(first, filters, 3, strides=stride, use_bias=False))
    return past + conv(y, filters, 3)


def inception(
    x: Any,
    direct: int = 64,
    reduced_3: int = 96,
    filters_3: int = 128,
    reduced_5: int = 16,
    filters_5: int = 32,
    pooled: int = 32,
) -> Any:
    three = conv(conv(x, reduced_3, 1), filters_3, 3)
    five = conv(conv(x, reduced_5, 1), filters_5, 5)
    pool = conv(kl.MaxPooling2D(3, 1, "same")(x), pooled, 1)
    return kl.Concatenate()([conv(x, direct, 1), three, five, pool])


def dense_block(x: Any, layers: int = 4, growth: int = 32, bottleneck: bool = True) -> Any:
    for _ in range(layers):
        y = norm_relu(x)
        if bottleneck:
            y = norm_relu(conv(y, 4 * growth, 1, use_bias=False))
        x = kl.Concatenate()([x, conv(y, growth, 3, use_bias=False)])
    return x


def inverted_residual(
    x: Any, filters: int = 24, expanded: int = 144, stride: int = 1, skip: bool = False
) -> Any:
    y = kl.ReLU(6.0)(plain(x, expanded, 1))
    y = kl.DepthwiseConv2D(3, stride, "same", use_bias=False)(y)
    y = kl.ReLU(6.0)(kl.BatchNormalization()(y))
    y = plain(y, filters, 1)
    return x + y if skip else y


def squeeze_excite(x: Any, channels: int = 64, ratio: int = 16) -> Any:
    weights = kl.GlobalAveragePooling2D(keepdims=True)(x)
    weights = kl.Dense(max(1, channels // ratio), "relu")(weights)
    return x * kl.Dense(channels, "sigmoid")(weights)


def xception(x: Any, filters: int = 128, pooling: bool = True) -> Any:
    y = x
    for _ in range(2):
        y = kl.SeparableConv2D(filters, 3, padding="same", use_bias=False)(kl.ReLU()(y))
        y = kl.BatchNormalization()(y)
    y = kl.MaxPooling2D(3, 2, "same")(y) if pooling else y
    return y + plain(x, filters, 1, 2 if pooling else 1)


def twice(x: Any, filters: int, normalized: bool) -> Any:
    for _ in range(2):
        x = conv(x, filters, 3)
        x = kl.ReLU()(kl.BatchNormalization()(x) if normalized else x)
    return x


def unet_down(x: Any, filters: int = 64, normalized: bool = False, dropout: float = 0.0) -> Any:
    across = kl.Dropout(dropout)(twice(x, filters, normalized))
    return [kl.MaxPooling2D()(across), across]


def unet_up(
    below: Any,
    across: Any,
    filters: int = 64,
    normalized: bool = False,
    enlarging: str = "transposed",
) -> Any:
    if enlarging == "transposed":
        larger = kl.Conv2DTranspose(filters, 2, 2)(below)
    else:
        larger = conv(kl.UpSampling2D()(below), filters, 2)
    return twice(kl.Concatenate()([across, larger]), filters, normalized)


def feed_forward(x: Any, width: int, hidden: int, activation: str, norm_first: bool) -> Any:
    y = kl.LayerNormalization()(x) if norm_first else x
    y = kl.Dense(width)(kl.Dense(hidden, activation)(y))
    return x + y if norm_first else kl.LayerNormalization()(x + y)


def attend(x: Any, memory: Any, width: int, heads: int, norm_first: bool, **more: Any) -> Any:
    query = kl.LayerNormalization()(x) if norm_first else x
    found = kl.MultiHeadAttention(heads, width // heads)(
        query, query if memory is None else memory, **more
    )
    return x + found if norm_first else kl.LayerNormalization()(x + found)


def transformer_encoder(
    x: Any,
    width: int = 64,
    heads: int = 4,
    hidden: int = 256,
    activation: str = "relu",
    dropout: float = 0.1,
    norm_first: bool = False,
) -> Any:
    seen = attend(x, None, width, heads, norm_first)
    return feed_forward(seen, width, hidden, activation, norm_first)


def transformer_decoder(
    x: Any,
    memory: Any,
    width: int = 64,
    heads: int = 4,
    hidden: int = 256,
    activation: str = "relu",
    dropout: float = 0.1,
    norm_first: bool = False,
) -> Any:
    seen = attend(x, None, width, heads, norm_first, use_causal_mask=True)
    asked = attend(seen, memory, width, heads, norm_first)
    return feed_forward(asked, width, hidden, activation, norm_first)


BY_HAND: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        residual_basic,
        residual_bottleneck,
        residual_v2,
        inception,
        dense_block,
        inverted_residual,
        squeeze_excite,
        xception,
        unet_down,
        unet_up,
        transformer_encoder,
        transformer_decoder,
    )
}
ROOM, STEPS, SMALL = (16, 12, 64), (10, 64), (8, 6, 32)
CASES: list[Case] = [
    ("residual_basic", {"filters": 24, "stride": 2}, [ROOM]),
    ("residual_basic", {"projection": False}, [ROOM]),
    ("residual_bottleneck", {"filters": 16, "projection": False}, [ROOM]),
    ("residual_bottleneck", {"filters": 8, "stride": 2, "expansion": 2}, [ROOM]),
    ("residual_v2", {"filters": 16, "stride": 2}, [ROOM]),
    ("residual_v2", {"projection": False}, [ROOM]),
    ("inception", {"direct": 3, "reduced_3": 5, "filters_3": 7, "pooled": 11}, [ROOM]),
    ("inception", {"reduced_5": 6, "filters_5": 9}, [ROOM]),
    ("dense_block", {"layers": 2, "growth": 5}, [ROOM]),
    ("dense_block", {"layers": 3, "bottleneck": False}, [ROOM]),
    ("inverted_residual", {"filters": 64, "skip": True, "expanded": 100}, [ROOM]),
    ("inverted_residual", {"stride": 2, "filters": 8}, [ROOM]),
    ("squeeze_excite", {"channels": 12, "ratio": 5}, [(9, 9, 12)]),
    ("xception", {"filters": 20, "pooling": False}, [ROOM]),
    ("unet_down", {"filters": 10, "normalized": True, "dropout": 0.5}, [ROOM]),
    ("unet_up", {"filters": 10, "normalized": True, "enlarging": "upsampling"}, [SMALL, ROOM]),
    (
        "transformer_encoder",
        {"width": 24, "heads": 3, "hidden": 30, "activation": "gelu", "norm_first": True},
        [(7, 24)],
    ),
    (
        "transformer_decoder",
        {"width": 24, "heads": 2, "dropout": 0.0, "norm_first": True},
        [(7, 24), (5, 24)],
    ),
]
SHAPES = {
    "unet_up": [SMALL, ROOM],
    "transformer_encoder": [STEPS],
    "transformer_decoder": [STEPS, STEPS],
}
DEFAULTS: list[Case] = [(key, {}, SHAPES.get(key, [ROOM])) for key in BY_HAND]


def by_hand(key: str, params: dict[str, Any], shapes: list[Picture]) -> keras.Model:
    inputs = [keras.Input(shape) for shape in shapes]
    return keras.Model(inputs, BY_HAND[key](*inputs, **params))


@pytest.mark.parametrize(("key", "params", "shapes"), DEFAULTS + CASES)
def test_a_block_equals_one_written_by_hand(
    key: str, params: dict[str, Any], shapes: list[Picture]
) -> None:
    assert BLOCKS.get(key).check(params) == {}
    document, block = drawn(key, params, shapes)
    same_as(document, block, by_hand(key, params, shapes))
    again = from_json(to_json(document), "x")
    assert to_json(again) == to_json(document)


@pytest.mark.parametrize(("key", "params", "shapes"), CASES)
def test_changing_the_parameters_gives_the_same_network(
    key: str, params: dict[str, Any], shapes: list[Picture]
) -> None:
    document, block = drawn(key, {}, shapes)
    history = History(document)
    before = to_json(document)
    # The order in which they agree with each other at every step.
    for name, value in sorted(params.items(), key=lambda item: item[0] != "width"):
        history.do(set_block_param(document, block, name, value))
        history.end_merge()
    same_as(document, block, by_hand(key, params, shapes))
    while history.undo() is not None:
        pass
    assert to_json(document) == before


def test_every_block_is_compared() -> None:
    assert set(BY_HAND) == {spec.key for spec in BLOCKS if spec.group == "blocks"}
