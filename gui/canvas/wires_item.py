"""All wires of a canvas, painted at once."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.card import CardPainter
from gui.canvas.edge_item import NEAREST, EdgeItem

LABEL_FROM = 0.6
THIN, THICK = 1.6, 3.0
# From the least to the most conspicuous, which lie on top.
LOOKS = ("plain", "hovered", "on path", "active", "chosen")
_BY_BOX = Qt.ItemSelectionMode.IntersectsItemBoundingRect


class WiresItem(QGraphicsItem):
    """Paints wires in one stroke a look: one by one they cost five times as much.

    Args:
        cards: Fonts and stamps.

    Attributes:
        parts: The parts of the canvas that are being painted; all that is exposed where empty. A
            drag exposes a few parts far from each other, and Qt tells only what is around them.
    """

    def __init__(self, cards: CardPainter) -> None:
        super().__init__()
        self._cards = cards
        self._bounds = QRectF()
        self.parts: list[QRectF] = []
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def cover(self, rect: QRectF) -> None:
        """Paint wires in this part of the canvas."""
        self.prepareGeometryChange()
        self._bounds = rect

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        exposed: QRectF = option.exposedRect
        looks: dict[str, list[EdgeItem]] = {}
        labelled: list[EdgeItem] = []
        for wire in self._seen(exposed):
            looks.setdefault(_look(wire), []).append(wire)
            if wire.label and wire.box.intersects(exposed):
                labelled.append(wire)
        scale = painter.worldTransform().m11()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for look in LOOKS:
            if look not in looks:
                continue
            pen = QPen(self._tint(look), THICK if look == "chosen" else THIN)
            # Square ends of short lines would show where a curve bends.
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            if widget is not None and scale <= NEAREST:
                painter.drawLines([line for wire in looks[look] for line in wire.lines(exposed)])
            else:
                for wire in looks[look]:
                    painter.drawPath(wire.path())
        if scale >= LABEL_FROM:
            for wire in labelled:
                self._stamp_label(painter, wire, widget)

    def _seen(self, exposed: QRectF) -> list[EdgeItem]:
        items: dict[QGraphicsItem, None] = {}
        for part in self.parts or [exposed]:
            items |= dict.fromkeys(self.scene().items(part, _BY_BOX))
        return [item for item in items if isinstance(item, EdgeItem)]

    def _tint(self, look: str) -> QColor:
        colors = self._cards.theme.colors
        if look in ("active", "chosen"):
            return colors.wire_active
        return {"plain": colors.wire, "on path": colors.wire_path}.get(look, colors.text_secondary)

    def _stamp_label(self, painter: QPainter, wire: EdgeItem, widget: QWidget | None) -> None:
        strong = _look(wire) in ("active", "chosen")
        key = "label", wire.label, strong, wire.chosen
        box = wire.box.adjusted(-1, -1, 1, 1)
        self._cards.stamps.draw(
            painter, widget, key, box, lambda painter: self._paint_label(painter, wire, strong)
        )

    def _paint_label(self, painter: QPainter, wire: EdgeItem, strong: bool) -> None:
        colors = self._cards.theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colors.accent if wire.chosen else colors.border, 1))
        painter.setBrush(colors.canvas)
        painter.drawRoundedRect(wire.box, 9, 9)
        painter.setPen(colors.text if strong else colors.text_secondary)
        painter.setFont(self._cards.font(11)[0])
        painter.drawText(wire.box, int(Qt.AlignmentFlag.AlignCenter), wire.label)


def _look(wire: EdgeItem) -> str:
    if wire.chosen or wire.aimed:
        return "chosen"
    if wire.active:
        return "active"
    if wire.on_path:
        return "on path"
    return "hovered" if wire.hovered else "plain"
