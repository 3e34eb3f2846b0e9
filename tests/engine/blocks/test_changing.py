"""Built-in blocks in a document: placed, changed, edited by hand, copied."""

from __future__ import annotations

import pytest
from helpers.networks import network, template

from engine.blocks import BLOCKS
from engine.blocks.changing import set_block_param
from engine.blocks.placing import add_block, insert_block
from engine.errors import EditRefused
from engine.formats.project import from_json, to_json
from engine.graph.blocks import new_block, ungroup
from engine.graph.commands import remove, set_param
from engine.graph.document import Document, Edge, Part
from engine.graph.history import History
from engine.graph.inserting import insert_between
from engine.graph.linking import linked_copy
from engine.graph.nesting import members
from engine.graph.repeating import repeat


def placed(key: str, **params: object) -> tuple[Document, History, str]:
    """An Input, a block behind it and a Dense layer behind that."""
    rows = [("in", "Input", {"shape": [16, 16, 64]}), ("out", "Conv2D", {})]
    document = Document(network(rows))
    history = History(document)
    edit = insert_block(document, key, [Edge("in", "out")], params=params)
    history.do(edit)
    return document, history, new_block(edit)


@pytest.mark.parametrize("spec", list(BLOCKS), ids=lambda spec: spec.key)
def test_every_block_goes_into_the_file_and_back(spec: object) -> None:
    document = Document()
    history = History(document)
    empty = to_json(document)
    key = spec.key  # type: ignore[attr-defined]
    history.do(add_block(document, key, (0.0, 0.0)))
    history.do(add_block(document, key, (400.0, 0.0)))
    content = to_json(document)
    again = from_json(content, "x")
    assert to_json(again) == content
    made = [block.made for block in again.network.blocks.values() if block.made is not None]
    assert made == [Part(key)] * 2
    history.undo()
    history.undo()
    assert to_json(document) == empty


def test_it_goes_into_a_wire_with_all_its_ends() -> None:
    document, history, _ = placed("residual_basic")
    net = document.network
    entered = {edge.target for edge in net.outputs("in")}
    assert entered == {"residual_basic_conv1", "residual_basic_projection"}
    assert [edge.source for edge in net.inputs("out")] == ["residual_basic_relu2"]
    # A layer in the wire to the block feeds both ways.
    history.do(insert_between(document, "Dropout", net.outputs("in")[0], further=net.outputs("in")))
    assert {edge.target for edge in net.outputs("dropout")} == entered
    assert [edge.target for edge in net.outputs("in")] == ["dropout"]


def test_a_changed_parameter_reaches_what_depends_on_it_in_one_step() -> None:
    document, history, block = placed("residual_basic")
    before = to_json(document)
    history.do(set_block_param(document, block, "filters", 24))
    nodes = document.network.nodes
    for part in ("conv1", "conv2", "projection"):
        assert nodes[f"residual_basic_{part}"].params["filters"] == 24
    assert document.network.blocks[block].made == Part("residual_basic", {"filters": 24})
    history.undo()
    assert to_json(document) == before


def test_what_was_edited_by_hand_stays() -> None:
    document, history, block = placed("residual_basic")
    history.do(set_param(document, ["residual_basic_conv1"], "filters", 7))
    history.do(set_param(document, ["residual_basic_conv2"], "activation", "tanh"))
    history.do(remove(document, ["residual_basic_norm2"]))
    history.do(set_block_param(document, block, "filters", 24))
    nodes = document.network.nodes
    assert nodes["residual_basic_conv1"].params["filters"] == 7
    assert nodes["residual_basic_conv2"].params["filters"] == 24
    assert nodes["residual_basic_conv2"].params["activation"] == "tanh"
    assert "residual_basic_norm2" not in nodes


