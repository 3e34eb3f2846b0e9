"""The palette: layers by category, found by search, dragged or double-clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine import library
from engine.blocks import BLOCKS, PREFIX, BlockSpec
from engine.layers import CATEGORIES, LAYERS, LayerSpec
from engine.library import Kept
from gui.i18n import tr
from gui.layer_search import find_blocks, find_layers
from gui.theme import Theme

MIME = "application/x-netloom-layer"
KEY = Qt.ItemDataRole.UserRole


class PalettePanel(QFrame):
    """All layers of the catalog, built-in blocks and the user's own.

    Signals:
        layer_activated: A layer was double-clicked or chosen by Enter; carries its key.
    """

    layer_activated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "panel")
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search layers"))
        self.field.setAccessibleName(tr("Search layers"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.tree = LayerTree(theme)
        self.tree.remove_wanted.connect(self._remove)
        self.tree.itemActivated.connect(lambda item, _: self._activate(item))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.s, theme.s, theme.xs, 0)
        column.setSpacing(theme.s)
        column.addWidget(self.field)
        column.addWidget(self.tree, 1)
        theme.changed.connect(lambda: self._fill(self.field.text()))
        self.show_blocks()

    def show_blocks(self) -> None:
        """Show the personal library as it is now."""
        self._blocks = library.kept()
        self._fill(self.field.text())

    def _remove(self, key: str) -> None:
        library.remove(key)
        self.show_blocks()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.tree.setFocus()
                self.tree.select_first()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.tree.select_first()
                self._activate(self.tree.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _activate(self, item: QTreeWidgetItem | None) -> None:
        key = item.data(0, KEY) if item is not None else None
        if key:
            self.layer_activated.emit(key)

    def _fill(self, query: str) -> None:
        self.tree.clear()
        if query.strip():
            found = find_layers(query)
            named = [
                block for block in self._blocks if query.strip().lower() in block.title.lower()
            ]
            built_in = find_blocks(query)
            self.tree.show_layers(found)
            self.tree.show_layers(built_in)
            self.tree.show_blocks(named)
            if not (found or built_in or named):
                nothing = QTreeWidgetItem([tr("No layer is called so.")])
                nothing.setFlags(Qt.ItemFlag.NoItemFlags)
                self.tree.addTopLevelItem(nothing)
            return
        for category in CATEGORIES:
            specs = [
                spec
                for spec in LAYERS
                if spec.category == category and not (spec.held or spec.hidden)
            ]
            self.tree.show_group(tr(category.capitalize()), specs)
        for group, title in (("blocks", tr("Blocks")), ("applications", tr("Applications"))):
            self.tree.show_group(title, [spec for spec in BLOCKS if spec.group == group])
        if self._blocks:
            self.tree.show_blocks(self._blocks, tr("My blocks"))


class LayerTree(QTreeWidget):
    """Rows of layers and blocks that can be dragged out.

    Signals:
        remove_wanted: A block shall leave the library; carries its key.
    """

    remove_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        # These are many; who looks for one will open them.
        self._closed = {tr("Applications")}
        self.setHeaderHidden(True)
        self.setRootIsDecorated(True)
        self.setIndentation(8)
        self.setIconSize(QSize(6, 14))
        self.setUniformRowHeights(True)
        # The longest names of layers are still whole beside the scroll bar.
        self.setStyleSheet("QTreeView::item { padding: 4px 2px; }")
        self.setDragEnabled(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Layers"))
        self.itemCollapsed.connect(lambda item: self._closed.add(item.text(0)))
        self.itemExpanded.connect(lambda item: self._closed.discard(item.text(0)))
        self.itemClicked.connect(self._toggle)

    def show_group(self, title: str, specs: Sequence[type[LayerSpec] | type[BlockSpec]]) -> None:
        """Add a category with its layers or blocks."""
        group = self._group(title)
        for spec in specs:
            group.addChild(self._row(spec))
        group.setExpanded(title not in self._closed)

    def _group(self, title: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem([title])
        group.setFont(0, self._theme.font(12, 600))
        group.setForeground(0, self._theme.colors.text_secondary)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.addTopLevelItem(group)
        return group

    def show_blocks(self, blocks: Sequence[Kept], title: str = "") -> None:
        """Add blocks of the library, under a title if one is given."""
        group = self._group(title) if title else None
        for block in blocks:
            item = QTreeWidgetItem([block.title])
            item.setData(0, KEY, block.key)
            item.setIcon(0, QIcon(_stripe(self._theme.category("block"))))
            if group is not None:
                group.addChild(item)
            else:
                self.addTopLevelItem(item)
        if group is not None:
            group.setExpanded(title not in self._closed)

    def show_layers(self, specs: Sequence[type[LayerSpec] | type[BlockSpec]]) -> None:
        """Show found layers or blocks without their categories."""
        for spec in specs:
            self.addTopLevelItem(self._row(spec))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.itemAt(event.pos())
        key = item.data(0, KEY) if item is not None else None
        if isinstance(key, str) and key.startswith(library.PREFIX):
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(tr("Remove from my blocks"), lambda: self.remove_wanted.emit(key))
            menu.popup(event.globalPos())

    def select_first(self) -> None:
        """Select the first layer."""
        first = self.topLevelItem(0)
        if first is not None and first.childCount():
            first = first.child(0)
        if first is not None:
            self.setCurrentItem(first)

    def startDrag(self, actions: Qt.DropAction) -> None:
        item = self.currentItem()
        key = item.data(0, KEY) if item is not None else None
        if item is None or not key:
            return
        data = QMimeData()
        data.setData(MIME, str(key).encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        category = LAYERS.get(key).category if key in LAYERS else "block"
        drag.setPixmap(self._drag_picture(item.text(0), category))
        # Beside the cursor: under it, the canvas shows where the card would land.
        drag.setHotSpot(QPoint(-12, -8))
        drag.exec(Qt.DropAction.CopyAction)

    def _row(self, spec: type[LayerSpec] | type[BlockSpec]) -> QTreeWidgetItem:
        item = QTreeWidgetItem([tr(spec.title)])
        built_in = issubclass(spec, BlockSpec)
        item.setData(0, KEY, PREFIX + spec.key if built_in else spec.key)
        item.setToolTip(0, tr(spec.help()))
        item.setIcon(0, QIcon(_stripe(self._theme.category(spec.category))))
        return item

    def _toggle(self, item: QTreeWidgetItem) -> None:
        if item.childCount():
            item.setExpanded(not item.isExpanded())

    def _drag_picture(self, title: str, category: str) -> QPixmap:
        """Return a small card with the layer's name, sharp on dense screens."""
        font, density = self._theme.font(12, 600), self.devicePixelRatioF()
        size = QSize(QFontMetrics(font).horizontalAdvance(title) + 30, 26)
        pixmap = QPixmap(size * density)
        pixmap.setDevicePixelRatio(density)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colors.border_strong)
        painter.setBrush(self._theme.colors.surface)
        painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.category(category))
        painter.drawRoundedRect(QRectF(7, 6, 4, 14), 2, 2)
        painter.setPen(self._theme.colors.text)
        painter.setFont(font)
        painter.drawText(QRect(18, 0, size.width(), 26), int(Qt.AlignmentFlag.AlignVCenter), title)
        painter.end()
        return pixmap


def _stripe(color: QColor) -> QPixmap:
    """Return the mark of a category, as on the cards; drawn large for dense screens."""
    pixmap = QPixmap(12, 28)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(2, 2, 8, 24, 4, 4)
    painter.end()
    return pixmap
