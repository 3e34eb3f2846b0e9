"""Built-in blocks on their way into the network."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF

from engine.blocks import BLOCKS, PREFIX
from engine.blocks.placing import add_block, insert_block
from engine.fields import Params
from engine.graph.blocks import new_block
from engine.graph.document import Edge
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, snap, step
from engine.graph.history import Edit
from engine.graph.inserting import free_spot
from engine.graph.nesting import Ports, block_of, members
from gui.canvas.hitting import End
from gui.canvas.scene import NetworkScene
from gui.i18n import tr
from gui.session import Session


class BlockAdding:
    """Adds built-in blocks; each begins with the parameters that fit what feeds it."""

    def __init__(self, session: Session, network: NetworkScene) -> None:
        self._session, self._network = session, network

    def follow(self, key: str, center: QPointF) -> str | None:
        """Add a block behind what is selected, or at a point; returns its first layer's id."""
        document, outline = self._session.document, self._network.outline
        source, home = self._selected()
        card = outline.card_of(source) if source is not None else None
        if source is None or card is None:
            return self.put(key, center, None, (), self._network.scope)
        x, y = outline.corner(card)
        way = step(document.flow)
        x, y = (x + way, y) if document.flow == "right" else (x, y + way)
        point = QPointF(x + CARD_WIDTH / 2, y + CARD_HEIGHT / 2)
        return self.put(key, point, source, (), home)

    def _selected(self) -> tuple[str | None, str]:
        """Return the node whose tensor the selection gives, and the block that it lies in."""
        network, chosen = self._session.document.network, self._session.selection
        if len(chosen) == 1:
            (node,) = chosen
            return node, network.nodes[node].block
        block = block_of(network, chosen)
        if not block:
            return None, self._network.scope
        ports = Ports(network, members(network, block), network.blocks[block])
        return ports.outputs[0], network.blocks[block].parent

    def put(
        self, key: str, center: QPointF, source: str | None, ends: Sequence[End], home: str
    ) -> str | None:
        """Add a block at a point, fed by `source`, feeding `ends`; returns its first layer's id."""
        at = snap(center.x() - CARD_WIDTH / 2), snap(center.y() - CARD_HEIGHT / 2)
        spec = BLOCKS.get(key.removeprefix(PREFIX))
        edit = self._session.attempt(
            lambda: add_block(
                self._session.document,
                spec.key,
                free_spot(self._network.outline.network(), at),
                title=tr(spec.title),
                params=self._fitted(spec.key, source),
                source=source,
                ends=ends,
                block=home,
            )
        )
        return self._chosen(edit)

    def drop(self, key: str, at: tuple[float, float], wire: Edge | None) -> str | None:
        """Add a block with its corner at a spot, into a wire if one is given."""
        spec = BLOCKS.get(key.removeprefix(PREFIX))
        document, scope = self._session.document, self._network.scope
        title = tr(spec.title)
        if wire is None:
            edit = self._session.attempt(
                lambda: add_block(document, spec.key, at, title=title, block=scope)
            )
            return self._chosen(edit)
        wires = self._network.outline.edges_of(wire)
        params = self._fitted(spec.key, wire.source)
        return self._chosen(
            self._session.attempt(
                lambda: insert_block(document, spec.key, wires, title=title, params=params)
            )
        )

    def _fitted(self, key: str, source: str | None) -> Params:
        facts = self._session.facts.get(source) if source is not None else None
        return BLOCKS.get(key).fitted(facts.shape if facts is not None else None)

    def _chosen(self, edit: Edit | None) -> str | None:
        """Select what an edit has added."""
        if edit is None:
            return None
        inside = members(self._session.document.network, new_block(edit))
        self._session.select(inside)
        return inside[0]
