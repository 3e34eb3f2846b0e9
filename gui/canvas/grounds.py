"""The frames and notes behind the cards of a scene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from engine.graph.document import Mark
from gui.canvas.card import CardPainter
from gui.canvas.ground_item import GroundItem

if TYPE_CHECKING:
    from gui.canvas.scene import NetworkScene
    from gui.session import Session


class Grounds:
    """Items for the expanded blocks and the marks of a document.

    Attributes:
        blocks: Items by the id of the expanded block.
        marks: Items by the id of the note or frame; bookmarks have none.
        selected: Ids of the selected marks.
    """

    def __init__(self, scene: NetworkScene, session: Session, cards: CardPainter) -> None:
        self._scene, self._session, self._cards = scene, session, cards
        self.blocks: dict[str, GroundItem] = {}
        self.marks: dict[str, GroundItem] = {}
        self.selected: frozenset[str] = frozenset()

    def items(self) -> Iterator[GroundItem]:
        """Yield all items, frames first."""
        yield from self.blocks.values()
        yield from self.marks.values()

    def refresh(self) -> None:
        """Show what the document has now."""
        outline, network = self._scene.outline, self._session.document.network
        self._drop(self.blocks, outline.frames)
        for depth, block in enumerate(outline.frames):
            item = self._item(self.blocks, block, "block")
            rect = QRectF(*outline.frame(block))
            before = item.boundingRect()
            if item.show_thing(rect, network.blocks[block].title, "block", depth):
                self._scene.touch(before, item.boundingRect())
        self.follow_selection()
        marks = {} if self._scene.scope else self._session.document.marks
        shown = {key: mark for key, mark in marks.items() if mark.kind != "bookmark"}
        self._drop(self.marks, shown)
        for key, mark in shown.items():
            item = self._item(self.marks, key, mark.kind)
            before = item.boundingRect()
            if item.show_thing(QRectF(*mark.at, *mark.size), mark.text, mark.color):
                self._scene.touch(before, item.boundingRect())
        self.select(self.selected & self.marks.keys())

    def _drop(self, items: dict[str, GroundItem], kept: Iterable[str]) -> None:
        for key in items.keys() - set(kept):
            self._scene.touch(items[key].boundingRect())
            self._scene.removeItem(items.pop(key))

    def _item(self, items: dict[str, GroundItem], key: str, kind: str) -> GroundItem:
        if key not in items:
            items[key] = GroundItem(key, kind, self._cards)
            self._scene.addItem(items[key])
        return items[key]

    def follow_cards(self, moved: Iterable[str]) -> None:
        """Let frames of blocks hold cards that are being dragged."""
        moved = set(moved)
        outline = self._scene.outline
        for block in reversed(list(outline.frames)):
            if moved & set(outline.frames[block]):
                rect = QRectF(*outline.frame(block))
                ways = [
                    self._scene.nodes[card].pos() - QPointF(*outline.corner(card))
                    for card in dict.fromkeys(map(outline.card_of, outline.frames[block]))
                    if card is not None
                ]
                left, top = min(way.x() for way in ways), min(way.y() for way in ways)
                right, bottom = max(way.x() for way in ways), max(way.y() for way in ways)
                same = (left, top) == (right, bottom)
                # While part of it moves the frame is only drawn about right, and exact afterwards.
                whole = (
                    rect.translated(left, top)
                    if same
                    else rect.adjusted(min(left, 0), min(top, 0), max(right, 0), max(bottom, 0))
                )
                self._move(self.blocks[block], whole)

    def move(self, rects: Mapping[str, QRectF]) -> None:
        """Let marks lie elsewhere while they are being dragged."""
        for mark, rect in rects.items():
            self._move(self.marks[mark], rect)
        self._scene.announce()

    def _move(self, item: GroundItem, rect: QRectF) -> None:
        self._scene.touch(item.boundingRect())
        item.move_to(rect)
        self._scene.touch(item.boundingRect())

    def select(self, marks: Iterable[str]) -> None:
        """Make these marks the selected ones."""
        self.selected = frozenset(marks) & self.marks.keys()
        for key, item in self.marks.items():
            if item.set_chosen(key in self.selected):
                self._scene.touch(item.boundingRect())
        self._scene.announce()

    def follow_selection(self) -> None:
        """Show which blocks are wholly selected."""
        chosen = self._scene.chosen()
        for block, item in self.blocks.items():
            if item.set_chosen(chosen.issuperset(self._scene.outline.frames[block])):
                self._scene.touch(item.boundingRect())

    def title_at(self, point: QPointF) -> GroundItem | None:
        """Return the topmost ground that a press at a point takes hold of."""
        found = [
            item
            for item in self.items()
            if item.title_rect().contains(point) or item.handle_at(point)
        ]
        return max(found, key=lambda item: item.zValue(), default=None)

    def inside(self, mark: Mark) -> list[str]:
        """Return the nodes whose cards lie within a frame, which moves them along."""
        rect = QRectF(*mark.at, *mark.size)
        outline = self._scene.outline
        cards = (key for key, item in self._scene.nodes.items() if rect.contains(item.card()))
        return [node for card in cards for node in outline.nodes_of(card)]
