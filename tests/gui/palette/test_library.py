"""Blocks of one's own: kept, listed, dragged back, removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.networks import template
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine import library
from engine.errors import FileProblem
from engine.formats.project import to_json
from engine.graph.blocks import group, new_block, rename_block
from engine.graph.document import Document, Port
from engine.graph.repeating import repeat
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.palette.panel import KEY, PalettePanel
from gui.session import Session
from gui.theme import Theme


@pytest.fixture
def kept() -> library.Kept:
    """A block of two layers, linked and repeated in its own document."""
    document = template("lenet")
    edit = group(document, ["conv1", "pool1"], "Stage/1")
    document.apply(edit.changes)
    document.apply(repeat(document, new_block(edit), 2).changes)
    library.keep(document, new_block(edit))
    (found,) = library.kept()
    return found


@pytest.fixture
def view(qtbot: QtBot, light_theme: Theme) -> Iterator[CanvasView]:
    view = CanvasView(light_theme, Session(Document(), Engine()))
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    yield view
    view.session.close()


def test_a_kept_block_stands_alone(kept: library.Kept) -> None:
    part = library.read(kept.key)
    (block,) = part.blocks.values()
    assert (block.title, block.link, block.parent) == ("Stage/1", "", "")
    assert list(part.nodes) == ["conv1", "pool1"]
    assert block.inputs == (Port((("conv1", 0),)),)
    assert not any(node.role for node in part.nodes.values())


def test_it_is_listed_found_and_dropped(
    qtbot: QtBot, light_theme: Theme, kept: library.Kept, view: CanvasView
) -> None:
    panel = PalettePanel(light_theme)
    qtbot.addWidget(panel)
    (row,) = panel.tree.findItems("Stage/1", Qt.MatchFlag.MatchRecursive)
    assert row.data(0, KEY) == kept.key
    panel.field.setText("stage")
    assert panel.tree.topLevelItem(0).text(0) == "Stage/1"
    empty = to_json(view.session.document)
    view.editing.drop_layer(kept.key, (96.0, 48.0), None)
    (block,) = view.session.document.network.blocks
    assert view.network.nodes[block].card().topLeft().toTuple() == (96.0, 48.0)
    view.add_layer(kept.key)
    assert len(view.session.document.network.blocks) == 2
    view.session.undo()
    view.session.undo()
    assert to_json(view.session.document) == empty
    panel.tree.remove_wanted.emit(kept.key)
    assert library.kept() == []
    assert not panel.tree.findItems("Stage/1", Qt.MatchFlag.MatchRecursive)


def test_one_of_the_same_name_is_replaced(kept: library.Kept) -> None:
    document = template("branches")
    edit = group(document, ["narrow", "wide"], "x")
    document.apply(edit.changes)
    document.apply(rename_block(document, new_block(edit), "Stage/1").changes)
    library.keep(document, new_block(edit))
    assert [block.key for block in library.kept()] == [kept.key]
    assert set(library.read(kept.key).nodes) == {"narrow", "wide"}


def test_a_damaged_block_is_passed_over_and_told_when_used(
    kept: library.Kept, view: CanvasView
) -> None:
    path = library.folder() / kept.key.removeprefix(library.PREFIX)
    path.write_text("{", encoding="utf-8")
    assert library.kept() == []
    with pytest.raises(FileProblem):
        library.read(kept.key)
    said: list[str] = []
    view.session.posted.connect(lambda words, _: said.append(str(words)))
    view.add_layer(kept.key)
    assert len(said) == 1
    assert not view.session.document.network.nodes
