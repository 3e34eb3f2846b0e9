"""What is painted in parts looks just as if everything had been painted anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from helpers.networks import template
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.graph import commands
from engine.graph.document import Document
from engine.graph.inserting import insert_between
from engine.graph.marks import add_mark
from gui.bridge import Engine
from gui.canvas.gestures import Move
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import Theme

ZOOMS = (0.12, 0.25, 0.5, 1.0)
FEW = 4


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    session = Session(template("branches"), Engine())
    view = CanvasView(light_theme, session)
    qtbot.addWidget(view)
    view.resize(QSize(900, 700))
    view.show()
    qtbot.waitExposed(view)
    # It follows a little later, on purpose.
    view.minimap.set_wanted(False)
    yield view
    session.close()


def seen(view: CanvasView) -> QImage:
    """Return what stands on the screen, without having it painted again."""
    QApplication.processEvents()
    return view.screen().grabWindow(view.winId()).toImage()


def same(one: QImage, other: QImage) -> bool:
    """Return whether two pictures look the same.

    A line that is cut where a painted part ends may be rounded another way there: a few pixels
    may differ, and faint ones along smoothed edges.
    """
    off = np.abs(pixels(one).astype(int) - pixels(other)).max(axis=2)
    return bool((off > 24).sum() <= FEW)


def pixels(image: QImage) -> npt.NDArray[np.uint8]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    return data.reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def anew(view: CanvasView) -> QImage:
    view._far.forget()
    view.viewport().update()
    return seen(view)


def far_move(document: Document) -> object:
    return commands.move(document, {"add": (900.0, -300.0), "relu": (-400.0, 900.0)})


EDITS: dict[str, Callable[[Document], object]] = {
    "add": lambda document: commands.add_node(document, "Dense", (300.0, 100.0)),
    "remove": lambda document: commands.remove(document, ["add"]),
    "move": lambda document: commands.move(document, {"add": (300.0, 40.0)}),
    "move far": far_move,
    "rename": lambda document: commands.rename(document, "add", "total"),
    "insert": lambda document: insert_between(document, "ReLU", document.network.edges()[3]),
    "frame": lambda document: add_mark(document, "frame", (10.0, 10.0), (300.0, 300.0)),
    "note": lambda document: add_mark(document, "note", (400.0, 10.0), (200.0, 100.0)),
}


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_and_its_undo(view: CanvasView, name: str, zoom: float) -> None:
    view.set_zoom(zoom)
    view.centerOn(view.network.network_rect().center())
    before = anew(view)
    assert view.session.do(EDITS[name](view.session.document))
    edited = seen(view)
    assert same(edited, anew(view))
    assert edited != before or name in ("rename", "note")
    view.session.undo()
    assert same(seen(view), anew(view))


@pytest.mark.parametrize("zoom", ZOOMS)
def test_the_selection_and_its_paths(view: CanvasView, zoom: float) -> None:
    view.set_zoom(zoom)
    view.centerOn(view.network.network_rect().center())
    plain = anew(view)
    view.session.select(["add"])
    chosen = seen(view)
    assert chosen != plain
    assert same(chosen, anew(view))
    view.network.select_edges(list(view.network.edges)[:2])
    assert same(seen(view), anew(view))
    view.session.select([])
    view.network.select_edges([])
    assert same(seen(view), plain)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_drag_and_its_end(view: CanvasView, zoom: float) -> None:
    view.set_zoom(zoom)
    view.centerOn(view.network.network_rect().center())
    still = anew(view)
    item = view.network.nodes["add"]
    gesture = Move(view, item.pos(), item.pos(), ["add"])
    for step in range(1, 8):
        gesture.move(item.pos() + QPointF(37 * step, 11 * step))
        assert same(seen(view), anew(view))
    gesture.cancel()
    assert same(seen(view), still)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_panning(view: CanvasView, zoom: float) -> None:
    view.set_zoom(zoom)
    view.centerOn(view.network.network_rect().center())
    anew(view)
    for way in (QPointF(0, 23), QPointF(-40, 0), QPointF(17, -9)):
        view.pan(way)
        assert same(seen(view), anew(view))
