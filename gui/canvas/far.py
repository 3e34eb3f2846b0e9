"""The network from far away: colored rectangles and lines, painted as one picture."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPicture

from gui.canvas.card import heat_color
from gui.canvas.edge_item import EdgeItem
from gui.canvas.node_item import NodeItem
from gui.canvas.scene import NetworkScene
from gui.theme import Theme

# From farther away nobody sees wires bend: they are drawn as straight lines, in half the time.
CURVED_FROM = 0.16
_BY_BOX = Qt.ItemSelectionMode.IntersectsItemBoundingRect


class FarPicture:
    """All cards and wires without their items being painted one by one.

    Ten thousand items cost 0.2 s a frame, because each is asked to paint itself; here the painting
    is recorded once and played until something changes.
    """

    def __init__(self, network: NetworkScene, theme: Theme) -> None:
        self._network, self._theme = network, theme
        self._picture: QPicture | None = None
        self._seen = self._straight = False

    def forget(self, *_: object) -> None:
        """Paint anew in the next frame: something has changed."""
        self._picture, self._seen = None, False

    def paint(self, painter: QPainter) -> None:
        """Paint the network in the canvas's coordinates."""
        self._look_at(painter)
        if self._picture is None and not self._seen:
            # What is being edited changes before the next frame: recording would be in vain.
            self._seen = True
            self._paint(painter)
            return
        if self._picture is None:
            self._picture = QPicture()
            recorder = QPainter(self._picture)
            self._paint(recorder)
            recorder.end()
        painter.drawPicture(QPoint(0, 0), self._picture)

    def paint_parts(self, painter: QPainter, parts: Iterable[QRectF]) -> None:
        """Paint only what may be seen in some parts of the canvas, as after an edit."""
        self._look_at(painter)
        cards: dict[NodeItem, None] = {}
        wires: dict[EdgeItem, None] = {}
        for part in parts:
            for item in self._network.items(part, _BY_BOX):
                if isinstance(item, EdgeItem):
                    wires[item] = None
                elif isinstance(item, NodeItem):
                    cards[item] = None
        self._paint_items(painter, wires, cards)

    def _look_at(self, painter: QPainter) -> None:
        """Choose how wires are drawn at the painter's distance."""
        straight = painter.worldTransform().m11() < CURVED_FROM
        if straight != self._straight:
            self.forget()
            self._straight = straight

    def _paint(self, painter: QPainter) -> None:
        network = self._network
        self._paint_items(painter, network.edges.values(), network.nodes.values())

    def _paint_items(
        self, painter: QPainter, wires: Iterable[EdgeItem], cards: Iterable[NodeItem]
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for ground in self._network.grounds.items():
            ground.draw(painter, 0.0)
        self._paint_wires(painter, wires)
        self._paint_cards(painter, cards)

    def _paint_wires(self, painter: QPainter, shown: Iterable[EdgeItem]) -> None:
        colors = self._theme.colors
        groups: tuple[list[EdgeItem], ...] = ([], [], [])
        for wire in shown:
            groups[2 if wire.chosen or wire.active else wire.on_path].append(wire)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tint, wires in zip(
            (colors.wire, colors.wire_path, colors.wire_active), groups, strict=True
        ):
            if not wires:
                continue
            painter.setPen(QPen(tint, 0))
            if self._straight:
                painter.drawLines([wire.line for wire in wires])
                continue
            path = QPainterPath()
            for wire in wires:
                path.addPath(wire.path())
            painter.drawPath(path)

    def _paint_cards(self, painter: QPainter, shown: Iterable[NodeItem]) -> None:
        theme = self._theme
        heated = self._network.faces.hot
        groups: dict[str | float, list[QRectF]] = {}
        chosen: list[QRectF] = []
        wrong: list[QRectF] = []
        for item in shown:
            card = item.card()
            if item.chosen:
                chosen.append(card)
            else:
                group = item.face.heat if heated else item.face.category
                groups.setdefault(group, []).append(card)
            if item.face.severity == "error":
                wrong.append(card)
        painter.setPen(Qt.PenStyle.NoPen)
        for group, cards in groups.items():
            tint = theme.category(group) if isinstance(group, str) else _far_heat(theme, group)
            self._fill(painter, tint, cards)
        self._fill(painter, theme.colors.accent, chosen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colors.error, 16))
        if wrong:
            painter.drawRects(wrong)

    @staticmethod
    def _fill(painter: QPainter, tint: QColor, cards: list[QRectF]) -> None:
        painter.setBrush(tint)
        if cards:
            painter.drawRects(cards)


def _far_heat(theme: Theme, heat: float) -> QColor:
    """Return the color of a whole card: even a cold one must stand out from the canvas."""
    return heat_color(theme, heat, most=1.0) if heat else theme.colors.border_strong
