"""The network from far away: colored rectangles and lines, painted as one picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.canvas.card import heat_color
from gui.canvas.edge_item import EdgeItem
from gui.canvas.node_item import NodeItem
from gui.canvas.scene import NetworkScene
from gui.theme import Theme

# From farther away nobody sees wires bend: they are drawn as straight lines, in half the time.
CURVED_FROM = 0.16
# The frame around a card with an error, in the canvas's pixels.
WARNING = 16.0
_BY_BOX = Qt.ItemSelectionMode.IntersectsItemBoundingRect


@dataclass(frozen=True)
class Stroke:
    """What is painted at one go.

    Attributes:
        tint: Its color.
        shapes: A path or lines to draw, or rectangles.
        width: Of the pen, in the canvas's pixels; 0 is a pixel of the screen; None fills.
    """

    tint: QColor
    shapes: QPainterPath | list[QLineF] | list[QRectF]
    width: float | None = 0.0


class FarPicture:
    """All cards and wires without their items being painted one by one.

    Ten thousand items cost 0.2 s a frame, because each is asked to paint itself; here what is to
    be painted is gathered once and kept until something changes.
    """

    def __init__(self, network: NetworkScene, theme: Theme) -> None:
        self._network, self._theme = network, theme
        self._kept: list[Stroke] | None = None
        self._straight = False

    def forget(self, *_: object) -> None:
        """Gather anew in the next frame: something has changed."""
        self._kept = None

    def paint(self, painter: QPainter) -> None:
        """Paint the network in the canvas's coordinates."""
        straight = painter.worldTransform().m11() < CURVED_FROM
        if self._kept is None or straight != self._straight:
            network, self._straight = self._network, straight
            self._kept = self._strokes(network.edges.values(), network.nodes.values())
        self._play(painter, self._kept)

    def paint_parts(self, painter: QPainter, parts: Iterable[QRectF]) -> None:
        """Paint only what may be seen in some parts of the canvas, as after an edit."""
        self._straight = painter.worldTransform().m11() < CURVED_FROM
        cards: dict[NodeItem, None] = {}
        wires: dict[EdgeItem, None] = {}
        for part in parts:
            for item in self._network.items(part, _BY_BOX):
                if isinstance(item, EdgeItem):
                    wires[item] = None
                elif isinstance(item, NodeItem):
                    cards[item] = None
        self._play(painter, self._strokes(wires, cards))

    def _play(self, painter: QPainter, strokes: list[Stroke]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for ground in self._network.grounds.items():
            ground.draw(painter, 0.0)
        for stroke in strokes:
            filled = stroke.width is None
            painter.setBrush(stroke.tint if filled else Qt.BrushStyle.NoBrush)
            painter.setPen(
                Qt.PenStyle.NoPen if stroke.width is None else QPen(stroke.tint, stroke.width)
            )
            if isinstance(stroke.shapes, QPainterPath):
                painter.drawPath(stroke.shapes)
            elif isinstance(stroke.shapes[0], QLineF):
                painter.drawLines(cast(Any, stroke.shapes))
            else:
                painter.drawRects(cast(Any, stroke.shapes))

    def _strokes(self, wires: Iterable[EdgeItem], cards: Iterable[NodeItem]) -> list[Stroke]:
        return [*self._wires(wires), *self._cards(cards)]

    def _wires(self, shown: Iterable[EdgeItem]) -> Iterator[Stroke]:
        colors = self._theme.colors
        groups: tuple[list[EdgeItem], ...] = ([], [], [])
        for wire in shown:
            groups[2 if wire.chosen or wire.active else wire.on_path].append(wire)
        for tint, wires in zip(
            (colors.wire, colors.wire_path, colors.wire_active), groups, strict=True
        ):
            if not wires:
                continue
            if self._straight:
                yield Stroke(tint, [wire.line for wire in wires])
                continue
            path = QPainterPath()
            for wire in wires:
                path.addPath(wire.path())
            yield Stroke(tint, path)

    def _cards(self, shown: Iterable[NodeItem]) -> Iterator[Stroke]:
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
        for group, cards in groups.items():
            tint = theme.category(group) if isinstance(group, str) else _far_heat(theme, group)
            yield Stroke(tint, cards, None)
        if chosen:
            yield Stroke(theme.colors.accent, chosen, None)
        if wrong:
            yield Stroke(theme.colors.error, wrong, WARNING)


def _far_heat(theme: Theme, heat: float) -> QColor:
    """Return the color of a whole card: even a cold one must stand out from the canvas."""
    return heat_color(theme, heat, most=1.0) if heat else theme.colors.border_strong
