"""The overview in the corner of the canvas."""

from __future__ import annotations

import pytest
from helpers.networks import chain
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from engine.graph import commands
from engine.graph.document import Document
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> CanvasView:
    view = CanvasView(light_theme, Session(Document(chain(40)), Engine()))
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    qtbot.waitUntil(lambda: not view.minimap._timer.isActive())
    return view


def test_shown_only_where_part_of_the_network_is_out_of_view(view: CanvasView) -> None:
    view.reset_zoom()
    assert view.minimap.isVisible()
    view.fit()
    assert not view.minimap.isVisible()
    view.reset_zoom()
    view.minimap.set_wanted(False)
    assert not view.minimap.isVisible()


def test_a_press_goes_there_and_a_drag_follows(view: CanvasView, qtbot: QtBot) -> None:
    view.reset_zoom()
    minimap = view.minimap

    def middle() -> float:
        return view.mapToScene(view.viewport().rect().center()).y()

    rect = view.network.network_rect()
    bottom = QPoint(minimap.width() // 2, minimap.height() - 9)
    qtbot.mousePress(minimap, Qt.MouseButton.LeftButton, pos=bottom)
    assert middle() == pytest.approx(rect.bottom(), abs=rect.height() / 50)
    qtbot.mouseMove(minimap, QPoint(minimap.width() // 2, minimap.height() // 2))
    qtbot.mouseRelease(minimap, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(minimap.width() // 2, 9))
    assert middle() == pytest.approx(rect.top(), abs=rect.height() / 50)


def test_stays_in_its_corner_while_the_canvas_is_panned(view: CanvasView) -> None:
    view.reset_zoom()
    before, buttons = view.minimap.pos(), view.buttons.pos()
    view.zoom_in()
    view.centerOn(view.network.nodes["dense_30"])
    assert (view.minimap.pos(), view.buttons.pos()) == (before, buttons)


def test_follows_the_document(view: CanvasView, qtbot: QtBot) -> None:
    view.reset_zoom()
    width = view.minimap.width()
    session = view.session
    session.do(commands.move(session.document, {"dense_3": (6000.0, 0.0)}))
    qtbot.waitUntil(lambda: not view.minimap._timer.isActive())
    assert view.minimap.width() > width
