"""Mirrors the document: items come, go and change as its edits are told."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from engine.graph.costs import Costs
from engine.graph.document import Change, Edge, EdgeChange, NodeChange
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH
from gui.canvas.card import CardPainter, Face, face_of
from gui.canvas.edge_item import EdgeItem
from gui.canvas.figures import figure_text, heat
from gui.canvas.node_item import NodeItem
from gui.canvas.routing import CLEARANCE, LONG, TOUCH, Obstacles
from gui.session import Session
from gui.theme import Theme

_WORST = ("error", "warning", "advice")
# The index of items is built anew when the network outgrows it; the margin makes that rare.
MARGIN = 2000.0
# For fewer wires than these, looking up the cards between their ends is quicker than sorting all.
FEW_WIRES = 24


class NetworkScene(QGraphicsScene):
    """Items for every node and wire of a session's document.

    Attributes:
        nodes: Items by node id.
        edges: Items by wire.
        selected_edges: The wires that are selected.

    Signals:
        repainted: Something looks different, or lies elsewhere.
    """

    repainted = Signal()

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._cards = CardPainter(theme)
        self._rows = Rows()
        self._figure, self._heated = "params", False
        self._heat: dict[str, float] = {}
        self.nodes: dict[str, NodeItem] = {}
        self.edges: dict[Edge, EdgeItem] = {}
        self.selected_edges: frozenset[Edge] = frozenset()
        # The index pays for itself only where items rarely move and clicks are looked up in it.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        session.edited.connect(self._follow)
        session.facts_changed.connect(self._facts_changed)
        session.problems_changed.connect(self._problems_changed)
        session.selection_changed.connect(self._selection_changed)
        session.counting.changed.connect(self._counted)
        theme.changed.connect(self.update)
        network = session.document.network
        self._severities = self._find_severities()
        for node_id in network.nodes:
            self._put_node(node_id)
        self._lay_out(network.edges())
        self._grow(item.card() for item in self.nodes.values())

    # --- following the document --------------------------------------------------------------

    def _follow(self, changes: Iterable[Change]) -> None:
        touched: set[str] = set()
        for change in changes:
            if isinstance(change, EdgeChange):
                touched |= {change.edge.source, change.edge.target}
                if not change.added and change.edge in self.edges:
                    self.removeItem(self.edges.pop(change.edge))
                    self.selected_edges -= {change.edge}
            elif isinstance(change, NodeChange):
                touched.add(change.id)
        network = self._session.document.network
        for node_id in touched:
            if node_id in network.nodes:
                self._put_node(node_id)
            elif node_id in self.nodes:
                item = self.nodes.pop(node_id)
                self._rows.take(item)
                self.removeItem(item)
        added = self._added(changes)
        sharers = {node.id for node in network.nodes.values() if node.shares in touched}
        for node_id in sharers:
            self.nodes[node_id].show_face(self._face(node_id))
        near = self._wires_of(touched & network.nodes.keys())
        cards = [
            QRectF(*node.at, CARD_WIDTH, CARD_HEIGHT)
            for change in changes
            if isinstance(change, NodeChange) and _moves(change)
            for node in (change.before, change.after)
            if node is not None
        ]
        self._lay_out([*added, *near, *self._passing(cards)])
        if cards:
            self._grow(cards)

    def _added(self, changes: Iterable[Change]) -> list[Edge]:
        network = self._session.document.network
        edges = [change.edge for change in changes if isinstance(change, EdgeChange)]
        return [
            edge
            for edge in edges
            if edge.target in network.nodes and edge in network.inputs(edge.target)
        ]

    def _put_node(self, node_id: str) -> None:
        node = self._session.document.network.nodes[node_id]
        item = self.nodes.get(node_id)
        if item is None:
            item = self.nodes[node_id] = NodeItem(node_id, self._face(node_id), self._cards)
            self.addItem(item)
            item.set_chosen(node_id in self._session.selection)
        else:
            item.show_face(self._face(node_id))
        self.place(node_id, QPointF(*node.at))

    def _put_edge(self, edge: Edge) -> None:
        if edge in self.edges:
            return
        item = self.edges[edge] = EdgeItem(edge, self._cards)
        self.addItem(item)
        item.set_label(self._label(edge.source))
        chosen = self._session.selection
        item.mark(chosen=False, active=edge.source in chosen or edge.target in chosen)

    def _wires_of(self, ids: Iterable[str]) -> list[Edge]:
        network = self._session.document.network
        return [edge for i in ids for edge in (*network.inputs(i), *network.outputs(i))]

    def _passing(self, cards: list[QRectF]) -> list[Edge]:
        """Return the wires that pass near cards which have come, gone or moved."""
        found: dict[Edge, None] = {}
        margin = CLEARANCE + TOUCH
        for card in cards:
            for item in self.items(card.adjusted(-margin, -margin, margin, margin)):
                if isinstance(item, EdgeItem):
                    found[item.edge] = None
        return list(found)

    def _lay_out(self, edges: Iterable[Edge]) -> None:
        """Draw wires between their ends, around the cards in their way."""
        network = self._session.document.network
        edges = list(dict.fromkeys(edges))
        everywhere = None
        if len(edges) > FEW_WIRES:
            everywhere = Obstacles(item.card() for item in self.nodes.values())
        for edge in edges:
            self._put_edge(edge)
            place = network.inputs(edge.target).index(edge)
            start = self.nodes[edge.source].output_point()
            end = self.nodes[edge.target].input_point(place)
            lane = None
            if end.y() - start.y() > LONG:
                lane = (everywhere or self._obstacles(start.y(), end.y())).lane(start, end)
            self.edges[edge].lay(start, end, lane)
        self.repainted.emit()

    def _obstacles(self, top: float, bottom: float) -> Obstacles:
        """Return the cards between two heights."""
        return Obstacles(item.card() for item in self._rows.between(top, bottom))

    def place(self, node_id: str, corner: QPointF) -> None:
        """Put a card's top left corner somewhere; its wires follow with `follow_items`."""
        item = self.nodes[node_id]
        item.place(corner)
        self._rows.put(item)

    def follow_items(self, ids: Iterable[str]) -> None:
        """Lay the wires of nodes whose items are being dragged."""
        known = self._session.document.network.nodes
        self._lay_out(self._wires_of(node_id for node_id in ids if node_id in known))

    def reset_positions(self, ids: Iterable[str]) -> None:
        """Put items back to where the document has them."""
        nodes = self._session.document.network.nodes
        for node_id in ids:
            if node_id in nodes:
                self.place(node_id, QPointF(*nodes[node_id].at))
        self.follow_items(ids)

    # --- what items say ------------------------------------------------------------------------

    def _face(self, node_id: str) -> Face:
        costs = self._session.counting.costs.get(node_id)
        facts = self._session.facts.get(node_id)
        if self._figure == "params" and facts is not None:
            costs = Costs(facts.params)  # Known before all else is counted.
        network = self._session.document.network
        return face_of(
            network,
            node_id,
            figure_text(costs, self._figure),
            self._severities.get(node_id, ""),
            self._heat.get(node_id, 0.0),
        )

    def show_figure(self, figure: str, heated: bool) -> None:
        """Let cards show one of `FIGURES`, and color them by how much of it they have."""
        self._figure, self._heated = figure, heated
        self._counted()

    def _counted(self) -> None:
        costs = self._session.counting.costs
        before, self._heat = self._heat, heat(costs, self._figure) if self._heated else {}
        for node_id, item in self.nodes.items():
            if node_id in self._session.document.network.nodes:
                item.show_face(self._face(node_id))
        if before != self._heat:
            self.repainted.emit()

    def _label(self, node_id: str) -> str:
        facts = self._session.facts.get(node_id)
        if facts is None or facts.shape is None:
            return ""
        sizes = facts.shape[1:]
        return "×".join("?" if size is None else str(size) for size in sizes) or "1"

    def _facts_changed(self, ids: set[str]) -> None:
        network = self._session.document.network
        for node_id in ids & self.nodes.keys():
            self.nodes[node_id].show_face(self._face(node_id))
            for edge in network.outputs(node_id):
                self.edges[edge].set_label(self._label(node_id))

    def _find_severities(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for problem in sorted(
            self._session.problems, key=lambda problem: _WORST.index(problem.severity)
        ):
            found.setdefault(problem.node, problem.severity)
        return found

    def _problems_changed(self) -> None:
        before, self._severities = self._severities, self._find_severities()
        for node_id in (before.keys() | self._severities.keys()) & self.nodes.keys():
            if node_id in self._session.document.network.nodes:
                self.nodes[node_id].show_face(self._face(node_id))
        self.repainted.emit()

    # --- selection -----------------------------------------------------------------------------

    def select_edges(self, edges: Iterable[Edge]) -> None:
        """Make these wires the selected ones."""
        self.selected_edges = frozenset(edges)
        self._selection_changed()

    def _selection_changed(self) -> None:
        chosen = self._session.selection
        for node_id, item in self.nodes.items():
            item.set_chosen(node_id in chosen)
        for edge, wire in self.edges.items():
            wire.mark(
                chosen=edge in self.selected_edges,
                active=edge.source in chosen or edge.target in chosen,
            )
        self.repainted.emit()

    # --- geometry ------------------------------------------------------------------------------

    def network_rect(self) -> QRectF:
        """Return the rectangle around all cards."""
        rect = QRectF()
        for item in self.nodes.values():
            rect = rect.united(item.card())
        return rect

    def _grow(self, cards: Iterable[QRectF]) -> None:
        rect = QRectF()
        for card in cards:
            rect = rect.united(card)
        rect.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if not self.sceneRect().contains(rect):
            self.setSceneRect(rect.united(self.sceneRect()))

    def node_at(self, point: QPointF) -> NodeItem | None:
        """Return the topmost card at a point, ports included."""
        for item in self.items(point):
            if isinstance(item, NodeItem) and (item.shape_hit(point) or item.port_at(point)):
                return item
        return None

    def edge_at(self, point: QPointF, reach: float = 7.0) -> EdgeItem | None:
        """Return the wire at a point."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        for item in self.items(around):
            if isinstance(item, EdgeItem) and item.near(point, reach):
                return item
        return None


class Rows:
    """Cards by height: which of them a wire may meet between two of them."""

    HEIGHT = 256.0

    def __init__(self) -> None:
        self._rows: dict[int, dict[NodeItem, None]] = {}
        self._row_of: dict[NodeItem, int] = {}

    def put(self, item: NodeItem) -> None:
        """Take in a card, or its new place."""
        row = int(item.card().top() // self.HEIGHT)
        if self._row_of.get(item) != row:
            self.take(item)
            self._row_of[item] = row
            self._rows.setdefault(row, {})[item] = None

    def take(self, item: NodeItem) -> None:
        """Forget a card."""
        row = self._row_of.pop(item, None)
        if row is not None:
            del self._rows[row][item]

    def between(self, top: float, bottom: float) -> list[NodeItem]:
        """Return the cards that may lie between two heights, and some beyond."""
        rows = range(int(top // self.HEIGHT) - 1, int(bottom // self.HEIGHT) + 1)
        return [item for row in rows for item in self._rows.get(row, ())]


def _moves(change: NodeChange) -> bool:
    """Return whether a card appears, disappears or changes its place."""
    return change.before is None or change.after is None or change.before.at != change.after.at
