"""What lies behind the cards: frames of expanded blocks, colored frames, notes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.card import FAR, CardPainter

TITLE = 28.0
HANDLE = 14.0
PAD = 12.0


class GroundItem(QGraphicsItem):
    """Draws a titled ground or a sheet of text; knows nothing but what it shows.

    Attributes:
        thing: Id of the block or of the mark.
        kind: "block", "frame" or "note".
    """

    def __init__(self, thing: str, kind: str, cards: CardPainter) -> None:
        super().__init__()
        self.thing, self.kind, self._cards = thing, kind, cards
        self._rect = QRectF()
        self._words, self._tint = "", "block"
        self.chosen = False
        self.setZValue(-2 if kind != "note" else -1)

    def show_thing(self, rect: QRectF, words: str, tint: str, depth: int = 0) -> bool:
        """Show other words, elsewhere, in another color; deeper grounds lie on top.

        Returns:
            Whether it looks different now.
        """
        base = -1.0 if self.kind == "note" else -2.0
        self.setZValue(base + depth / 1000)
        if (rect, words, tint) == (self._rect, self._words, self._tint):
            return False
        self.prepareGeometryChange()
        self._rect, self._words, self._tint = rect, words, tint
        self.update()
        return True

    def move_to(self, rect: QRectF) -> None:
        """Lie elsewhere."""
        self.prepareGeometryChange()
        self._rect = rect

    def set_chosen(self, chosen: bool) -> bool:
        """Show whether it is selected; returns whether that is news."""
        if chosen == self.chosen:
            return False
        self.chosen = chosen
        self.update()
        return True

    def rect(self) -> QRectF:
        """Return where it lies on the canvas."""
        return self._rect

    def title_rect(self) -> QRectF:
        """Return where a press takes hold of it: a note anywhere, others at their title."""
        if self.kind == "note":
            return self._rect
        return QRectF(self._rect.left(), self._rect.top(), self._rect.width(), TITLE)

    def text_rect(self) -> QRectF:
        """Return where its words stand."""
        if self.kind == "note":
            return self._rect.adjusted(PAD, PAD - 2, -PAD, -PAD + 2)
        return self.title_rect().adjusted(PAD + (14 if self.kind == "block" else 0), 0, -PAD, 0)

    def handle_at(self, point: QPointF) -> bool:
        """Return whether a point is at the corner by which a mark is made larger."""
        if self.kind == "block":
            return False
        corner = self._rect.bottomRight()
        return QRectF(corner - QPointF(HANDLE, HANDLE), corner).contains(point)

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-2, -2, 2, 2)

    def color(self) -> QColor:
        """Return its color in the present theme."""
        theme = self._cards.theme
        return theme.category("block") if self.kind == "block" else theme.mark(self._tint)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self.draw(painter, painter.worldTransform().m11())

    def draw(self, painter: QPainter, scale: float) -> None:
        """Paint it at its place on the canvas."""
        colors, tint = self._cards.theme.colors, self.color()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, scale >= FAR)
        edge = colors.accent if self.chosen else _faint(tint, 150)
        painter.setPen(QPen(edge, 2 if self.chosen else 1))
        painter.setBrush(_faint(tint, 34 if self.kind == "note" else 16))
        radius = 4 if self.kind == "note" else 10
        painter.drawRoundedRect(self._rect, radius, radius)
        if scale < FAR:
            return
        if self.kind == "note":
            self._draw_text(painter)
        else:
            self._draw_title(painter, tint)
        if self.kind != "block":
            self._draw_handle(painter, _faint(tint, 150))

    def _draw_text(self, painter: QPainter) -> None:
        painter.setFont(self._cards.font(13)[0])
        painter.setPen(self._cards.theme.colors.text)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.save()
        painter.setClipRect(self._rect, Qt.ClipOperation.IntersectClip)
        painter.drawText(self.text_rect(), int(flags), self._words)
        painter.restore()

    def _draw_title(self, painter: QPainter, tint: QColor) -> None:
        font, metrics = self._cards.font(12, 600)
        box = self.text_rect()
        if self.kind == "block":  # An open triangle: a press there closes the block.
            x, y = self._rect.left() + PAD, self._rect.top() + TITLE / 2
            painter.setPen(QPen(tint, 1.6))
            painter.drawPolyline(
                [QPointF(x - 1, y - 2.5), QPointF(x + 3.5, y + 2), QPointF(x + 8, y - 2.5)]
            )
        painter.setFont(font)
        painter.setPen(tint)
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(
            box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words
        )

    def _draw_handle(self, painter: QPainter, tint: QColor) -> None:
        corner = self._rect.bottomRight()
        painter.setPen(QPen(tint, 1))
        for step in (5.0, 9.0):
            painter.drawLine(corner - QPointF(step, 3), corner - QPointF(3, step))


def _faint(tint: QColor, alpha: int) -> QColor:
    faint = QColor(tint)
    faint.setAlpha(alpha)
    return faint
