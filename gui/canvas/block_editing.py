"""What one does to blocks from the canvas."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from engine.blocks.changing import set_block_param
from engine.graph import blocks, linking, repeating
from engine.graph.arranging import lay_out
from engine.graph.commands import move
from engine.graph.document import Document
from engine.graph.folding import Folding
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_X
from engine.graph.history import Edit
from engine.graph.inserting import push_on
from engine.graph.nesting import block_of, members
from gui.canvas.scene import NetworkScene
from gui.i18n import tr
from gui.session import Session


class BlockEditing(QObject):
    """Edits of blocks; a refusal is posted and changes nothing.

    Signals:
        entered: The inside of a block is wanted in a tab of its own; carries the block's id.
    """

    entered = Signal(str)

    def __init__(self, session: Session, network: NetworkScene) -> None:
        super().__init__(network)
        self._session, self._network = session, network

    @property
    def chosen(self) -> str:
        """The block that is selected: outermost, all of its nodes and nothing else; or ""."""
        return block_of(self._session.document.network, self._session.selection)

    def group(self) -> None:
        """Make a block of the selection."""
        chosen, title = self._session.selection, self._new_title()
        self._tidily(lambda document: blocks.group(document, chosen, title))

    def _new_title(self) -> str:
        taken = {block.title for block in self._session.document.network.blocks.values()}
        number = 1
        while (title := tr("Block {number}", number=number)) in taken:
            number += 1
        return title

    def ungroup(self) -> None:
        """Take the selected block away and leave what is inside."""
        if block := self.chosen:
            self._session.attempt(
                lambda: self._tidied(blocks.ungroup(self._session.document, block))
            )

    def toggle(self) -> None:
        """Collapse the selected block, or expand it."""
        if block := self.chosen:
            collapsed = self._session.document.network.blocks[block].collapsed
            (self.expand if collapsed else self.collapse)(block)

    def collapse(self, block: str) -> None:
        """Show a block as one card."""
        self._set(block, True)

    def expand(self, block: str) -> None:
        """Show what is inside a block."""
        self._set(block, False)

    def _set(self, block: str, collapsed: bool) -> None:
        document = self._session.document
        self._session.attempt(
            lambda: self._tidied(blocks.set_collapsed(document, block, collapsed))
        )

    def enter(self) -> None:
        """Open the selected block in a tab of its own."""
        if block := self.chosen:
            self.entered.emit(block)

    def rename(self, block: str, title: str) -> None:
        """Give a block another title."""
        self._session.attempt(lambda: blocks.rename_block(self._session.document, block, title))

    def repeat(self, block: str, times: int) -> None:
        """Let a block follow itself."""
        self._session.attempt(
            lambda: self._tidied(repeating.repeat(self._session.document, block, times))
        )

    def change(self, block: str, name: str, value: object) -> None:
        """Give a built-in block another parameter."""
        self._session.attempt(
            lambda: self._tidied(set_block_param(self._session.document, block, name, value))
        )

    def copy_linked(self) -> None:
        """Add a copy of the selected block that stays equal to it."""
        if not (block := self.chosen):
            return
        document = self._session.document
        edit = self._session.attempt(
            lambda: linking.linked_copy(document, block, (CARD_WIDTH + GAP_X, 0.0))
        )
        if edit is not None:
            self._session.select(members(document.network, blocks.new_block(edit)))

    def _tidily(self, make: Callable[[Document], Edit]) -> None:
        """Apply an edit and let the layout follow it."""
        self._session.attempt(lambda: self._tidied(make(self._session.document)))

    def _tidied(self, edit: Edit) -> Edit:
        """Let the layout follow an edit that makes something larger or smaller.

        A drawing that lies as the automatic layout would have it is laid out anew. In any other
        only what is in the way is pushed down.
        """
        document, scope = self._session.document, self._network.scope
        after = document.rehearsal()
        as_arranged = _lies_as(document, lay_out(document.network, scope, document.flow))
        after.apply(edit.changes)
        places = lay_out(after.network, scope, after.flow) if as_arranged else _made_room(after)
        moved = move(after, places)
        return replace(edit, changes=(*edit.changes, *moved.changes))


def _lies_as(document: Document, places: dict[str, tuple[float, float]]) -> bool:
    """Return whether nodes lie at some places, wherever on the canvas the whole begins."""
    nodes = document.network.nodes
    ways = {(nodes[key].at[0] - x, nodes[key].at[1] - y) for key, (x, y) in places.items()}
    return len(ways) <= 1


def _made_room(document: Document) -> dict[str, tuple[float, float]]:
    """Return where nodes go so that no expanded block covers what does not belong to it."""
    folding = Folding(document.network)
    places: dict[str, tuple[float, float]] = {}
    for block in folding.frames:
        left, top, width, height = folding.frame(block)
        inside = set(folding.frames[block])
        across = document.flow == "right"
        end = left + width if across else top + height
        covered = {
            card: end
            for card, nodes in folding.cards.items()
            if not inside & set(nodes)
            and left - CARD_WIDTH < folding.corner(card)[0] < left + width
            and top - CARD_HEIGHT < folding.corner(card)[1] < top + height
            and folding.corner(card)[0 if across else 1] > (left if across else top)
        }
        if covered:
            shown = folding.network()
            for card, corner in push_on(shown, covered, document.flow).items():
                places |= folding.moved(card, corner)
    return places