def test_layers_come_and_go_with_their_wires() -> None:
    document, history, block = placed("residual_basic")
    before = to_json(document)
    history.do(set_block_param(document, block, "projection", False))
    net = document.network
    assert Edge("in", "residual_basic_add", 1) in net.inputs("residual_basic_add")
    assert "residual_basic_projection" not in net.nodes
    assert net.blocks[block].inputs[0].ends == (
        ("residual_basic_conv1", 0),
        ("residual_basic_add", 1),
    )
    history.end_merge()
    history.do(set_block_param(document, block, "projection", True))
    assert [edge.source for edge in net.inputs("residual_basic_projection")] == ["in"]
    assert Edge("residual_basic_projection_norm", "residual_basic_add", 1) in net.edges()
    history.undo()
    history.undo()
    assert to_json(document) == before


def test_the_wire_behind_a_block_follows_its_last_layer() -> None:
    document, history, block = placed("dense_block", layers=2)
    history.do(set_block_param(document, block, "layers", 5))
    net = document.network
    assert [edge.source for edge in net.inputs("out")] == ["dense_block_join5"]
    assert net.blocks[block].outputs == ("dense_block_join5",)
    assert net.nodes["dense_block_join5"].block == block
    history.end_merge()
    history.do(set_block_param(document, block, "layers", 1))
    assert [edge.source for edge in net.inputs("out")] == ["dense_block_join1"]


def test_a_layer_that_was_wired_by_hand_does_not_vanish() -> None:
    document, history, block = placed("residual_basic")
    wire = Edge("residual_basic_projection", "residual_basic_projection_norm")
    history.do(insert_between(document, "Dropout", wire))
    before = to_json(document)
    with pytest.raises(EditRefused, match="wired by hand"):
        set_block_param(document, block, "projection", False)
    assert to_json(document) == before


def test_parameters_that_do_not_go_together_are_refused() -> None:
    document, history, block = placed("residual_basic")
    history.do(set_block_param(document, block, "stride", 2))
    with pytest.raises(EditRefused, match="needs the projection"):
        set_block_param(document, block, "projection", False)
    with pytest.raises(EditRefused, match="Filters"):
        set_block_param(document, block, "filters", 0)


def test_linked_copies_follow() -> None:
    document, history, block = placed("inception")
    history.do(linked_copy(document, block, (300.0, 0.0)))
    history.do(set_block_param(document, block, "direct", 5))
    net = document.network
    (other,) = net.blocks.keys() - {block}
    assert net.blocks[other].made == net.blocks[block].made
    for name in (block, other):
        parts = {net.nodes[node].part: net.nodes[node] for node in members(net, name)}
        assert parts["direct"].params["filters"] == 5


def test_repeated_blocks_change_together() -> None:
    document, history, block = placed("residual_basic", filters=64, projection=False)
    history.do(repeat(document, block, 3))
    history.do(set_block_param(document, block, "projection", True))
    layers = [node.part for node in document.network.nodes.values()]
    assert layers.count("projection") == layers.count("add") == 3


def test_an_ungrouped_block_is_none_any_more() -> None:
    document, history, block = placed("squeeze_excite")
    history.do(ungroup(document, block))
    assert not any(node.part for node in document.network.nodes.values())
    assert not document.network.blocks


def test_defaults_fit_what_comes_before() -> None:
    assert BLOCKS.get("residual_basic").fitted((None, 8, 8, 32)) == {
        "filters": 32,
        "projection": False,
    }
    assert BLOCKS.get("residual_basic").fitted((None, 28, 28, 1)) == {}
    assert BLOCKS.get("residual_basic").fitted((None, 8)) == {}
    encoder = BLOCKS.get("transformer_encoder").fitted((None, 10, 30))
    assert encoder == {"width": 30, "heads": 3, "hidden": 120}
    for spec in BLOCKS:
        assert spec.check(spec.fitted((None, 8, 8, 37))) == {}
        assert spec.check(spec.fitted((None, None, None, None))) == {}


def test_a_drawing_of_a_block_that_this_version_does_not_know_stays_as_it_is() -> None:
    document, _, block = placed("inception")
    content = to_json(document).replace('"kind": "inception"', '"kind": "later"')
    again = from_json(content, "x")
    assert to_json(again) == content
    with pytest.raises(EditRefused):
        set_block_param(again, block, "direct", 5)


def test_templates_have_no_new_keys() -> None:
    assert '"part"' not in to_json(template("lenet"))
