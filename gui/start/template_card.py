"""A template on the start page: a picture of its network, its name, what it is for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.graph.document import Document
from gui.i18n import tr
from gui.theme import Theme

Thumbnail = Callable[[Document, QSize], QPixmap]


class TemplateCard(QWidget):
    """Paints itself; click, Enter or Space chooses it.

    Signals:
        chosen: It was chosen.
    """

    chosen = Signal()
    WIDTH, HEIGHT, PICTURE = 232, 248, 136

    def __init__(self, theme: Theme, document: Document, data: str, thumbnail: Thumbnail) -> None:
        super().__init__()
        self._theme = theme
        self._document = document
        self._data = data
        self._thumbnail = thumbnail
        self._picture: QPixmap | None = None
        self.setMinimumSize(self.WIDTH, self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(tr(document.title))
        self.setAccessibleDescription(tr(document.notes))
        theme.changed.connect(self._forget)

    def paintEvent(self, _: QPaintEvent) -> None:
        theme, colors = self._theme, self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        active = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(colors.accent if active else colors.border, 1))
        painter.setBrush(colors.surface)
        painter.drawRoundedRect(frame, 8, 8)
        self._paint_picture(painter)
        inner = self.rect().adjusted(theme.m, self.PICTURE + theme.m, -theme.m, -theme.m)
        self._text(painter, inner.top(), tr(self._document.title), 13, 600, colors.text, 1)
        self._text(
            painter, inner.top() + 22, tr(self._document.notes), 12, 400, colors.text_secondary, 3
        )
        self._text(painter, inner.bottom() - 15, self._data, 11, 400, colors.text_disabled, 1)

    def _paint_picture(self, painter: QPainter) -> None:
        size = QSize(self.width() - 2, self.PICTURE)
        if self._picture is None or self._picture.deviceIndependentSize().toSize() != size:
            self._picture = self._thumbnail(self._document, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colors.canvas)
        painter.drawRoundedRect(QRectF(1, 1, size.width(), size.height()), 7, 7)
        painter.drawPixmap(1, 1, self._picture)

    def _text(
        self,
        painter: QPainter,
        top: int,
        text: str,
        size: int,
        weight: int,
        color: QColor,
        lines: int,
    ) -> None:
        painter.setFont(self._theme.font(size, weight))
        painter.setPen(color)
        height = painter.fontMetrics().lineSpacing() * lines
        width = self.width() - 2 * self._theme.m
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self._theme.m, top, width, height), int(flags), text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def _forget(self) -> None:
        self._picture = None
        self.update()
