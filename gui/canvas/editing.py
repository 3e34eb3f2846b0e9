"""What one does to a document from its canvas: add, copy, paste, delete, arrange, share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication

from engine import library
from engine.blocks import PREFIX
from engine.datasets import DATASETS
from engine.errors import EditRefused, NetloomError, Text, text
from engine.formats.project import fragment_from_json, fragment_to_json
from engine.graph import commands
from engine.graph.aligning import Side, Way, align, distribute
from engine.graph.arranging import lay_out
from engine.graph.copying import entering, fragment
from engine.graph.document import Edge, Network, Node
from engine.graph.folding import block_corner
from engine.graph.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_X, Flow, snap, step
from engine.graph.history import Edit
from engine.graph.inserting import free_spot, insert_between
from engine.graph.rewiring import bypass, connect_in_sequence, remove_and_heal
from engine.layers import LAYERS
from gui.canvas.block_adding import BlockAdding
from gui.canvas.hitting import End
from gui.canvas.scene import NetworkScene
from gui.session import Session


class Editing:
    """Edits of the present selection; a refusal is posted and changes nothing."""

    def __init__(self, session: Session, network: NetworkScene) -> None:
        self._session, self._network = session, network
        self.built_in = BlockAdding(session, network)

    def selected(self) -> list[str]:
        """Return the ids of the selected nodes in the order of the file."""
        network = self._session.document.network
        return [node.id for node in network.ordered() if node.id in self._session.selection]

    def delete(self) -> None:
        """Delete the selected layers and wires."""
        wires = self._network.selected_edges
        edges = [edge for wire in wires for edge in self._network.outline.edges_of(wire)]
        document = self._session.document
        if edges and not self._session.selection:
            self._session.do(commands.disconnect(edges))
        elif self._session.selection:
            self._session.do(commands.remove(document, self.selected(), edges))

    def delete_and_heal(self) -> None:
        """Delete the selected layers and lead their data past them."""
        if self._session.selection:
            self._session.do(remove_and_heal(self._session.document, self.selected()))

    def bypass(self) -> None:
        """Lead the data past the selected layers, which stay beside their place."""
        self._session.do(bypass(self._session.document, self.selected()))

    def connect_in_sequence(self) -> None:
        """Wire the selected layers one behind the other."""
        document = self._session.document
        self._session.attempt(lambda: connect_in_sequence(document, self.selected()))

    def align(self, side: Side) -> None:
        """Bring the selected cards into line."""
        self._session.do(align(self._session.document, self.selected(), side))

    def distribute(self, way: Way) -> None:
        """Make the steps between the selected cards equal."""
        self._session.do(distribute(self._session.document, self.selected(), way))

    def copy(self) -> None:
        """Put the selected layers on the clipboard as text."""
        if self._session.selection:
            QGuiApplication.clipboard().setText(fragment_to_json(self._fragment()))

    def paste(self, corner: QPointF | None = None) -> None:
        """Add the layers of the clipboard.

        Args:
            corner: Where their top left corner goes; beside what is there already where None.
        """
        try:
            part = fragment_from_json(QGuiApplication.clipboard().text())
        except NetloomError as error:
            self._session.posted.emit(error.text, "warning")
            return
        offset = None
        if corner is not None and part.nodes:
            nodes = part.nodes.values()
            left, top = min(n.at[0] for n in nodes), min(n.at[1] for n in nodes)
            offset = (snap(corner.x() - left), snap(corner.y() - top))
        self._insert(part, text("Paste"), offset)

    def duplicate(self) -> None:
        """Add copies of the selected layers beside them, fed by what feeds the originals."""
        network, chosen = self._session.document.network, self._session.selection
        wires = entering(network, chosen)
        self._insert(self._fragment(), text("Duplicate"), wires=wires)

    def _fragment(self) -> Network:
        return fragment(self._session.document.network, self._session.selection)

    def _insert(
        self,
        part: Network,
        label: Text,
        offset: tuple[float, float] | None = None,
        wires: Iterable[Edge] = (),
    ) -> None:
        if not part.nodes:
            return
        offset = offset or self._beside(part.ordered())
        into = self._network.scope
        edit = commands.insert(self._session.document, part, label, offset, into=into, wires=wires)
        if self._session.do(edit):
            self._session.select(commands.added(edit))

    def _beside(self, nodes: Iterable[Node]) -> tuple[float, float]:
        """Return how far to the right copies find a place where they cover no card."""
        cards = [item.card() for item in self._network.nodes.values()]
        copies = [QRectF(*node.at, CARD_WIDTH, CARD_HEIGHT) for node in nodes]
        width, far = CARD_WIDTH + GAP_X, 0.0
        while any(card.intersects(copy.translated(far, 0)) for copy in copies for card in cards):
            far += width
        return far, 0.0

    def arrange(self) -> bool:
        """Lay the network out anew, or of several selected layers only these.

        Returns:
            Whether there is anything to lay out.
        """
        document, scope = self._session.document, self._network.scope
        if not document.network.nodes:
            return False
        chosen = self._session.selection
        if len(chosen) > 1 and len(chosen) < len(document.network.nodes):
            places = self._arranged_part()
        else:
            places = lay_out(document.network, scope, document.flow)
        self._session.do(commands.move(document, places))
        return True

    def _arranged_part(self) -> dict[str, tuple[float, float]]:
        """Return the layout of the selection alone, where it begins now."""
        document = self._session.document
        part = self._fragment()
        places = lay_out(part, "", document.flow)
        at = [document.network.nodes[node].at for node in places]
        left = min(x for x, _ in at) - min(x for x, _ in places.values())
        top = min(y for _, y in at) - min(y for _, y in places.values())
        return {node: (snap(x + left), snap(y + top)) for node, (x, y) in places.items()}

    def set_flow(self, flow: Flow) -> None:
        """Let data flow down or to the right, and lay the network out so."""
        document = self._session.document
        edit = commands.set_plan(document, "flow", flow)
        places = lay_out(document.network, "", flow)
        moved = commands.move(document, places)
        self._session.do(replace(edit, changes=(*edit.changes, *moved.changes), merge=""))

    def add_layer(self, key: str, center: QPointF) -> str | None:
        """Add a layer below the selected one and wire it up, or at `center`; returns its id."""
        document, chosen = self._session.document, self.selected()
        if key.startswith(library.PREFIX):
            return self.add_kept(key, (center.x() - CARD_WIDTH / 2, center.y() - CARD_HEIGHT / 2))
        if key.startswith(PREFIX):
            return self.built_in.follow(key, center)
        source = chosen[-1] if len(chosen) == 1 else None
        if source is None or LAYERS.get(key).max_inputs == 0:
            source = None
            at = (center.x() - CARD_WIDTH / 2, center.y() - CARD_HEIGHT / 2)
        else:
            x, y = document.network.nodes[source].at
            way = step(document.flow)
            at = (x + way, y) if document.flow == "right" else (x, y + way)
        return self._add(self._adding(key, free_spot(self._network.outline.network(), at), source))

    def _adding(self, key: str, at: tuple[float, float], source: str | None = None) -> Edit:
        """Return the edit that adds a layer where one is, fed by `source`."""
        return commands.add_node(
            self._session.document,
            key,
            at,
            params=self._beginning(key),
            source=source,
            block=self._network.scope,
        )

    def _beginning(self, key: str) -> dict[str, Any]:
        """Return what a new layer has instead of its defaults: an Input, the data's shape."""
        if key != "Input":
            return {}
        part, data = self._session.document.data, self._session.data
        source = DATASETS.find(part.kind)
        shape: Sequence[int] | None = None
        if data is not None:
            shape = data.info.sample_shape
        elif source is not None:
            shape = source.shape_of(part.params)
        return {"shape": list(shape)} if shape else {}

    def drop_layer(self, key: str, at: tuple[float, float], wire: Edge | None) -> str | None:
        """Add a layer with its corner at a spot, into a wire if one is given; returns its id."""
        document = self._session.document
        if key.startswith(library.PREFIX):
            return self.add_kept(key, at)
        if key.startswith(PREFIX):
            return self.built_in.drop(key, at, wire)
        try:
            if wire is not None:
                edges = self._network.outline.edges_of(wire)
                return self._add(insert_between(document, key, wire, further=edges))
            return self._add(self._adding(key, at))
        except EditRefused as refused:
            self._session.posted.emit(refused.text, "warning")
            return None

    def add_kept(self, key: str, at: tuple[float, float]) -> str | None:
        """Add a block of the library; returns the id of its first layer."""
        try:
            part = library.read(key)
        except NetloomError as error:
            self._session.posted.emit(error.text, "warning")
            return None
        if not part.nodes:
            return None
        corner = block_corner(part, part.nodes)
        offset = (snap(at[0] - corner[0]), snap(at[1] - corner[1]))
        into, document = self._network.scope, self._session.document
        edit = commands.insert(document, part, text("Add block"), offset, into=into)
        if not self._session.do(edit):
            return None
        self._session.select(commands.added(edit))
        return commands.added(edit)[0]

    def add_wired(
        self, key: str, center: QPointF, source: str | None, ends: Sequence[End]
    ) -> str | None:
        """Add a layer at a point, fed by `source`, feeding `ends`; returns its id."""
        document = self._session.document
        if key.startswith(PREFIX):
            scope = self._network.scope
            home = document.network.nodes[source].block if source is not None else scope
            return self.built_in.put(key, center, source, ends, home)
        at = (snap(center.x() - CARD_WIDTH / 2), snap(center.y() - CARD_HEIGHT / 2))
        at = free_spot(self._network.outline.network(), at)
        try:
            edit = self._adding(key, at, source)
            rehearsal = document.rehearsal()
            rehearsal.apply(edit.changes)
            wires = commands.connect_all(rehearsal, commands.added(edit)[0], ends)
        except EditRefused as refused:
            self._session.posted.emit(refused.text, "warning")
            return None
        return self._add(replace(edit, changes=(*edit.changes, *wires.changes)))

    def set_locked(self) -> None:
        """Lock the selected layers, or unlock them where all are locked."""
        nodes = self._session.document.network.nodes
        locked = all(nodes[node].locked for node in self._session.selection)
        self._session.do(commands.lock(self._session.document, self.selected(), not locked))

    def _add(self, edit: Edit) -> str | None:
        if not self._session.do(edit):
            return None
        new = commands.added(edit)
        self._session.select(new)
        return new[0]

    def nudge(self, x: int, y: int) -> None:
        """Move the selected layers by some pixels."""
        nodes = self._session.document.network.nodes
        places = {
            node: (nodes[node].at[0] + x, nodes[node].at[1] + y) for node in self._session.selection
        }
        self._session.do(commands.move(self._session.document, places))

    def share(self, node: str, owner: str) -> None:
        """Let a node use the weights of another, or its own again ("")."""
        self._session.attempt(lambda: commands.share(self._session.document, node, owner))

    def possible_owners(self, node: str) -> list[Node]:
        """Return the nodes whose weights a node could share."""
        network = self._session.document.network
        layer = network.nodes[node].layer
        spec = LAYERS.find(layer)
        if spec is None or not spec.weighted:
            return []
        return [other for other in network.ordered() if other.layer == layer and other.id != node]
