"""Blocks: grouped, nested, repeated, linked."""

from __future__ import annotations

import pytest
from helpers.networks import chain, network

from engine.errors import EditRefused
from engine.formats.project import fragment_from_json, fragment_to_json, from_json, to_json
from engine.graph import commands
from engine.graph.blocks import group, new_block, rename_block, ungroup
from engine.graph.copying import fragment
from engine.graph.document import Document, Edge, Port
from engine.graph.history import Edit, History
from engine.graph.inserting import insert_between
from engine.graph.linking import linked_copy, unlink
from engine.graph.mirroring import linked
from engine.graph.nesting import Ports, block_of, members, whole_blocks
from engine.graph.repeating import repeat, repeats
from engine.graph.rewiring import remove_and_heal


@pytest.fixture
def residual() -> History:
    """Input, a residual part of two convolutions and a skip, an output."""
    rows = [
        ("image", "Input", {"shape": [8, 8, 4]}),
        ("conv1", "Conv2D", {"filters": 4}),
        ("conv2", "Conv2D", {"filters": 4}),
        ("sum", "Add", {}),
        ("flat", "Flatten", {}),
    ]
    wires = [
        ("image", "conv1"),
        ("conv1", "conv2"),
        ("conv2", "sum", 0),
        ("image", "sum", 1),
        ("sum", "flat"),
    ]
    return History(Document(network(rows, wires)))


def grouped(history: History, ids: tuple[str, ...] = ("conv1", "conv2", "sum")) -> str:
    edit = group(history.document, ids, "Residual")
    history.do(edit)
    return new_block(edit)


def ports(history: History, block: str) -> Ports:
    drawn = history.document.network
    return Ports(drawn, members(drawn, block), drawn.blocks[block])


def test_a_block_has_one_port_for_each_tensor_that_crosses_its_border(residual: History) -> None:
    block = grouped(residual)
    assert ports(residual, block).inputs == [Port((("conv1", 0), ("sum", 1)))]
    assert ports(residual, block).outputs == ["sum"]
    assert residual.document.network.edges() == [*residual.document.network.edges()]


def test_ports_of_an_unwired_block_are_known(residual: History) -> None:
    drawn = residual.document.network
    residual.do(commands.disconnect(drawn.outputs("image")))
    residual.do(commands.disconnect(drawn.outputs("sum")))
    block = grouped(residual)
    assert ports(residual, block).inputs == [Port((("conv1", 0),)), Port((("sum", 1),))]
    assert ports(residual, block).outputs == ["sum"]


def test_blocks_lie_in_blocks(residual: History) -> None:
    inner = grouped(residual, ("conv1", "conv2"))
    outer = grouped(residual)
    drawn = residual.document.network
    assert drawn.blocks[inner].parent == outer
    assert members(drawn, outer) == ["conv1", "conv2", "sum"]
    assert whole_blocks(drawn, ["conv1", "conv2", "image"]) == {inner}
    assert block_of(drawn, ["conv1", "conv2", "sum"]) == outer
    assert block_of(drawn, ["conv1", "sum"]) == ""
    with pytest.raises(EditRefused, match="different blocks"):
        group(residual.document, ["conv1", "flat"], "x")
    residual.do(ungroup(residual.document, outer))
    assert drawn.blocks[inner].parent == ""
    assert drawn.nodes["sum"].block == ""


def test_a_block_cannot_feed_itself() -> None:
    document = Document(chain(4))
    with pytest.raises(EditRefused, match="comes back"):
        group(document, ["dense_0", "dense_2"], "x")


def test_the_file_keeps_blocks_and_undo_keeps_the_file(residual: History) -> None:
    before = to_json(residual.document)
    block = grouped(residual)
    residual.do(rename_block(residual.document, block, "Unit"))
    after = to_json(residual.document)
    assert to_json(from_json(after, "x")) == after
    residual.do(commands.remove(residual.document, ["conv1", "conv2", "sum"]))
    assert not residual.document.network.blocks
    residual.undo()
    assert to_json(residual.document) == after
    residual.undo()
    residual.undo()
    assert to_json(residual.document) == before


@pytest.mark.parametrize("title", ["", "  ", "x" * 10_000])
def test_titles_that_cannot_be(residual: History, title: str) -> None:
    block = grouped(residual)
    with pytest.raises(EditRefused):
        rename_block(residual.document, block, title)


