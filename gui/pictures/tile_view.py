"""Many small pictures in rows, as one widget that paints from one image."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

CAPTION_HEIGHT = 18


class TileView(QWidget):
    """Shows the tiles of an atlas: one tall image in which all tiles lie one under another.

    Signals:
        chosen: A tile was clicked or chosen by key; carries its number.
        hovered: The mouse is over a tile; carries its number, or -1.
    """

    chosen = Signal(int)
    hovered = Signal(int)

    def __init__(
        self, theme: Theme, *, side: int = 48, gap: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._gap = gap
        self._atlas = QImage()
        self._count = 0
        self._framed = False
        self._source = QSize(1, 1)
        self._captions: list[str] = []
        self._selected = -1
        self._over = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @property
    def count(self) -> int:
        """Number of tiles."""
        return self._count

    @property
    def selected(self) -> int:
        """Number of the tile with a frame, or -1."""
        return self._selected

    def set_tiles(
        self,
        atlas: QImage,
        count: int,
        captions: list[str] | None = None,
        *,
        framed: bool = False,
    ) -> None:
        """Show other tiles.

        Args:
            atlas: All tiles, one under another.
            count: Number of tiles.
            captions: A word for each, shown under it.
            framed: Whether a hairline keeps tiles apart whose color is that of the ground.
        """
        self._framed = framed
        self._atlas, self._count = atlas, count
        self._captions = captions or []
        height = atlas.height() // count if count else 1
        self._source = QSize(max(1, atlas.width()), max(1, height))
        if self._selected >= count:
            self._selected = -1
        self.updateGeometry()
        if self.width() >= self._cell().width():
            self.setMinimumHeight(self.heightForWidth(self.width()))
        self.update()

    def set_side(self, side: int) -> None:
        """Set the length at which tiles aim, in pixels."""
        if side != self._side:
            self._side = side
            self.updateGeometry()

    def select(self, number: int) -> None:
        """Draw a frame around a tile; -1 for none."""
        if number != self._selected:
            self._selected = number
            self.update()

    # --- geometry --------------------------------------------------------------------------

    def tile_size(self) -> QSize:
        """Return the size of a tile on the screen: whole multiples where it is enlarged."""
        largest = max(self._source.width(), self._source.height())
        if largest <= self._side:
            factor = max(1, round(self._side / largest))
            return self._source * factor
        return self._source.scaled(self._side, self._side, Qt.AspectRatioMode.KeepAspectRatio)

    def _cell(self) -> QSize:
        size = self.tile_size()
        extra = CAPTION_HEIGHT if self._captions else 0
        return QSize(size.width() + self._gap, size.height() + self._gap + extra)

    def _columns(self, width: int) -> int:
        return max(1, (width + self._gap) // self._cell().width())

    def heightForWidth(self, width: int) -> int:
        if not self._count:
            return 0
        rows = -(-self._count // self._columns(width))
        return rows * self._cell().height()

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._cell().width(), 0)

    def tile_rect(self, number: int) -> QRect:
        """Return where a tile lies, without its caption."""
        row, column = divmod(number, self._columns(self.width()))
        cell = self._cell()
        corner = QPoint(column * cell.width(), row * cell.height())
        return QRect(corner, self.tile_size())

    def tile_at(self, point: QPoint) -> int:
        """Return the number of the tile at a point, or -1."""
        cell = self._cell()
        column, row = point.x() // cell.width(), point.y() // cell.height()
        number = row * self._columns(self.width()) + column
        inside = 0 <= column < self._columns(self.width()) and 0 <= number < self._count
        return number if inside else -1

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = self._theme.colors
        font = self._theme.font(11)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        width, height = self._source.width(), self._source.height()
        size = self.tile_size()
        smooth = size.width() < width
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        for number in range(self._count):
            place = self.tile_rect(number)
            cell = place.adjusted(0, 0, 0, CAPTION_HEIGHT)
            if not cell.intersects(event.rect()):
                continue
            painter.drawImage(place, self._atlas, QRect(0, number * height, width, height))
            if self._framed:
                painter.setPen(QPen(colors.border_strong, 1))
                painter.drawRect(place.adjusted(0, 0, -1, -1))
            if number in (self._selected, self._over):
                strong = number == self._selected
                painter.setPen(QPen(colors.accent if strong else colors.border_strong, 2))
                painter.drawRect(place.adjusted(0, 0, -1, -1))
            if self._captions:
                words = self._captions[number]
                words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, size.width() + 2)
                painter.setPen(colors.text_secondary)
                below = QRect(place.left(), place.bottom() + 1, size.width() + 2, CAPTION_HEIGHT)
                painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(event.size().width()))

    # --- mouse and keys --------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.tile_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def _hover(self, number: int) -> None:
        if number != self._over:
            self._over = number
            self.hovered.emit(number)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.tile_at(event.position().toPoint())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._choose(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns(self.width())
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }.get(Qt.Key(event.key()))
        if step is None or not self._count:
            super().keyPressEvent(event)
            return
        self._choose(min(max(self._selected + step, 0), self._count - 1))

    def _choose(self, number: int) -> None:
        self.select(number)
        self.chosen.emit(number)
