"""The models of `keras.applications` as drawings: readable, changeable, undone to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.blocks import BLOCKS, architectures
from engine.blocks.applications import Application
from engine.blocks.changing import set_block_param
from engine.blocks.grouping import MOST_CARDS
from engine.blocks.opening import open_application
from engine.errors import NetloomError
from engine.formats.project import from_json, to_json
from engine.graph.analysis import problems, topological
from engine.graph.document import Document, Edge
from engine.graph.folding import Folding
from engine.graph.freezing import freeze, frozen_stages, stages
from engine.graph.history import History
from engine.layers import LAYERS

APPLICATIONS = [spec for spec in BLOCKS if issubclass(spec, Application)]


def opened(key: str, **params: object) -> tuple[Document, History, str]:
    spec = BLOCKS.get(key)
    assert issubclass(spec, Application)
    document = open_application(spec, params=params)
    block = next(b.id for b in document.network.blocks.values() if b.made is not None)
    return document, History(document), block


@pytest.mark.parametrize("spec", APPLICATIONS, ids=lambda spec: spec.key)
def test_every_model_opens_readable_and_whole(spec: type[Application]) -> None:
    document = open_application(spec)
    net = document.network
    assert [p for p in problems(net) if p.severity == "error"] == []
    folded = Folding(net).network()
    assert len(folded.nodes) <= MOST_CARDS + 1
    assert topological(folded)[1] == []
    places = [node.at for node in folded.nodes.values()]
    assert len(set(places)) == len(places)
    assert to_json(from_json(to_json(document), "x")) == to_json(document)


def test_the_classifier_is_told_how_many_classes_there_are() -> None:
    document, history, block = opened("MobileNet")
    before = to_json(document)
    history.do(set_block_param(document, block, "classes", 7))
    nodes = document.network.nodes
    assert nodes["conv_preds"].params["filters"] == 7
    assert nodes["reshape_2"].params["target_shape"] == [7]
    history.undo()
    assert to_json(document) == before


@pytest.mark.parametrize("key", ["VGG16", "EfficientNetB0", "MobileNetV3Small", "NASNetMobile"])
def test_the_classifier_goes_and_comes_back(key: str) -> None:
    document, history, block = opened(key)
    before = to_json(document)
    history.do(set_block_param(document, block, "include_top", False))
    assert "predictions" not in document.network.nodes
    history.do(set_block_param(document, block, "pooling", "max"))
    (end,) = (n for n in document.network.nodes.values() if not document.network.outputs(n.id))
    assert end.layer == "GlobalMaxPooling2D"
    history.do(set_block_param(document, block, "include_top", True))
    history.do(set_block_param(document, block, "pooling", "none"))
    alone, _, _ = opened(key)
    assert set(document.network.edges()) == set(alone.network.edges())
    kinds = {node.id: (node.layer, node.params) for node in alone.network.nodes.values()}
    found = document.network.nodes.values()
    assert {node.id: (node.layer, node.params) for node in found} == kinds
    while history.undo() is not None:
        pass
    assert to_json(document) == before


def test_the_shape_of_pictures_reaches_the_input_and_the_paddings() -> None:
    document, history, block = opened("MobileNetV2")
    history.do(set_block_param(document, block, "input_shape", [97, 97, 3]))
    nodes = document.network.nodes
    assert nodes["input"].params["shape"] == [97, 97, 3]
    # 97 is 49 behind the first step, an odd number.
    padding = LAYERS.get("ZeroPadding2D").complete(nodes["block_1_pad"].params)["padding"]
    assert padding == [[1, 1], [1, 1]]
    history.undo()
    assert nodes["input"].params["shape"] == [224, 224, 3]
    assert nodes["block_1_pad"].params["padding"] == [[0, 1], [0, 1]]


def test_efficientnet_scales_colors_once_more_for_its_weights() -> None:
    document, history, block = opened("EfficientNetB0")
    history.do(set_block_param(document, block, "rescaled", True))
    net = document.network
    assert net.outputs("normalization") == [Edge("normalization", "rescaling_1")]
    assert net.outputs("rescaling_1") == [Edge("rescaling_1", "stem_conv_pad")]
    assert "rescaled" not in BLOCKS.get("EfficientNetV2B0").fields


def test_layers_before_one_are_frozen_in_one_step() -> None:
    document, history, block = opened("MobileNetV2")
    before = to_json(document)
    titles = [stage.title for stage in stages(document.network, block)]
    assert titles[:3] == ["Conv1", "bn_Conv1", "expanded_conv"]
    assert titles[-1] == "predictions"
    count = titles.index("block_3")
    history.do(freeze(document, block, count))
    nodes = document.network.nodes
    assert nodes["block_2_expand"].params["trainable"] is False
    assert "trainable" not in nodes["block_3_expand"].params
    assert frozen_stages(document.network, block) == count
    history.do(freeze(document, block, 1))
    assert "trainable" not in nodes["block_2_expand"].params
    # Other parameters leave it as it is.
    history.do(set_block_param(document, block, "classes", 5))
    assert nodes["Conv1"].params["trainable"] is False
    for _ in range(3):
        history.undo()
    assert to_json(document) == before


def test_a_damaged_description_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(architectures, "FOLDER", tmp_path)
    architectures.read_variant.cache_clear()
    for content in (None, b"nothing of the kind"):
        if content is not None:
            (tmp_path / "VGG16.json.xz").write_bytes(content)
        with pytest.raises(NetloomError, match="VGG16 is missing or damaged"):
            BLOCKS.get("VGG16").plan({})