def test_a_repeated_block_is_a_row_of_equal_ones(residual: History) -> None:
    before = to_json(residual.document)
    block = grouped(residual)
    residual.do(repeat(residual.document, block, 3))
    drawn = residual.document.network
    assert len(drawn.nodes) == 2 + 3 * 3
    assert repeats(drawn, block) == 3
    sums = [node.id for node in drawn.ordered() if node.layer == "Add"]
    assert [edge.target for edge in drawn.outputs(sums[0])] == ["conv2d", sums[1]]
    assert [edge.target for edge in drawn.outputs(sums[2])] == ["flat"]
    residual.do(repeat(residual.document, block, 2))
    assert repeats(drawn, block) == 2
    assert [edge.target for edge in drawn.outputs(sums[1])] == ["flat"]
    residual.do(repeat(residual.document, block, 1))
    assert list(drawn.blocks) == [block]
    assert len(drawn.nodes) == 5
    while residual.undo():
        pass
    assert to_json(residual.document) == before


def test_a_block_with_two_inputs_cannot_be_repeated(residual: History) -> None:
    block = grouped(residual, ("sum",))
    with pytest.raises(EditRefused, match="2 and 1"):
        repeat(residual.document, block, 2)


def test_what_is_done_in_one_linked_block_is_done_in_all(residual: History) -> None:
    block = grouped(residual)
    residual.do(repeat(residual.document, block, 3))
    drawn = residual.document.network
    layers = lambda: [node.layer for node in drawn.ordered()]  # noqa: E731
    residual.do(commands.set_param(residual.document, ["conv2"], "filters", 9))
    filters = [node.params.get("filters") for node in drawn.ordered() if node.layer == "Conv2D"]
    assert filters == [4, 9] * 3
    residual.do(insert_between(residual.document, "ReLU", Edge("conv1", "conv2")))
    assert layers().count("ReLU") == 3
    residual.do(remove_and_heal(residual.document, ["conv1"]))
    assert layers().count("Conv2D") == 3
    for node in drawn.ordered():
        least = {"Input": 0, "Add": 2}.get(node.layer, 1)
        assert len(drawn.inputs(node.id)) == least, node.id
    state = to_json(residual.document)
    residual.undo()
    assert layers().count("Conv2D") == 6
    residual.redo()
    assert to_json(residual.document) == state


def test_a_linked_copy_follows_until_it_is_made_independent(residual: History) -> None:
    block = grouped(residual)
    edit = linked_copy(residual.document, block, (300.0, 0.0))
    residual.do(edit)
    copy = new_block(edit)
    drawn = residual.document.network
    assert linked(drawn, block) == [copy]
    residual.do(commands.set_param(residual.document, ["conv1"], "filters", 7))
    twin = drawn.nodes[members(drawn, copy)[0]]
    assert (twin.layer, twin.params["filters"]) == ("Conv2D", 7)
    residual.do(unlink(residual.document, copy))
    residual.do(commands.set_param(residual.document, ["conv1"], "filters", 5))
    assert drawn.nodes[twin.id].params["filters"] == 7


def test_a_copied_block_is_one_of_its_own(residual: History) -> None:
    block = grouped(residual)
    residual.do(repeat(residual.document, block, 2))
    drawn = residual.document.network
    text = fragment_to_json(fragment(drawn, members(drawn, block)))
    edit: Edit = commands.insert(
        residual.document, fragment_from_json(text), commands.text("Paste")
    )
    residual.do(edit)
    pasted = drawn.blocks[new_block(edit)]
    assert (pasted.link, pasted.parent, pasted.title) == ("", "", "Residual")
    assert pasted.inputs == (Port((("conv2d_2", 0), ("add_1", 1))),)


def test_a_layer_put_into_a_wire_inside_a_block_lies_inside(residual: History) -> None:
    block = grouped(residual)
    edit = insert_between(residual.document, "ReLU", Edge("conv1", "conv2"))
    residual.do(edit)
    assert residual.document.network.nodes["re_lu"].block == block
    residual.do(insert_between(residual.document, "Dropout", Edge("sum", "flat")))
    assert residual.document.network.nodes["dropout"].block == ""
