"""The table of layers: what each gets from the file, to be ticked and chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.i18n import tr
from gui.theme import Theme
from gui.weights.rows import Row

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
LAYER, KIND, SHAPES, STORED, HOW = range(5)
# Of all columns but the last, which takes what is left.
WIDTHS = (184, 148, 176, 200)
ROW, HEADER, ICON, MOST_SHOWN = 28, 28, 14, 12
RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WeightsTable(QAbstractTableModel):
    """Rows that pass a filter; a tick means that the layer gets weights.

    Signals:
        chosen: What some layers get has changed.
    """

    chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words: list[str] = []
        self._blank = QPixmap(ICON, ICON)
        self._blank.fill(Qt.GlobalColor.transparent)
        self.rows: list[Row] = []
        self.shown: list[Row] = []
        self._titles = [
            tr("Layer"), tr("Kind"), tr("Weights"), tr("Layer in the file"), tr("Matched by")
        ]  # fmt: skip

    def set_rows(self, rows: list[Row]) -> None:
        """Show other rows."""
        self.rows = rows
        self._show()
        self.chosen.emit()

    def set_filter(self, words: str) -> None:
        """Show only rows in whose names all of some words occur."""
        self._words = words.casefold().split()
        self._show()

    def _show(self) -> None:
        self.beginResetModel()
        self.shown = [row for row in self.rows if row.has(self._words)]
        self.endResetModel()

    def tick(self, places: Iterable[int], *, on: bool) -> None:
        """Let rows take what was chosen for them last, or keep their own weights."""
        for place in places:
            self.shown[place].tick(on=on)
        self._changed()

    def toggle(self, places: Iterable[int]) -> None:
        """Tick rows one by one, or if all that can be are ticked, no longer.

        A row for which nothing was found takes the first layer that fits and that nothing takes.
        """
        rows = [place for place in places if self.shown[place].fitting]
        on = not all(self.shown[place].stored for place in rows)
        taken = {row.stored for row in self.rows}
        for row in (self.shown[place] for place in rows):
            if on and not row.last:
                free = (stored for stored in row.fitting if stored not in taken)
                row.last = next(free, row.fitting[0])
                taken.add(row.last)
        self.tick(rows, on=on)

    def choose(self, place: int, stored: str) -> None:
        """Let a row take a stored layer, or keep its own weights for ""."""
        self.shown[place].choose(stored)
        self._changed()

    def _changed(self) -> None:
        if self.shown:
            last = self.index(len(self.shown) - 1, HOW)
            self.dataChanged.emit(self.index(0, LAYER), last)
        self.chosen.emit()

    # --- what Qt asks ----------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return self._titles[section] if role == Role.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        row = self.shown[index.row()]
        if index.column() == LAYER and row.fitting:
            found |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == STORED and row.fitting:
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = self.shown[index.row()], index.column()
        if role in (Role.DisplayRole, Role.ToolTipRole):
            stored = row.stored or tr("keeps its own")
            return (row.title, row.kind, row.shapes, stored, row.reason())[column]
        if role == Role.CheckStateRole and column == LAYER and row.fitting:
            return Qt.CheckState.Checked if row.stored else Qt.CheckState.Unchecked
        if role == Role.DecorationRole and column == STORED and row.stored:
            return self._theme.icon("right", self._theme.colors.accent)
        if role == Role.DecorationRole and column == LAYER and not row.fitting:
            return self._blank  # Names stand in line although there is nothing to tick.
        if role == Role.ForegroundRole:
            faint = column in (KIND, SHAPES, HOW) or not row.stored
            return self._theme.colors.text_secondary if faint else self._theme.colors.text
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole:
            return False
        if (Qt.CheckState(value) == Qt.CheckState.Checked) != bool(self.shown[index.row()].stored):
            self.toggle([index.row()])
        return True


class TickDelegate(QStyledItemDelegate):
    """A box to tick; a style sheet can color the box, but not its mark."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.data(Role.CheckStateRole) != Qt.CheckState.Checked:
            return
        self.initStyleOption(option, index)
        view = option.widget
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        place = view.style().subElementRect(part, option, view)
        self._theme.icon("check", self._theme.colors.accent_text).paint(painter, place)


class StoredDelegate(QStyledItemDelegate):
    """A box with the stored layers that fit."""

    def __init__(self, theme: Theme, model: WeightsTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return
        rect = option.rect
        place = QRect(rect.right() - ICON - 8, rect.center().y() - ICON // 2, ICON, ICON)
        self._theme.icon("chevron-down").paint(painter, place)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        # Room for both icons and the arrow.
        room = option.rect.width() - 2 * ICON - 40
        metrics = option.fontMetrics
        elided = metrics.elidedText(index.data(), Qt.TextElideMode.ElideMiddle, room)
        option.text = elided

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QComboBox:
        row = self._model.shown[index.row()]
        box = QComboBox(parent)
        # Hundreds of names scroll instead of filling the screen.
        box.setStyleSheet("QComboBox { combobox-popup: 0; border-radius: 0; }")
        box.setMaxVisibleItems(MOST_SHOWN)
        box.addItems([tr("keeps its own"), *row.fitting])
        box.setCurrentIndex(row.fitting.index(row.stored) + 1 if row.stored else 0)
        box.setAccessibleName(tr("Layer in the file"))
        box.activated.connect(lambda _: self._end(box))
        QTimer.singleShot(0, box, box.showPopup)
        return box

    def _end(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Leave the box as it was made."""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        place = editor.currentIndex()
        fitting = self._model.shown[index.row()].fitting
        self._model.choose(index.row(), fitting[place - 1] if place > 0 else "")


class WeightsView(QTableView):
    """Shows the table; Space ticks, F2 or Alt+Down opens the list of what fits."""

    def __init__(self, theme: Theme, model: WeightsTable) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegateForColumn(LAYER, TickDelegate(theme, self))
        self.setItemDelegateForColumn(STORED, StoredDelegate(theme, model, self))
        self.setAccessibleName(tr("Layers and their weights"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(ICON, ICON))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(HEADER)
        header.setStretchLastSection(True)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)
        for part in (self, header):
            part.setFont(theme.font(12))
        self.clicked.connect(self._clicked)
        self._theme = theme
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        colors = self._theme.colors
        ground, accent = colors.surface_raised.name(), colors.accent.name()
        box, edge = colors.surface.name(), colors.text_disabled.name()
        self.setStyleSheet(
            f"QTableView, QHeaderView, QHeaderView::section {{ background: {ground}; }}"
            " QTableView::item { padding: 0 8px; border-radius: 0; }"
            " QTableView::indicator { width: 12px; height: 12px; border-radius: 4px;"
            f" background: {box}; border: 1px solid {edge}; }}"
            f" QTableView::indicator:checked {{ background: {accent}; border-color: {accent}; }}"
        )

    def _clicked(self, index: Index) -> None:
        if index.column() == STORED:
            self._open(index.row())

    def _open(self, row: int) -> None:
        index = self._model.index(row, STORED)
        if row >= 0 and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        opens = event.key() == Qt.Key.Key_Down and (
            event.modifiers() & Qt.KeyboardModifier.AltModifier
        )
        if event.key() == Qt.Key.Key_Space:
            self._model.toggle([index.row() for index in self.selectionModel().selectedRows()])
        elif opens or event.key() == Qt.Key.Key_F2:
            self._open(self.currentIndex().row())
        elif event.key() in RETURN:
            event.ignore()  # The sheet loads.
        else:
            super().keyPressEvent(event)
