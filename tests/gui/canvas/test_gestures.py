"""What the mouse does besides drawing: clicks, panning, zooming, breaking off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import template
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.formats.project import to_json
from engine.graph import commands
from engine.graph.document import Edge
from gui.bridge import Engine
from gui.canvas.context_menu import make_menu
from gui.canvas.dropping import MIME
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    session = Session(template("branches"), Engine())
    view = CanvasView(light_theme, session)
    qtbot.addWidget(view)
    view.resize(1000, 1200)
    view.show()
    qtbot.waitExposed(view)
    view.fit()
    yield view
    session.close()


def middle(view: CanvasView, node: str) -> QPoint:
    return view.mapFromScene(view.network.nodes[node].card().center())


def press_and_move(view: CanvasView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view.viewport(), LEFT, NONE, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(view.viewport(), start + (end - start) * part)


def release(view: CanvasView, spot: QPoint) -> None:
    QTest.mouseRelease(view.viewport(), LEFT, NONE, spot)


@pytest.mark.parametrize("part", [0.3, 0.5, 0.8])
def test_a_click_on_a_short_wire_selects_it(view: CanvasView, part: float) -> None:
    edge = Edge("stem", "conv_a1")
    spot = view.mapFromScene(view.network.edges[edge].line.pointAt(part))
    QTest.mouseClick(view.viewport(), LEFT, NONE, spot)
    assert view.network.selected_edges == {edge}
    assert edge in view.session.document.network.edges()
    assert view.network.edges[edge].isVisible()


def test_a_click_never_moves_a_card_that_is_off_the_grid(view: CanvasView) -> None:
    view.session.do(commands.move(view.session.document, {"relu": (3.0, 521.0)}))
    QTest.mouseClick(view.viewport(), LEFT, NONE, middle(view, "relu") + QPoint(1, 0))
    assert view.session.document.network.nodes["relu"].at == (3.0, 521.0)
    assert view.session.selection == {"relu"}


def test_the_selection_keeps_its_shape_while_it_is_dragged(view: CanvasView) -> None:
    nodes = view.session.document.network.nodes
    view.session.do(commands.move(view.session.document, {"relu": (3.0, 521.0)}))
    view.session.select(["add", "relu"])
    apart = (nodes["relu"].at[0] - nodes["add"].at[0], nodes["relu"].at[1] - nodes["add"].at[1])
    start = middle(view, "add")
    press_and_move(view, start, start + QPoint(43, 21))
    release(view, start + QPoint(43, 21))
    assert nodes["add"].at[0] % 8 == nodes["add"].at[1] % 8 == 0
    assert apart == (
        nodes["relu"].at[0] - nodes["add"].at[0],
        nodes["relu"].at[1] - nodes["add"].at[1],
    )


def test_a_click_in_a_selection_selects_one(view: CanvasView) -> None:
    view.session.select(["add", "relu"])
    QTest.mouseClick(view.viewport(), LEFT, NONE, middle(view, "add"))
    assert view.session.selection == {"add"}


def test_shift_click_adds_and_takes_away(view: CanvasView) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    view.session.select(["add"])
    QTest.mouseClick(view.viewport(), LEFT, shift, middle(view, "relu"))
    assert view.session.selection == {"add", "relu"}
    QTest.mouseClick(view.viewport(), LEFT, shift, middle(view, "add"))
    assert view.session.selection == {"relu"}


def test_a_box_leaves_the_colors_alone(view: CanvasView) -> None:
    before = view.theme.colors.accent.name(view.theme.colors.accent.NameFormat.HexArgb)
    press_and_move(view, QPoint(5, 5), QPoint(200, 200))
    view.grab()
    release(view, QPoint(200, 200))
    after = view.theme.colors.accent.name(view.theme.colors.accent.NameFormat.HexArgb)
    assert after == before


def test_undo_in_the_middle_of_a_drag_breaks_it_off(view: CanvasView) -> None:
    before = to_json(view.session.document)
    view.add_layer("Dense")
    new = view.editing.selected()[0]
    start = middle(view, new)
    press_and_move(view, start, start + QPoint(50, 50))
    view.session.undo()
    release(view, start + QPoint(50, 50))
    assert to_json(view.session.document) == before
    assert new not in view.network.nodes


def test_the_wheel_zooms_about_the_cursor(view: CanvasView) -> None:
    spot = QPointF(700, 300)
    for steps in (120, 120, 120, -240):
        under = view.mapToScene(spot.toPoint())
        before = view.zoom
        event = QWheelEvent(
            spot,
            view.mapToGlobal(spot),
            QPoint(),
            QPoint(0, steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)
        assert (view.zoom > before) == (steps > 0)
        assert (view.mapToScene(spot.toPoint()) - under).manhattanLength() < 3 / view.zoom


def test_the_wheel_and_the_middle_button_pan(view: CanvasView) -> None:
    under = view.mapToScene(500, 500)
    QTest.mousePress(view.viewport(), MIDDLE, NONE, QPoint(500, 500))
    QTest.mouseMove(view.viewport(), QPoint(560, 530))
    QTest.mouseRelease(view.viewport(), MIDDLE, NONE, QPoint(560, 530))
    assert (view.mapToScene(560, 530) - under).manhattanLength() < 2
    assert not view.session.selection


def test_the_view_stays_where_it_is_when_a_card_goes_far_away(view: CanvasView) -> None:
    under = view.mapToScene(500, 500)
    view.session.do(commands.move(view.session.document, {"digit": (9000.0, 9000.0)}))
    assert (view.mapToScene(500, 500) - under).manhattanLength() < 2


def test_cards_that_cannot_take_a_wire_are_dimmed_and_say_why(
    view: CanvasView, qtbot: QtBot
) -> None:
    hints: list[str] = []
    view.status_hinted.connect(hints.append)
    start = view.mapFromScene(view.network.nodes["relu"].output_point())
    press_and_move(view, start, middle(view, "stem"))
    assert "cycle" in hints[-1]
    nodes = view.network.nodes
    assert nodes["image"].opacity() < 1 and nodes["add"].opacity() < 1
    assert nodes["concatenate"].aimed and nodes["concatenate"].opacity() == 1
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert hints[-1] == ""
    assert all(item.opacity() == 1 and not item.aimed for item in nodes.values())
    release(view, middle(view, "stem"))
    assert len(view.session.document.network.inputs("stem")) == 1


def test_a_wire_can_be_drawn_backwards_and_to_a_spare_port(view: CanvasView) -> None:
    network = view.session.document.network
    spare = view.network.nodes["concatenate"]
    start = view.mapFromScene(spare.input_point(spare.face.inputs - 1))
    press_and_move(view, start, middle(view, "stem"))
    release(view, middle(view, "stem"))
    assert Edge("stem", "concatenate", 2) in network.edges()
    assert len(network.inputs("concatenate")) == 3


def test_the_end_of_a_wire_moves_to_another_card_in_one_step(view: CanvasView) -> None:
    network = view.session.document.network
    before = to_json(view.session.document)
    end = view.mapFromScene(view.network.nodes["digit"].input_point(0))
    press_and_move(view, end, middle(view, "concatenate"))
    release(view, middle(view, "concatenate"))
    assert network.inputs("digit") == [Edge("pool", "digit")]  # a cycle: refused
    press_and_move(view, end, end + QPoint(260, 10))
    release(view, end + QPoint(260, 10))
    assert network.inputs("digit") == []
    view.session.undo()
    assert to_json(view.session.document) == before


def test_a_layer_over_a_wire_shows_where_it_would_go(view: CanvasView) -> None:
    data, action = QMimeData(), Qt.DropAction.CopyAction
    data.setData(MIME, b"Dropout")
    edge = Edge("pool", "digit")
    spot = view.mapFromScene(view.network.edges[edge].boundingRect().center())
    enter = QDragEnterEvent(spot, action, data, LEFT, NONE)
    view.dragEnterEvent(enter)
    assert enter.isAccepted()
    view.dragMoveEvent(QDragMoveEvent(spot, action, data, LEFT, NONE))
    assert view.network.edges[edge].aimed
    view.grab()
    view.dragLeaveEvent(QDragLeaveEvent())
    assert not view.network.edges[edge].aimed


def test_foreign_things_cannot_be_dropped(view: CanvasView) -> None:
    data = QMimeData()
    data.setText("Dense")
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, LEFT, NONE)
    view.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_a_screen_reader_hears_what_is_selected(view: CanvasView) -> None:
    view.session.select(["digit"])
    assert "Dense digit 10 units" in view.accessibleDescription()


def test_copies_cover_no_card_however_often_they_are_pasted(view: CanvasView) -> None:
    view.session.select(["narrow", "wide"])
    view.copy()
    for _ in range(3):
        view.paste()
    assert len(view.session.selection) == 2
    cards = [item.card() for item in view.network.nodes.values()]
    assert len(cards) == 11 + 6
    assert not any(one.intersects(other) for i, one in enumerate(cards) for other in cards[:i])


def test_the_menu_pastes_at_the_mouse(view: CanvasView) -> None:
    view.session.select(["narrow", "wide"])
    view.copy()
    menu = make_menu(view, QPointF(803.0, 42.0))
    next(action for action in menu.actions() if action.text() == "Paste").trigger()
    nodes = view.session.document.network.nodes
    assert min(nodes[node].at for node in view.session.selection) == (800.0, 40.0)


def test_the_menu_shares_weights(view: CanvasView) -> None:
    view.session.select(["conv_a2"])
    menu = make_menu(view, QPointF(0, 0))
    sharing = next(a.menu() for a in menu.actions() if a.text() == "Share weights with")
    next(action for action in sharing.actions() if action.text() == "conv_a1").trigger()
    assert view.session.document.network.nodes["conv_a2"].shares == "conv_a1"
    assert view.network.nodes["conv_a2"].face.shared


def test_a_layer_put_into_a_wire_finds_room(view: CanvasView) -> None:
    before = to_json(view.session.document)
    view.editing.drop_layer("Dropout", (0.0, 0.0), Edge("pool", "digit"))
    nodes = view.session.document.network.nodes
    tops = [nodes[node].at[1] for node in ("pool", "dropout", "digit")]
    assert tops[1] - tops[0] == tops[2] - tops[1] >= 88
    assert nodes["dropout"].at[0] == nodes["pool"].at[0]
    view.session.undo()
    assert to_json(view.session.document) == before
