"""Blocks, notes and frames on the canvas, with the mouse and the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import network
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.formats.project import to_json
from engine.graph.arranging import lay_out
from engine.graph.commands import move
from engine.graph.document import Document
from engine.graph.folding import Folding
from gui.bridge import Engine
from gui.canvas.stubs import paint_stubs
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    """A residual part in a row of six layers, laid out and shown at 100 %."""
    rows = [
        ("image", "Input", {"shape": [8, 8, 4]}),
        ("conv1", "Conv2D", {"filters": 4, "padding": "same"}),
        ("conv2", "Conv2D", {"filters": 4, "padding": "same"}),
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
    document = Document(network(rows, wires))
    document.apply(move(document, lay_out(document.network)).changes)
    view = CanvasView(light_theme, Session(document, Engine()))
    qtbot.addWidget(view)
    view.resize(900, 900)
    view.show()
    view.reset_zoom()
    view.fit()
    yield view
    view.session.close()


def at(view: CanvasView, point: QPointF) -> QPoint:
    return view.mapFromScene(point)


def drag(view: CanvasView, start: QPointF, end: QPointF) -> None:
    pane = view.viewport()
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, pos=at(view, start))
    QTest.mouseMove(pane, at(view, (start + end) / 2))
    QTest.mouseMove(pane, at(view, end))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=at(view, end))


def grouped(view: CanvasView) -> str:
    view.session.select(["conv1", "conv2", "sum"])
    view.blocks.group()
    return view.blocks.chosen


def no_overlaps(view: CanvasView) -> bool:
    cards = [item.card() for item in view.network.nodes.values()]
    return not any(a.intersects(b) for i, a in enumerate(cards) for b in cards[:i])


def test_a_group_is_one_card_with_its_wires(view: CanvasView) -> None:
    block = grouped(view)
    scene = view.network
    assert set(scene.nodes) == {"image", block, "flat"}
    assert len(scene.edges) == 2
    assert scene.nodes[block].face.line == "3 layers"
    assert scene.nodes[block].chosen
    # One wire stands for both that enter the block.
    entering = next(wire for wire in scene.edges if wire.source == "image")
    assert len(scene.outline.edges_of(entering)) == 2


def test_collapsing_and_expanding_keep_the_layout_automatic(view: CanvasView) -> None:
    block = grouped(view)
    nodes = view.session.document.network.nodes
    assert nodes["flat"].at[1] == 2 * 104
    item = view.network.nodes[block]
    QTest.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, item.card().center())
    )
    assert set(view.network.nodes) == set(nodes)
    assert block in view.network.grounds.blocks
    frame = view.network.grounds.blocks[block].rect()
    inside = [view.network.nodes[name].card() for name in ("conv1", "conv2", "sum")]
    assert all(frame.contains(card) for card in inside)
    assert not any(frame.intersects(view.network.nodes[n].card()) for n in ("image", "flat"))
    view.blocks.collapse(block)
    assert nodes["flat"].at[1] == 2 * 104


def test_what_a_person_has_placed_is_only_pushed_where_it_must(view: CanvasView) -> None:
    session = view.session
    block = grouped(view)
    session.do(move(session.document, {"flat": (400.0, 208.0)}))
    view.blocks.expand(block)
    assert session.document.network.nodes["flat"].at == (400.0, 208.0)
    assert no_overlaps(view)


def test_a_dragged_block_takes_its_layers_along(view: CanvasView) -> None:
    block = grouped(view)
    session = view.session
    before = {n.id: n.at for n in session.document.network.ordered()}
    middle = view.network.nodes[block].card().center()
    drag(view, middle, middle + QPointF(160, 80))
    for name in ("conv1", "conv2", "sum"):
        at_now = session.document.network.nodes[name].at
        assert (at_now[0] - before[name][0], at_now[1] - before[name][1]) == (160, 80)
    session.undo()
    assert {n.id: n.at for n in session.document.network.ordered()} == before


def test_a_wire_into_a_block_feeds_all_ends_of_the_port(view: CanvasView) -> None:
    block = grouped(view)
    scene, drawn = view.network, view.session.document.network
    wire = next(wire for wire in scene.edges if wire.source == "image")
    view.session.select([])
    scene.select_edges([wire])
    view.delete_selection()
    assert not drawn.outputs("image")
    start = scene.nodes["image"].output_point()
    drag(view, start, scene.nodes[block].card().center())
    assert {edge.target for edge in drawn.outputs("image")} == {"conv1", "sum"}


def test_a_wire_end_is_moved_from_a_block_to_a_layer(view: CanvasView) -> None:
    block = grouped(view)
    scene, drawn = view.network, view.session.document.network
    end = scene.nodes["flat"].input_point(0)
    state = to_json(view.session.document)
    drag(view, end - QPointF(0, 6), end - QPointF(0, 6))
    assert to_json(view.session.document) == state
    drag(view, scene.nodes["image"].output_point(), scene.nodes["flat"].card().center())
    assert [edge.source for edge in drawn.inputs("flat")] == ["image"]
    assert not drawn.outputs("sum")
    drag(view, scene.nodes[block].output_point(), scene.nodes["flat"].card().center())
    assert [edge.source for edge in drawn.inputs("flat")] == ["sum"]


def test_the_inside_of_a_block_has_a_view_of_its_own(view: CanvasView) -> None:
    block = grouped(view)
    view.show_scope(block)
    assert set(view.network.nodes) == {"conv1", "conv2", "sum"}
    assert view.breadcrumb.isVisible()
    view.find_bar.open()
    view.pan(QPointF(-40, -60))
    assert view.breadcrumb.pos() == QPoint(12, 12)
    assert view.find_bar.y() == 12
    view.find_bar.close_bar()
    view.session.select([])
    view.add_layer("Dropout")
    assert view.session.document.network.nodes["dropout"].block == block
    view.show_scope("")
    assert set(view.network.nodes) == {"image", block, "flat"}
    assert not view.breadcrumb.isVisible()


def test_a_view_of_a_block_that_is_gone_shows_everything(view: CanvasView) -> None:
    block = grouped(view)
    view.show_scope(block)
    view.session.undo()
    assert view.network.scope == ""
    assert len(view.network.nodes) == 5


def test_repeating_is_one_step(view: CanvasView) -> None:
    block = grouped(view)
    before = to_json(view.session.document)
    view.blocks.repeat(block, 4)
    row = view.session.document.network.blocks[block].parent
    assert view.network.nodes[row].face.line == "3 layers, 4 times"
    view.blocks.expand(row)
    assert len([item for item in view.network.nodes.values() if item.face.stacked]) == 4
    assert no_overlaps(view)
    view.session.undo()
    view.session.undo()
    assert to_json(view.session.document) == before


def test_folded_views_know_every_wire(view: CanvasView) -> None:
    block = grouped(view)
    drawn = view.session.document.network
    folding = Folding(drawn)
    inside = {e for e in drawn.edges() if folding.shown[e.source] == folding.shown[e.target]}
    shown = {edge for wire in folding.wires for edge in folding.edges_of(wire)}
    assert inside | shown == set(drawn.edges())
    assert folding.nodes_of(block) == ["conv1", "conv2", "sum"]


# --- notes, frames, bookmarks --------------------------------------------------------------


def test_a_frame_carries_what_lies_in_it(view: CanvasView) -> None:
    session = view.session
    session.select(["image", "conv1"])
    view.marks.add_frame()
    view.setFocus()
    mark = session.document.marks["frame_1"]
    before = {n.id: n.at for n in session.document.network.ordered()}
    title = view.network.grounds.marks["frame_1"].title_rect().center()
    drag(view, title, title + QPointF(80, 0))
    now = session.document.network.nodes
    assert now["image"].at == (before["image"][0] + 80, before["image"][1])
    assert now["conv1"].at == (before["conv1"][0] + 80, before["conv1"][1])
    assert now["conv2"].at == before["conv2"]
    assert session.document.marks["frame_1"].at == (mark.at[0] + 80, mark.at[1])
    session.undo()
    assert session.document.marks["frame_1"] == mark


def test_notes_are_written_resized_colored_and_deleted(view: CanvasView) -> None:
    session = view.session
    start = to_json(session.document)
    view.marks.add_note(QPointF(300, 0))
    QTest.keyClicks(view._words, "Look here")
    QTest.keyClick(view._words, Qt.Key.Key_Escape)
    note = session.document.marks["note_1"]
    assert note.text == "Look here"
    corner = view.network.grounds.marks["note_1"].rect().bottomRight() - QPointF(4, 4)
    drag(view, corner, corner + QPointF(84, 44))
    assert session.document.marks["note_1"].size == (note.size[0] + 80, note.size[1] + 40)
    view.marks.paint("green")
    assert session.document.marks["note_1"].color == "green"
    view.delete_selection()
    assert not session.document.marks
    while session.history.undo_label is not None:
        session.undo()
    assert to_json(session.document) == start


def test_bookmarks_lead_back(view: CanvasView) -> None:
    view.set_zoom(0.5)
    view.marks.add_bookmark()
    view.set_zoom(3.0)
    view.marks.next_bookmark()
    assert view.zoom == pytest.approx(0.5, rel=0.05)
    view.marks.remove(view.marks.bookmarks()[0].id)
    assert view.marks.bookmarks() == []


# --- locks, quick add, find and replace ----------------------------------------------------


def test_a_locked_layer_can_neither_move_nor_change(view: CanvasView) -> None:
    session = view.session
    session.select(["conv1"])
    view.editing.set_locked()
    state = to_json(session.document)
    view.delete_selection()
    middle = view.network.nodes["conv1"].card().center()
    drag(view, middle, middle + QPointF(160, 0))
    assert to_json(session.document) == state
    assert view.network.nodes["conv1"].face.locked
    session.select(["conv1"])
    view.editing.set_locked()
    view.delete_selection()
    assert "conv1" not in session.document.network.nodes


def test_typing_on_the_canvas_adds_a_layer_behind_the_selected_one(view: CanvasView) -> None:
    view.session.select(["flat"])
    QTest.keyClicks(view, "d")
    assert view.quick_add.isVisible()
    QTest.keyClicks(view.quick_add._field, "ense")
    QTest.keyClick(view.quick_add._field, Qt.Key.Key_Return)
    assert not view.quick_add.isVisible()
    drawn = view.session.document.network
    assert [edge.source for edge in drawn.inputs("dense")] == ["flat"]


def test_a_wire_dropped_in_empty_space_offers_what_fits(view: CanvasView) -> None:
    from engine.ipc.messages import NodeFacts

    view.session.facts["image"] = NodeFacts([None, 8, 8, 4], "float32", 0, 0)
    start = view.network.nodes["image"].output_point()
    drag(view, start, start + QPointF(300, 60))
    keys = [spec.key for spec in view.quick_add._shown]
    assert "Conv2D" in keys
    assert not {"Conv1D", "LSTM", "Input"} & set(keys)
    QTest.keyClicks(view.quick_add._field, "maxpooling2d")
    QTest.keyClick(view.quick_add._field, Qt.Key.Key_Return)
    drawn = view.session.document.network
    assert [edge.source for edge in drawn.inputs("max_pooling2d")] == ["image"]


def test_a_wire_pulled_out_of_an_input_offers_sources(view: CanvasView) -> None:
    view.session.do(move(view.session.document, {"image": (0.0, -200.0)}))
    view.network.select_edges([next(w for w in view.network.edges if w.source == "sum")])
    view.delete_selection()
    start = view.network.nodes["flat"].input_point(0)
    drag(view, start, start + QPointF(300, -40))
    assert view.quick_add.isVisible()
    QTest.keyClicks(view.quick_add._field, "input")
    QTest.keyClick(view.quick_add._field, Qt.Key.Key_Return)
    drawn = view.session.document.network
    assert [drawn.nodes[edge.source].layer for edge in drawn.inputs("flat")] == ["Input"]


def test_all_convolutions_become_others(view: CanvasView) -> None:
    bar = view.find_bar
    bar.open()
    place = next(i for i in range(bar._what.count()) if "Conv2D" in bar._what.itemText(i))
    bar._what.setCurrentIndex(place)
    bar._sought()
    assert view.session.selection == {"conv1", "conv2"}
    bar._new.setCurrentIndex(bar._new.findText("SeparableConv2D"))
    bar._all.click()
    nodes = view.session.document.network.nodes
    assert [nodes[name].layer for name in ("conv1", "conv2")] == ["SeparableConv2D"] * 2
    assert nodes["conv1"].params == {"filters": 4, "padding": "same"}
    view.session.undo()
    assert nodes["conv1"].layer == "Conv2D"


def test_the_bar_seeks_what_is_selected(view: CanvasView) -> None:
    view.session.select(["conv2"])
    view.find_bar.open()
    assert view.session.selection == {"conv1", "conv2"}
    view.find_bar._new.setCurrentIndex(view.find_bar._new.findText("SeparableConv2D"))
    view.find_bar._one.click()
    assert "SeparableConv2D" in view.find_bar._new.currentText()


def test_a_copy_is_fed_by_what_feeds_the_original(view: CanvasView) -> None:
    view.session.select(["conv1"])
    view.duplicate()
    drawn = view.session.document.network
    assert [edge.source for edge in drawn.inputs("conv2d")] == ["image"]


def test_wires_that_cross_the_border_end_in_names(view: CanvasView) -> None:
    def drawn() -> QRect:
        picture = QPicture()
        painter = QPainter(picture)
        network = view.session.document.network
        paint_stubs(painter, view.network, network, view.theme)
        painter.end()
        return picture.boundingRect()

    block = grouped(view)
    assert drawn().isEmpty()
    view.show_scope(block)
    cards = [view.network.nodes[name].card() for name in ("conv1", "sum")]
    assert drawn().top() < cards[0].top() - 20
    assert drawn().bottom() > cards[1].bottom() + 20
