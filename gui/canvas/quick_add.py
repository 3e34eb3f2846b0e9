"""A field at the cursor that finds a layer or a block by its name and adds it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QCursor, QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from engine.blocks import PREFIX, BlockSpec
from engine.graph.geometry import CARD_HEIGHT, step
from engine.layers import LayerSpec
from gui.canvas.hitting import End
from gui.i18n import tr
from gui.labels import Label
from gui.layer_search import find_blocks, find_layers
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

WIDTH, ROWS, ROW = 248, 8, 26


class QuickAdd(QFrame):
    """Floats on the canvas; Enter adds the chosen layer, Esc or a click elsewhere closes it."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(view.viewport())
        self._theme, self._view = theme, view
        self._point = QPointF()
        self._source: str | None = None
        self._ends: Sequence[End] = ()
        self._shown: list[type[LayerSpec] | type[BlockSpec]] = []
        self._field = QLineEdit()
        self._field.setPlaceholderText(tr("Add a layer"))
        self._field.setAccessibleName(tr("Add a layer"))
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setIconSize(QSize(14, 14))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(tr("Layers"))
        self._list.itemClicked.connect(lambda _: self._run())
        self._note = Label()
        self._note.setProperty("role", "secondary")
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.s, theme.s, theme.s, theme.s)
        column.setSpacing(theme.xs)
        for part in (self._field, self._note, self._list):
            column.addWidget(part)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def open(
        self,
        point: QPointF,
        *,
        source: str | None = None,
        ends: Sequence[End] = (),
        words: str = "",
    ) -> None:
        """Ask for a layer.

        Args:
            point: Where it goes, on the canvas.
            source: Node whose tensor it takes; only layers that can take it are offered.
            ends: Input ports that it feeds.
            words: What has been typed already.
        """
        self._point, self._source, self._ends = point, source, ends
        facts = self._view.session.facts.get(source or "")
        self._shape = facts.shape if facts is not None else None
        self._note.setVisible(self._shape is not None)
        if self._shape is not None:
            shape = "×".join("?" if size is None else str(size) for size in self._shape[1:]) or "1"
            self._note.setText(tr("Layers that take {shape}", shape=shape))
        self._field.setText(words)
        self._filter(words)
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus()

    def ask(self, words: str = "") -> None:
        """Ask at the cursor, or behind the selected layer, whose tensor the new one takes."""
        view = self._view
        cursor = view.viewport().mapFromGlobal(QCursor.pos())
        inside = view.viewport().rect().contains(cursor)
        point = view.mapToScene(cursor if inside else view.viewport().rect().center())
        chosen = view.editing.selected()
        source = chosen[0] if len(chosen) == 1 else None
        if source is not None and (item := view.network.item_of(source)) is not None:
            way, right = step(view.network.flow), view.network.flow == "right"
            point = item.card().center() + (QPointF(way, 0) if right else QPointF(0, way))
            view.ensureVisible(QRectF(point, QSizeF(1, CARD_HEIGHT)), 40, 80)
        self.open(point, source=source, words=words)

    def _place(self) -> None:
        self.setFixedWidth(WIDTH)
        self._list.setFixedHeight(ROWS * ROW + 4)
        self.adjustSize()
        spot = self._view.mapFromScene(self._point)
        room = self._view.viewport().rect().adjusted(8, 8, -8, -8)
        x = max(room.left(), min(spot.x(), room.right() - self.width()))
        y = max(room.top(), min(spot.y(), room.bottom() - self.height()))
        self.move(x, y)

    def _filter(self, words: str) -> None:
        found: list[type[LayerSpec] | type[BlockSpec]] = [*find_layers(words), *find_blocks(words)]
        self._shown = [spec for spec in found if self._source is None or spec.takes(self._shape)]
        self._list.clear()
        for spec in self._shown:
            tint = self._theme.category(spec.category)
            item = QListWidgetItem(QIcon(self._theme.icon("plus", tint)), tr(spec.title))
            item.setToolTip(tr(spec.help()))
            item.setSizeHint(QSize(WIDTH - 40, ROW))
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _pressed(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.close_box()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._run()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._shown:
            by = 1 if key == Qt.Key.Key_Down else -1
            self._list.setCurrentRow((self._list.currentRow() + by) % len(self._shown))
        else:
            return False
        return True

    def close_box(self) -> None:
        """Vanish, and give the keyboard back to the canvas."""
        self.hide()
        self._view.setFocus()

    def _run(self) -> None:
        row = self._list.currentRow()
        if not 0 <= row < len(self._shown):
            return
        spec = self._shown[row]
        key = PREFIX + spec.key if issubclass(spec, BlockSpec) else spec.key
        self.close_box()
        self._view.add_here(key, self._point, self._source, self._ends)

    def _dress(self) -> None:
        colors = self._theme.colors
        self.setStyleSheet(
            f"QuickAdd {{ background: {colors.surface_raised.name()};"
            f" border: 1px solid {colors.border_strong.name()}; border-radius: 8px; }}"
        )
