"""Gestures on the canvas become edits, each one step of the history."""

from __future__ import annotations

import pytest
from helpers.networks import template
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.formats.project import to_json
from engine.graph.document import Document, Edge
from gui.bridge import Engine
from gui.canvas.view import MIME, CanvasView
from gui.session import Session
from gui.theme import Theme

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot, lenet_session: Session, light_theme: Theme) -> CanvasView:
    view = CanvasView(light_theme, lenet_session)
    qtbot.addWidget(view)
    view.resize(900, 1100)
    view.show()
    qtbot.waitExposed(view)
    view.fit()
    return view


def spot(view: CanvasView, point: QPointF) -> QPoint:
    return view.mapFromScene(point)


def middle(view: CanvasView, node: str) -> QPoint:
    return spot(view, view.network.nodes[node].card().center())


def drag(view: CanvasView, start: QPoint, end: QPoint) -> None:
    port = view.viewport()
    QTest.mousePress(port, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(port, start + (end - start) * part)
    QTest.mouseRelease(port, LEFT, Qt.KeyboardModifier.NoModifier, end)


def scene_matches(view: CanvasView) -> None:
    network = view.session.document.network
    assert set(view.network.nodes) == set(network.nodes)
    assert set(view.network.edges) == set(network.edges())
    for node_id, node in network.nodes.items():
        item = view.network.nodes[node_id]
        assert (item.pos().x(), item.pos().y()) == node.at


def test_dragging_a_card_is_one_step(view: CanvasView) -> None:
    before = to_json(view.session.document)
    start = middle(view, "fc1")
    drag(view, start, start + QPoint(60, 30))
    assert view.session.document.network.nodes["fc1"].at != (0.0, 624.0)
    assert view.session.selection == {"fc1"}
    scene_matches(view)
    view.session.undo()
    assert to_json(view.session.document) == before
    scene_matches(view)


def test_escape_puts_a_dragged_card_back(view: CanvasView) -> None:
    before = to_json(view.session.document)
    start = middle(view, "fc1")
    QTest.mousePress(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view.viewport(), start + QPoint(90, 90))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, start)
    assert to_json(view.session.document) == before
    scene_matches(view)


def test_a_wire_is_drawn_from_port_to_port(view: CanvasView) -> None:
    view.session.select(["fc2"])
    view.delete_selection()
    start = spot(view, view.network.nodes["fc1"].output_point())
    end = spot(view, view.network.nodes["digit"].input_point(0))
    drag(view, start, end)
    assert view.session.document.network.inputs("digit") == [Edge("fc1", "digit")]
    scene_matches(view)


def test_a_wire_that_would_make_a_cycle_is_refused_with_the_reason(
    view: CanvasView, qtbot: QtBot
) -> None:
    before = to_json(view.session.document)
    start = spot(view, view.network.nodes["fc2"].output_point())
    with qtbot.waitSignal(view.session.posted) as posted:
        drag(view, start, middle(view, "conv1"))
    assert "cycle" in str(posted.args[0])
    assert to_json(view.session.document) == before
    assert all(item.opacity() == 1 for item in view.network.nodes.values())


def test_a_wire_pulled_off_its_port_is_removed(view: CanvasView) -> None:
    end = spot(view, view.network.nodes["digit"].input_point(0))
    drag(view, end, end + QPoint(200, 0))
    assert view.session.document.network.inputs("digit") == []
    scene_matches(view)


def test_a_box_selects_what_it_touches(view: CanvasView) -> None:
    first, last = view.network.nodes["image"].card(), view.network.nodes["conv1"].card()
    drag(
        view,
        spot(view, first.topLeft() - QPointF(30, 30)),
        spot(view, last.bottomRight() + QPointF(20, 5)),
    )
    assert view.session.selection == {"image", "conv1"}


def test_copy_paste_duplicate_delete_undo(view: CanvasView) -> None:
    before = to_json(view.session.document)
    view.session.select(["fc1", "fc2"])
    view.copy()
    view.paste()
    network = view.session.document.network
    assert view.session.selection == {"dense", "dense_1"}
    assert network.inputs("dense_1") == [Edge("dense", "dense_1")]
    assert network.nodes["dense"].params == network.nodes["fc1"].params
    view.duplicate()
    view.delete_selection()
    scene_matches(view)
    for _ in range(3):
        view.session.undo()
    assert to_json(view.session.document) == before
    scene_matches(view)


def test_foreign_text_on_the_clipboard_is_told(view: CanvasView, qtbot: QtBot) -> None:
    before = to_json(view.session.document)
    QGuiApplication.clipboard().setText("dear diary")
    with qtbot.waitSignal(view.session.posted) as posted:
        view.paste()
    assert "clipboard" in str(posted.args[0])
    assert to_json(view.session.document) == before


def drop(view: CanvasView, key: str, point: QPoint) -> None:
    data = QMimeData()
    data.setData(MIME, key.encode())
    action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    view.dragMoveEvent(QDragMoveEvent(point, action, data, LEFT, none))
    view.dropEvent(QDropEvent(QPointF(point), action, data, LEFT, none))


def test_a_layer_dropped_on_a_wire_is_inserted_there(view: CanvasView) -> None:
    item = view.network.edges[Edge("fc1", "fc2")]
    drop(view, "Dropout", spot(view, item.boundingRect().center()))
    network = view.session.document.network
    assert network.inputs("dropout") == [Edge("fc1", "dropout")]
    assert network.inputs("fc2") == [Edge("dropout", "fc2")]
    scene_matches(view)
    view.session.undo()
    assert network.inputs("fc2") == [Edge("fc1", "fc2")]


def test_a_layer_dropped_in_empty_space_stands_alone(view: CanvasView) -> None:
    drop(view, "Dense", QPoint(60, 60))
    assert view.session.document.network.inputs("dense") == []
    drop(view, "NoSuchLayer", QPoint(60, 200))
    assert len(view.session.document.network.nodes) == 10
    scene_matches(view)


def test_adding_below_the_selection_wires_up(qtbot: QtBot, light_theme: Theme) -> None:
    view = CanvasView(light_theme, Session(Document(), Engine()))
    qtbot.addWidget(view)
    for key in ("Input", "Flatten", "Dense"):
        view.add_layer(key)
    network = view.session.document.network
    assert network.edges() == [Edge("input", "flatten"), Edge("flatten", "dense")]
    places = [network.nodes[name].at for name in ("input", "flatten", "dense")]
    assert len(set(places)) == 3
    scene_matches(view)


def test_arrange_zoom_and_keys(view: CanvasView) -> None:
    view.session.select(["fc1"])
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.session.document.network.nodes["fc1"].at[0] == 8
    view.arrange()
    view.glide.end()
    scene_matches(view)
    for _ in range(60):
        view.zoom_in()
    assert view.zoom == pytest.approx(4.0)
    for _ in range(60):
        view.zoom_out()
    assert view.zoom == pytest.approx(0.05)
    view.session.select([])
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.session.selection == {"image"}
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert view.session.selection == {"conv1"}


def test_the_other_templates_are_drawn(qtbot: QtBot, light_theme: Theme) -> None:
    for name in ("linear", "branches", "lstm"):
        view = CanvasView(light_theme, Session(template(name), Engine()))
        qtbot.addWidget(view)
        view.resize(600, 400)
        view.show_beginning()
        assert not view.grab().isNull()
        scene_matches(view)
