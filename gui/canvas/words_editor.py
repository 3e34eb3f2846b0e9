"""Writing on the canvas itself: a note, a title."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from gui.canvas.ground_item import GroundItem
from gui.i18n import tr
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class WordsEditor(QPlainTextEdit):
    """Lies over the words that it edits; Esc or a click elsewhere keeps what has been written.

    In a title Enter ends it, in a note Ctrl+Enter does.
    """

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(view.viewport())
        self._theme, self._view = theme, view
        self._item: GroundItem | None = None
        self._keep: Callable[[str], None] = lambda words: None
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Text"))
        self.document().setDocumentMargin(2)
        self.installEventFilter(self)
        self.hide()

    def edit(self, thing: str) -> None:
        """Edit the words of a mark, or the title of an expanded block."""
        view, grounds = self._view, self._view.network.grounds
        if thing in grounds.marks:
            words = view.session.document.marks[thing].text
            self.open(grounds.marks[thing], words, partial(view.marks.write, thing))
        elif thing in grounds.blocks:
            words = view.session.document.network.blocks[thing].title
            self.open(grounds.blocks[thing], words, partial(view.blocks.rename, thing))

    def open(self, item: GroundItem, words: str, keep: Callable[[str], None]) -> None:
        """Edit the words of an item.

        Args:
            item: What they stand on.
            words: What they are now.
            keep: Called with what has been written.
        """
        self._item, self._keep = item, keep
        self.setPlainText(words)
        self.setPlaceholderText(tr("Write something") if item.kind == "note" else "")
        self.follow()
        self.show()
        self.raise_()
        self.setFocus()
        self.moveCursor(QTextCursor.MoveOperation.End)
        if item.kind != "note":
            self.selectAll()

    def follow(self) -> None:
        """Lie where the words are in the present view."""
        if self._item is None:
            return
        zoom = self._view.zoom
        rect = QRectF(self._item.text_rect())
        if self._item.kind != "note":
            rect.adjust(-4, 2, 4, -2)
        corner = self._view.mapFromScene(rect.topLeft())
        self.setGeometry(
            corner.x(), corner.y(), int(rect.width() * zoom), int(rect.height() * zoom)
        )
        size = max(8, round((13 if self._item.kind == "note" else 12) * zoom))
        colors = self._theme.colors
        self.setStyleSheet(
            f"QPlainTextEdit {{ font-size: {size}px; color: {colors.text.name()};"
            f" background: {colors.surface.name()}; border: 1px solid {colors.accent.name()};"
            " border-radius: 4px; padding: 0; }"
        )

    def finish(self) -> None:
        """Keep what has been written and vanish."""
        if self._item is None:
            return
        self._item = None
        self.hide()
        self._keep(self.toPlainText())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.finish()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            strong = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            title = self._item is not None and self._item.kind != "note"
            if event.key() == Qt.Key.Key_Escape or (enter and (strong or title)):
                self.finish()
                self._view.setFocus()
                return True
        return super().eventFilter(watched, event)
