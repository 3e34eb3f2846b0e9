"""Mirrors the document: items come, go and change as its edits are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QGraphicsScene

from engine.graph.analysis import downstream, upstream
from engine.graph.document import Change, Edge, EdgeChange, NodeChange
from engine.graph.folding import Flat, Folding, outline
from engine.graph.geometry import Flow
from gui.canvas.card import CardPainter
from gui.canvas.edge_item import EdgeItem, share_labels
from gui.canvas.faces import Faces
from gui.canvas.grounds import Grounds
from gui.canvas.node_item import NodeItem
from gui.canvas.routing import REACH, Obstacles, long, turned, turned_rect
from gui.canvas.rows import Rows
from gui.canvas.wires_item import WiresItem
from gui.session import Session
from gui.theme import Theme

# The index of items is built anew when the network outgrows it; the margin makes that rare.
MARGIN = 2000.0
# For fewer wires than these, looking up the cards between their ends is quicker than sorting all.
FEW_WIRES = 24
# More parts than these take longer to paint one by one than the whole view at once.
MOST_PARTS = 60
_BY_BOX = Qt.ItemSelectionMode.IntersectsItemBoundingRect


class NetworkScene(QGraphicsScene):
    """Items for every card and wire that one sees of a session's document.

    Attributes:
        scope: The block whose inside is shown, or "" for the whole network.
        outline: What is shown of the network.
        nodes: Items by id of the node or of the collapsed block.
        edges: Items by wire.
        grounds: Frames and notes behind them.
        faces: What the cards say.
        selected_edges: The wires that are selected.

    Signals:
        repainted: Something looks different, or lies elsewhere; carries the parts of the canvas
            concerned, or more than `MOST_PARTS` of them where it may be anything.
    """

    repainted = Signal(object)

    def __init__(self, theme: Theme, session: Session, scope: str = "") -> None:
        super().__init__(session)
        self._session = session
        self.scope = scope
        self.outline: Flat | Folding = outline(session.document.network, scope)
        self._stale: list[QRectF] = []
        self._cards = CardPainter(theme)
        self.flow: Flow = session.document.flow
        self._rows = Rows(self.flow)
        self._before: set[str] = set()
        self._behind: set[str] = set()
        self.faces = Faces(self, session)
        self.nodes: dict[str, NodeItem] = {}
        self.edges: dict[Edge, EdgeItem] = {}
        self.selected_edges: frozenset[Edge] = frozenset()
        self.grounds = Grounds(self, session, self._cards)
        self.wires = WiresItem(self._cards)
        self.addItem(self.wires)
        self.sceneRectChanged.connect(self.wires.cover)
        # The index pays for itself only where items rarely move and clicks are looked up in it.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        session.edited.connect(self._follow)
        session.facts_changed.connect(self._facts_changed)
        session.problems_changed.connect(self._problems_changed)
        session.selection_changed.connect(self._selection_changed)
        session.counting.changed.connect(self._counted)
        theme.changed.connect(self.update)
        self.faces.find_severities()
        self._show_all()

    # --- following the document --------------------------------------------------------------

    def _show_all(self) -> None:
        for card in self.outline.cards:
            self._put_node(card)
        self._lay_out(self.outline.wires)
        share_labels(self.edges.values())
        self.grounds.refresh()
        self._grow(item.card() for item in self.nodes.values())
        self._grow(item.rect() for item in self.grounds.items())

    def set_plain(self) -> None:
        """Show neither selection nor problems, as in a picture for print."""
        self.faces.plain = True
        self._problems_changed()
        self._selection_changed()

    def let_go(self) -> None:
        """Stop following the document."""
        self.setParent(None)
        self.deleteLater()

    def show_scope(self, scope: str) -> None:
        """Show the inside of a block, or all of the network ("")."""
        for item in (*self.nodes.values(), *self.edges.values()):
            self.removeItem(item)
        self.touch(self.sceneRect())
        self.nodes.clear()
        self.edges.clear()
        self.flow = self._session.document.flow
        self._rows = Rows(self.flow)
        self.scope = scope
        self.outline = outline(self._session.document.network, scope)
        self.faces.find_severities()
        self._show_all()
        self._selection_changed()

    def _follow(self, changes: Iterable[Change]) -> None:
        network = self._session.document.network
        before = self.outline
        gone = self.scope and self.scope not in network.blocks
        if gone or self.flow != self._session.document.flow:
            self.show_scope("" if gone else self.scope)
            return
        if network.blocks or isinstance(before, Folding):
            self.outline = outline(network, self.scope)
        touched = self._touched(changes, before)
        moved = self._drop_gone(changes, touched)
        for card in touched:
            if card in self.outline.cards:
                item = self.nodes.get(card)
                corner = item.card() if item is not None else QRectF()
                self._put_node(card)
                if self.nodes[card].card() != corner:
                    moved += [corner, self.nodes[card].card()]
        near = [
            wire for card in touched & self.nodes.keys() for wire in self.outline.wires_at(card)
        ]
        self._lay_out([*near, *self._passing([card for card in moved if not card.isEmpty()])])
        share_labels({self.edges[wire] for wire in near})
        self.grounds.refresh()
        if moved:
            self._grow(moved)

    def _touched(self, changes: Iterable[Change], before: Flat | Folding) -> set[str]:
        """Return the cards that may look different, or may have come or gone."""
        network = self._session.document.network
        nodes: set[str] = set()
        for change in changes:
            if isinstance(change, EdgeChange):
                nodes |= {change.edge.source, change.edge.target}
            elif isinstance(change, NodeChange):
                nodes.add(change.id)
        nodes |= {node.id for node in network.nodes.values() if node.shares in nodes}
        touched = {card for node in nodes if (card := self.outline.card_of(node)) is not None}
        if isinstance(self.outline, Folding) or isinstance(before, Folding):
            touched |= self.outline.ports.keys()
            touched |= set(self.outline.cards) - self.nodes.keys()
            self.faces.find_severities()
        return touched

    def _drop_gone(self, changes: Iterable[Change], touched: set[str]) -> list[QRectF]:
        """Remove the items of what is no longer shown; return where cards were."""
        found: list[QRectF] = []
        if isinstance(self.outline, Flat):
            gone_wires = [
                change.edge
                for change in changes
                if isinstance(change, EdgeChange) and not change.added and change.edge in self.edges
            ]
            gone_wires = [edge for edge in gone_wires if not self._drawn(edge)]
        else:
            gone_wires = list(self.edges.keys() - set(self.outline.wires))
        for wire in dict.fromkeys(gone_wires):
            touched |= {
                card for end in (wire.source, wire.target) if (card := self.outline.card_of(end))
            }
            line = self.edges.pop(wire)
            self._touch_wire(line)
            self.removeItem(line)
            self.selected_edges -= {wire}
        for card in self.nodes.keys() - set(self.outline.cards):
            item = self.nodes.pop(card)
            self.touch(item.sceneBoundingRect())
            found.append(item.card())
            self._rows.take(item)
            self.removeItem(item)
        return found

    def _drawn(self, edge: Edge) -> bool:
        network = self._session.document.network
        return edge.target in network.nodes and edge in network.inputs(edge.target)

    def _put_node(self, card: str) -> None:
        item = self.nodes.get(card)
        if item is None:
            item = self.nodes[card] = NodeItem(card, self.faces.face(card), self._cards, self.flow)
            self.addItem(item)
            item.set_chosen(self._is_chosen(card))
        else:
            self._show_face(item)
        self.place(card, QPointF(*self.outline.corner(card)))

    def chosen(self) -> frozenset[str]:
        """Return the nodes that are shown as selected."""
        return frozenset() if self.faces.plain else self._session.selection

    def _is_chosen(self, card: str) -> bool:
        return self.chosen().issuperset(self.outline.nodes_of(card))

    def _put_edge(self, edge: Edge) -> None:
        if edge in self.edges:
            return
        item = self.edges[edge] = EdgeItem(edge, self._cards)
        self.addItem(item)
        item.set_label(self.faces.label(edge.source))
        item.mark(chosen=False, active=self._is_active(edge), path=self._is_on_path(edge))

    def _is_active(self, wire: Edge) -> bool:
        chosen = self.chosen()
        return wire.source in chosen or wire.target in chosen

    def _is_on_path(self, wire: Edge) -> bool:
        """Return whether a wire leads to what is selected, or on from it."""
        return wire.target in self._before or wire.source in self._behind

    def item_of(self, node: str) -> NodeItem | None:
        """Return the card that shows a node or stands for it."""
        card = self.outline.card_of(node)
        return self.nodes.get(card) if card is not None else None

    def _passing(self, cards: list[QRectF]) -> list[Edge]:
        """Return the wires that pass near cards which have come, gone or moved."""
        found: dict[Edge, None] = {}
        for card in cards:
            for item in self.items(card.adjusted(-REACH, -REACH, REACH, REACH), _BY_BOX):
                if isinstance(item, EdgeItem):
                    found[item.edge] = None
        return list(found)

    def _lay_out(self, edges: Iterable[Edge]) -> None:
        """Draw wires between their ends, around the cards in their way."""
        edges = list(dict.fromkeys(edges))
        everywhere = None
        if len(edges) > FEW_WIRES:
            everywhere = Obstacles(
                turned_rect(item.card(), self.flow) for item in self.nodes.values()
            )
        for edge in edges:
            self._put_edge(edge)
            start, end = self.wire_ends(edge)
            lane = None
            upper, lower = turned(start, self.flow), turned(end, self.flow)
            if lower.y() - upper.y() > long(self.flow):
                if everywhere is not None:
                    lane = everywhere.lane(upper, lower)
                else:
                    lane = self._rows.lane(upper, lower)
            wire = self.edges[edge]
            if not wire.runs(start, end, lane, self.flow):
                self._touch_wire(wire)
                wire.lay(start, end, lane, self.flow)
                self._touch_wire(wire)
        self.announce()

    def wire_ends(self, wire: Edge) -> tuple[QPointF, QPointF]:
        """Return the ports between which a wire leads, on the canvas."""
        source, target = self.item_of(wire.source), self.item_of(wire.target)
        assert source is not None and target is not None
        start = source.output_point(self.outline.output_place(wire))
        return start, target.input_point(self.outline.input_place(wire))

    def cards_in(self, rect: QRectF) -> list[NodeItem]:
        """Return the cards that may lie in a part of the canvas."""
        return [item for item in self.items(rect, _BY_BOX) if isinstance(item, NodeItem)]

    def place(self, node_id: str, corner: QPointF) -> None:
        """Put a card's top left corner somewhere; its wires follow with `follow_items`."""
        item = self.nodes[node_id]
        if item.pos() != corner:
            self.touch(item.sceneBoundingRect())
        item.place(corner)
        self.touch(item.sceneBoundingRect())
        self._rows.put(item)

    def follow_items(self, cards: Iterable[str]) -> None:
        """Lay the wires of cards that are being dragged."""
        known = [card for card in cards if card in self.nodes]
        self._lay_out(wire for card in known for wire in self.outline.wires_at(card))
        if self.outline.frames:
            self.grounds.follow_cards(n for card in known for n in self.outline.nodes_of(card))

    def reset_positions(self, cards: Iterable[str]) -> None:
        """Put cards back to where the document has them."""
        cards = [card for card in cards if card in self.nodes]
        for card in cards:
            self.place(card, QPointF(*self.outline.corner(card)))
        self.follow_items(cards)
        self.grounds.refresh()

    def touch(self, *parts: QRectF) -> None:
        """Remember parts of the canvas that look different; `announce` tells of them."""
        if len(self._stale) <= MOST_PARTS:
            self._stale += parts

    def _touch_wire(self, wire: EdgeItem) -> None:
        if len(self._stale) <= MOST_PARTS:
            self._stale += wire.parts()

    def announce(self) -> None:
        """Tell what has been touched."""
        if self._stale:
            stale, self._stale = self._stale, []
            self.repainted.emit(stale)

    # --- what items say ------------------------------------------------------------------------

    def show_changes(self, status: Mapping[str, str]) -> None:
        """Show which nodes are "added" or "changed" against another drawing."""
        nodes = self.faces.set_changes(status)
        self._show_faces({card for node in nodes if (card := self.outline.card_of(node))})

    def show_figure(self, figure: str, heated: bool) -> None:
        """Let cards show one of `FIGURES`, and color them by how much of it they have."""
        self.faces.set_figure(figure, heated)
        self._counted()

    def _counted(self) -> None:
        self.faces.count()
        for item in self.nodes.values():
            self._show_face(item)
        self.announce()

    def _facts_changed(self, ids: set[str]) -> None:
        for card in {card for node in ids if (card := self.outline.card_of(node)) is not None}:
            self._show_face(self.nodes[card])
            for wire in self.outline.wires_at(card):
                if wire.source in ids:
                    self._touch_wire(self.edges[wire])
                    self.edges[wire].set_label(self.faces.label(wire.source))
                    self._touch_wire(self.edges[wire])
        self.announce()

    def _problems_changed(self) -> None:
        self._show_faces(self.faces.find_severities())

    def _show_faces(self, cards: Iterable[str]) -> None:
        for card in self.nodes.keys() & cards:
            self._show_face(self.nodes[card])
        self.announce()

    def _show_face(self, item: NodeItem) -> None:
        if item.show_face(self.faces.face(item.node)):
            self.touch(item.sceneBoundingRect())

    # --- selection -----------------------------------------------------------------------------

    def select_edges(self, edges: Iterable[Edge]) -> None:
        """Make these wires the selected ones."""
        self.selected_edges = frozenset(edges)
        self._selection_changed()

    def _selection_changed(self) -> None:
        chosen, network = self.chosen(), self._session.document.network
        self._before, self._behind = upstream(network, chosen), downstream(network, chosen)
        for card, item in self.nodes.items():
            if item.set_chosen(self._is_chosen(card)):
                self.touch(item.sceneBoundingRect())
        for edge, wire in self.edges.items():
            if wire.mark(
                chosen=edge in self.selected_edges,
                active=self._is_active(edge),
                path=self._is_on_path(edge),
            ):
                self._touch_wire(wire)
        self.grounds.follow_selection()
        self.announce()

    # --- geometry ------------------------------------------------------------------------------

    def network_rect(self) -> QRectF:
        """Return the rectangle around all cards, frames and notes."""
        rect = QRectF()
        for item in self.nodes.values():
            rect = rect.united(item.card())
        for ground in self.grounds.items():
            rect = rect.united(ground.rect())
        return rect

    def _grow(self, cards: Iterable[QRectF]) -> None:
        rect = QRectF()
        for card in cards:
            rect = rect.united(card)
        rect.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if not self.sceneRect().contains(rect):
            self.setSceneRect(rect.united(self.sceneRect()))
