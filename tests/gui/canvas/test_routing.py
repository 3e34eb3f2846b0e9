"""Wires pass beside the cards that stand in their way."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from gui.canvas.card import port_along
from gui.canvas.routing import Obstacles, long, wire_path

START, END = QPointF(0, 0), QPointF(0, 300)


def card(center: float, top: float) -> QRectF:
    return QRectF(center - CARD_WIDTH / 2, top, CARD_WIDTH, CARD_HEIGHT)


def test_a_free_way_needs_no_lane() -> None:
    assert Obstacles([card(200, 100)]).lane(START, END) is None
    assert Obstacles([]).lane(START, END) is None


def test_a_wire_to_the_next_card_meets_none() -> None:
    assert long("down") == 104
    assert long("right") == 288


def test_a_wire_passes_the_cards_in_its_way() -> None:
    cards = [card(0, 60), card(40, 180)]
    lane = Obstacles(cards).lane(START, END)
    assert lane is not None
    path = wire_path(START, END, lane)
    points = [path.pointAtPercent(number / 200) for number in range(201)]
    assert not any(rect.contains(point) for rect in cards for point in points)
    assert path.pointAtPercent(0) == START
    assert path.pointAtPercent(1) == END


def test_a_lane_lies_between_cards_where_there_is_room() -> None:
    lane = Obstacles([card(-20, 60), card(320, 60)]).lane(START, END)
    assert lane is not None
    assert -20 + CARD_WIDTH / 2 < lane < 320 - CARD_WIDTH / 2


def test_ports_lie_apart_and_on_the_card() -> None:
    for spare in (False, True):
        for count in range(2, 12):
            places = [port_along(place, count, spare) for place in range(count)]
            assert places == sorted(set(places))
            assert places[0] > 0
            assert places[-1] < CARD_WIDTH
    assert port_along(0, 2, True) == CARD_WIDTH / 2
